// The pieces that the HTML report's sections are made of. Everything takes plain text and escapes it, unless it says
// HTML. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace textlambda::report::html {

// Words of a corpus (texts, labels, names of files): isolated, so that right-to-left writing or an override among them
// cannot turn what stands beside them.
std::string words(std::string_view text);

// A cell of a table. `value` is what the column sorts by where the text itself does not sort as it should.
std::string cell(std::string_view html);
std::string number_cell(std::string_view text, double value);

struct Column {
  std::string title;
  bool number = false;
};

// Rows of cells as HTML; stacked, a line a cell, where the screen is narrow. `id` may be empty.
std::string table(std::string_view id, std::string_view caption, const std::vector<Column>& columns,
                  const std::vector<std::string>& rows, bool sortable);

// A verdict's word in its colour: "REGRESSED" has the class "regressed".
std::string verdict_word(std::string_view name);
std::string verdict_class(std::string_view name);

std::string section(std::string_view id, std::string_view title, std::string_view html);

}  // namespace textlambda::report::html
