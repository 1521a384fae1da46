// What people said of texts: labelled rows that come in one by one, kept beside a store's models for the next training,
// each once. A row's name goes into its own line, so that neither a kill nor a full disk can part the two:
//
//   {"id","text","label","source","at"}
//
// In a folder they are lines of one file, feedback/rows.jsonl, appended to under a lock (feedback/lock) and never
// rewritten; a line that was cut off is none. The last kRememberedRows names are known to every process and survive all
// of them.
//
// In S3, where nothing can be appended to, what comes in one call is an object, feedback/NAMES.jsonl, under the hash of
// its rows' names and written only where there is none: the same call again adds nothing. A row that comes again among
// others is there twice, and read once. Whoever reads more than 64 such objects leaves one in their place,
// feedback/pack-HASH.jsonl, written before those are removed: whoever keeps, reads or packs at the same time loses
// nothing. Other objects of that folder, FILE.jsonl, are read and left alone. The rows come by their time and name,
// whatever objects they were in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "textlambda/store/model_store.h"

namespace textlambda::store {

// How many rows back a name is remembered, and within how many bytes of the file's end: what is handed over again later
// than that is taken for new. In S3 a process remembers what it has written itself.
inline constexpr std::size_t kRememberedRows = 65536;
inline constexpr std::uint64_t kRememberedBytes = std::uint64_t{64} << 20;

struct FeedbackRow {
  std::string name;  // what tells it from all others: its source and the source's name for it
  std::string text;  // UTF-8, as are all of these
  std::string label;
  std::string source;  // "sqs", …
};

// What there is at one moment.
struct FeedbackRows {
  std::string path;   // for messages
  std::string lines;  // whole ones
  std::uint64_t count = 0;
  std::string notice = {};  // what somebody has to see to; mostly empty
};

class FeedbackPlace;

// Not thread-safe; several processes may have the same store's open.
class Feedback {
 public:
  // Makes nothing yet.
  explicit Feedback(const ModelStore& store);

  Feedback(Feedback&&) noexcept;
  Feedback& operator=(Feedback&&) noexcept;
  ~Feedback();

  // Appends those that are not remembered, all or none, and waits for the disk. Which were: false for one that has its
  // row already, from before or in `rows` itself. `now_ms`: since 1970. Waits for the lock for at most `seconds`.
  // Throws Error(input_output).
  std::vector<bool> append(const std::vector<FeedbackRow>& rows, std::int64_t now_ms, unsigned seconds = 30);
  // Reads all of it. Throws as append().
  FeedbackRows read(unsigned seconds = 30) const;

 private:
  std::unique_ptr<FeedbackPlace> place_;
};

}  // namespace textlambda::store
