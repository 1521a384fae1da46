// The requests of a SageMaker endpoint and of a batch transform, answered by a model.
// https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
#pragma once

#include <string>
#include <string_view>

#include "textlambda/http/message.h"
#include "textlambda/model/classifier.h"

namespace textlambda::sagemaker {

// What a request may be at most: what a batch transform sends (MaxPayloadInMB).
inline constexpr std::size_t kMostPayload = std::size_t{100} << 20;

// A request of /invocations → its answer: 200, or 400, 406, 415 with {"error": "…"}. Thread-safe; about as much memory
// again as the body takes, several times.
http::Response answer_invocation(const model::Classifier& classifier, std::string_view content_type,
                                 std::string_view accept, std::string_view body);

// {"error": "…"}.
http::Response refusal(unsigned status, const std::string& message);

// The answer of /execution-parameters: how a batch transform calls.
http::Response execution_parameters(unsigned threads);

}  // namespace textlambda::sagemaker
