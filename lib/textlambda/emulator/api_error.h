// What Lambda's API answers in place of a result. https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html
#pragma once

#include <stdexcept>
#include <string>

namespace textlambda::emulator {

class ApiError : public std::runtime_error {
 public:
  ApiError(unsigned status, std::string type, const std::string& message)
      : std::runtime_error(message), status_(status), type_(std::move(type)) {}

  unsigned status() const { return status_; }
  const std::string& type() const { return type_; }

 private:
  unsigned status_;
  std::string type_;
};

// Those that many routes raise.
[[noreturn]] void throw_not_found(const std::string& message);
[[noreturn]] void throw_conflict(const std::string& message);
[[noreturn]] void throw_invalid_value(const std::string& message);
// "1 validation error detected: Value '64' at 'memorySize' failed to satisfy constraint: Member must …"
[[noreturn]] void throw_validation(const std::string& value, const std::string& member, const std::string& constraint);
// What Lambda has and the emulator has not.
[[noreturn]] void throw_not_built(const std::string& what);

}  // namespace textlambda::emulator
