#include "textlambda/store/feedback_lines.h"

#include <algorithm>

#include "textlambda/encoding/hex.h"
#include "textlambda/encoding/sha256.h"
#include "textlambda/json/write.h"
#include "textlambda/text/timestamp.h"

namespace textlambda::store {
namespace {

constexpr std::string_view kIdMember = R"({"id":")";
constexpr std::string_view kTimeMember = R"(,"at":")";
constexpr std::string_view kLineEnd = R"("})";
constexpr std::size_t kTimeCharacters = 24;  // 2026-01-02T12:45:07.123Z

std::optional<unsigned> digit_of(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  return std::nullopt;
}

// `at`: RFC 3339.
void append_feedback_line(std::string& lines, const FeedbackName& name, const FeedbackRow& row, const std::string& at) {
  lines += kIdMember;
  lines += encoding::to_hex({reinterpret_cast<const char*>(name.data()), name.size()});
  lines += R"(","text":)";
  textlambda::json::append_string(lines, row.text);
  lines += R"(,"label":)";
  textlambda::json::append_string(lines, row.label);
  lines += R"(,"source":)";
  textlambda::json::append_string(lines, row.source);
  lines.append(kTimeMember).append(at).append(kLineEnd) += '\n';
}

}  // namespace

FeedbackName feedback_name(std::string_view name) {
  const std::string digest = encoding::sha256(name);
  FeedbackName result{};
  std::copy_n(digest.begin(), result.size(), result.begin());
  return result;
}

std::optional<FeedbackName> name_of_line(std::string_view line) {
  FeedbackName name{};
  if (!line.starts_with(kIdMember) || line.size() < kIdMember.size() + 2 * name.size()) return std::nullopt;
  line.remove_prefix(kIdMember.size());
  for (std::size_t i = 0; i < name.size(); ++i) {
    const std::optional<unsigned> high = digit_of(line[2 * i]);
    const std::optional<unsigned> low = digit_of(line[2 * i + 1]);
    if (!high || !low) return std::nullopt;
    name[i] = static_cast<unsigned char>(*high * 16 + *low);
  }
  return name;
}

std::string_view time_of_line(std::string_view line) {
  if (line.size() < kTimeMember.size() + kTimeCharacters + kLineEnd.size() || !line.ends_with(kLineEnd)) return {};
  line.remove_suffix(kLineEnd.size());
  const std::string_view time = line.substr(line.size() - kTimeCharacters);
  line.remove_suffix(kTimeCharacters);
  return line.ends_with(kTimeMember) ? time : std::string_view();
}

void RememberedNames::add(const FeedbackName& name) {
  if (!names_.insert(name).second) return;
  order_.push_back(name);
  if (order_.size() <= kRememberedRows) return;
  names_.erase(order_.front());
  order_.pop_front();
}

void RememberedNames::clear() {
  names_.clear();
  order_.clear();
}

NewRows new_rows_of(const std::vector<FeedbackRow>& rows, const RememberedNames& known, std::int64_t now_ms) {
  const std::string at = text::rfc3339(now_ms);
  NewRows added;
  for (const FeedbackRow& row : rows) {
    const FeedbackName name = feedback_name(row.name);
    const bool is_new = !known.contains(name) && added.names.insert(name).second;
    added.kept.push_back(is_new);
    if (is_new) append_feedback_line(added.lines, name, row, at);
  }
  return added;
}

}  // namespace textlambda::store
