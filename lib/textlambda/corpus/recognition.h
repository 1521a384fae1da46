// Recognises an input: encoding, format, and where its texts and labels are. From the content; the name's extension
// only breaks ties. Pure, thread-safe.
//
// UTF-16 and UTF-32, archives and binary files are refused by name. Of the formats (formats/format.h) the one that fits
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

// Whether the rows of an input that starts with these bytes, whole lines, can be told before all of it is there. Throws
// as recognise().
bool may_stream(std::string_view start, const std::string& name, const CorpusOptions& options);

// The format that the options name; nullptr: to be recognised. Throws Error(usage).
const Format* named_format(const CorpusOptions& options);

}  // namespace textlambda::corpus
