// A function's settings, which are environment variables; docs/bootstrap.md has them in one table.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/lambda/handler.h"
#include "textlambda/lambda/settings.h"

namespace textlambda::lambda {

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
  // What answers until the first model is there: the one that came with the function, where another is asked for.
  std::string first_model_path;
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

// Throws Error(usage) that names the variable, its value and what is expected. A variable that is empty counts as not
// set.
Configuration read_configuration(const Environment& environment);

// The variables that read_configuration() knows, those of Lambda itself left out.
std::span<const std::string_view> setting_names();

}  // namespace textlambda::lambda
