// A function's settings, which are environment variables; docs/bootstrap.md has them in one table.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/lambda/handler.h"

namespace textlambda::lambda {

enum class LogLevel { debug, info, warn, error, off };

// "debug", "info", "warn", "error", "off" in any case of letters, and Lambda's other names for them (TRACE, FATAL).
std::optional<LogLevel> log_level_of(std::string_view name);

// What the metrics in the log are called, and what they count.
struct MetricsOptions {
  std::string name_space = "textlambda";
  // The dimension FunctionName; without one the metrics have no such dimension.
  std::string function_name = {};
  // A text that is classified with less confidence counts in LowConfidenceShare.
  float low_confidence = 0.5F;
};

struct Configuration {
  std::string model_path;
  // How often the file is looked at, in seconds: another one there takes the model's place. Unset: never.
  std::optional<double> model_refresh;
  HandlerOptions handler;
  LogLevel log_level = LogLevel::info;
  // The texts themselves in the log: off, since they are the users' own words.
  bool log_text = false;
  bool metrics = true;
  MetricsOptions metrics_options;
  // The share of the invocations that is logged whole.
  double capture = 0;
  // Names whose values are left out of that, besides those that usually stand for credentials.
  std::vector<std::string> capture_redact;
};

// The value of an environment variable, or null; what it points to has to last for the call.
using Environment = std::function<const char*(const char* name)>;

// Throws Error(usage) that names the variable, its value and what is expected. A variable that is empty counts as not
// set.
Configuration read_configuration(const Environment& environment);

// The variables that read_configuration() knows, those of Lambda itself left out.
std::span<const std::string_view> setting_names();

// Names that begin with TEXTLAMBDA_ and are no setting: misspelt, most likely. `environment` is as in environ(7).
std::vector<std::string> unknown_settings(const char* const* environment);

}  // namespace textlambda::lambda
