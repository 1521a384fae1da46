#include "command/overwriting.h"

#include <cstddef>

#include "textlambda/io/error.h"
#include "textlambda/io/output_target.h"

namespace textlambda::command {

void refuse_overwriting(const std::string& option, const std::string& output, const std::vector<std::string>& inputs) {
  if (output.empty()) return;
  for (const std::string& input : inputs) {
    if (!input.empty() && input != "-" && io::overwrites(output, input)) {
      io::throw_usage(option + " would overwrite " + input);
    }
  }
}

void keep_apart(const std::vector<Output>& outputs) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const auto& [option, path] = outputs[i];
      if (path.empty() || outputs[j].second.empty() || !io::same_output(path, outputs[j].second)) continue;
      io::throw_usage(option == "--report" && outputs[j].first == option
                          ? "two reports would go to " + path
                          : option + " and " + outputs[j].first + " would both go to " + path);
    }
  }
}

}  // namespace textlambda::command
