#include "textlambda/protocol/error_body.h"

#include "textlambda/json/write.h"

namespace textlambda::protocol {

std::string error_body(std::string_view error_type, std::string_view message) {
  std::string body = R"({"errorMessage":)";
  json::append_string(body, message);
  body += R"(,"errorType":)";
  json::append_string(body, error_type);
  return body + R"(,"stackTrace":[]})";
}

}  // namespace textlambda::protocol
