// The group "errors": what the API refuses, with status, type and body as its clients know them, and the errors that a
// function reports itself.
#include <array>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/conform/row.h"

namespace textlambda::conform::refusing {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kAnyEvent = R"({"probe":"ping"})";

Finding not_found(Session& session) {
  const std::string name = session.unique("unknown");
  Judge judge("404 ResourceNotFoundException {\"Type\":\"User\",\"Message\":\"Function not found: arn:…\"}");
  const Json body = judge.api_error(session.invoke_text(kAnyEvent, {.function = name}), 404,
                                    {"ResourceNotFoundException"}, "Message");
  judge.equal("Type", member_of(body, "Type"), "User");
  return judge
      .matches("Message", string_of(body, "Message"),
               "Function not found: arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:" + name + R"((:\$LATEST)?)")
      .finding();
}

Finding no_such_version(Session& session) {
  Judge judge("404 ResourceNotFoundException, its Message ends with the version that is not there");
  const Json body =
      judge.api_error(session.invoke_text(kAnyEvent, {.function = session.bare_name(), .qualifier = "99999"}), 404,
                      {"ResourceNotFoundException"}, "Message");
  return judge.matches("Message", string_of(body, "Message"), "Function not found: arn:.*:99999").finding();
}

Finding no_such_alias(Session& session) {
  Judge judge("404 ResourceNotFoundException");
  judge.api_error(session.invoke_text(kAnyEvent, {.function = session.bare_name() + ":no-such-alias"}), 404,
                  {"ResourceNotFoundException"}, "Message");
  return judge.finding();
}

Finding bad_event(Session& session, std::string_view event) {
  Judge judge("400 InvalidRequestContentException \"Could not parse request body into json: …\"");
  const Json body = judge.api_error(session.invoke_text(event), 400, {"InvalidRequestContentException"}, "message");
  judge.equal("Type", member_of(body, "Type"), "User");
  return judge
      .that(string_of(body, "message").starts_with("Could not parse request body into json: "),
            string_of(body, "message"))
      .finding();
}

Finding invalid_json(Session& session) { return bad_event(session, "{bad"); }
Finding cut_json(Session& session) { return bad_event(session, R"({"probe":"ping")"); }
Finding binary_event(Session& session) { return bad_event(session, "\x99\xeb,j\x07"); }
Finding invalid_utf8(Session& session) { return bad_event(session, "\"n\x87r\x9e\xe9\""); }

Finding invocation_type(Session& session) {
  Judge judge("400 for an invocation type that there is not");
  judge.api_error(session.invoke_text(kAnyEvent, {.type = "Later"}), 400,
                  {"InvalidParameterValueException", "ValidationException"}, "message");
  return judge.finding();
}

Finding name_pattern(Session& session) {
  Judge judge("400 ValidationException for what is no name of a function");
  const Call call{.target = "/2015-03-31/functions/arn%3Aaws%3Alambda%3A" + session.options().region +
                            "%3A123400000000%40function%3Amyfn/invocations",
                  .body = kAnyEvent};
  judge.api_error(session.call(call), 400, {"ValidationException"}, "message");
  return judge.finding();
}

Finding qualifiers_differ(Session& session) {
  Judge judge("400 InvalidParameterValueException for NAME:1?Qualifier=2");
  judge.api_error(session.invoke_text(kAnyEvent, {.function = session.bare_name() + ":1", .qualifier = "2"}), 400,
                  {"InvalidParameterValueException"}, "message");
  return judge.finding();
}

Finding client_context(Session& session, const std::string& sent) {
  Judge judge("400 InvalidRequestContentException for a client context that is no JSON in base64");
  judge.api_error(session.invoke_text(kAnyEvent, {.client_context = sent}), 400, {"InvalidRequestContentException"},
                  "message");
  return judge.finding();
}

Finding client_context_base64(Session& session) { return client_context(session, "%%%"); }
Finding client_context_json(Session& session) { return client_context(session, "bm8gSlNPTg=="); }  // "no JSON"

Finding too_large(Session& session, std::size_t limit, const Invocation& how) {
  Judge judge(
      fmt::format("413 RequestEntityTooLargeException \"Request must be smaller than {} bytes for the "
                  "InvokeFunction operation\"",
                  limit));
  const std::string event = "\"" + std::string(limit, 'x') + "\"";
  const Json body =
      judge.api_error(session.invoke_text(event, how), 413, {"RequestEntityTooLargeException"}, "message");
  return judge
      .equal("message", member_of(body, "message"),
             fmt::format("Request must be smaller than {} bytes for the InvokeFunction operation", limit))
      .finding();
}

Finding too_large_event(Session& session) { return too_large(session, 6'291'456, {}); }
Finding too_large_asynchronous(Session& session) { return too_large(session, 1'048'576, {.type = "Event"}); }

Finding function_error(Session& session) {
  Judge judge("200, X-Amz-Function-Error: Unhandled, errorMessage and errorType, and the version that was executed");
  const http::Response answer = session.invoke(command("error"));
  const Json body = judge.function_error(answer);
  judge.equal("errorMessage", member_of(body, "errorMessage"), "told");
  judge.equal("errorType", member_of(body, "errorType"), "ProbeError");
  return judge.header_matches(answer, "X-Amz-Executed-Version", R"(\$LATEST|[0-9]+)").finding();
}

Finding function_error_bytes(Session& session, const std::string& type) {
  const std::string told = R"({ "errorMessage":"told","errorType":"Told.It","trace":["as","is"],"more":{"é":1} })";
  Judge judge("the function's own error, byte for byte");
  const http::Response answer = session.invoke(command("error", {{"body", told}, {"type", type}}));
  judge.function_error(answer);
  return judge.that(answer.body == told, answer.body).finding();
}

Finding function_error_as_it_is(Session& session) { return function_error_bytes(session, "Told.It"); }
Finding function_error_without_type(Session& session) { return function_error_bytes(session, ""); }

Finding function_error_keeps_environment(Session& session) {
  Judge judge("the environment answers the next event: an error of a function ends no process");
  const Json before = judge.answered(session.invoke(command("state")));
  session.invoke(command("error"));
  const Json after = judge.answered(session.invoke(command("state")));
  return judge
      .that(member_of(before, "instance") == member_of(after, "instance") || number_of(after, "count") > 1,
            "a new process after " + before.dump() + ": " + after.dump())
      .finding();
}

Finding response_too_large(Session& session) {
  Judge judge("200 with Function.ResponseSizeTooLarge, \"… maximum allowed payload size (6291556 bytes).\"");
  const Json body = judge.function_error(session.invoke(command("large", {{"bytes", 6'291'557}})));
  judge.equal("errorType", member_of(body, "errorType"), "Function.ResponseSizeTooLarge");
  return judge
      .matches("errorMessage", string_of(body, "errorMessage"),
               R"(Response payload size .*exceeded maximum allowed payload size \(6291556 bytes\)\.)")
      .finding();
}

Finding largest_response(Session& session) {
  Judge judge("an answer of 6 MiB is delivered whole");
  constexpr std::size_t kBytes = std::size_t{6} << 20;
  const http::Response answer = session.invoke(command("large", {{"bytes", kBytes}}));
  judge.answered(answer);
  return judge.that(answer.body.size() == kBytes, fmt::format("{} bytes", answer.body.size())).finding();
}

constexpr auto kRows = std::to_array<Row>({
    {"errors.not_found", "a function that is not there", source::kRecorded, not_found},
    {"errors.no_such_version", "a version that is not there", source::kRecorded, no_such_version},
    {"errors.no_such_alias", "an alias that is not there", source::kRecorded, no_such_alias},
    {"errors.invalid_json", "an event that is no JSON", source::kRecorded, invalid_json},
    {"errors.cut_json", "an event that is cut off", source::kRecorded, cut_json},
    {"errors.binary_event", "an event of random bytes", source::kRecorded, binary_event},
    {"errors.invalid_utf8", "an event that is no UTF-8", source::kRecorded, invalid_utf8},
    {"errors.invocation_type", "X-Amz-Invocation-Type: Later", source::kInvoke, invocation_type},
    {"errors.name_pattern", "a name that none can be", source::kRecorded, name_pattern},
    {"errors.qualifiers_differ", "two qualifiers that differ", source::kInvoke, qualifiers_differ},
    {"errors.client_context_base64", "a client context that is no base64", source::kInvoke, client_context_base64},
    {"errors.client_context_json", "a client context that is no JSON", source::kInvoke, client_context_json},
    {"errors.too_large", "an event above 6,291,456 bytes", source::kInvoke, too_large_event},
    {"errors.too_large_asynchronous", "an event above 1,048,576 bytes for later", source::kQuotas,
     too_large_asynchronous},
    {"errors.function_error", "a function that fails", source::kRecorded, function_error},
    {"errors.function_error_bytes", "an error in the function's own words", source::kRuntimeApi,
     function_error_as_it_is},
    {"errors.function_error_without_type", "the same without Lambda-Runtime-Function-Error-Type", source::kRuntimeApi,
     function_error_without_type},
    {"errors.function_error_keeps_environment", "the environment behind an error", source::kRuntimeEnvironment,
     function_error_keeps_environment},
    {"errors.response_too_large", "an answer of 6,291,557 bytes", source::kRecorded, response_too_large},
    {"errors.largest_response", "an answer of 6 MiB", source::kQuotas, largest_response},
});

}  // namespace
}  // namespace textlambda::conform::refusing

namespace textlambda::conform {

std::span<const Row> error_rows() { return refusing::kRows; }

}  // namespace textlambda::conform
