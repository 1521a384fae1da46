#include "command/corpus_arguments.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include <fmt/format.h>

#include "textlambda/corpus/printable.h"
#include "textlambda/corpus/text_encoding.h"
#include "textlambda/io/error.h"

#include "command/collections.h"

namespace textlambda::command {
namespace {

// "," itself, "tab", "\\t".
char parse_delimiter(const std::string& text) {
  if (text == "tab" || text == "\\t") return '\t';
  const bool plain = text.size() == 1 && text != "\"" && text != "\n" && text != "\r";
  if (!plain || static_cast<unsigned char>(text.front()) >= 0x80) {
    io::throw_usage(
        fmt::format("--delimiter: {} given, expected one ASCII character, or tab", corpus::in_quotes(text)));
  }
  return text.front();
}

std::vector<std::string> parse_names(const std::string& list) {
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    names.push_back(list.substr(begin, end - begin));
    if (names.back().empty())
      io::throw_usage("--columns: an empty name given, expected names with commas between them");
    begin = end + 1;
  }
  return names;
}

std::string delimiter_text(char delimiter) { return delimiter == '\t' ? "tab" : corpus::in_quotes({&delimiter, 1}); }

std::string described(const corpus::InputDescription& input) {
  std::string text = "read as " + input.format;
  if (input.encoding != corpus::kUtf8Encoding) text += " in " + input.encoding;
  if (input.delimiter != 0) {
    text += fmt::format(", delimiter {}, {}", delimiter_text(input.delimiter), input.header ? "header" : "no header");
  }
  if (!input.text.empty()) text += ", text=" + corpus::on_one_line(input.text);
  if (!input.label.empty()) text += (input.text.empty() ? ", label=" : " label=") + corpus::on_one_line(input.label);
  return text;
}

}  // namespace

void CorpusArguments::add_to(Options& options, bool labelled) {
  labelled_ = labelled;
  const std::string group = "Reading";
  options.add_option("--format", format_, corpus::format_names("auto") + " [auto: by content]").group(group);
  options.add_option("--text", text_, "Where the text is: column name or number, field or JSON Pointer").group(group);
  options.add_option("--label", label_, "Where the label is, likewise").group(group);
  const Option header = options.add_flag("--header", header_, "The first CSV row is a header").group(group);
  options.add_flag("--no-header", no_header_, "The first CSV row is data").group(group).excludes(header);
  options.add_option("--columns", columns_, "Names of the CSV columns, such as id,text,label; no row is a header")
      .group(group);
  options.add_option("--delimiter", delimiter_, "What separates CSV cells: a character, or tab [by content]")
      .group(group);
  const Option quotes = options.add_flag("--quotes", quotes_, "Quotes around a TSV cell are quotes").group(group);
  options.add_flag("--no-quotes", no_quotes_, "Quotes in CSV and TSV are characters like others")
      .group(group)
      .excludes(quotes);
  options.add_option("--encoding", encoding_, "utf-8, gb18030, shift_jis, windows-1252, … [auto: utf-8]").group(group);
  options.add_option("--query", query_, "Which documents of a MongoDB collection, as JSON [all]").group(group);
  if (labelled) {
    options.add_option("--on-bad-row", on_bad_row_, "stop, or skip and count them [stop]")
        .one_of({"stop", "skip"})
        .group(group);
  }
}

corpus::CorpusOptions CorpusArguments::options() const {
  collections().set_query(query_);
  corpus::CorpusOptions options;
  options.format = corpus::checked_format(format_);
  options.text = text_;
  options.label = label_;
  if (header_ || no_header_) options.header = header_;
  if (!columns_.empty()) options.column_names = parse_names(columns_);
  if (!delimiter_.empty()) options.delimiter = parse_delimiter(delimiter_);
  if (quotes_ || no_quotes_) options.quotes = quotes_;
  options.encoding = corpus::checked_encoding(encoding_);
  options.on_bad_row = on_bad_row_ == "skip" ? corpus::OnBadRow::skip : corpus::OnBadRow::stop;
  options.need_label = labelled_;
  return options;
}

void note_inputs(const Command& command, const corpus::Corpus& corpus) {
  constexpr std::size_t kNamed = 20;
  const std::vector<corpus::InputDescription>& inputs = corpus.inputs();
  for (std::size_t index = 0; index < std::min(inputs.size(), kNamed); ++index) {
    command.note(fmt::format("{}: {}", inputs[index].name, described(inputs[index])));
  }
  if (inputs.size() > kNamed) command.note(fmt::format("… and {} more inputs", inputs.size() - kNamed));
}

void note_remarks(const Command& command, const corpus::Corpus& corpus) {
  for (const std::string& remark : corpus.remarks()) command.note(remark);
}

void refuse_standard_input_twice(const std::vector<std::vector<std::string>>& inputs) {
  std::ptrdiff_t count = 0;
  for (const std::vector<std::string>& names : inputs) count += std::count(names.begin(), names.end(), "-");
  if (count > 1) io::throw_usage("standard input can be read only once");
}

void note_skipped(const Command& command, const std::vector<corpus::SkippedRow>& rows, std::uint64_t count) {
  for (const corpus::SkippedRow& row : rows) {
    command.note(fmt::format("{}:{}: skipped: {}", row.location.file, row.location.line, row.reason));
  }
  if (count > rows.size()) command.note(fmt::format("… and {} more bad rows skipped", count - rows.size()));
}

}  // namespace textlambda::command
