// The handler over the sample models.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/lambda/handler.h"
#include "textlambda/model/classifier.h"

#include "tests/model/model_bytes.h"
#include "tests/model/sample_models.h"

namespace textlambda::lambda {

// Two labels, "bad" and "good": the words good, bad and film, and "not good". Of "good" alone it is sure.
class SampleHandler {
 public:
  explicit SampleHandler(HandlerOptions options = {}, const model::linear::LinearContent& content =
                                                          model::two_label_words(model::Precision::float32))
      : bytes_(model::linear::serialise(content)),
        classifier_(model::ModelFile::view(bytes_.view(), "sample.tlm")),
        handler_(classifier_, std::move(options)) {}

  Answer operator()(std::string_view event) const {
    model::Scratch scratch;
    Invocation invocation;
    invocation.event = event;
    return handler_.handle(invocation, scratch);
  }

  // The answer to an event, which has to be a success.
  nlohmann::json respond(std::string_view event) const { return nlohmann::json::parse((*this)(event).body); }

  const Handler& handler() const { return handler_; }
  const model::Classifier& classifier() const { return classifier_; }

 private:
  model::AlignedBytes bytes_;
  model::Classifier classifier_;
  Handler handler_;
};

}  // namespace textlambda::lambda
