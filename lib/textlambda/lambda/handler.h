// The function itself: an event in, the answer of its source's contract out. The same code runs in the bootstrap on AWS
// Lambda and in the local replay.
//
//   const auto classifier = textlambda::model::Classifier::load("model.tlm");
//   const textlambda::lambda::Handler handler(classifier);
//   textlambda::model::Scratch scratch;
//   const auto answer = handler.handle({.event = R"({"text": "charged twice"})"}, scratch);
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/events/allowed_origins.h"
#include "textlambda/events/answer.h"
#include "textlambda/events/limits.h"
#include "textlambda/events/source.h"
#include "textlambda/lambda/invocation.h"
#include "textlambda/model/classifier.h"

namespace textlambda::lambda {

// What the handler takes and gives; docs/events.md.
using events::AllowedOrigins;
using events::Answer;
using events::Limits;
using events::RecordOutcome;
using events::Source;

// Milliseconds since 1970 in UTC. Called by every thread that handles an event.
using EpochClock = std::function<std::int64_t()>;

inline constexpr unsigned kLargestTopK = 1000;

struct HandlerOptions {
  // Where the text stands in a body that is a JSON object, as JSON Pointers (RFC 6901), tried in turn.
  std::vector<std::string> text_pointers = {"/text", "/message", "/body", "/content"};
  // How many of the most probable labels to list in each classification, at most kLargestTopK; 0 lists none.
  unsigned top_k = 0;
  // A confidence below it counts as abstained, 0 … 1. Without it, the model's own threshold.
  std::optional<float> abstain_threshold;
  // Whose pages may call it from a browser, over HTTP; by default nobody's but those of its own origin.
  AllowedOrigins allowed_origins;
  Limits limits;
  // What an invocation's deadline is held against. With it, a batch whose source hands over again what the answer names
  // (SQS, Kinesis, DynamoDB, Kafka) stops early: the records that there was no time for are named as failed. Without a
  // clock, as for recordings, every event is handled to its end.
  EpochClock epoch_ms;
  // How long before the deadline that is, in milliseconds: for the answer to be written, logged and delivered by a
  // function with a small share of a processor. More where single texts take long.
  std::int64_t deadline_margin_ms = 200;
};

// Throws Error(usage) for options that mean nothing.
void validate(const HandlerOptions& options);

// Thread-safe: one for all threads, each with a Scratch of its own.
class Handler {
 public:
  // The classifier has to outlive the handler. Throws Error(usage) as validate() does.
  explicit Handler(const model::Classifier& classifier, HandlerOptions options = {});
  ~Handler();
  Handler(Handler&& other) noexcept;
  Handler& operator=(Handler&& other) noexcept;

  // Any bytes get an answer in the shape of their source's contract; nothing is thrown.
  Answer handle(const Invocation& invocation, model::Scratch& scratch) const noexcept;

  // The texts that handle() would classify, in order.
  std::vector<std::string> texts(std::string_view event) const;

  const HandlerOptions& options() const;
  const model::Classifier& classifier() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace textlambda::lambda
