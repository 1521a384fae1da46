#include "textlambda/corpus/row_sink.h"

#include <utility>

#include "textlambda/corpus/printable.h"
#include "textlambda/io/error.h"
#include "textlambda/text/blank.h"

namespace textlambda::corpus {
namespace {

// What takes the place of broken UTF-8: two labels must not become one by it.
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

}  // namespace

bool RowSink::deliver(std::uint64_t line, std::string_view text, std::string_view label, bool repaired) {
  label = text::trimmed(label);
  if (options_.need_label && label.empty()) {
    return reject(line, [] { return std::string("empty label"); });
  }
  if (options_.need_text && text::is_blank(text)) {
    return reject(line, [] { return std::string("empty text"); });
  }
  if (repaired && options_.need_label && label.find(kReplacement) != std::string_view::npos) {
    return reject(line, [&] {
      std::string reason = "the label is not UTF-8: " + in_quotes(label);
      if (!advice_.empty()) reason.append("; ").append(advice_);
      return reason;
    });
  }
  const std::uint64_t row = row_number();
  ++summary_.rows;
  if (repaired) {
    ++summary_.repaired_rows;
    findings_.repaired.add(line);
  }
  return visit({text, label, &columns_, row, line, {}});
}

bool RowSink::note_bad_row(BadRow row) {
  if (options_.on_bad_row == OnBadRow::stop) {
    const Location where = locate_(row.line);
    io::throw_input(row.reason, where.file, where.line);
  }
  bool more = true;
  if (options_.on_bad_row == OnBadRow::deliver) {
    more = visit({{}, {}, &columns_, row.row, row.line, row.reason});
  }
  if (summary_.bad_rows.size() < kReasonsKept) summary_.bad_rows.push_back(std::move(row));
  return more;
}

}  // namespace textlambda::corpus
