// Settings of a function, which are environment variables, read one by one. A variable that is empty or blank counts as
// not set. What is wrong throws Error(usage) that names the variable, its value and what is expected.
#pragma once

#include <charconv>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "textlambda/events/allowed_origins.h"

namespace textlambda::lambda {

enum class LogLevel { debug, info, warn, error, off };

// "debug", "info", "warn", "error", "off" in any case of letters, and Lambda's other names for them (TRACE, FATAL).
std::optional<LogLevel> log_level_of(std::string_view name);

// The value of an environment variable, or null; what it points to has to last for the call.
using Environment = std::function<const char*(const char* name)>;

[[noreturn]] void refuse_setting(const char* name, std::string_view value, std::string_view expected);

// Borrows the environment. Immutable; thread-safe where that is.
class Settings {
 public:
  explicit Settings(const Environment& environment) : environment_(environment) {}

  // Nothing where it is not set or blank; without the blanks around it.
  std::optional<std::string_view> text(const char* name) const;

  template <typename Number>
  std::optional<Number> number(const char* name, Number lowest, Number largest, std::string_view expected) const {
    const std::optional<std::string_view> value = text(name);
    if (!value) return std::nullopt;
    Number number{};
    const char* const end = value->data() + value->size();
    const auto [stop, error] = std::from_chars(value->data(), end, number);
    // Written so that NaN is refused.
    if (error != std::errc() || stop != end || !(number >= lowest && number <= largest)) {
      refuse_setting(name, *value, expected);
    }
    return number;
  }

  // on, true, yes, 1; off, false, no, 0.
  bool flag(const char* name, bool otherwise) const;
  // "a, b", or an array of strings in JSON for a part that has a comma; nothing where it is not set. `what` they are,
  // for the message.
  std::optional<std::vector<std::string>> list(const char* name, std::string_view what) const;
  // Of JSON Pointers.
  std::optional<std::vector<std::string>> pointers(const char* name) const;
  // TEXTLAMBDA_LOG_LEVEL, else AWS_LAMBDA_LOG_LEVEL, else info.
  LogLevel log_level() const;
  // TEXTLAMBDA_CORS_ORIGIN.
  events::AllowedOrigins allowed_origins() const;

 private:
  const Environment& environment_;
};

// What stands between commas, without blanks around it.
std::vector<std::string> parts_of_setting(std::string_view value);

// Names that begin with TEXTLAMBDA_ and are none of `known`: misspelt, most likely. `environment` is as in environ(7).
std::vector<std::string> unknown_settings(const char* const* environment, std::span<const std::string_view> known);

}  // namespace textlambda::lambda
