// Any bytes as a corpus of any format: rows of valid UTF-8, or an Error of one line. The first three bytes choose the
// options; what follows is the file.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "textlambda/corpus/corpus.h"
#include "textlambda/io/error.h"
#include "textlambda/text/utf8.h"

using namespace textlambda;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

bool is_utf8(std::string_view text) { return text::valid_utf8_prefix(text) == text.size(); }

corpus::CorpusOptions choose_options(const std::uint8_t* data) {
  static constexpr std::array kFormats{"", "fasttext", "csv", "tsv", "jsonl", "lines", "json"};
  static constexpr std::array kPolicies{corpus::OnBadRow::stop, corpus::OnBadRow::skip, corpus::OnBadRow::deliver};
  static constexpr std::array kNames{"", "", "text", "1", "2", "/a/0", "label", "99"};
  corpus::CorpusOptions options;
  options.format = kFormats[data[0] % kFormats.size()];
  options.on_bad_row = kPolicies[data[0] / 8 % kPolicies.size()];
  if (data[0] >= 0xC0) options.header = (data[0] & 1) != 0;
  options.text = kNames[data[1] % kNames.size()];
  options.label = kNames[data[1] / 8 % kNames.size()];
  options.need_label = (data[2] & 1) == 0;
  options.need_text = (data[2] & 2) == 0;
  options.prefer_lines = (data[2] & 4) != 0;
  if ((data[2] & 8) != 0) options.columns = {kNames[data[2] / 16 % kNames.size()]};
  options.max_bytes = 1U << 20;
  return options;
}

void read(const corpus::Corpus& corpus) {
  for (std::size_t chunk = 0; chunk < corpus.partition_count(); ++chunk) {
    std::uint64_t rows = 0;
    const corpus::PartitionSummary summary = corpus.read(chunk, [&](const corpus::Example& example) {
      require(is_utf8(example.text) && is_utf8(example.label) && is_utf8(example.bad_reason));
      for (const std::string_view column : *example.columns) require(is_utf8(column));
      require(corpus.locate(chunk, example.line).line >= 1);
      ++rows;
      return rows < 1000;
    });
    require(summary.rows <= rows);
    require(summary.bad_rows.size() <= 10 && summary.bad_rows.size() <= summary.bad_row_count);
    for (const corpus::BadRow& row : summary.bad_rows) require(is_utf8(row.reason));
  }
  for (const corpus::InputDescription& input : corpus.inputs()) require(!input.format.empty());
  require(corpus.sha256().size() == 64);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {  // NOLINT
  if (size < 3) return 0;
  try {
    const std::string bytes(reinterpret_cast<const char*>(data + 3), size - 3);
    read(corpus::Corpus::over(bytes, "fuzz", choose_options(data)));
  } catch (const io::Error& error) {
    const std::string_view message = error.what();
    require(is_utf8(message) && message.find('\n') == std::string_view::npos);
  }
  return 0;
}
