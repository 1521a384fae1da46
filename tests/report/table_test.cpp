#include "textlambda/report/table.h"

#include "tests/catch.h"

using textlambda::report::Align;
using textlambda::report::Table;

TEST_CASE("columns align by what is seen, nothing trails") {
  Table table({Align::left, Align::right, Align::left});
  table.add_row({"label", "n", "note"});
  table.add_row({"洗发水", "12", ""});
  table.add_row({"x", "3", "y"});
  CHECK(table.text(2) ==
        "  label    n  note\n"
        "  洗发水  12\n"
        "  x        3  y\n");
}

TEST_CASE("a table of Markdown has its first row as header, and cells that do nothing") {
  Table table({Align::left, Align::right});
  table.add_row({"label", "n"});
  table.add_row({"a|b *c*", "12"});
  CHECK(table.markdown() == "| label | n |\n|---|---:|\n| a\\|b \\*c\\* | 12 |\n");
}

TEST_CASE("an empty table is empty") {
  CHECK(Table({Align::left}).text().empty());
  CHECK(Table({Align::left}).markdown().empty());
}
