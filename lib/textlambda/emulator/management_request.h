// A request to the management face, taken apart. Private to it.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/emulator/management_face.h"

namespace textlambda::emulator {

struct ManagementFace::Request {
  const ServerRequest& wire;
  std::vector<std::string> path;  // its segments, decoded, the API's date first
  NamedFunction named;            // of a function's route
  const Json& body;               // an object; of a request without a body an empty one

  bool is(std::string_view method) const { return wire.method == method; }
  std::string text(const char* name) const { return query_value(wire.target, name).value_or(""); }
};

// The part of a list that Marker and MaxItems ask for: {NAME: [...], "NextMarker": …}. `keys` name the items, in the
// order of the list.
nlohmann::json page_of(std::string_view target, const char* name, const std::vector<std::string>& keys,
                       nlohmann::json&& items, std::size_t most);

// Throws PreconditionFailedException where the request names another revision than that.
void demand_revision(const nlohmann::json& body, const std::string& revision_id);

// Seconds since the epoch, with a fraction, as some answers have them.
double epoch_seconds();

}  // namespace textlambda::emulator
