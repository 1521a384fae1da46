#include "textlambda/corpus/recognition.h"

#include <algorithm>
#include <array>
#include <utility>

#include "textlambda/corpus/formats/foreign.h"
#include "textlambda/corpus/printable.h"
#include "textlambda/corpus/row_sink.h"
#include "textlambda/corpus/text_encoding.h"
#include "textlambda/io/error.h"
#include "textlambda/text/blank.h"
#include "textlambda/text/utf8.h"

namespace textlambda::corpus {
namespace {

constexpr std::size_t kBinaryProbeBytes = 8000;

bool starts_with(std::string_view bytes, std::string_view prefix) { return bytes.substr(0, prefix.size()) == prefix; }

void refuse_binary(std::string_view input, const std::string& name) {
  using std::string_view_literals::operator""sv;
  constexpr std::array kMarks = std::to_array<std::pair<std::string_view, std::string_view>>(
      {{"PK\x03\x04"sv, "is a zip archive, expected text, plain or compressed by gzip or Zstandard"},
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
    const std::string utf16 = unmarked_utf16(probe);
    io::throw_input(utf16.empty() ? "is a binary file, expected text"
                                  : "is UTF-16 without a byte order mark: --encoding " + utf16 + " reads it so",
                    name);
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

Sample take_sample(std::string_view input, const std::string& name) {
  Sample sample;
  sample.name = name;
  sample.extension = extension_of(name);
  if (starts_with(input, text::kByteOrderMark)) sample.begin = text::kByteOrderMark.size();
  if (input.find('\n') == std::string_view::npos && input.find('\r') != std::string_view::npos) sample.line_end = '\r';
  sample.bytes = sample.whole = input.substr(sample.begin);
  if (sample.bytes.size() <= kSampleBytes) return sample;
  std::size_t end = sample.bytes.substr(0, kSampleBytes).find_last_of(sample.line_end);
  // A first line longer than the sample is looked at whole.
  if (end == std::string_view::npos) end = sample.bytes.find(sample.line_end);
  if (end != std::string_view::npos) sample.bytes = sample.bytes.substr(0, end + 1);
  return sample;
}

[[noreturn]] void throw_unknown_format(const Sample& sample) {
  io::throw_input(
      "no known format: expected JSON Lines, a JSON array, CSV or TSV with a text and a label column, or fastText "
      "lines "
      "(say which with --format)",
      sample.name);
}

const Format* best_format(const Sample& sample, const CorpusOptions& options) {
  const Format* best = nullptr;
  double best_fit = kNoFit;
  for (const Format* format : formats()) {
    const double fit = format->fit(sample, options);
    if (fit <= best_fit) continue;
    best = format;
    best_fit = fit;
    if (fit >= kCertain) break;
  }
  if (best_fit <= kLastResort) {
    for (const Format* format : formats()) {
      if (format->refuse_kin != nullptr) format->refuse_kin(sample);
    }
  }
  if (best == nullptr) throw_unknown_format(sample);
  return best;
}

void refuse_columns(const Sample& sample, const Format& format, const CorpusOptions& options) {
  if (format.has_columns) return;
  std::string wanted = !options.text.empty() ? options.text : options.label;
  if (wanted.empty() && !options.columns.empty()) wanted = options.columns.front();
  if (wanted.empty()) return;
  io::throw_input(std::string(format.title) + " have no column " + in_quotes(wanted), sample.name);
}

Sample sample_of(std::string_view input, const std::string& name, const CorpusOptions& options) {
  if (!(options.prefer_lines && !input.empty()) && text::is_blank(input.substr(0, kSampleBytes)) &&
      text::is_blank(input)) {
    io::throw_input(options.need_label ? "is empty, expected a labelled corpus" : "is empty, expected rows of text",
                    name);
  }
  refuse_binary(input, name);
  return take_sample(input, name);
}

}  // namespace

const Format* named_format(const CorpusOptions& options) {
  if (options.format.empty() || options.format == "auto" || options.format == "automatic") return nullptr;
  const Format* format = find_format(options.format);
  if (format == nullptr) {
    io::throw_usage("unknown corpus format " + in_quotes(options.format) + ", expected " + format_names("automatic"));
  }
  return format;
}

std::string checked_format(const std::string& name) {
  CorpusOptions options;
  options.format = name;
  named_format(options);
  return name;
}

Recognised recognise(std::string_view input, const std::string& name, const CorpusOptions& options) {
  const Sample sample = sample_of(input, name, options);
  Recognised recognised;
  recognised.format = named_format(options);
  if (recognised.format == nullptr) {
    refuse_foreign(sample);
    recognised.format = best_format(sample, options);
  }
  recognised.reader = recognised.format->open(sample, options);
  refuse_columns(sample, *recognised.format, options);
  return recognised;
}

}  // namespace textlambda::corpus
