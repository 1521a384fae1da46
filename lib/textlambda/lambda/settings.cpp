#include "textlambda/lambda/settings.h"

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/events/text_pointers.h"
#include "textlambda/io/error.h"
#include "textlambda/text/blank.h"

namespace textlambda::lambda {

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

void refuse_setting(const char* name, std::string_view value, std::string_view expected) {
  io::throw_usage(std::string(name) + " is \"" + std::string(value.substr(0, 100)) + "\", expected " +
                  std::string(expected));
}

std::optional<std::string_view> Settings::text(const char* name) const {
  const char* const value = environment_(name);
  const std::string_view found = value == nullptr ? std::string_view() : text::trimmed(value);
  return found.empty() ? std::nullopt : std::optional(found);
}

bool Settings::flag(const char* name, bool otherwise) const {
  const std::optional<std::string_view> value = text(name);
  if (!value) return otherwise;
  for (const char* yes : {"on", "true", "yes", "1"}) {
    if (*value == yes) return true;
  }
  for (const char* no : {"off", "false", "no", "0"}) {
    if (*value == no) return false;
  }
  refuse_setting(name, *value, "on or off");
}

std::optional<std::vector<std::string>> Settings::list(const char* name, std::string_view what) const {
  const std::optional<std::string_view> value = text(name);
  if (!value) return std::nullopt;
  if (!value->starts_with('[')) return parts_of_setting(*value);
  // An environment is far too small for nesting to matter.
  const nlohmann::json list = nlohmann::json::parse(*value, nullptr, false);
  if (!list.is_array() || !std::all_of(list.begin(), list.end(), [](const auto& item) { return item.is_string(); })) {
    refuse_setting(name, *value, "an array of " + std::string(what));
  }
  std::vector<std::string> parts;
  for (const nlohmann::json& item : list) parts.push_back(item.get<std::string>());
  return parts;
}

std::optional<std::vector<std::string>> Settings::pointers(const char* name) const {
  std::optional<std::vector<std::string>> pointers = list(name, "JSON Pointers");
  if (!pointers) return std::nullopt;
  try {
    if (pointers->empty()) io::throw_usage("at least one text pointer is needed");
    const events::TextPointers checked(*pointers);
  } catch (const io::Error& error) {
    refuse_setting(name, *text(name), std::string("JSON Pointers: ") + error.what());
  }
  return pointers;
}

LogLevel Settings::log_level() const {
  if (const auto value = text("TEXTLAMBDA_LOG_LEVEL")) {
    const std::optional<LogLevel> level = log_level_of(*value);
    if (!level) refuse_setting("TEXTLAMBDA_LOG_LEVEL", *value, "debug, info, warn, error or off");
    return *level;
  }
  // The one that Lambda's advanced logging controls set; not ours to refuse.
  return log_level_of(text("AWS_LAMBDA_LOG_LEVEL").value_or("info")).value_or(LogLevel::info);
}

events::AllowedOrigins Settings::allowed_origins() const {
  const auto value = text("TEXTLAMBDA_CORS_ORIGIN");
  if (!value) return {};
  try {
    return events::AllowedOrigins(*value);
  } catch (const io::Error& error) {
    refuse_setting("TEXTLAMBDA_CORS_ORIGIN", *value, std::string("* or origins separated by commas: ") + error.what());
  }
}

std::vector<std::string> parts_of_setting(std::string_view value) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= value.size();) {
    const std::size_t comma = std::min(value.find(',', at), value.size());
    parts.emplace_back(text::trimmed(value.substr(at, comma - at)));
    at = comma + 1;
  }
  return parts;
}

std::vector<std::string> unknown_settings(const char* const* environment, std::span<const std::string_view> known) {
  constexpr std::string_view kPrefix = "TEXTLAMBDA_";
  std::vector<std::string> unknown;
  for (; environment != nullptr && *environment != nullptr; ++environment) {
    const std::string_view entry = *environment;
    const std::string_view name = entry.substr(0, entry.find('='));
    if (name.starts_with(kPrefix) && std::find(known.begin(), known.end(), name) == known.end()) {
      unknown.emplace_back(name);
    }
  }
  return unknown;
}

}  // namespace textlambda::lambda
