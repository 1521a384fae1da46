#include "textlambda/aws/service_error.h"

#include <pugixml.hpp>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/json/document.h"
#include "textlambda/text/shown.h"
#include "textlambda/text/utf8.h"

namespace textlambda::aws {
namespace {

constexpr std::size_t kLongestMessage = 500;  // in bytes, of what others have written

std::string short_text(std::string_view text) {
  const std::string_view front = text::utf8_front(text, kLongestMessage);
  return text::shown(front) + (front.size() < text.size() ? "…" : "");
}

// <Error><Code>NoSuchKey</Code><Message>…</Message><RequestId>…</RequestId></Error>
void read_xml(const std::string& body, Fault& fault) {
  pugi::xml_document document;
  if (!document.load_buffer(body.data(), body.size(), pugi::parse_default, pugi::encoding_utf8)) return;
  const pugi::xml_node error = document.child("Error");
  fault.code = short_text(error.child_value("Code"));
  fault.message = short_text(error.child_value("Message"));
  fault.request_id = short_text(error.child_value("RequestId"));
  fault.region = error.child_value("Region");
}

void read_json(const http::Response& response, Fault& fault) {
  nlohmann::json body;
  if (!json::read(response.body, {}, body).empty()) return;
  for (const char* const name : {"message", "Message", "errorMessage"}) {
    const std::string* const message = json::string_member(body, name);
    if (message != nullptr && fault.message.empty()) fault.message = short_text(*message);
  }
  if (const std::string* const code = json::string_member(body, "__type"); code != nullptr) {
    fault.code = short_text(*code);
  }
}

std::string sentence(const Fault& fault) {
  std::string text = fault.code;
  if (!fault.message.empty()) text += (text.empty() ? "" : ": ") + fault.message;
  if (text.empty()) text = "refused";
  text += fmt::format(" (status {}", fault.status);
  if (!fault.request_id.empty()) text += ", request " + fault.request_id;
  return text + ")";
}

}  // namespace

Fault fault_of(const http::Response& response) {
  Fault fault{.status = response.status, .code = {}, .message = {}, .request_id = {}, .region = {}};
  const std::size_t begin = response.body.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  const char first = begin == std::string::npos ? '\0' : response.body[begin];
  if (first == '<') read_xml(response.body, fault);
  if (first == '{') read_json(response, fault);
  // "ResourceNotFoundException:http://internal.amazon.com/coral/…"
  const std::string_view type = response.header("x-amzn-ErrorType");
  if (!type.empty()) fault.code = short_text(type.substr(0, type.find(':')));
  if (const std::size_t hash = fault.code.find('#'); hash != std::string::npos) fault.code.erase(0, hash + 1);
  for (const char* const name : {"x-amz-request-id", "x-amzn-RequestId"}) {
    if (fault.request_id.empty()) fault.request_id = short_text(response.header(name));
  }
  if (const std::string_view region = response.header("x-amz-bucket-region"); !region.empty()) fault.region = region;
  // An answer to HEAD has no body to say it in.
  if (fault.code.empty() && response.status == 404) fault.code = "NotFound";
  if (fault.code.empty() && response.status == 403) fault.code = "Forbidden";
  return fault;
}

ServiceError::ServiceError(Fault fault, std::string_view subject)
    : io::Error(io::ErrorKind::input_output, sentence(fault), subject), fault_(std::move(fault)) {}

void throw_service_error(const http::Response& response, std::string_view subject) {
  throw ServiceError(fault_of(response), subject);
}

}  // namespace textlambda::aws
