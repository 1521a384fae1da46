#include "textlambda/io/error.h"

#include <system_error>

namespace textlambda::io {
namespace {

std::string compose(std::string_view message, std::string_view file, std::uint64_t line) {
  std::string text;
  if (!file.empty()) {
    text += file;
    if (line != 0) text += ":" + std::to_string(line);
    text += ": ";
  }
  text += message;
  return text;
}

}  // namespace

Error::Error(ErrorKind kind, std::string_view message, std::string_view file, std::uint64_t line)
    : std::runtime_error(compose(message, file, line)), kind_(kind) {}

void throw_usage(std::string_view message) { throw Error(ErrorKind::usage, message); }

void throw_input(std::string_view message, std::string_view file, std::uint64_t line) {
  throw Error(ErrorKind::input_output, message, file, line);
}

void throw_system(std::string_view action, std::string_view file, int error_number) {
  throw Error(ErrorKind::input_output, std::string(action) + ": " + std::generic_category().message(error_number),
              file);
}

}  // namespace textlambda::io
