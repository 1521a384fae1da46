// Where models live: a folder, on a laptop or on EFS.
//
//   models/<id>.tlm   each model under the first digits of its SHA-256
//   current           a symbolic link to the one that answers
//   ledger.jsonl      what happened (ledger.h)
//   lock              an empty file that is locked while current or the ledger change
//
// A model is there whole before `current` points to it, and `current` is moved by a rename: whenever a run is killed,
// whoever opens STORE/current reads one model or the other. The lock is the operating system's (flock(2)) and gone with
// whoever holds it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/io/file_lock.h"
#include "textlambda/store/ledger.h"

namespace textlambda::store {

struct StoredModel {
  std::string id;
  std::uint64_t bytes = 0;
  std::int64_t written_ms = 0;  // milliseconds since 1970
};

// Not thread-safe; several processes may have the same store open.
class ModelStore {
 public:
  // Throws Error(input_output) for what is no store, saying what was expected.
  static ModelStore open(const std::string& path);
  // Makes it where the folder is not there, or empty. A folder of other things is refused.
  static ModelStore open_or_create(const std::string& path);

  const std::string& path() const { return path_; }
  std::string ledger_path() const { return path_ + "/ledger.jsonl"; }
  std::string model_path(std::string_view id) const;

  // The model that answers; empty: none yet. Throws Error(input_output) where `current` is something else than a link
  // to a model of the store, or that is gone.
  std::string current() const;
  // The newest first.
  std::vector<StoredModel> models() const;
  // The one model whose id begins so. Throws Error(usage) where none or several do.
  std::string find(std::string_view prefix) const;

  // Puts a model there, if it is not there yet, and waits for the disk. Its id.
  std::string add(std::string_view bytes) const;

  // What changes `current` or the ledger holds it. Waits for at most `seconds`, then throws Error(input_output).
  io::FileLock lock(unsigned seconds = 30) const { return io::FileLock(path_ + "/lock", seconds); }
  // Under the lock.
  void set_current(const std::string& id) const;
  // Appends it, at the time of now, which it then has.
  void record(LedgerEntry& entry) const;
  // The entries; where the current model is not the one they lead to, an entry that says so is appended first.
  std::vector<LedgerEntry> reconcile() const;
  // Removes all but the `kept` newest models; never the current one, nor one that a process has locked (flock(2),
  // shared) because it serves it. Those removed.
  std::vector<std::string> prune(std::size_t kept) const;

 private:
  explicit ModelStore(std::string path) : path_(std::move(path)) {}

  std::string path_;
};

// The first digits of the SHA-256.
std::string model_id(std::string_view bytes);

}  // namespace textlambda::store
