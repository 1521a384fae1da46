#include "textlambda/corpus/formats/foreign.h"

#include <string_view>

#include "textlambda/corpus/formats/json_elements.h"
#include "textlambda/corpus/line_cursor.h"
#include "textlambda/io/error.h"
#include "textlambda/text/blank.h"

namespace textlambda::corpus {
namespace {

constexpr std::size_t kLinesLookedAt = 100;

// `["…", …]`, all of the line.
bool is_array_line(std::string_view line) {
  if (!line.starts_with('[') || !line.ends_with(']')) return false;
  const std::string_view rest = text::trimmed(line.substr(1));
  return (rest.starts_with('"') || rest.starts_with('[')) && json_value_end(line, 0) == line.size();
}

// `{'text': …}`, or the same with a string of Python that needs double quotes among its keys.
bool is_python_dictionary(std::string_view line) {
  return line.starts_with('{') && text::trimmed(line.substr(1)).starts_with('\'') && line.ends_with('}');
}

bool is_python_tuple(std::string_view line) {
  if (!line.starts_with('(') && !line.starts_with('[')) return false;
  return text::trimmed(line.substr(1)).starts_with('\'') && (line.ends_with(')') || line.ends_with(']'));
}

}  // namespace

void refuse_foreign(const Sample& sample) {
  LineCursor lines(sample.bytes, sample.line_end);
  std::string_view line;
  std::size_t rows = 0;
  std::size_t arrays = 0;
  std::size_t dictionaries = 0;
  std::size_t tuples = 0;
  while (rows < kLinesLookedAt && lines.next(line)) {
    line = text::trimmed(line);
    if (line.empty()) continue;
    ++rows;
    if (line.ends_with(',')) line.remove_suffix(1);
    arrays += is_array_line(line) ? 1U : 0U;
    dictionaries += is_python_dictionary(line) ? 1U : 0U;
    tuples += is_python_tuple(line) ? 1U : 0U;
  }
  if (2 * arrays > rows) {
    io::throw_input(
        "is JSON arrays, one a line, expected JSON Lines: one object a line, such as `jq -c '{text: .[0], "
        "label: .[1]}'` makes",
        sample.name);
  }
  if (2 * dictionaries > rows) {
    io::throw_input("is Python dictionaries, one a line, expected JSON: json.dumps() writes them so", sample.name);
  }
  if (2 * tuples > rows) {
    io::throw_input(
        "is Python tuples or lists, one a line, expected CSV or JSON Lines: csv.writer or json.dumps() "
        "writes them so",
        sample.name);
  }
}

}  // namespace textlambda::corpus
