// A row of feedback as a line, and the names of those that are there. Private to this folder.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "textlambda/store/feedback.h"

namespace textlambda::store {

using FeedbackName = std::array<unsigned char, 16>;  // the first bytes of a SHA-256

FeedbackName feedback_name(std::string_view name);
// Of a line as append_feedback_line() writes it; nothing for one by another hand.
std::optional<FeedbackName> name_of_line(std::string_view line);
// The time of such a line; empty likewise.
std::string_view time_of_line(std::string_view line);
// `at`: RFC 3339.
void append_feedback_line(std::string& lines, const FeedbackName& name, const FeedbackRow& row, const std::string& at);

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

}  // namespace textlambda::store
