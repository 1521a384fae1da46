// BSON as relaxed Extended JSON, byte for byte as mongoexport writes it, so that a collection that is read and one that
// was exported are the same corpus. https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/
// Numbers as Go's driver spells them; U+2028 and U+2029 escaped; each byte of broken UTF-8 as \ufffd. Private to this
// folder.
#pragma once

#include <bson/bson.h>

#include <cstddef>
#include <string>

namespace textlambda::mongodb {

struct ExtendedJson {
  std::string text;        // on one line, without its end
  std::size_t broken = 0;  // strings with broken UTF-8
};

// Of a document from a server: what is nested deeper than 100 levels, which none stores, throws Error(input_output).
ExtendedJson extended_json(const bson_t& document);

// A number as in Extended JSON: "1.0", "0.1", "1E+06"; what is no number by its name, "NaN".
std::string double_text(double value);

}  // namespace textlambda::mongodb
