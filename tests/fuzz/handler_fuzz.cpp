// Any bytes as an event: always an answer in the shape of some source's contract, within its limits.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tests/events/contract_shape.h"
#include "tests/lambda/sample_handler.h"

using namespace textlambda::lambda;

namespace {

// Small limits, so that the fuzzer reaches them.
HandlerOptions small_limits() {
  HandlerOptions options;
  options.top_k = 1;
  options.limits.json.depth = 30;
  options.limits.records = 50;
  options.limits.inflated_bytes = std::size_t{1} << 20;
  options.limits.answer_bytes = 20000;
  options.limits.alb_answer_bytes = 10000;
  return options;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {  // NOLINT
  static const SampleHandler handle(small_limits());
  const std::string_view event(reinterpret_cast<const char*>(data), size);
  const Answer answer = handle(event);
  const std::string flaw = textlambda::events::shape_flaw(answer);
  if (!flaw.empty()) {
    std::fprintf(stderr, "%s\n", flaw.c_str());
    std::abort();
  }
  if (answer.ok && answer.source != Source::cognito && answer.body.size() > 20000) std::abort();
  return 0;
}
