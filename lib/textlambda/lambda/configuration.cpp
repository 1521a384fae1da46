#include "textlambda/lambda/configuration.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace textlambda::lambda {
namespace {

constexpr std::array<std::string_view, 13> kSettings = {"TEXTLAMBDA_MODEL",
                                                        "TEXTLAMBDA_MODEL_REFRESH",
                                                        "TEXTLAMBDA_TEXT_POINTERS",
                                                        "TEXTLAMBDA_TOP_K",
                                                        "TEXTLAMBDA_ABSTAIN_THRESHOLD",
                                                        "TEXTLAMBDA_CORS_ORIGIN",
                                                        "TEXTLAMBDA_LOG_LEVEL",
                                                        "TEXTLAMBDA_LOG_TEXT",
                                                        "TEXTLAMBDA_METRICS",
                                                        "TEXTLAMBDA_METRICS_NAMESPACE",
                                                        "TEXTLAMBDA_LOW_CONFIDENCE",
                                                        "TEXTLAMBDA_CAPTURE",
                                                        "TEXTLAMBDA_CAPTURE_REDACT"};
constexpr std::size_t kLongestNamespace = 255;

std::vector<std::string> read_redacted_names(std::string_view value) {
  std::vector<std::string> names = parts_of_setting(value);
  const auto is_name = [](const std::string& name) {
    return name.find_first_not_of("-_") != std::string::npos && name.find_first_of(" \t\"':=&?/") == std::string::npos;
  };
  if (!std::all_of(names.begin(), names.end(), is_name)) {
    refuse_setting("TEXTLAMBDA_CAPTURE_REDACT", value, "names of headers, parameters or members, separated by commas");
  }
  return names;
}

std::string read_namespace(std::string_view value) {
  // What CloudWatch takes; it keeps "AWS/" to itself.
  const bool good = value.size() <= kLongestNamespace && !value.starts_with("AWS/") && !value.starts_with(':') &&
                    std::all_of(value.begin(), value.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                             std::string_view(".-_/#: ").find(c) != std::string_view::npos;
                    });
  if (!good) {
    refuse_setting("TEXTLAMBDA_METRICS_NAMESPACE", value,
                   "letters, digits and . - _ / # : or spaces, not beginning with AWS/");
  }
  return std::string(value);
}

HandlerOptions read_handler_options(const Settings& settings) {
  HandlerOptions options;
  if (auto pointers = settings.pointers("TEXTLAMBDA_TEXT_POINTERS")) options.text_pointers = std::move(*pointers);
  options.allowed_origins = settings.allowed_origins();
  options.top_k = settings.number("TEXTLAMBDA_TOP_K", 0U, kLargestTopK, "a whole number from 0 to 1000").value_or(0);
  options.abstain_threshold = settings.number("TEXTLAMBDA_ABSTAIN_THRESHOLD", 0.0F, 1.0F, "a number from 0 to 1");
  return options;
}

}  // namespace

Configuration read_configuration(const Environment& environment) {
  const Settings settings(environment);
  Configuration configuration;
  const std::string own_model = std::string(settings.text("LAMBDA_TASK_ROOT").value_or(".")) + "/model.tlm";
  if (const auto path = settings.text("TEXTLAMBDA_MODEL")) {
    configuration.model_path = *path;
    configuration.first_model_path = own_model;
  } else {
    configuration.model_path = own_model;
  }
  configuration.model_refresh = settings.number("TEXTLAMBDA_MODEL_REFRESH", 0.0, 86400.0, "seconds from 0 to 86400");
  configuration.handler = read_handler_options(settings);
  configuration.log_level = settings.log_level();
  configuration.log_text = settings.flag("TEXTLAMBDA_LOG_TEXT", false);
  configuration.metrics = settings.flag("TEXTLAMBDA_METRICS", true);
  if (const auto value = settings.text("TEXTLAMBDA_METRICS_NAMESPACE")) {
    configuration.metrics_options.name_space = read_namespace(*value);
  }
  configuration.metrics_options.function_name = settings.text("AWS_LAMBDA_FUNCTION_NAME").value_or("");
  configuration.metrics_options.low_confidence =
      settings.number("TEXTLAMBDA_LOW_CONFIDENCE", 0.0F, 1.0F, "a number from 0 to 1").value_or(0.5F);
  configuration.capture =
      settings.number("TEXTLAMBDA_CAPTURE", 0.0, 1.0, "a share of the invocations from 0 to 1").value_or(0.0);
  if (const auto value = settings.text("TEXTLAMBDA_CAPTURE_REDACT")) {
    configuration.capture_redact = read_redacted_names(*value);
  }
  return configuration;
}

std::span<const std::string_view> setting_names() { return kSettings; }

}  // namespace textlambda::lambda
