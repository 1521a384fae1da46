#include "textlambda/telemetry/capture.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>
#include <xxhash.h>

#include "textlambda/json/write.h"
#include "textlambda/telemetry/log_line.h"
#include "textlambda/text/timestamp.h"
#include "textlambda/text/utf8.h"

namespace textlambda::telemetry {
namespace {

// JSON on one line: inside a string a line break is always escaped, so those that stand there are white space.
void append_on_one_line(std::string& out, std::string_view json) {
  const std::size_t begin = out.size();
  out += json;
  std::replace_if(
      out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
}

// A string that is JSON, as clients send their context.
std::string redacted_json(const std::string& text, const Redaction& redaction) {
  return nlohmann::json::accept(text) ? redaction.redacted(text).json : text;
}

void append_context(std::string& out, const lambda::Invocation& invocation, const Redaction& redaction) {
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
  member("client_context", redacted_json(invocation.client_context, redaction));
  member("cognito_identity", redacted_json(invocation.cognito_identity, redaction));
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
                         std::string_view model_id, const Redaction& redaction) {
  const std::size_t bytes = invocation.event.size() + answer.body.size();
  const auto too_long = [](std::size_t size) {
    return CaptureLine{"", "not captured: " + std::to_string(size) + " bytes of event and response, a log line holds " +
                               std::to_string(kLongestLogLine)};
  };
  if (bytes > kLongestLogLine) return too_long(bytes);
  // The parser takes a byte order mark before the event; in the middle of a line it is no JSON.
  const std::string_view event = text::without_byte_order_mark(invocation.event);
  if (!nlohmann::json::accept(event)) return {"", "not captured: the event is not valid JSON"};

  const Redaction::Result open_event = redaction.redacted(event);
  if (open_event.packed_secret) return {"", "not captured: credentials in gzip, or gzip that cannot be looked into"};
  std::string line = R"({"event":)";
  append_on_one_line(line, open_event.json);
  line += R"(,"response":)";
  // Some sources have their event handed back.
  append_on_one_line(line, answer.body.empty() ? "null" : redaction.redacted(answer.body).json);
  line += R"(,"context":)";
  append_context(line, invocation, redaction);
  line += R"(,"time":")" + text::rfc3339(time_ms) + R"(","request_id":)";
  json::append_string(line, invocation.request_id);
  line += R"(,"model":)";
  json::append_string(line, model_id);
  line += '}';
  if (line.size() > kLongestLogLine) return too_long(bytes);
  return {std::move(line), ""};
}

}  // namespace textlambda::telemetry
