#include "command/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include "textlambda/report/display_width.h"

namespace textlambda::command {
namespace {

struct VerdictWord {
  std::string_view word;
  const char* code;  // of ANSI's colours
};
// A longer word before the one it ends with.
constexpr std::array<VerdictWord, 8> kVerdicts = {{{"REGRESSED", "1;31"},
                                                   {"BELOW FLOOR", "1;31"},
                                                   {"ABOVE CEILING", "1;31"},
                                                   {"INCONCLUSIVE", "1;33"},
                                                   {"IMPROVED", "1;32"},
                                                   {"PASS", "1;32"},
                                                   {"NO DRIFT", "1;32"},
                                                   {"DRIFT", "1;31"}}};

// The marks that rows of a scorecard begin with.
constexpr std::array<VerdictWord, 3> kRowMarks = {{{"  PASS  ", "1;32"}, {"  FAIL  ", "1;31"}, {"  SKIP  ", "1;33"}}};

// The word in its colour where it ends a line, or begins one or what "verdict" says.
std::string coloured(const std::string& line) {
  for (const auto& [mark, code] : kRowMarks) {
    if (line.starts_with(mark))
      return std::string("\x1B[") + code + "m" + std::string(mark) + "\x1B[0m" + line.substr(mark.size());
  }
  constexpr std::string_view kSays = "verdict   ";
  const std::size_t begin = line.starts_with(kSays) ? kSays.size() : 0;
  for (const VerdictWord& verdict : kVerdicts) {
    const std::string_view word = verdict.word;
    std::size_t at = std::string::npos;
    if (line.compare(begin, word.size(), word) == 0) at = begin;
    if (at == std::string::npos && line.ends_with("  " + std::string(word))) at = line.size() - word.size();
    if (at == std::string::npos) continue;
    return line.substr(0, at) + "\x1B[" + verdict.code + "m" + std::string(word) + "\x1B[0m" +
           line.substr(at + word.size());
  }
  return line;
}

}  // namespace

bool stdout_is_terminal() { return ::isatty(STDOUT_FILENO) == 1; }
bool stderr_is_terminal() { return ::isatty(STDERR_FILENO) == 1; }

bool use_color(bool terminal) {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  const bool refused = no_color != nullptr && *no_color != '\0';
  const bool dumb = term == nullptr || std::string_view(term) == "dumb";
  return terminal && !refused && !dumb;
}

std::string fit_to_terminal(const std::string& text, std::size_t width, bool color) {
  std::string fitted;
  std::string_view left = text;
  while (!left.empty()) {
    const std::size_t end = std::min(left.find('\n'), left.size());
    const std::string_view line = left.substr(0, end);
    const std::string shown = line.starts_with("  ") ? report::cut_to_width(line, width) : std::string(line);
    fitted += color ? coloured(shown) : shown;
    if (end < left.size()) fitted += '\n';
    left.remove_prefix(std::min(end + 1, left.size()));
  }
  return fitted;
}

std::string for_stdout(const std::string& text) {
  if (!stdout_is_terminal()) return text;
  winsize size{};
  const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  constexpr std::size_t kUsualWidth = 80;
  return fit_to_terminal(text, known ? size.ws_col : kUsualWidth, use_color(true));
}

}  // namespace textlambda::command
