#include "textlambda/events/stream_window.h"

#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/events/recognition.h"
#include "textlambda/json/document.h"

namespace textlambda::events {

bool is_window_of(const nlohmann::json& event, const char* part) {
  const std::string* arn = json::string_member(event, "eventSourceARN");
  return arn != nullptr && has_array(event, "Records") && json::member(event, "window") != nullptr &&
         arn->find(part) != std::string::npos;
}

}  // namespace textlambda::events
