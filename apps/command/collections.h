// mongodb://HOST/DATABASE.COLLECTION as the name of a corpus, and predictions into collections. Another program,
// textlambda-mongodb, speaks to the server: see apps/mongodb.cpp. It is there where the build found libmongoc.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/io/file_descriptor.h"
#include "textlambda/io/remote_files.h"

namespace textlambda::command {

// Collections that are read as JSON Lines; they cannot be written so. Thread-safe but for set_query().
class Collections final : public io::RemoteFiles {
 public:
  // `note` is called with lines for people.
  void set_note(std::function<void(const std::string&)> note) { note_ = std::move(note); }
  // Which documents, as JSON; empty: all, or those of a name's own query.
  void set_query(const std::string& query) { query_ = query; }

  bool owns(std::string_view path) const override;
  std::string shown(const std::string& path) const override;
  io::FileDescriptor fetch(const std::string& path) override { return fetch(path, "", ""); }
  // Without those that have a prediction of `model` already, where `to` is the same collection.
  io::FileDescriptor fetch(const std::string& path, const std::string& to, const std::string& model) const;
  void prepare(const std::string& path) override;
  void store(const std::string& path, const io::FileDescriptor& content) override;
  bool exists(const std::string& /*path*/) override { return true; }  // what is missing shows when it is read
  std::vector<std::string> list(const std::string& beginning) override;

 private:
  std::function<void(const std::string&)> note_;
  std::string query_;
};

// Those of this process.
Collections& collections();

class CollectionProcess;

// Writes predictions, a line of JSON each: {"_id": …, "prediction": {…}}.
class PredictionPipe {
 public:
  PredictionPipe(const std::string& to, const std::string& from, std::function<void(const std::string&)> note);
  PredictionPipe(const PredictionPipe&) = delete;
  PredictionPipe& operator=(const PredictionPipe&) = delete;
  ~PredictionPipe();

  // Throws Error as the other program told it.
  void add(std::string_view lines);
  void finish();

 private:
  std::unique_ptr<CollectionProcess> process_;
  std::function<void(const std::string&)> note_;
};

}  // namespace textlambda::command
