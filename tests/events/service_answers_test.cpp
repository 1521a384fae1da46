// Services that take one answer in an envelope of their own: agents and contact flows; and calls without a text.
#include <string>

#include "tests/catch.h"
#include "tests/events/contract.h"

namespace textlambda::events {
namespace {

using nlohmann::json;

const std::string kAgent = R"("messageVersion": "1.0", "agent": {"name": "support", "id": "A", "alias": "B",
    "version": "DRAFT"}, "sessionId": "s1", "inputText": "bad", "actionGroup": "classify")";

// The text of a body in an envelope, read.
json opened(const std::string& event, const json::json_pointer& place, const HandlerOptions& options = {}) {
  const SampleHandler handle(options);
  const Answer answer = handle(event);
  CHECK(answer.ok);
  CHECK(source_name(answer.source) == "bedrock_agent");
  json envelope = json::parse(answer.body);
  envelope[place] = rounded(json::parse(envelope[place].get<std::string>()));
  return envelope;
}

json classified(const std::string& text) {
  return rounded(expanded(json{{"$", text}}, json::parse(SampleHandler()("\"good\"").body)["model"]));
}

TEST_CASE("Bedrock agents: an action by its API schema") {
  const json::json_pointer body("/response/responseBody/application~1json/body");
  const auto event = [](const std::string& rest) {
    return "{" + kAgent + R"(, "apiPath": "/classify/{id}", "httpMethod": "POST", )" + rest + "}";
  };
  const auto wanted = [&](int status, const json& said) {
    return json{{"messageVersion", "1.0"},
                {"response",
                 {{"actionGroup", "classify"},
                  {"apiPath", "/classify/{id}"},
                  {"httpMethod", "POST"},
                  {"httpStatusCode", status},
                  {"responseBody", {{"application/json", {{"body", said}}}}}}}};
  };
  const auto properties = [](const std::string& list) {
    return R"("requestBody": {"content": {"application/json": {"properties": )" + list + "}}}";
  };
  CHECK(opened(event(properties(R"([{"name": "text", "type": "string", "value": "good"},
                                    {"name": "by", "type": "string", "value": "bad"}])")),
               body) == wanted(200, classified("good")));
  CHECK(opened(event(R"("parameters": [{"name": "message", "type": "string", "value": "good"}])"), body) ==
        wanted(200, classified("good")));
  // The only one that is a string, whatever its name; of several, what the person wrote.
  CHECK(opened(event(R"("parameters": [{"name": "id", "type": "integer", "value": "7"}], )" +
                     properties(R"([{"name": "review", "type": "string", "value": "good"}])")),
               body) == wanted(200, classified("good")));
  CHECK(opened(event(properties(R"([{"name": "a", "type": "string", "value": "good"},
                                    {"name": "b", "type": "string", "value": "good"}])")),
               body) == wanted(200, classified("bad")));
  CHECK(opened(event(R"("parameters": [])"), body) == wanted(200, classified("bad")));
  CHECK(opened(event(properties(R"([{"name": "text", "type": "string", "value": " "}])")), body) ==
        wanted(400, {{"error", "the text at /text is empty"}}));
  CHECK(opened(event(properties(R"([{"name": "review", "type": "string", "value": ""}])")), body) ==
        wanted(400, {{"error", "the text is empty"}}));
  // What the session holds goes back with it.
  json kept = wanted(200, classified("good"));
  kept["sessionAttributes"] = {{"a", "b"}};
  kept["promptSessionAttributes"] = json::object();
  CHECK(opened(event(R"("sessionAttributes": {"a": "b"}, "promptSessionAttributes": {}, )" +
                     properties(R"([{"name": "text", "type": "string", "value": "good"}])")),
               body) == kept);
}

TEST_CASE("Bedrock agents: a function by its details") {
  const json::json_pointer body("/response/functionResponse/responseBody/TEXT/body");
  const auto event = [](const std::string& rest) {
    return "{" + kAgent + R"(, "function": "classify_text")" + rest + "}";
  };
  const auto wanted = [&](json response, const json& said) {
    response["responseBody"] = {{"TEXT", {{"body", said}}}};
    return json{
        {"messageVersion", "1.0"},
        {"response", {{"actionGroup", "classify"}, {"function", "classify_text"}, {"functionResponse", response}}}};
  };
  CHECK(opened(event(R"(, "parameters": [{"name": "text", "type": "string", "value": "good"}])"), body) ==
        wanted(json::object(), classified("good")));
  CHECK(opened(event(R"(, "parameters": [{"name": "text", "type": "string", "value": ""}])"), body) ==
        wanted({{"responseState", "REPROMPT"}}, {{"error", "the text at /text is empty"}}));
  // Neither parameters nor what the person wrote.
  CHECK(opened(R"({"messageVersion": "1.0", "actionGroup": "classify", "function": "classify_text", "parameters": 5})",
               body) ==
        wanted({{"responseState", "REPROMPT"}}, {{"error", "no text at /text, /message, /body or /content"}}));
  HandlerOptions options;
  options.limits.bedrock_answer_bytes = 100;
  check_contract(
      {{"more than an agent takes", Source::bedrock_agent,
        event(R"(, "parameters": [{"name": "text", "type": "string", "value": "good"}])"), R"("AnswerTooLarge")"}},
      options);
}

TEST_CASE("Amazon Connect: a flat object of strings, or the flow's error branch") {
  const auto event = [](const std::string& parameters, const std::string& attributes = "{}") {
    return R"({"Name": "ContactFlowEvent", "Details": {"ContactData": {"Channel": "CHAT", "ContactId": "c-1",
               "Attributes": )" +
           attributes + R"(}, "Parameters": )" + parameters + "}}";
  };
  const auto said = [](const std::string& asked, const HandlerOptions& options = {}) {
    const SampleHandler handle(options);
    const Answer answer = handle(asked);
    CHECK(source_name(answer.source) == "connect");
    REQUIRE(answer.records.size() == 1);
    CHECK(answer.records[0].id == "c-1");
    return answer.ok ? json::parse(answer.body) : json(answer.error_type + ": " + answer.error_message);
  };
  HandlerOptions options;
  options.top_k = 2;  // a list, which a flow cannot take
  const json flat = said(event(R"({"text": "good", "id": "5"})"), options);
  for (const auto& [name, value] : flat.items()) {
    INFO(name);
    CHECK(value.is_string());
  }
  json typed = flat;
  typed["confidence"] = std::stod(flat["confidence"].get<std::string>());
  CHECK(rounded(typed)["confidence"] == classified("good")["confidence"]);
  json rest = flat;
  rest.erase("confidence");
  CHECK(rest == json{{"label", "good"},
                     {"abstained", "false"},
                     {"model", classified("good")["model"]},
                     {"training_loss", "0.125"},
                     {"training_accuracy", "0.96875"}});
  CHECK(said(event(R"({"what the customer wrote": "bad"})"))["label"] == "bad");  // the only one
  CHECK(said(event("{}", R"({"message": "bad"})"))["label"] == "bad");
  CHECK(said(event("null", R"({"message": "bad"})"))["label"] == "bad");
  CHECK(said(event(R"({"text": ""})", R"({"text": "good"})")) == "NoText: the text at /text is empty");
  CHECK(said(event(R"({"only": " "})")) == "NoText: the text is empty");
  CHECK(said(event(R"({"a": "good", "b": "bad"})")) ==
        "NoText: " + std::string("no text at /text, /message, /body or /content"));
  CHECK(said(event("{}", "null")) == "NoText: no text at /text, /message, /body or /content");
}

TEST_CASE("a call that keeps the function warm is a success without a classification") {
  check_contract({
      {"serverless-plugin-warmup", Source::warmup, R"({"source": "serverless-plugin-warmup"})",
       R"({"skipped": "a call that keeps the function warm"})"},
      {"lambda-warmer", Source::warmup, R"({"warmer": true, "concurrency": 3})",
       R"({"skipped": "a call that keeps the function warm"})"},
      {"several", Source::warmup, R"([{"warmer": true}, {"warmup": true}])",
       R"([{"skipped": "a call that keeps the function warm"}, {"skipped": "a call that keeps the function warm"}])"},
      {"with a text it is none", Source::direct, R"({"warmup": true, "text": "good"})",
       R"({"$": "good", "status": "good"})"},
  });
}

}  // namespace
}  // namespace textlambda::events
