// Where a store of models keeps its three things: a folder (folder_place.cpp), or a prefix of a bucket of S3
// (s3_place.cpp). ModelStore is the face; this is for it alone.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/io/file_lock.h"
#include "textlambda/store/ledger.h"
#include "textlambda/store/model_store.h"

namespace textlambda::store {

constexpr std::string_view kModelsFolder = "models";
constexpr std::string_view kModelSuffix = ".tlm";

class Place {
 public:
  explicit Place(std::string path) : path_(std::move(path)) {}
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  virtual ~Place() = default;

  const std::string& path() const { return path_; }
  std::string ledger_path() const { return path_ + "/ledger.jsonl"; }
  std::string model_path(std::string_view id) const;

  // Throws Error(input_output) for what is no store, or nothing that one can be made of.
  virtual void require() = 0;
  virtual void make() = 0;

  virtual std::unique_ptr<io::FileLock> lock(unsigned seconds) = 0;
  virtual StoreState read() = 0;
  virtual std::vector<StoredModel> models() = 0;
  virtual void add(const std::string& id, std::string_view bytes) = 0;
  virtual void set_current(const std::string& id) = 0;
  // `entry` has its time. False where the store is not what it was when `seen` was read.
  virtual bool commit(const StoreState& seen, const LedgerEntry& entry) = 0;
  // Puts right what a run left that was killed between its two steps, where that can be told from what somebody did by
  // hand. True where something was done, or somebody else was faster: read() anew.
  virtual bool finish_last(const StoreState& seen) = 0;
  // False where it is in use.
  virtual bool remove(const std::string& id) = 0;

 private:
  std::string path_;
};

std::unique_ptr<Place> folder_place(const std::string& path);
std::unique_ptr<Place> s3_place(const std::string& path);

// Of the name of a model's file; empty where it is no model's.
std::string_view model_id_of(std::string_view name);

}  // namespace textlambda::store
