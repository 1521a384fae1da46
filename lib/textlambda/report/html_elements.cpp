#include "textlambda/report/html_elements.h"

#include <cmath>

#include <fmt/format.h>

#include "textlambda/report/escape.h"

namespace textlambda::report::html {

std::string words(std::string_view text) { return "<bdi>" + escape_html(text) + "</bdi>"; }

std::string cell(std::string_view html) { return fmt::format("<td>{}</td>", html); }

std::string number_cell(std::string_view text, double value) {
  // A cell without a number sorts last: page.js reads "NaN" as that.
  return fmt::format("<td class=\"number\" data-value=\"{}\">{}</td>",
                     std::isfinite(value) ? fmt::format("{}", value) : "NaN", escape_html(text));
}

namespace {

// Each cell with its column's title, which a narrow screen shows beside it: rows are stacked there.
std::string named_cells(const std::string& row, const std::vector<Column>& columns) {
  std::string html;
  std::size_t column = 0;
  std::size_t done = 0;
  for (std::size_t at = row.find("<t"); at != std::string::npos; at = row.find("<t", at + 1)) {
    const bool data = row.compare(at, 3, "<td") == 0;
    if (!data && row.compare(at, 3, "<th") != 0) continue;
    if (data && column < columns.size()) {
      html += row.substr(done, at + 3 - done) + " data-name=\"" + escape_html(columns[column].title) + "\"";
      done = at + 3;
    }
    ++column;
  }
  return html + row.substr(done);
}

}  // namespace

std::string table(std::string_view id, std::string_view caption, const std::vector<Column>& columns,
                  const std::vector<std::string>& rows, bool sortable) {
  std::string html = fmt::format("<div class=\"scroll\" role=\"region\" aria-label=\"{}\" tabindex=\"0\"><table{}{}>\n",
                                 escape_html(caption), id.empty() ? "" : fmt::format(" id=\"{}\"", id),
                                 sortable ? " class=\"stacked sortable\"" : " class=\"stacked\"");
  html += "<thead><tr>";
  for (const Column& column : columns) {
    html +=
        fmt::format("<th scope=\"col\"{}>{}</th>", column.number ? " class=\"number\"" : "", escape_html(column.title));
  }
  html += "</tr></thead>\n<tbody>\n";
  for (const std::string& row : rows) html += named_cells(row, columns) + "\n";
  return html + "</tbody></table></div>\n";
}

std::string verdict_class(std::string_view name) {
  std::string result;
  for (const char character : name) {
    result +=
        character == ' ' ? '-' : static_cast<char>(character >= 'A' && character <= 'Z' ? character + 32 : character);
  }
  return result;
}

std::string verdict_word(std::string_view name) {
  return fmt::format("<span class=\"word {}\">{}</span>", verdict_class(name), escape_html(name));
}

std::string section(std::string_view id, std::string_view title, std::string_view html) {
  return fmt::format("<section aria-labelledby=\"{0}-title\">\n<h2 id=\"{0}-title\">{1}</h2>\n{2}</section>\n", id,
                     escape_html(title), html);
}

}  // namespace textlambda::report::html
