// What the terminal can do.
#pragma once

#include <string>

namespace textlambda::command {

bool stdout_is_terminal();
bool stderr_is_terminal();

// True where `terminal` holds and neither NO_COLOR nor TERM=dumb asks for plain text.
bool use_color(bool terminal);

// The text in a colour, or unchanged.
enum class Style { bold, dim, green, red };
std::string styled(const std::string& text, Style style, bool color);

}  // namespace textlambda::command
