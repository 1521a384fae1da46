#include "textlambda/metrics/wrong_rows.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <tuple>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/corpus/formats/csv_row.h"

namespace textlambda::metrics {
namespace {

std::vector<std::uint32_t> wrong_ones(const JudgedRows& rows) {
  std::vector<std::uint32_t> wrong;
  for (std::uint32_t i = 0; i < rows.rows.size(); ++i) {
    if (!rows.rows[i].correct()) wrong.push_back(i);
  }
  const auto place = [&](std::uint32_t i) { return std::tie(rows.rows[i].input, rows.rows[i].ordinal); };
  std::sort(wrong.begin(), wrong.end(), [&](std::uint32_t a, std::uint32_t b) { return place(a) < place(b); });
  return wrong;
}

WrongRow wrong_row(const JudgedRows& rows, std::uint32_t index) {
  const JudgedRow& row = rows.rows[index];
  return {rows.inputs[row.input], row.line, rows.labels[row.truth], rows.labels[row.predicted], row.confidence,
          row.abstained,          {}};
}

// The shortest decimals that give the same float again.
std::string shortest(float number) {
  std::array<char, 32> text{};
  const std::to_chars_result end = std::to_chars(text.data(), text.data() + text.size(), number);
  return {text.data(), end.ptr};
}

}  // namespace

void for_each_wrong_row(const JudgedRows& rows, const corpus::RowSource& corpus, Texts texts,
                        const std::function<void(const WrongRow&)>& visit) {
  const std::vector<std::uint32_t> wrong = wrong_ones(rows);
  if (texts == Texts::left_out) {
    for (const std::uint32_t index : wrong) visit(wrong_row(rows, index));
    return;
  }
  auto next = wrong.begin();
  for (std::size_t partition = 0; partition < corpus.partition_count() && next != wrong.end(); ++partition) {
    const std::size_t input = corpus.input_of(partition);
    const std::uint64_t before = corpus.rows_before(partition);
    corpus.read(partition, [&](const corpus::Example& example) {
      if (next == wrong.end() || rows.rows[*next].input != input) return false;
      if (rows.rows[*next].ordinal != before + example.row) return true;
      WrongRow row = wrong_row(rows, *next);
      row.text = example.text;
      visit(row);
      ++next;
      return true;
    });
    corpus.release(partition);
  }
}

RowFormat row_format_of(std::string_view path) { return path.ends_with(".csv") ? RowFormat::csv : RowFormat::jsonl; }

std::string wrong_rows_header(RowFormat format, Texts texts) {
  if (format == RowFormat::jsonl) return "";
  return std::string("file,line,label,predicted,confidence,abstained") + (texts == Texts::read ? ",text" : "") + "\n";
}

std::string to_line(const WrongRow& row, RowFormat format, Texts texts) {
  if (format == RowFormat::csv) {
    std::string line = corpus::csv_field(row.file) + "," + std::to_string(row.line) + "," +
                       corpus::csv_field(row.label) + "," + corpus::csv_field(row.predicted) + "," +
                       shortest(row.confidence) + "," + (row.abstained ? "true" : "false");
    if (texts == Texts::read) line += "," + corpus::csv_field(row.text);
    return line + "\n";
  }
  const auto quoted = [](std::string_view text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  };
  std::string line = "{\"file\":" + quoted(row.file) + ",\"line\":" + std::to_string(row.line) +
                     ",\"label\":" + quoted(row.label) + ",\"predicted\":" + quoted(row.predicted) +
                     ",\"confidence\":" + shortest(row.confidence) +
                     ",\"abstained\":" + (row.abstained ? "true" : "false");
  if (texts == Texts::read) line += ",\"text\":" + quoted(row.text);
  return line + "}\n";
}

}  // namespace textlambda::metrics
