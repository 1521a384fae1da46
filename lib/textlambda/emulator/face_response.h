// What the faces of Lambda's API answer with, and what they read of a request. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/emulator/api_error.h"
#include "textlambda/http/message.h"

namespace textlambda::emulator {

http::Response json_response(unsigned status, const nlohmann::json& body);
// With its header x-amzn-ErrorType, by which the SDKs know it, and a body with "Type" and the message.
http::Response error_response(const ApiError& error);
http::Response error_response(unsigned status, std::string_view type, const nlohmann::json& body);

// What the APIs that a function's process speaks to answer in place of a result.
http::Response process_error(unsigned status, std::string_view type, std::string_view message);

// Parameters of a query string, decoded, in their order; a name alone has an empty value.
std::vector<std::string> query_values(std::string_view target, std::string_view name);
std::optional<std::string> query_value(std::string_view target, std::string_view name);

// The function that a path segment names, decoded: a name, NAME:QUALIFIER, an ARN or a partial one, with or without a
// qualifier. Empty names where it is none of these.
struct NamedFunction {
  std::string name;
  std::string qualifier;
};
NamedFunction parse_function_name(const std::string& segment);
// The same with the query's Qualifier. Throws ApiError where the two differ or there is no name.
NamedFunction named_function(const std::string& segment, std::string_view target);

}  // namespace textlambda::emulator
