// textlambda-sagemaker: the container of a training job and of an endpoint on Amazon SageMaker, which calls its entry
// point with the word "train" or "serve".
#include <string_view>

#include "textlambda/io/error.h"

#include "command/command.h"
#include "sagemaker/serve.h"
#include "sagemaker/train.h"

namespace {

constexpr const char* kExamples =
    "  textlambda-sagemaker train --root /opt/ml      what SageMaker starts for a training job\n"
    "  textlambda-sagemaker serve --root /opt/ml      and for an endpoint or a batch transform";

}  // namespace

int main(int argc, char** argv) {
  using namespace textlambda;
  const std::string_view first = argc > 1 ? argv[1] : "";
  if (first == "train") return command::sagemaker_train_main(argc - 1, argv + 1);
  if (first == "serve") return command::sagemaker_serve_main(argc - 1, argv + 1);
  command::Command command("textlambda-sagemaker", "Trains and serves as a container of Amazon SageMaker.", kExamples,
                           "train and serve are commands of their own: see their --help.");
  std::string what;
  command.options().add_option("command", what, "train or serve").required().option_text("train|serve");
  return command.run(argc, argv, [&]() -> int { io::throw_usage("\"" + what + "\" given, expected train or serve"); });
}
