// The function that --deploy makes, waits for and takes away again.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/conform/session.h"

namespace textlambda::conform {

// The probe as a deployment zip; `marker` is what its ping tells, so that one zip can be told from another.
std::string deployment_zip(const Options& options, std::string_view marker);
// Base64 of its SHA-256, as CodeSha256 has it.
std::string code_sha256(const Options& options, std::string_view marker);

// Asks for the function and returns what the host said to that; session.deployed() has its name, and knows whether it
// is there. Throws Error(input_output) where there is no answer.
http::Response create_function(Session& session);

// The function's configuration once its State is Active and its last update over; what it was last where the row's time
// is over first. Null where the host does not tell.
nlohmann::json settled_configuration(Session& session);
bool is_settled(const nlohmann::json& configuration);

// Takes away whatever create_function() and the rows have made. Never throws; returns what may be left, a line each.
std::string delete_all(Session& session);

}  // namespace textlambda::conform
