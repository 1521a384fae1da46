// A function's settings, which are environment variables; docs/bootstrap.md has them in one table.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/lambda/handler.h"
#include "textlambda/lambda/log_line.h"
#include "textlambda/lambda/metrics_line.h"

namespace textlambda::lambda {

struct Configuration {
  std::string model_path;
  HandlerOptions handler;
  LogLevel log_level = LogLevel::info;
  // The texts themselves in the log: off, since they are the users' own words.
  bool log_text = false;
  bool metrics = true;
  MetricsOptions metrics_options;
  // The share of the invocations that is logged whole.
  double capture = 0;
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
