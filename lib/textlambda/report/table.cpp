#include "textlambda/report/table.h"

#include <algorithm>

#include "textlambda/report/display_width.h"
#include "textlambda/report/escape.h"

namespace textlambda::report {

std::string Table::text(std::size_t indent) const {
  std::vector<std::size_t> widths(columns_.size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  std::string result;
  for (const auto& row : rows_) {
    std::string line(indent, ' ');
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) line += "  ";
      const std::string padding(widths[i] - display_width(row[i]), ' ');
      line += columns_[i] == Align::left ? row[i] + padding : padding + row[i];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    result += line + "\n";
  }
  return result;
}

std::string Table::markdown() const {
  std::string result;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    result += "|";
    for (const std::string& cell : rows_[i]) result += " " + markdown_text(cell) + " |";
    result += "\n";
    if (i > 0) continue;
    result += "|";
    for (const Align column : columns_) result += column == Align::left ? "---|" : "---:|";
    result += "\n";
  }
  return result;
}

}  // namespace textlambda::report
