// A row of feedback as a line, and the names of those that are there. Private to this folder.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/store/feedback.h"

namespace textlambda::store {

using FeedbackName = std::array<unsigned char, 16>;  // the first bytes of a SHA-256

FeedbackName feedback_name(std::string_view name);
// Of a line as new_rows_of() writes it; nothing for one by another hand.
std::optional<FeedbackName> name_of_line(std::string_view line);
// The time of such a line; empty likewise.
std::string_view time_of_line(std::string_view line);
// The last kRememberedRows of them. Not thread-safe.
class RememberedNames {
 public:
  void add(const FeedbackName& name);
  bool contains(const FeedbackName& name) const { return names_.contains(name); }
  void clear();

 private:
  std::set<FeedbackName> names_;
  std::deque<FeedbackName> order_;  // the oldest first
};

// Of rows, those whose names are neither known nor among the rows before.
struct NewRows {
  std::vector<bool> kept;        // which they are
  std::set<FeedbackName> names;  // theirs
  std::string lines;
};
NewRows new_rows_of(const std::vector<FeedbackRow>& rows, const RememberedNames& known, std::int64_t now_ms);

}  // namespace textlambda::store
