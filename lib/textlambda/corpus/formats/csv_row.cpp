#include "textlambda/corpus/formats/csv_row.h"

#include <algorithm>
#include <cstring>

#include "textlambda/corpus/formats/format.h"

namespace textlambda::corpus {
namespace {

const char* find(const char* begin, const char* end, char byte) {
  if (begin == end) return end;
  const void* found = std::memchr(begin, byte, static_cast<std::size_t>(end - begin));
  return found == nullptr ? end : static_cast<const char*>(found);
}

std::string_view between(const char* begin, const char* end) { return {begin, static_cast<std::size_t>(end - begin)}; }

bool ends_cell(const char* position, const char* end, const CsvSyntax& syntax) {
  if (position == end || *position == syntax.delimiter || *position == syntax.line_end) return true;
  return *position == '\r' && (position + 1 == end || position[1] == syntax.line_end);
}

// Only white space that is no delimiter. Such lines are blank, not rows of one empty cell.
bool is_blank_line(std::string_view line, const CsvSyntax& syntax) {
  return std::all_of(line.begin(), line.end(), [&](char byte) {
    return (byte == ' ' || byte == '\t' || byte == '\r') && byte != syntax.delimiter;
  });
}

void note_fault(const char* begin, const char* open, const char* end, const CsvSyntax& syntax, CsvRow& row) {
  const char* const line_end = find(open, end, syntax.line_end);
  // Told by the line alone, so that it does not matter how far this call could look.
  row.fault = find(open + 1, line_end, '"') != line_end ? CsvFault::text_after_quote : CsvFault::unbalanced_quote;
  row.fault_line = static_cast<std::uint64_t>(std::count(begin, open, syntax.line_end));
  row.lines = row.fault_line + 1;
  row.next = line_end == end ? end : line_end + 1;
}

}  // namespace

const char* find_quoted_end(const char* open, const char* end, const CsvSyntax& syntax, bool& doubled) {
  doubled = false;
  const char* const limit = static_cast<std::size_t>(end - open) > kMaxRowBytes ? open + kMaxRowBytes : end;
  const char* position = open + 1;
  while (true) {
    position = find(position, limit, '"');
    if (position == limit) return nullptr;
    ++position;
    if (ends_cell(position, end, syntax)) return position;
    if (*position != '"') return nullptr;
    doubled = true;
    ++position;
    if (position >= limit) return nullptr;
  }
}

const char* skip_blanks_before_quote(const char* position, const char* line_end, const CsvSyntax& syntax) {
  const char* quote = position;
  while (quote != line_end && (*quote == ' ' || *quote == '\t') && *quote != syntax.delimiter) ++quote;
  if (quote == position || quote == line_end || *quote != '"') return position;
  bool doubled = false;
  return find_quoted_end(quote, line_end, syntax, doubled) == nullptr ? position : quote;
}

void split_row(const char* begin, const char* end, const CsvSyntax& syntax, CsvRow& row) {
  row.cells.clear();
  row.fault = CsvFault::none;
  row.lines = 1;
  const char* line_end = find(begin, end, syntax.line_end);
  if (is_blank_line(between(begin, line_end), syntax)) {
    row.next = line_end == end ? end : line_end + 1;
    return;
  }

  const char* position = begin;
  while (true) {
    CsvCell cell;
    if (syntax.quoting) position = skip_blanks_before_quote(position, line_end, syntax);
    if (syntax.quoting && position != end && *position == '"') {
      cell.quoted = true;
      const char* const closed = find_quoted_end(position, end, syntax, cell.doubled);
      if (closed == nullptr) {
        note_fault(begin, position, end, syntax, row);
        return;
      }
      cell.bytes = between(position + 1, closed - 1);
      while (line_end < closed) {
        ++row.lines;
        line_end = find(line_end + 1, end, syntax.line_end);
      }
      position = closed;
      if (position != line_end && *position == '\r') ++position;
    } else {
      const char* const stop = find(position, line_end, syntax.delimiter);
      cell.bytes = between(position, stop);
      if (stop == line_end && !cell.bytes.empty() && cell.bytes.back() == '\r') cell.bytes.remove_suffix(1);
      position = stop;
    }
    row.cells.push_back(cell);
    if (position == line_end) {
      row.next = line_end == end ? end : line_end + 1;
      return;
    }
    ++position;  // the delimiter
  }
}

std::string_view cell_content(const CsvCell& cell, std::string& buffer) {
  if (!cell.doubled) return cell.bytes;
  buffer.clear();
  std::string_view rest = cell.bytes;
  while (true) {
    const std::size_t quote = rest.find('"');
    if (quote == std::string_view::npos) break;
    buffer.append(rest.substr(0, quote + 1));
    rest.remove_prefix(std::min(quote + 2, rest.size()));
  }
  buffer.append(rest);
  return buffer;
}

std::string csv_field(std::string_view field) {
  if (field.find_first_of(",\"\r\n") == std::string_view::npos &&
      field == field.substr(0, field.find_last_not_of(' ') + 1) && !field.starts_with(' ')) {
    return std::string(field);
  }
  std::string quoted = "\"";
  for (const char c : field) {
    quoted += c;
    if (c == '"') quoted += c;
  }
  return quoted + "\"";
}

}  // namespace textlambda::corpus
