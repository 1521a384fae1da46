// Recognises an input: encoding, format, and where its texts and labels are. From the content; the name's extension
// only breaks ties. Pure, thread-safe.
//
//  1. UTF-16 and UTF-32, archives and binary files are refused by name.
//  2. JSON Lines: most of the first lines are JSON objects. One JSON array or document over many lines is refused.
//  3. fastText: most of the first lines have a word with the label prefix.
//  4. CSV and TSV: the delimiter among tab, comma and semicolon that gives most rows the same number of columns.
//  5. Else, where no label is needed, each line is a text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "textlambda/corpus/corpus.h"
#include "textlambda/corpus/dialect.h"

namespace textlambda::corpus {

// Bytes and lines that recognition looks at.
constexpr std::size_t kSampleBytes = std::size_t{1} << 20;
constexpr std::size_t kSampleRows = 200;

struct Sample {
  std::string name;        // of the input, for messages
  std::string extension;   // "csv", of a.csv.gz too; lower case
  std::string_view bytes;  // from the first row on: whole lines where the input is longer than the sample
  char line_end = '\n';
};

// Throws Error(input_output) where the input is empty, binary or of no known format, or has no such columns.
Dialect recognise(std::string_view input, const std::string& name, const CorpusOptions& options);

// The steps. A score is 0 where `delimiter` does not fit, else higher where it fits better.
double delimiter_score(const Sample& sample, char delimiter, const CorpusOptions& options);
void recognise_csv(const Sample& sample, char delimiter, const CorpusOptions& options, Dialect& dialect);
bool looks_like_jsonl(const Sample& sample);
// Throws where the sample is JSON, but not JSON Lines.
void refuse_other_json(const Sample& sample);
void recognise_jsonl(const Sample& sample, const CorpusOptions& options, Dialect& dialect);

}  // namespace textlambda::corpus
