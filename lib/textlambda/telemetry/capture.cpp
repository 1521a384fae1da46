#include "textlambda/telemetry/capture.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>
#include <xxhash.h>

#include "textlambda/json/write.h"
#include "textlambda/telemetry/log_line.h"
#include "textlambda/telemetry/timestamp.h"

namespace textlambda::telemetry {
namespace {

// JSON on one line: inside a string a line break is always escaped, so those that stand there are white space.
void append_on_one_line(std::string& out, std::string_view json) {
  const std::size_t begin = out.size();
  out += json;
  std::replace_if(
      out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
}

void append_context(std::string& out, const lambda::Invocation& invocation) {
  const auto member = [&](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    if (out.back() != '{') out += ',';
    json::append_string(out, name);
    out += ':';
    json::append_string(out, value);
  };
  out += '{';
  member("request_id", invocation.request_id);
  member("function_arn", invocation.function_arn);
  member("trace_id", invocation.trace_id);
  member("client_context", invocation.client_context);
  member("cognito_identity", invocation.cognito_identity);
  out += '}';
}

}  // namespace

bool is_captured(std::string_view request_id, double share) {
  if (!(share > 0)) return false;
  if (share >= 1) return true;
  // The upper 53 bits as a fraction of 1: all of them fit a double.
  const double place = std::ldexp(static_cast<double>(XXH3_64bits(request_id.data(), request_id.size()) >> 11U), -53);
  return place < share;
}

CaptureLine capture_line(const lambda::Invocation& invocation, const lambda::Answer& answer, std::int64_t time_ms,
                         std::string_view model_id) {
  const std::size_t bytes = invocation.event.size() + answer.body.size();
  const auto too_long = [](std::size_t size) {
    return CaptureLine{"", "not captured: " + std::to_string(size) + " bytes of event and response, a log line holds " +
                               std::to_string(kLongestLogLine)};
  };
  if (bytes > kLongestLogLine) return too_long(bytes);
  // The parser takes a byte order mark before the event; in the middle of a line it is no JSON.
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  std::string_view event = invocation.event;
  if (event.starts_with(kByteOrderMark)) event.remove_prefix(kByteOrderMark.size());
  if (!nlohmann::json::accept(event)) return {"", "not captured: the event is not valid JSON"};

  std::string line = R"({"event":)";
  append_on_one_line(line, event);
  line += R"(,"response":)";
  append_on_one_line(line, answer.body.empty() ? std::string_view("null") : std::string_view(answer.body));
  line += R"(,"context":)";
  append_context(line, invocation);
  line += R"(,"time":")" + rfc3339(time_ms) + R"(","request_id":)";
  json::append_string(line, invocation.request_id);
  line += R"(,"model":)";
  json::append_string(line, model_id);
  line += '}';
  if (line.size() > kLongestLogLine) return too_long(bytes);
  return {std::move(line), ""};
}

}  // namespace textlambda::telemetry
