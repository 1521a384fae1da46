#include "textlambda/events/recognition.h"

#include <algorithm>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"

namespace textlambda::events {
namespace {

using Json = nlohmann::json;

// Of the first record that says so: one damaged record does not hide the others.
template <typename Takes>
std::optional<Source> source_of_records(const Json& records, Takes takes) {
  for (const Json& record : records) {
    const std::string_view name = record_name(record);
    if (name.empty()) continue;
    for (int i = 0; i < kSourceCount; ++i) {
      const SourceRow& row = row_of(static_cast<Source>(i));
      if (takes(row) && std::find(row.record_names.begin(), row.record_names.end(), name) != row.record_names.end()) {
        return static_cast<Source>(i);
      }
    }
  }
  return std::nullopt;
}

template <typename Recognises, typename Takes>
std::optional<Source> first_source(const Json& event, Recognises recognises, Takes takes) {
  for (int i = 0; i < kSourceCount; ++i) {
    const SourceRow& row = row_of(static_cast<Source>(i));
    const auto function = row.*recognises;
    if (function != nullptr && takes(row) && function(event)) return static_cast<Source>(i);
  }
  return std::nullopt;
}

// Among the rows that `takes` takes.
template <typename Takes>
std::optional<Recognition> recognise_among(const Json& event, Takes takes) {
  const bool array = event.is_array();
  std::optional<Source> source;
  if (array) {
    source = source_of_records(event, takes);
  } else if (has_array(event, "Records")) {
    source = source_of_records(*json::member(event, "Records"),
                               [&](const SourceRow& row) { return row.in_records && takes(row); });
  }
  if (!source) source = first_source(event, array ? &SourceRow::recognises_array : &SourceRow::recognises, takes);
  if (!source) return std::nullopt;
  return Recognition{*source, array};
}

}  // namespace

Recognition recognise(const Json& event) {
  // The last row takes what no other does.
  return recognise_among(event, [](const SourceRow& /*row*/) { return true; }).value_or(Recognition{});
}

std::optional<Recognition> recognise_forwarded(const Json& event) {
  return recognise_among(event, [](const SourceRow& row) { return row.forwarded; });
}

std::string_view record_name(const Json& record) {
  const std::string* name = json::string_member(record, "eventSource");
  if (name == nullptr) name = json::string_member(record, "EventSource");
  return name == nullptr ? std::string_view() : std::string_view(*name);
}

bool has_object(const Json& event, const char* name) {
  const Json* value = json::member(event, name);
  return value != nullptr && value->is_object();
}

bool has_array(const Json& event, const char* name) {
  const Json* value = json::member(event, name);
  return value != nullptr && value->is_array();
}

bool has_string(const Json& event, const char* name) { return json::string_member(event, name) != nullptr; }

}  // namespace textlambda::events
