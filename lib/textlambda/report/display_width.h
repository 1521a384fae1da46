// Text as a terminal shows it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace textlambda::report {

// Columns that a terminal takes for valid UTF-8: two for wide East Asian characters and most emoji, none for combining
// marks.
std::size_t display_width(std::string_view utf8);

// Valid UTF-8 cut to `max_width` columns with "…" where it takes more; as it is where it does not.
std::string cut_to_width(std::string_view utf8, std::size_t max_width);

// Any bytes made fit to show: broken UTF-8 and control characters replaced (a corpus must not move the cursor), and cut
// to `max_width` columns with "…" where longer.
std::string printable(std::string_view bytes, std::size_t max_width);

// The same for names, whose end tells them from others as often as their start: labels, metrics, paths. Where longer,
// "…" stands in the middle.
std::string printable_ends(std::string_view bytes, std::size_t max_width);

}  // namespace textlambda::report
