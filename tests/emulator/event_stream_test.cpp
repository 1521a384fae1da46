// Against the test vectors of the event stream encoding, as AWS's SDKs carry them.
#include "textlambda/emulator/event_stream.h"

#include <string>

#include <fmt/format.h>

#include "tests/catch.h"

using namespace textlambda::emulator;

namespace {

std::string hex(const std::string& bytes) {
  std::string digits;
  for (const char byte : bytes) digits += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return digits;
}

}  // namespace

TEST_CASE("messages of an event stream") {
  CHECK(hex(event_stream_message({}, "")) == "000000100000000005c248eb7d98c8ff");
  CHECK(hex(event_stream_message({}, "{'foo':'bar'}")) == "0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936");
  // One header, content-type: application/json.
  CHECK(hex(event_stream_message({{"content-type", "application/json"}}, "{'foo':'bar'}")) ==
        "0000003d0000002007fd83960c636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e7b27666f6f273a27626172"
        "277d8d"
        "9c08b1");
}

TEST_CASE("an outcome as a stream of chunks and its end") {
  Outcome outcome;
  outcome.body = std::string(70000, 'x');
  const std::string stream = streamed_outcome(outcome, false);
  CHECK(stream.find("PayloadChunk") != std::string::npos);
  CHECK(stream.find("PayloadChunk") != stream.rfind("PayloadChunk"));
  CHECK(stream.find("InvokeComplete") > stream.rfind("PayloadChunk"));
  outcome.function_error = true;
  outcome.error_type = "Told";
  outcome.body = "{}";
  const std::string failed = streamed_outcome(outcome, true);
  CHECK(failed.find("PayloadChunk") == std::string::npos);
  CHECK(failed.find(R"("ErrorCode":"Told")") != std::string::npos);
  CHECK(failed.find("LogResult") != std::string::npos);
}
