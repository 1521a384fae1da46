// Bytes that somebody else chose (labels, names of files, words of a command line) inside what a person or the log of a
// CI service is shown: they must not end a line, move a cursor, turn the direction of what follows, or give the service
// a command. Pure functions, thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace textlambda::text {

// One line of valid UTF-8: broken UTF-8 as U+FFFD; controls, line separators, bidirectional controls and invisible
// characters as \n, \t, \r, \u001b, \u202e …; and what would be a workflow command with its first mark as \u003a or
// \u0023. Backslashes stay as they are.
std::string shown(std::string_view bytes);

// The same for text of several lines that is put together already: line breaks stay.
std::string shown_lines(std::string_view bytes);

// Appends a code point that is not to be shown, as \n, \t, \r, \u001b or \U000e0001.
void append_escape(std::string& text, char32_t code);

// Whether a terminal, or who reads what it shows, is better kept from this code point.
bool is_unshowable(char32_t code);

// Where, from `from` on, a workflow command begins that a line of `line` would give to GitHub ("::error::" in front,
// "##[error]" anywhere), Azure ("##vso[") or TeamCity: the place of the mark that has to be another for it not to be
// one. npos where there is none.
std::size_t find_workflow_command(std::string_view line, std::size_t from = 0);

}  // namespace textlambda::text
