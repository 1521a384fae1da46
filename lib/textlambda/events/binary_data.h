// Bytes that hold no text: what they are, so that a message says why it failed and none of them gets a label. Pure
// functions; any bytes may be given.
#pragma once

#include <string_view>

namespace textlambda::events {

// The format that the first bytes name: "PNG", "Avro, object container file" …; empty where they name none.
std::string_view named_format(std::string_view bytes);

// The same, or what else cannot be UTF-8 text: "Protobuf", "UTF-16", "control characters" …; empty where it may be one.
// Single broken characters do not count: they are repaired.
std::string_view binary_kind(std::string_view bytes);

// Without the header by which the serialisers of Confluent's schema registry (0, four bytes of an id) and of AWS Glue's
// (3, the compression, a UUID) name their schema; unchanged where there is none. JSON goes through them as it is.
std::string_view without_schema_header(std::string_view bytes);

}  // namespace textlambda::events
