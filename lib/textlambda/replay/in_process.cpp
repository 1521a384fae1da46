#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/json/document.h"
#include "textlambda/model/classifier.h"
#include "textlambda/replay/function.h"
#include "textlambda/replay/invocation_context.h"

namespace textlambda::replay {
namespace {

// A direct payload without a text is of no source that can be told, but it is one; what is no JSON is nothing.
bool is_json(std::string_view event) {
  nlohmann::json document;
  return json::read(event, json::Limits(), document).empty();
}

class InProcess : public Function {
 public:
  InProcess(const lambda::Handler& handler, unsigned workers) : handler_(handler), scratches_(workers) {}

  Reply answer(const recording::Recording& recording, unsigned worker) override {
    Reply reply;
    reply.answer = handler_.handle(invocation_of(recording), scratches_[worker]);
    reply.has_source =
        reply.answer.recognised || reply.answer.source != events::Source::direct || is_json(recording.event);
    reply.has_labels = true;
    return reply;
  }

 private:
  const lambda::Handler& handler_;
  std::vector<model::Scratch> scratches_;
};

}  // namespace

std::unique_ptr<Function> in_process(const lambda::Handler& handler, unsigned workers) {
  return std::make_unique<InProcess>(handler, workers);
}

}  // namespace textlambda::replay
