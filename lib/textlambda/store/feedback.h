// What people said of texts: labelled rows that come in one by one, kept beside a store's models for the next training.
//
//   feedback/rows.jsonl   {"id","text","label","source","at"}, a line each; appended to, never rewritten
//   feedback/lock         locked while a row is appended
//
// A row is appended once: its name goes into the same line, so that neither a kill nor a full disk can part the two,
// and the last kRememberedRows names are known to every process and survive all of them. A line that was cut off is
// none. A store in S3 keeps none: rows would be objects of their own, and every training a request for each.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/store/model_store.h"

namespace textlambda::store {

// How many rows back a name is remembered, and within how many bytes of the file's end: what is handed over again later
// than that is taken for new.
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
};

// Not thread-safe; several processes may have the same store's open.
class Feedback {
 public:
  // Makes nothing yet.
  explicit Feedback(const ModelStore& store);

  // Appends those that are not remembered, all or none, and waits for the disk. Which were: false for one that has its
  // row already, from before or in `rows` itself. `now_ms`: since 1970. Waits for the lock for at most `seconds`.
  // Throws Error(input_output).
  std::vector<bool> append(const std::vector<FeedbackRow>& rows, std::int64_t now_ms, unsigned seconds = 30);
  // Reads all of it. Throws as append().
  FeedbackRows read(unsigned seconds = 30) const;

 private:
  using Name = std::array<unsigned char, 16>;  // the first bytes of a SHA-256

  static Name digest_of(std::string_view name);
  void make_folder() const;
  // What others have appended since the last look.
  void catch_up();
  void remember(const Name& name);

  std::string folder_;
  std::string path_;
  std::uint64_t seen_ = 0;  // bytes of the file whose names are known
  std::uint64_t file_ = 0;  // its number: another file has other rows
  std::set<Name> names_;
  std::deque<Name> order_;  // the oldest first
};

}  // namespace textlambda::store
