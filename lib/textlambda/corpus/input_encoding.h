// From the bytes of an input to UTF-8: converted where an encoding is said or a byte order mark says it, else looked
// at: what is not UTF-8 as a whole is refused, with the encoding it looks like. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "textlambda/archive/input_bytes.h"
#include "textlambda/corpus/corpus.h"

namespace textlambda::corpus {

struct Utf8Input {
  archive::InputBytes bytes;  // UTF-8; with broken parts where they are few, or were allowed
  std::string encoding;       // what it was
  std::string advice;         // for messages on broken parts: what would read them; may be empty
  std::string remark;         // worth a warning; may be empty
};

// Throws Error(input_output) with file and line: for bytes that are not valid in the encoding that was said (under
// OnBadRow::stop; otherwise they are broken UTF-8 in what comes out), and where under "auto" more than one line in a
// hundred is not UTF-8 (of a long line, each 256 bytes count as one).
Utf8Input read_as_utf8(archive::InputBytes bytes, const CorpusOptions& options);

// Of the lines that are not UTF-8: "looks like windows-1251: --encoding windows-1251 reads it so"; empty where there is
// nothing to say.
std::string encoding_advice(std::string_view lines);

}  // namespace textlambda::corpus
