#include "textlambda/corpus/recognition.h"

#include <algorithm>
#include <array>
#include <utility>

#include "textlambda/corpus/line_cursor.h"
#include "textlambda/corpus/printable.h"
#include "textlambda/io/error.h"
#include "textlambda/text/blank.h"

namespace textlambda::corpus {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
constexpr std::size_t kBinaryProbeBytes = 8000;

bool starts_with(std::string_view bytes, std::string_view prefix) { return bytes.substr(0, prefix.size()) == prefix; }

// A text in UTF-16 without a byte order mark has a NUL in every other byte, where it is mostly ASCII.
bool looks_like_utf16(std::string_view probe) {
  std::array<std::size_t, 2> nuls = {0, 0};
  for (std::size_t index = 0; index < probe.size(); ++index) {
    if (probe[index] == '\0') ++nuls[index % 2];
  }
  const std::size_t most = std::max(nuls[0], nuls[1]);
  const std::size_t least = std::min(nuls[0], nuls[1]);
  return 4 * most > probe.size() && 10 * least < most;
}

void refuse_binary(std::string_view input, const std::string& name) {
  using std::string_view_literals::operator""sv;
  constexpr std::array kMarks = std::to_array<std::pair<std::string_view, std::string_view>>(
      {{"\xFF\xFE\0\0"sv, "is UTF-32, expected UTF-8"},
       {"\0\0\xFE\xFF"sv, "is UTF-32, expected UTF-8"},
       {"\xFF\xFE"sv, "is UTF-16, expected UTF-8"},
       {"\xFE\xFF"sv, "is UTF-16, expected UTF-8"},
       {"PK\x03\x04"sv, "is a zip archive, expected text, plain or compressed by gzip or Zstandard"},
       {"BZh"sv, "is compressed by bzip2, expected text, plain or compressed by gzip or Zstandard"},
       {"\xFD\x37zXZ"sv, "is compressed by xz, expected text, plain or compressed by gzip or Zstandard"},
       {"PAR1"sv, "is a Parquet file, expected fastText lines, CSV, TSV or JSON Lines"}});
  const std::string_view probe = input.substr(0, kBinaryProbeBytes);
  const bool has_nul = probe.find('\0') != std::string_view::npos;
  for (const auto& [mark, message] : kMarks) {
    // "BZh" may start a text too: the letters alone prove nothing.
    if (starts_with(probe, mark) && (has_nul || mark != "BZh"sv)) io::throw_input(message, name);
  }
  if (has_nul) {
    io::throw_input(looks_like_utf16(probe) ? "is UTF-16, expected UTF-8" : "is a binary file, expected text", name);
  }
  const auto controls = std::count_if(probe.begin(), probe.end(), [](char byte) {
    const auto code = static_cast<unsigned char>(byte);
    return (code < 0x20 && (code < '\t' || code > '\r') && code != 0x1B) || code == 0x7F;
  });
  if (10 * static_cast<std::size_t>(controls) > probe.size()) io::throw_input("is a binary file, expected text", name);
}

std::string extension_of(std::string_view name) {
  std::string lower;
  for (const char byte : name.substr(name.find_last_of('/') + 1)) {
    lower += byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
  }
  for (const std::string_view suffix : {".gz", ".zst"}) {
    if (lower.size() > suffix.size() && lower.ends_with(suffix)) lower.resize(lower.size() - suffix.size());
  }
  const std::size_t dot = lower.find_last_of('.');
  return dot == std::string::npos ? std::string() : lower.substr(dot + 1);
}

Sample take_sample(std::string_view input, const std::string& name, const Dialect& dialect) {
  Sample sample;
  sample.name = name;
  sample.extension = extension_of(name);
  sample.line_end = dialect.line_end;
  sample.bytes = input.substr(dialect.begin);
  if (sample.bytes.size() <= kSampleBytes) return sample;
  std::size_t end = sample.bytes.substr(0, kSampleBytes).find_last_of(dialect.line_end);
  // A first line longer than the sample is looked at whole.
  if (end == std::string_view::npos) end = sample.bytes.find(dialect.line_end);
  if (end != std::string_view::npos) sample.bytes = sample.bytes.substr(0, end + 1);
  return sample;
}

bool looks_like_fasttext(const Sample& sample, const std::string& prefix) {
  LineCursor lines(sample.bytes, sample.line_end);
  std::string_view line;
  std::size_t rows = 0;
  std::size_t labelled = 0;
  while (rows < kSampleRows && lines.next(line)) {
    if (text::trimmed(line).empty()) continue;
    ++rows;
    for (std::size_t at = line.find(prefix); at != std::string_view::npos; at = line.find(prefix, at + 1)) {
      if (at > 0 && line[at - 1] != ' ' && line[at - 1] != '\t') continue;
      ++labelled;
      break;
    }
  }
  return 2 * labelled > rows;
}

struct Delimiter {
  char byte = ',';
  double score = 0;
};

Delimiter best_delimiter(const Sample& sample, std::string_view candidates, const CorpusOptions& options) {
  Delimiter best{candidates.front(), 0};
  for (const char byte : candidates) {
    const double score = delimiter_score(sample, byte, options);
    if (score > best.score) best = {byte, score};
  }
  return best;
}

[[noreturn]] void throw_unknown_format(const Sample& sample) {
  io::throw_input(
      "no known format: expected JSON Lines, CSV or TSV with a text and a label column, or fastText lines "
      "(say which with --format)",
      sample.name);
}

void recognise_format(const Sample& sample, const CorpusOptions& options, Dialect& dialect) {
  if (looks_like_jsonl(sample)) {
    dialect.format = Format::jsonl;
    return recognise_jsonl(sample, options, dialect);
  }
  const bool says_delimited = sample.extension == "csv" || sample.extension == "tsv";
  // Objects between commas look like columns.
  const std::string_view start = text::trimmed(sample.bytes.substr(0, 64));
  if (!says_delimited && start.starts_with('[') && text::trimmed(start.substr(1)).starts_with('{'))
    refuse_other_json(sample);
  const bool may_be_delimited = says_delimited || !options.prefer_lines || !options.text.empty();
  const Delimiter delimiter = may_be_delimited ? best_delimiter(sample, "\t,;", options) : Delimiter{};
  const bool fasttext = looks_like_fasttext(sample, options.label_prefix);
  if (fasttext && !(says_delimited && delimiter.score > 0)) {
    dialect.format = Format::fasttext;
  } else if (delimiter.score > 0) {
    dialect.format = delimiter.byte == '\t' ? Format::tsv : Format::csv;
    recognise_csv(sample, delimiter.byte, options, dialect);
  } else {
    refuse_other_json(sample);
    if (options.need_label) throw_unknown_format(sample);
    dialect.format = Format::lines;
  }
}

void refuse_columns(const Sample& sample, const Dialect& dialect, const CorpusOptions& options) {
  if (dialect.format != Format::fasttext && dialect.format != Format::lines) return;
  std::string wanted = !options.text.empty() ? options.text : options.label;
  if (wanted.empty() && !options.columns.empty()) wanted = options.columns.front();
  if (wanted.empty()) return;
  std::string message = dialect.format == Format::fasttext ? "fastText lines" : "plain lines";
  message += " have no column " + in_quotes(wanted);
  io::throw_input(message, sample.name);
}

}  // namespace

Dialect recognise(std::string_view input, const std::string& name, const CorpusOptions& options) {
  Dialect dialect;
  if (starts_with(input, kUtf8Mark)) dialect.begin = kUtf8Mark.size();
  if (!(options.prefer_lines && !input.empty()) && text::is_blank(input.substr(0, kSampleBytes)) &&
      text::is_blank(input)) {
    io::throw_input(options.need_label ? "is empty, expected a labelled corpus" : "is empty, expected rows of text",
                    name);
  }
  refuse_binary(input, name);
  if (input.find('\n') == std::string_view::npos && input.find('\r') != std::string_view::npos) {
    dialect.line_end = '\r';
  }
  dialect.csv.line_end = dialect.line_end;
  const Sample sample = take_sample(input, name, dialect);

  dialect.format = options.format;
  switch (options.format) {
    case Format::automatic:
      recognise_format(sample, options, dialect);
      break;
    case Format::csv:
      recognise_csv(sample, best_delimiter(sample, ",;", options).byte, options, dialect);
      break;
    case Format::tsv:
      recognise_csv(sample, '\t', options, dialect);
      break;
    case Format::jsonl:
      if (!looks_like_jsonl(sample)) refuse_other_json(sample);
      recognise_jsonl(sample, options, dialect);
      break;
    case Format::fasttext:
    case Format::lines:
      break;
  }
  refuse_columns(sample, dialect, options);
  return dialect;
}

}  // namespace textlambda::corpus
