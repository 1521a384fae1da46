// Predictions into the documents that they are for. Writing the same again changes nothing, so that a run that broke
// off is run again.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "textlambda/mongodb/collection_name.h"

namespace textlambda::mongodb {

// Where they go where the target's name does not say.
inline constexpr const char* kUsualField = "prediction";

// Not thread-safe.
class PredictionWriter {
 public:
  // `upserts`: a document that is not there is made. Throws Error(usage) for a field that no prediction can go into.
  PredictionWriter(const CollectionName& target, bool upserts);
  ~PredictionWriter();

  // {"_id": …, "prediction": {…}}, extended JSON: the object becomes the field of the document of that _id. Written
  // some at a time. Throws Error(input_output) where the server cannot be reached or says no; what was written stays.
  void add(std::string_view line);
  // Writes what is left. Returns how many were written.
  std::uint64_t finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace textlambda::mongodb
