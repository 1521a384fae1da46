#include "command/overwriting.h"

#include <filesystem>
#include <system_error>

#include "textlambda/io/error.h"

namespace textlambda::command {

bool same_file(const std::string& one, const std::string& other) {
  if (one == "-" || other == "-") return one == other;
  std::error_code failed;
  const std::filesystem::path a = std::filesystem::weakly_canonical(std::filesystem::absolute(one), failed);
  const std::filesystem::path b = std::filesystem::weakly_canonical(std::filesystem::absolute(other), failed);
  return a == b;
}

void refuse_overwriting(const std::string& option, const std::string& output, const std::vector<std::string>& inputs) {
  if (output.empty() || output == "-") return;
  for (const std::string& input : inputs) {
    if (!input.empty() && same_file(output, input)) io::throw_usage(option + " would overwrite " + input);
  }
}

}  // namespace textlambda::command
