// Columns aligned for a terminal, whatever script their cells are written in.
#pragma once

#include <string>
#include <vector>

namespace textlambda::report {

enum class Align { left, right };

class Table {
 public:
  explicit Table(std::vector<Align> columns) : columns_(std::move(columns)) {}

  // As many cells as columns; each printable text without line breaks.
  void add_row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

  // Rows ended by "\n", cells two spaces apart, each row after `indent` spaces, nothing behind the last cell.
  std::string text(std::size_t indent = 0) const;

  // The same as a table of GitHub-flavoured Markdown, the first row its header.
  std::string markdown() const;

 private:
  std::vector<Align> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace textlambda::report
