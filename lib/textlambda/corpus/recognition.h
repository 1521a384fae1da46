// Recognises an input: its format, and where its texts and labels are. From the content; the name's extension
// only breaks ties. Pure, thread-safe.
//
// Archives, binary files and formats that only look like one of ours are refused by name. The input is UTF-8 already
// (input_encoding.h). Of the formats (formats/format.h) the one that fits
// best is taken.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "textlambda/corpus/corpus.h"
#include "textlambda/corpus/formats/format.h"

namespace textlambda::corpus {

struct Recognised {
  const Format* format = nullptr;
  std::shared_ptr<const InputReader> reader;
};

// Throws Error(input_output) where the input is empty, binary or of no known format, or has no such columns;
// Error(usage) where the options name no format.
Recognised recognise(std::string_view input, const std::string& name, const CorpusOptions& options);

// The format that the options name; nullptr: to be recognised. Throws Error(usage).
const Format* named_format(const CorpusOptions& options);

}  // namespace textlambda::corpus
