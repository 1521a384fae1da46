// What the terminal can do.
#pragma once

#include <string>

namespace textlambda::command {

bool stdout_is_terminal();
bool stderr_is_terminal();

// True where `terminal` holds and neither NO_COLOR nor TERM=dumb asks for plain text.
bool use_color(bool terminal);

// A result of several lines as a terminal of `width` columns shows it: rows of tables, which are indented, are cut to
// it and never wrapped; the words of verdicts have their colour where `color` holds.
std::string fit_to_terminal(const std::string& text, std::size_t width, bool color);
// The same for standard output as it is; unchanged where that is no terminal.
std::string for_stdout(const std::string& text);

}  // namespace textlambda::command
