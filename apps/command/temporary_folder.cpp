#include "command/temporary_folder.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "textlambda/io/error.h"

namespace textlambda::command {

std::string temporary_folder() {
  for (const char* name : {"TMPDIR", "TMP", "TEMP", "TEMPDIR"}) {
    const char* const value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    std::error_code failed;
    if (!std::filesystem::is_directory(value, failed)) {
      io::throw_input(std::string("is no folder, but ") + name + " names it", value);
    }
    return value;
  }
  return "/tmp";
}

}  // namespace textlambda::command
