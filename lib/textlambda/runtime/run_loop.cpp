#include "textlambda/runtime/run_loop.h"

#include <string>

#include "textlambda/protocol/error_body.h"

namespace textlambda::runtime {
namespace {

constexpr unsigned kPayloadTooLarge = 413;
constexpr std::string_view kResponseTooLarge = "Function.ResponseSizeTooLarge";

Receipt deliver(RuntimeApi& api, const lambda::Invocation& invocation, const lambda::Answer& answer) {
  if (!answer.ok) return api.fail(invocation, answer.error_type, answer.body);
  const Receipt receipt = api.respond(invocation, answer.body);
  if (receipt.status != kPayloadTooLarge) return receipt;
  const std::string message = "the response of " + std::to_string(answer.body.size()) + " bytes is too large";
  api.fail(invocation, kResponseTooLarge, protocol::error_body(kResponseTooLarge, message));
  return receipt;  // whatever became of that, the response was refused
}

}  // namespace

void run(RuntimeApi& api, const HandlerFunction& handler, const RejectionFunction& on_rejection) {
  while (const lambda::Invocation* const invocation = api.next()) {
    const lambda::Answer answer = handler(*invocation);
    const Receipt receipt = deliver(api, *invocation, answer);
    if (!receipt.taken()) on_rejection(*invocation, receipt.reason);
  }
}

}  // namespace textlambda::runtime
