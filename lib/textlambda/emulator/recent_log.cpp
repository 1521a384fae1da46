#include "textlambda/emulator/recent_log.h"

namespace textlambda::emulator {

void RecentLog::add(std::string_view text) {
  if (text.size() >= kBytes) {
    cut_ = cut_ || !text_.empty() || text.size() > kBytes;
    text_ = text.substr(text.size() - kBytes);
    return;
  }
  text_ += text;
  if (text_.size() <= 2 * kBytes) return;
  text_.erase(0, text_.size() - kBytes);
  cut_ = true;
}

std::string RecentLog::text() const {
  if (!cut_ && text_.size() <= kBytes) return text_;
  std::string_view end = text_;
  if (end.size() > kBytes) end.remove_prefix(end.size() - kBytes);
  const std::size_t line = end.find('\n');
  if (line != std::string_view::npos && line + 1 < end.size()) end.remove_prefix(line + 1);
  return std::string(end);
}

}  // namespace textlambda::emulator
