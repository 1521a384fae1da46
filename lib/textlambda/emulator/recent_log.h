// The end of the emulator's log, for whoever looks at it now and then. Not thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace textlambda::emulator {

class RecentLog {
 public:
  static constexpr std::size_t kBytes = std::size_t{64} << 10;

  void add(std::string_view text);
  // The last kBytes at most; where more has gone before, from the beginning of a line on, if there is one.
  std::string text() const;

 private:
  std::string text_;  // up to twice as much, so that it is moved seldom
  bool cut_ = false;
};

}  // namespace textlambda::emulator
