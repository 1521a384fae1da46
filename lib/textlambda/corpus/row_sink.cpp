#include "textlambda/corpus/row_sink.h"

#include <array>
#include <utility>

#include "textlambda/io/error.h"

namespace textlambda::corpus {
namespace {

bool is_space(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\v' || byte == '\f';
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

bool is_blank(std::string_view text) {
  constexpr std::array<std::string_view, 3> kWideSpaces = {"\xC2\xA0", "\xE3\x80\x80", "\xEF\xBB\xBF"};
  while (!text.empty()) {
    std::size_t length = is_space(text.front()) ? 1 : 0;
    for (const std::string_view space : kWideSpaces) {
      if (text.substr(0, space.size()) == space) length = space.size();
    }
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool RowSink::deliver(std::uint64_t line, std::string_view text, std::string_view label, bool repaired) {
  label = trimmed(label);
  if (options_.need_label && label.empty()) {
    return reject(line, [] { return std::string("empty label"); });
  }
  if (options_.need_text && is_blank(text)) {
    return reject(line, [] { return std::string("empty text"); });
  }
  ++summary_.rows;
  if (repaired) ++summary_.repaired_rows;
  return visit_(Example{text, label, &columns_, line, {}});
}

bool RowSink::note_bad_row(BadRow row) {
  if (options_.on_bad_row == OnBadRow::stop) {
    const Location where = locate_(row.line);
    io::throw_input(row.reason, where.file, where.line);
  }
  bool more = true;
  if (options_.on_bad_row == OnBadRow::deliver) {
    more = visit_(Example{{}, {}, &columns_, row.line, row.reason});
  }
  if (summary_.bad_rows.size() < kReasonsKept) summary_.bad_rows.push_back(std::move(row));
  return more;
}

}  // namespace textlambda::corpus
