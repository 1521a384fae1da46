// The shell of an HTML report: one self-contained document with its style, its script and Chart.js inside. A content
// security policy in its head forbids every request to a network. Pure functions, thread-safe.
#pragma once

#include <string>

namespace textlambda::report {

struct HtmlPage {
  std::string title;       // any text
  std::string body;        // HTML, escaped already
  std::string chart_data;  // JSON for page.js; empty: a page without charts, and without Chart.js
};

std::string assemble(const HtmlPage& page);

}  // namespace textlambda::report
