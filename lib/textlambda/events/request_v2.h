// The second version of API Gateway's request, which HTTP APIs and function URLs share.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/events/http_request.h"

namespace textlambda::events {

// A bare value is answered with a status 200.
inline constexpr HttpShape kRequestV2 = {.bare_answer_status = 200};

bool is_request_v2(const nlohmann::json& event);
// With a host of that domain, such as "….lambda-url.us-east-1.on.aws".
std::string sample_request_v2(std::string_view domain, std::string_view text);

}  // namespace textlambda::events
