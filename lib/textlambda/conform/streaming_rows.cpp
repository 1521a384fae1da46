// The group "streaming": InvokeWithResponseStream.
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/conform/event_stream.h"
#include "textlambda/conform/row.h"

namespace textlambda::conform::streaming {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kApi = "https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html";

http::Response streamed(const Session& session, const std::string& function, std::string_view event) {
  return session.call({.target = function_path(function, "/response-streaming-invocations", "2021-11-15"),
                       .headers = {{"Content-Type", "application/json"}},
                       .body = event});
}

// The messages of an answer; none where it is not of them.
std::vector<EventMessage> messages_of(Judge& judge, const http::Response& answer) {
  judge.status(answer, 200);
  if (judge.decided()) return {};
  std::vector<EventMessage> messages;
  const std::string fault = read_event_stream(answer.body, messages);
  judge.that(fault.empty(), fault);
  judge.that(!messages.empty(), "no messages");
  for (const EventMessage& message : messages) {
    judge.that(message.header(":message-type") == "event",
               fmt::format(":message-type: {}", message.header(":message-type")));
  }
  return judge.decided() ? std::vector<EventMessage>() : messages;
}

// What the messages of a function that answers with the event itself come to.
Finding answered(Session& session, const std::string& event) {
  Judge judge("200, PayloadChunk messages that are the answer together, then InvokeComplete");
  std::string payload;
  const std::vector<EventMessage> messages = messages_of(judge, streamed(session, session.function(), event));
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const std::string type(messages[i].header(":event-type"));
    judge.equal(fmt::format("message {} of {}", i + 1, messages.size()), type,
                i + 1 < messages.size() ? "PayloadChunk" : "InvokeComplete");
    if (type == "PayloadChunk") payload += messages[i].payload;
  }
  judge.that(judge.decided() || payload == "{\"echo\":" + event + "}", payload);
  return judge.finding();
}

Finding answer(Session& session) { return answered(session, R"({"text":"é"})"); }
Finding large_answer(Session& session) {
  return answered(session, R"({"pad":")" + std::string(1'000'000, 's') + "\"}");
}

Finding not_found(Session& session) {
  Judge judge("404 ResourceNotFoundException");
  judge.api_error(streamed(session, session.unique("unknown"), "{}"), 404, {"ResourceNotFoundException"}, "Message");
  return judge.finding();
}

constexpr auto kRows = std::to_array<Row>({
    {"streaming.answer", "an answer in pieces", kApi, answer},
    {"streaming.large_answer", "an answer of 1 MB in pieces", kApi, large_answer},
    {"streaming.not_found", "a function that is not there", kApi, not_found},
});

}  // namespace
}  // namespace textlambda::conform::streaming

namespace textlambda::conform {

std::span<const Row> streaming_rows() { return streaming::kRows; }

}  // namespace textlambda::conform
