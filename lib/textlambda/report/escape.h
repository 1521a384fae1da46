// Any bytes made safe to stand in each kind of report: whatever a corpus holds, it reads as text and does nothing.
// Broken UTF-8 and characters that the target forbids become U+FFFD. Pure functions, thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace textlambda::report {

// For HTML, in content and in attributes between double quotes. Line breaks stay.
std::string escape_html(std::string_view bytes);

// For XML 1.0 (Fifth Edition, production 2), in content and in attributes between double quotes; there line breaks are
// written as character references, since an attribute's are read as spaces.
std::string escape_xml(std::string_view bytes);

// A GitHub-flavoured Markdown code span, which holds neither markup nor mentions nor links; line breaks become spaces
// and
// `|` is escaped, so that it may stand in a table. At most `max_width` columns, cut with "…".
std::string markdown_code(std::string_view bytes, std::size_t max_width);

// The same Markdown as running text, for sentences that hold names from a corpus: every character that could be markup,
// a mention or a link is escaped.
std::string markdown_text(std::string_view bytes);

// For GitHub's workflow commands: a message, and a property such as a file or a title, where `:` and `,` separate.
std::string escape_workflow_message(std::string_view bytes);
std::string escape_workflow_property(std::string_view bytes);

// JSON that stands inside a <script> element: `<`, `>`, `&` and the line separators that JavaScript once refused are
// written as \uXXXX. `json` is valid JSON in UTF-8.
std::string escape_json_in_html(std::string_view json);

}  // namespace textlambda::report
