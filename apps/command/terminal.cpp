#include "command/terminal.h"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace textlambda::command {

bool stdout_is_terminal() { return ::isatty(STDOUT_FILENO) == 1; }
bool stderr_is_terminal() { return ::isatty(STDERR_FILENO) == 1; }

bool use_color(bool terminal) {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  const bool refused = no_color != nullptr && *no_color != '\0';
  const bool dumb = term == nullptr || std::string_view(term) == "dumb";
  return terminal && !refused && !dumb;
}

std::string styled(const std::string& text, Style style, bool color) {
  if (!color) return text;
  const char* code = style == Style::bold ? "1" : style == Style::dim ? "2" : style == Style::green ? "32" : "31";
  return "\x1B[" + std::string(code) + "m" + text + "\x1B[0m";
}

}  // namespace textlambda::command
