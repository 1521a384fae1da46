// Where models live: a folder, on a laptop or on EFS, or a prefix of a bucket, s3://BUCKET/PREFIX.
//
//   models/<id>.tlm   each model under the first digits of its SHA-256
//   current           what leads to the one that answers
//   ledger.jsonl      what happened (ledger.h)
//   lock              of a folder: an empty file that is locked while current or the ledger change
//
// In a folder `current` is a symbolic link, moved by a rename, and the lock is the operating system's (flock(2)), gone
// with whoever holds it: whenever a run is killed, whoever opens STORE/current reads one model or the other.
//
// S3 has neither links nor locks, but writes that depend on what is there (If-Match, If-None-Match). `current` is a
// small object that names the model and the entry of the ledger that made it the current one. The ledger is one object,
// written anew with a line more, and only onto the one that was read: so an entry that was decided in the light of the
// others (how often a test set was used) is never behind one that it did not know, which objects of their own, a
// listing and a number each, would give as well, at a request an entry for each reader. It is written before `current`
// moves: of two promotions that race the second finds the ledger changed and decides anew. A run that is killed between
// the two is finished by the next one.
#pragma once

#include <cstdint>
#include <memory>
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

// What a store was when it was looked at.
struct StoreState {
  std::string current;  // the model that answers; empty: none yet
  std::string fault;    // why it does not: the file is gone; empty: it does
  std::vector<LedgerEntry> ledger;

  // Which ones were read, of S3: ETags, empty where there was none; the ledger's bytes; the entry that `current` names.
  std::string current_tag;
  std::string ledger_tag;
  std::string ledger_bytes;
  std::uint64_t current_entry = 0;
};

class Place;

// Not thread-safe; several processes may have the same store open. For a store in S3 main() has to have said what such
// names mean (io/remote_files.h), since its models are read as files. Throws Error(input_output) where the place cannot
// be read or written.
class ModelStore {
 public:
  // Throws Error(input_output) for what is no store, saying what was expected.
  static ModelStore open(const std::string& path);
  // Makes it where there is nothing. A folder, or a prefix, of other things is refused.
  static ModelStore open_or_create(const std::string& path);

  const std::string& path() const;
  std::string ledger_path() const;
  std::string model_path(std::string_view id) const;

  // The model that answers; empty: none yet. Throws Error(input_output) where `current` leads to something else than a
  // model of the store, or that is gone.
  std::string current() const;
  // All of it, whether the model is there or not.
  StoreState look() const;
  // The newest first.
  std::vector<StoredModel> models() const;
  // The one model whose id begins so. Throws Error(usage) where none or several do.
  std::string find(std::string_view prefix) const;

  // Puts a model there, if it is not there yet, and waits for the disk. Its id.
  std::string add(std::string_view bytes) const;

  // Whoever changes a store in a folder holds it; in S3 there is none, and none is needed. Waits for at most `seconds`,
  // then throws Error(input_output).
  std::unique_ptr<io::FileLock> lock(unsigned seconds = 30) const;

  // The store as it is, under the lock. Where the current model is not the one that the entries lead to, an entry that
  // says so is appended first; in S3 what a killed run had still to do is done.
  StoreState reconcile() const;
  // Appends the entry, at the time of now, which it then has, and makes `entry.to` the current model where it is not.
  // Under the lock. False, and nothing is done, where somebody has changed the store since `seen` was read: in S3
  // alone.
  bool commit(const StoreState& seen, LedgerEntry& entry) const;
  // The same for an entry that is true whatever has happened, such as one of what was removed.
  void record(LedgerEntry& entry) const;
  // Whatever the ledger says.
  void set_current(const std::string& id) const;
  // Removes all but the `kept` newest models; never the current one, nor, in a folder, one that a process has locked
  // (flock(2), shared) because it serves it. Those removed. In S3 a round at the same time may make one the current
  // model that is being removed: prune when none runs.
  std::vector<std::string> prune(std::size_t kept) const;

 private:
  explicit ModelStore(std::shared_ptr<Place> place);

  std::shared_ptr<Place> place_;
};

// The first digits of the SHA-256.
std::string model_id(std::string_view bytes);

}  // namespace textlambda::store
