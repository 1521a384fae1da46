#include "textlambda/events/service_side.h"

#include <array>
#include <cstddef>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/events/batch_failures.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"
#include "textlambda/json/write.h"

namespace textlambda::events {
namespace {

using Json = nlohmann::json;

constexpr std::array<const ServiceSide*, kSourceCount> kServices = {
#define TEXTLAMBDA_SOURCE(name) &name::kService,
    TEXTLAMBDA_SOURCES(TEXTLAMBDA_SOURCE)
#undef TEXTLAMBDA_SOURCE
};

const ServiceSide& service_of(Source source) { return *kServices[static_cast<std::size_t>(source)]; }

}  // namespace

void RecordReport::add(std::string id) {
  RecordOutcome& record = records_.emplace_back();
  record.id = std::move(id);
  record.ok = true;
}

void RecordReport::fail(const std::string& id, std::string error) {
  for (RecordOutcome& record : records_) {
    if (record.id != id || id.empty()) continue;
    record.ok = false;
    record.error = std::move(error);
    return;
  }
  fail_batch("the answer names \"" + id + "\", which is no record of the event");
}

void RecordReport::fail_batch(const std::string& fault) {
  records_.emplace_back().error = fault + ": the whole batch fails";
}

std::string sample_event(Source source, std::string_view text) { return service_of(source).sample(text); }

std::vector<RecordOutcome> reported_records(Source source, const Json& event, const Json& response) {
  RecordReport report;
  service_of(source).report(event, response, report);
  return std::move(report).take();
}

NamedFailures named_failures(Source source, const Json& response) {
  std::string (*const identified)(const Json*) = service_of(source).identified;
  return identified == nullptr ? NamedFailures{} : read_batch_failures(response, identified);
}

int reported_status(Source source, const Json& response) {
  const HttpShape* shape = row_of(source).http;
  if (shape == nullptr) return 0;
  const Json* status = json::member(response, "statusCode");
  return status != nullptr && status->is_number_integer() ? status->get<int>() : shape->bare_answer_status;
}

void report_each(const Json* list, std::string (*id_of)(const Json& record), RecordReport& report) {
  if (list == nullptr || !list->is_array()) return;
  for (const Json& record : *list) report.add(id_of(record));
}

void report_unnamed(const Json& event, const Json& /*response*/, RecordReport& report) {
  const std::size_t count = event.is_array() ? event.size() : 1;
  for (std::size_t i = 0; i < count; ++i) report.add({});
}

const Json* listed_records(const Json& event) { return event.is_array() ? &event : json::member(event, "Records"); }

std::string name_in(const Json* value) {
  if (value == nullptr) return {};
  return value->is_string() ? value->get<std::string>() : json::compact(*value);
}

std::string json_string(std::string_view text) {
  std::string json;
  json::append_string(json, text);
  return json;
}

std::string text_object(std::string_view text) { return "{\"text\":" + json_string(text) + "}"; }

std::string message_body(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n\v\f");
  const bool like_json =
      first != std::string_view::npos && (text[first] == '{' || text[first] == '[' || text[first] == '"');
  return like_json ? text_object(text) : std::string(text);
}

}  // namespace textlambda::events
