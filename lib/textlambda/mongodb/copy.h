// The documents of a collection as JSON Lines: in the order of _id, and byte for byte as mongoexport writes them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "textlambda/mongodb/collection_name.h"

namespace textlambda::mongodb {

struct CopyCounts {
  std::uint64_t documents = 0;
  std::uint64_t repaired = 0;  // documents with broken UTF-8, which has become U+FFFD
};

// Calls `write` with some lines at a time. Documents whose `field` has the prediction of `model` are passed over, where
// that is not empty. Throws Error(usage) for a query that is none, and Error(input_output) where the server cannot be
// reached or says no.
CopyCounts copy_documents(const CollectionName& name, const std::string& field, const std::string& model,
                          const std::function<void(std::string_view lines)>& write);

// Whether there is one of the name's query. Throws as copy_documents() does.
bool has_documents(const CollectionName& name);

}  // namespace textlambda::mongodb
