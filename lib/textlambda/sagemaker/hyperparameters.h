// A training job's hyperparameters as options of textlambda-train. SageMaker writes them as one JSON object of strings:
// https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
//
// Each option has its name, with _ or - between words: "label_weight", "min-documents". Those of BlazingText's text
// classification are taken too, where "mode" is among them:
// https://docs.aws.amazon.com/sagemaker/latest/dg/blazingtext_hyperparameters.html
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace textlambda::sagemaker {

struct Hyperparameters {
  std::vector<std::string> arguments;  // "--words=1-2", in the order of their names
  std::vector<std::string> remarks;    // a line each: what has no counterpart here
  bool blazing_text = false;
};

// `name` is the file's, for messages. Throws Error(input_output) for what is no object of plain values, and
// Error(usage) for what cannot be trained here: BlazingText's word vectors. Pure, thread-safe.
Hyperparameters read_hyperparameters(std::string_view json, const std::string& name);

}  // namespace textlambda::sagemaker
