#include "textlambda/lambda/configuration.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"
#include "textlambda/text/blank.h"

namespace textlambda::lambda {
namespace {

constexpr std::string_view kPrefix = "TEXTLAMBDA_";
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

[[noreturn]] void refuse(const char* name, std::string_view value, std::string_view expected) {
  io::throw_usage(std::string(name) + " is \"" + std::string(value.substr(0, 100)) + "\", expected " +
                  std::string(expected));
}

class Settings {
 public:
  explicit Settings(const Environment& environment) : environment_(environment) {}

  // Nothing where it is not set or blank.
  std::optional<std::string_view> text(const char* name) const {
    const char* const value = environment_(name);
    const std::string_view found = value == nullptr ? std::string_view() : text::trimmed(value);
    return found.empty() ? std::nullopt : std::optional(found);
  }

  template <typename Number>
  std::optional<Number> number(const char* name, Number lowest, Number largest, std::string_view expected) const {
    const std::optional<std::string_view> value = text(name);
    if (!value) return std::nullopt;
    Number number{};
    const char* const end = value->data() + value->size();
    const auto [stop, error] = std::from_chars(value->data(), end, number);
    // Written so that NaN is refused.
    if (error != std::errc() || stop != end || !(number >= lowest && number <= largest)) refuse(name, *value, expected);
    return number;
  }

  bool flag(const char* name, bool otherwise) const {
    const std::optional<std::string_view> value = text(name);
    if (!value) return otherwise;
    for (const char* yes : {"on", "true", "yes", "1"}) {
      if (*value == yes) return true;
    }
    for (const char* no : {"off", "false", "no", "0"}) {
      if (*value == no) return false;
    }
    refuse(name, *value, "on or off");
  }

 private:
  const Environment& environment_;
};

// What stands between commas, without blanks around it.
std::vector<std::string> parts_of(std::string_view value) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= value.size();) {
    const std::size_t comma = std::min(value.find(',', at), value.size());
    parts.emplace_back(text::trimmed(value.substr(at, comma - at)));
    at = comma + 1;
  }
  return parts;
}

// "/text,/body", or an array of strings in JSON for a pointer that has a comma.
std::vector<std::string> read_pointers(std::string_view value) {
  constexpr const char* kName = "TEXTLAMBDA_TEXT_POINTERS";
  std::vector<std::string> pointers;
  if (value.starts_with('[')) {
    // An environment is far too small for nesting to matter.
    const nlohmann::json list = nlohmann::json::parse(value, nullptr, false);
    if (!list.is_array() || !std::all_of(list.begin(), list.end(), [](const auto& item) { return item.is_string(); })) {
      refuse(kName, value, "an array of JSON Pointers");
    }
    for (const nlohmann::json& item : list) pointers.push_back(item.get<std::string>());
  } else {
    pointers = parts_of(value);
  }
  return pointers;
}

std::vector<std::string> read_redacted_names(std::string_view value) {
  std::vector<std::string> names = parts_of(value);
  const auto is_name = [](const std::string& name) {
    return name.find_first_not_of("-_") != std::string::npos && name.find_first_of(" \t\"':=&?/") == std::string::npos;
  };
  if (!std::all_of(names.begin(), names.end(), is_name)) {
    refuse("TEXTLAMBDA_CAPTURE_REDACT", value, "names of headers, parameters or members, separated by commas");
  }
  return names;
}

LogLevel read_log_level(const Settings& settings) {
  if (const auto value = settings.text("TEXTLAMBDA_LOG_LEVEL")) {
    const std::optional<LogLevel> level = log_level_of(*value);
    if (!level) refuse("TEXTLAMBDA_LOG_LEVEL", *value, "debug, info, warn, error or off");
    return *level;
  }
  // The one that Lambda's advanced logging controls set; not ours to refuse.
  return log_level_of(settings.text("AWS_LAMBDA_LOG_LEVEL").value_or("info")).value_or(LogLevel::info);
}

std::string read_namespace(std::string_view value) {
  // What CloudWatch takes; it keeps "AWS/" to itself.
  const bool good = value.size() <= kLongestNamespace && !value.starts_with("AWS/") && !value.starts_with(':') &&
                    std::all_of(value.begin(), value.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                             std::string_view(".-_/#: ").find(c) != std::string_view::npos;
                    });
  if (!good) {
    refuse("TEXTLAMBDA_METRICS_NAMESPACE", value, "letters, digits and . - _ / # : or spaces, not beginning with AWS/");
  }
  return std::string(value);
}

HandlerOptions read_handler_options(const Settings& settings) {
  HandlerOptions options;
  if (const auto value = settings.text("TEXTLAMBDA_TEXT_POINTERS")) {
    options.text_pointers = read_pointers(*value);
    try {
      validate(options);
    } catch (const io::Error& error) {
      refuse("TEXTLAMBDA_TEXT_POINTERS", *value, std::string("JSON Pointers: ") + error.what());
    }
  }
  if (const auto value = settings.text("TEXTLAMBDA_CORS_ORIGIN")) {
    try {
      options.allowed_origins = AllowedOrigins(*value);
    } catch (const io::Error& error) {
      refuse("TEXTLAMBDA_CORS_ORIGIN", *value, std::string("* or origins separated by commas: ") + error.what());
    }
  }
  options.top_k = settings.number("TEXTLAMBDA_TOP_K", 0U, kLargestTopK, "a whole number from 0 to 1000").value_or(0);
  options.abstain_threshold = settings.number("TEXTLAMBDA_ABSTAIN_THRESHOLD", 0.0F, 1.0F, "a number from 0 to 1");
  return options;
}

}  // namespace

std::optional<LogLevel> log_level_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, LogLevel>, 7> kNames = {{{"trace", LogLevel::debug},
                                                                            {"debug", LogLevel::debug},
                                                                            {"info", LogLevel::info},
                                                                            {"warn", LogLevel::warn},
                                                                            {"error", LogLevel::error},
                                                                            {"fatal", LogLevel::error},
                                                                            {"off", LogLevel::off}}};
  std::string lower(name.substr(0, 8));
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  for (const auto& [known, level] : kNames) {
    if (known == lower) return level;
  }
  return std::nullopt;
}

Configuration read_configuration(const Environment& environment) {
  const Settings settings(environment);
  Configuration configuration;
  if (const auto path = settings.text("TEXTLAMBDA_MODEL")) {
    configuration.model_path = *path;
  } else {
    configuration.model_path = std::string(settings.text("LAMBDA_TASK_ROOT").value_or(".")) + "/model.tlm";
  }
  configuration.model_refresh = settings.number("TEXTLAMBDA_MODEL_REFRESH", 0.0, 86400.0, "seconds from 0 to 86400");
  configuration.handler = read_handler_options(settings);
  configuration.log_level = read_log_level(settings);
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

std::vector<std::string> unknown_settings(const char* const* environment) {
  std::vector<std::string> unknown;
  for (; environment != nullptr && *environment != nullptr; ++environment) {
    const std::string_view entry = *environment;
    const std::string_view name = entry.substr(0, entry.find('='));
    if (name.starts_with(kPrefix) && std::find(kSettings.begin(), kSettings.end(), name) == kSettings.end()) {
      unknown.emplace_back(name);
    }
  }
  return unknown;
}

}  // namespace textlambda::lambda
