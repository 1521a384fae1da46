// The one error rule: an exception ends the operation. Everything the library throws on purpose is an Error; what() is
// one line that names the file, the line or field, what was found and what was expected.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace textlambda::io {

// What kind of thing went wrong; each kind is one exit status of the commands.
enum class ErrorKind {
  usage,         // options that contradict each other or are out of range (exit 2)
  mismatch,      // data set or labels do not fit the model or the baseline (exit 4)
  input_output,  // input or output cannot be used: unreadable, corrupt, unwritable (exit 5)
};

class Error : public std::runtime_error {
 public:
  // `file` may be empty; `line` is 1-based, 0 where it means nothing. what() reads "file:line: message".
  explicit Error(ErrorKind kind, std::string_view message, std::string_view file = {}, std::uint64_t line = 0);

  ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

// Shorthands for the usual throws.
[[noreturn]] void throw_usage(std::string_view message);
[[noreturn]] void throw_input(std::string_view message, std::string_view file = {}, std::uint64_t line = 0);
// input_output with the text of `error_number` (an errno value), e.g. "model.tlm: cannot open: No such file …".
[[noreturn]] void throw_system(std::string_view action, std::string_view file, int error_number);

}  // namespace textlambda::io
