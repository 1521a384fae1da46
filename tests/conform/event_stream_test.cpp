// Messages of an event stream: bytes that botocore 1.43 reads as they are read here, and what is none.
#include "textlambda/conform/event_stream.h"

#include <string>
#include <vector>

#include "tests/catch.h"

namespace textlambda::conform {
namespace {

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return bytes;
}

const std::string& empty_message() {
  static const std::string kMessage = from_hex("000000100000000005c248eb7d98c8ff");
  return kMessage;
}
// :event-type PayloadChunk, {"a":1}
const std::string& payload_message() {
  static const std::string kMessage =
      from_hex("000000320000001b34a6fd630b3a6576656e742d7479706507000c5061796c6f61644368756e6b7b2261223a317d1f638132");
  return kMessage;
}

TEST_CASE("messages with their headers") {
  std::vector<EventMessage> messages;
  CHECK(read_event_stream("", messages) == "");
  CHECK(messages.empty());
  CHECK(read_event_stream(empty_message() + payload_message(), messages) == "");
  REQUIRE(messages.size() == 2);
  CHECK(messages[0].payload == "");
  CHECK(messages[1].header(":event-type") == "PayloadChunk");
  CHECK(messages[1].payload == "{\"a\":1}");
}

TEST_CASE("what is no message is said") {
  struct Case {
    std::string bytes;
    const char* fault;
  };
  std::string changed = payload_message();
  changed[20] = static_cast<char>(changed[20] ^ 1);
  std::string longer = payload_message();
  longer[3] = 0x33;
  const std::vector<Case> cases = {
      {"{\"a\":1}", "message 1 of the stream is cut off"},
      {"{\"a\":1,\"b\":2222222222}", "message 1 of the stream has a wrong checksum of its prelude"},
      {empty_message() + payload_message().substr(0, 40), "message 2 of the stream is cut off"},
      {changed, "message 1 of the stream has a wrong checksum"},
      {longer, "message 1 of the stream has a wrong checksum of its prelude"}};
  for (const Case& each : cases) {
    std::vector<EventMessage> messages;
    CHECK(read_event_stream(each.bytes, messages) == each.fault);
  }
}

TEST_CASE("no cut of a message is taken for one") {
  for (std::size_t length = 1; length < payload_message().size(); ++length) {
    std::vector<EventMessage> messages;
    CHECK(read_event_stream(payload_message().substr(0, length), messages) != "");
  }
}

}  // namespace
}  // namespace textlambda::conform
