// Walks over the lines of a chunk.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace textlambda::corpus {

class LineCursor {
 public:
  LineCursor(std::string_view bytes, char line_end) : rest_(bytes), line_end_(line_end) {}

  // The next line without its end (LF, CRLF or CR); false after the last.
  bool next(std::string_view& line) {
    if (rest_.empty()) return false;
    ++number_;
    const void* found = std::memchr(rest_.data(), line_end_, rest_.size());
    const std::size_t length =
        found == nullptr ? rest_.size() : static_cast<std::size_t>(static_cast<const char*>(found) - rest_.data());
    line = rest_.substr(0, length);
    rest_.remove_prefix(found == nullptr ? length : length + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return true;
  }

  // 1-based, of the line last returned.
  std::uint64_t number() const { return number_; }
  // What follows it.
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
  char line_end_;
  std::uint64_t number_ = 0;
};

}  // namespace textlambda::corpus
