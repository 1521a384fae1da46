#include "textlambda/lambda/handler.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/events/classification.h"
#include "textlambda/events/event.h"
#include "textlambda/events/event_texts.h"
#include "textlambda/events/message.h"
#include "textlambda/events/text_pointers.h"
#include "textlambda/io/error.h"
#include "textlambda/lambda/deadline.h"
#include "textlambda/lambda/top_scores.h"

namespace textlambda::lambda {
namespace {

// Left for another invocation.
void postpone(events::Record& record) {
  record.classifications.clear();
  record.message = events::of_error("not classified: the time of the invocation is over");
}

events::ModelFacts facts_of(const model::Classifier& classifier) {
  const model::ModelFile& file = classifier.file();
  events::ModelFacts facts{.id = file.id(),
                           .labels = {},
                           .training_loss = file.training_loss(),
                           .training_accuracy = file.training_accuracy(),
                           .features = file.feature_count()};
  facts.labels.reserve(classifier.label_count());
  for (std::size_t i = 0; i < classifier.label_count(); ++i) facts.labels.push_back(classifier.label(i));
  return facts;
}

}  // namespace

void validate(const HandlerOptions& options) {
  if (options.text_pointers.empty()) io::throw_usage("at least one text pointer is needed");
  const events::TextPointers pointers(options.text_pointers);
  if (options.abstain_threshold && !(*options.abstain_threshold >= 0 && *options.abstain_threshold <= 1)) {
    io::throw_usage("the abstain threshold has to lie between 0 and 1, not " +
                    std::to_string(*options.abstain_threshold));
  }
  if (options.top_k > kLargestTopK) {
    io::throw_usage("top-k is " + std::to_string(options.top_k) + ", expected a whole number from 0 to " +
                    std::to_string(kLargestTopK));
  }
  if (options.deadline_margin_ms < 0) {
    io::throw_usage("the margin before a deadline has to be 0 or more, not " +
                    std::to_string(options.deadline_margin_ms));
  }
}

class Handler::State {
 public:
  State(const model::Classifier& classifier, HandlerOptions options)
      : classifier_(classifier),
        options_((validate(options), std::move(options))),
        pointers_(options_.text_pointers),
        writer_(facts_of(classifier)) {}

  void handle(const Invocation& invocation, model::Scratch& scratch, Answer& answer) const;
  std::vector<std::string> texts(std::string_view event) const {
    return events::texts_of(event, pointers_, options_.limits);
  }

  const model::Classifier& classifier() const { return classifier_; }
  const HandlerOptions& options() const { return options_; }

 private:
  void classify(events::Event& event, const Deadline& deadline, model::Scratch& scratch) const;
  // False where the deadline came before the last of the record's texts.
  bool classify(events::Record& record, const Deadline& deadline, model::Scratch& scratch) const;

  const model::Classifier& classifier_;
  HandlerOptions options_;
  events::TextPointers pointers_;
  events::ClassificationWriter writer_;
};

bool Handler::State::classify(events::Record& record, const Deadline& deadline, model::Scratch& scratch) const {
  record.classifications.reserve(record.message.texts.size());
  for (const std::string& text : record.message.texts) {
    if (deadline.has_come()) return false;
    const model::Prediction prediction = classifier_.predict(text, scratch);
    events::Classification classification{prediction.label_index, prediction.confidence, prediction.abstained, {}};
    if (options_.abstain_threshold) {
      classification.abstained = prediction.confidence < *options_.abstain_threshold;
    }
    if (options_.top_k > 0) classification.scores = top_scores(scratch, options_.top_k);
    record.classifications.push_back(std::move(classification));
  }
  return true;
}

void Handler::State::classify(events::Event& event, const Deadline& deadline, model::Scratch& scratch) const {
  bool in_time = true;
  for (events::Record& record : event.records) {
    in_time = in_time && classify(record, deadline, scratch);
    if (!in_time && !record.message.texts.empty()) postpone(record);
  }
}

void Handler::State::handle(const Invocation& invocation, model::Scratch& scratch, Answer& answer) const {
  const Deadline deadline(options_, invocation.deadline_ms);
  nlohmann::json document;
  const std::string reason = events::parse_event(invocation.event, options_.limits, document);
  if (!reason.empty()) {
    events::fail(answer, "InvalidEvent", reason);
    return;
  }
  events::Event event = events::read_event(document, pointers_, options_.limits);
  if (!options_.allowed_origins.empty()) event.http.allowed_origins = &options_.allowed_origins;
  answer.source = event.source;
  answer.recognised = event.recognised;
  try {
    classify(event, events::takes_batch_failures(event.source) ? deadline : Deadline(), scratch);
    events::write_answer(event, writer_, options_.limits, answer);
  } catch (...) {
    events::fail_internally(&event, answer);
  }
}

Handler::Handler(const model::Classifier& classifier, HandlerOptions options)
    : state_(std::make_unique<State>(classifier, std::move(options))) {}
Handler::~Handler() = default;
Handler::Handler(Handler&& other) noexcept = default;
Handler& Handler::operator=(Handler&& other) noexcept = default;

Answer Handler::handle(const Invocation& invocation, model::Scratch& scratch) const noexcept {
  Answer answer;
  try {
    state_->handle(invocation, scratch, answer);
  } catch (...) {
    events::fail_internally(nullptr, answer);
  }
  return answer;
}

std::vector<std::string> Handler::texts(std::string_view event) const { return state_->texts(event); }

const HandlerOptions& Handler::options() const { return state_->options(); }
const model::Classifier& Handler::classifier() const { return state_->classifier(); }

}  // namespace textlambda::lambda
