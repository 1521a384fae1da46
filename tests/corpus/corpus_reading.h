// All that reading a corpus gives, as plain text that a test can state.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "textlambda/corpus/corpus.h"
#include "textlambda/io/error.h"

#include "tests/temporary_folder.h"

namespace textlambda::corpus {

struct Reading {
  std::vector<std::string> rows;  // "line|label|text", then "|column" for each of CorpusOptions::columns
  std::vector<std::string> bad;   // "line: reason"
  std::uint64_t repaired = 0;
};

inline Reading read_all(const Corpus& corpus) {
  Reading reading;
  for (std::size_t chunk = 0; chunk < corpus.partition_count(); ++chunk) {
    const PartitionSummary summary = corpus.read(chunk, [&](const Example& example) {
      std::string row = std::to_string(corpus.locate(chunk, example.line).line);
      row += '|';
      row += example.label;
      row += '|';
      row += example.text;
      for (const std::string_view column : *example.columns) {
        row += '|';
        row += column;
      }
      reading.rows.push_back(row);
      return true;
    });
    for (const BadRow& row : summary.bad_rows) {
      reading.bad.push_back(std::to_string(corpus.locate(chunk, row.line).line) + ": " + row.reason);
    }
    reading.repaired += summary.repaired_rows;
  }
  return reading;
}

inline CorpusOptions skipping(CorpusOptions options = {}) {
  options.on_bad_row = OnBadRow::skip;
  return options;
}

// Broken UTF-8 repaired, however much of it there is.
inline CorpusOptions repairing(CorpusOptions options = skipping()) {
  options.encoding = "utf-8";
  return options;
}

inline Reading read_bytes(const std::string& name, std::string_view bytes, const CorpusOptions& options = skipping()) {
  const TemporaryFolder files;
  return read_all(Corpus::open({files.write(name, bytes)}, options));
}

// The message of opening and reading, without the folder; "" where all goes well.
inline std::string error_of(const std::string& name, std::string_view bytes, const CorpusOptions& options = {}) {
  const TemporaryFolder files;
  try {
    read_all(Corpus::open({files.write(name, bytes)}, options));
    return "";
  } catch (const io::Error& error) {
    const std::string message = error.what();
    const std::string folder = files.path("");
    return message.rfind(folder, 0) == 0 ? message.substr(folder.size()) : message;
  }
}

// "jsonl text label", "csv+header review category", …
inline std::string recognised(const std::string& name, std::string_view bytes, const CorpusOptions& options = {}) {
  const TemporaryFolder files;
  const Corpus corpus = Corpus::open({files.write(name, bytes)}, options);
  const InputDescription& input = corpus.inputs().front();
  return input.format + (input.header ? "+header " : " ") + input.text + " " + input.label;
}

}  // namespace textlambda::corpus
