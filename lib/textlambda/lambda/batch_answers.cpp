// Answers that name records: which failed, what became of each.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"
#include "textlambda/json/document.h"
#include "textlambda/json/write.h"
#include "textlambda/lambda/answer.h"

namespace textlambda::lambda {
namespace {

using Json = nlohmann::json;

void append_identifier(std::string& out, const Record& record) {
  if (!record.position) return json::append_string(out, record.id);
  out += "{\"partition\":";
  json::append_string(out, record.position->partition);
  out += ",\"offset\":" + std::to_string(record.position->offset) + "}";
}

// A count of a state that came back; nobody vouches for it.
std::uint64_t count_in(const Json* state, const char* name) {
  const Json* count = state == nullptr ? nullptr : json::member(*state, name);
  // Far above any window, far below where sums overflow.
  constexpr std::uint64_t kMost = std::uint64_t{1} << 60;
  return count != nullptr && count->is_number_unsigned() ? std::min(count->get<std::uint64_t>(), kMost) : 0;
}

// What a tumbling window has seen so far: {"records":…,"abstained":…,"labels":{"good":…}}. The stream hands over again
// what follows the first failed record, so that only what stands before it is counted.
void append_window_state(const Event& event, const ClassificationWriter& writer, std::string& out) {
  const Json* before = json::member(*event.document, "state");
  std::uint64_t records = count_in(before, "records");
  std::uint64_t abstained = count_in(before, "abstained");
  const Json* counts_before = before == nullptr ? nullptr : json::member(*before, "labels");
  std::map<std::size_t, std::uint64_t> counts;
  for (std::size_t label = 0; counts_before != nullptr && label < writer.label_count(); ++label) {
    const std::uint64_t count = count_in(counts_before, std::string(writer.label(label)).c_str());
    if (count > 0) counts[label] = count;
  }
  for (const Record& record : event.records) {
    if (has_failed(record)) break;
    ++records;
    for (const Classification& classification : record.classifications) {
      ++counts[classification.label_index];
      abstained += classification.abstained ? 1 : 0;
    }
  }
  out += "\"state\":{\"records\":" + std::to_string(records) + ",\"abstained\":" + std::to_string(abstained) +
         ",\"labels\":{";
  const char* separator = "";
  for (const auto& [label, count] : counts) {
    out += separator + writer.quoted_label(label) + ":" + std::to_string(count);
    separator = ",";
  }
  out += "}},";
}

// A line of JSON: the record as it came, beside its classification.
void append_classified(std::string& out, std::string_view original, const Classification& classification,
                       const ClassificationWriter& writer) {
  out += "{\"record\":";
  out += original;
  out += ',';
  writer.append_members(out, classification, false);
  out += "}\n";
}

std::string as_json(std::string_view text) {
  std::string out;
  json::append_string(out, text);
  return out;
}

std::string classified_lines(const Record& record, const ClassificationWriter& writer, const Limits& limits) {
  std::string lines;
  if (record.classifications.size() == 1) {
    Json read;
    const bool is_json = json::read(record.content, limits.json, read).empty();
    append_classified(lines, is_json ? json::minified(record.content) : as_json(record.content),
                      record.classifications[0], writer);
    return lines;
  }
  // Log events: a line each.
  for (std::size_t i = 0; i < record.classifications.size(); ++i) {
    append_classified(lines, as_json(record.message.texts[i]), record.classifications[i], writer);
  }
  return lines;
}

std::string firehose_record(const Record& record, const ClassificationWriter& writer, const Limits& limits) {
  std::string out = "{\"recordId\":";
  json::append_string(out, record.id);
  if (!has_failed(record) && record.message.skipped.empty()) {
    out += R"(,"result":"Ok","data":")" + encoding::encode_base64(classified_lines(record, writer, limits)) + "\"}";
    return out;
  }
  // As it came: Firehose files it with what failed.
  out += has_failed(record) ? R"(,"result":"ProcessingFailed","data":)" : R"(,"result":"Dropped","data":)";
  const std::string* data = record.item == nullptr ? nullptr : json::string_member(*record.item, "data");
  json::append_string(out, data == nullptr ? std::string_view() : *data);
  out += '}';
  return out;
}

bool fail_if_unnamed(const Record& record, Answer& answer) {
  if (!record.id.empty()) return false;
  fail(answer, "UnnamedRecord",
       "a record without an id cannot be named in the answer, so that the whole batch fails" +
           (has_failed(record) ? ": " + record.message.error : std::string()));
  return true;
}

}  // namespace

void write_batch_failures(const Event& event, const ClassificationWriter& writer, Answer& answer) {
  answer.body = "{";
  if (!event.array && json::member(*event.document, "window") != nullptr)
    append_window_state(event, writer, answer.body);
  answer.body += "\"batchItemFailures\":[";
  const char* separator = "";
  for (const Record& record : event.records) {
    if (!has_failed(record)) continue;
    if (fail_if_unnamed(record, answer)) return;
    answer.body += separator;
    answer.body += "{\"itemIdentifier\":";
    append_identifier(answer.body, record);
    answer.body += '}';
    separator = ",";
  }
  answer.body += "]}";
}

// Every record is answered, in order. One that no longer fits into Lambda's limit fails, and Firehose keeps it.
void write_firehose(Event& event, const ClassificationWriter& writer, const Limits& limits, Answer& answer) {
  // Room for a failed record without its data, for each that is still to come.
  constexpr std::size_t kFailedBytes = 64;
  std::size_t ids_to_come = 0;
  for (const Record& record : event.records) {
    if (fail_if_unnamed(record, answer)) return;
    ids_to_come += kFailedBytes + 6 * record.id.size();
  }
  answer.body = "{\"records\":[";
  for (Record& record : event.records) {
    if (&record != &event.records.front()) answer.body += ',';
    ids_to_come -= kFailedBytes + 6 * record.id.size();
    std::string entry = firehose_record(record, writer, limits);
    if (answer.body.size() + entry.size() + ids_to_come + 2 > limits.answer_bytes) {
      record.message.error = "no room in the answer, which is limited to " + std::to_string(limits.answer_bytes) +
                             " bytes: let Firehose buffer less";
      entry = "{\"recordId\":";
      json::append_string(entry, record.id);
      entry += R"(,"result":"ProcessingFailed"})";
    }
    answer.body += entry;
  }
  answer.body += "]}";
}

// The objects are not fetched, so that no task can succeed: said at once rather than guessed from the key.
void write_object_tasks(const Event& event, Answer& answer) {
  Json response = {{"invocationSchemaVersion", *json::member(*event.document, "invocationSchemaVersion")},
                   {"treatMissingKeysAs", "PermanentFailure"},
                   {"results", Json::array()}};
  const std::string* id = json::string_member(*event.document, "invocationId");
  response["invocationId"] = id == nullptr ? std::string() : *id;
  for (const Record& record : event.records) {
    if (record.id.empty()) continue;
    response["results"].push_back(
        {{"taskId", record.id}, {"resultCode", "PermanentFailure"}, {"resultString", record.message.skipped}});
  }
  answer.body = response.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The service ignores it; people, destinations and recordings read it. Where nothing at all could be done the
// invocation fails, which is the one way to tell the service.
void write_list(const Event& event, const ClassificationWriter& writer, const Limits& limits, Answer& answer) {
  const bool with_status = event.source == Source::sns;
  if (!event.records.empty() && std::all_of(event.records.begin(), event.records.end(), has_failed)) {
    return fail(answer, "NoText", event.records[0].message.error);
  }
  answer.body = "{";
  if (with_status && event.records.size() == 1 && event.records[0].classifications.size() == 1) {
    answer.body += "\"status\":" + writer.quoted_label(event.records[0].classifications[0].label_index) + ",";
  }
  answer.body += "\"records\":[";
  constexpr std::size_t kTail = 64;
  std::size_t omitted = 0;
  for (const Record& record : event.records) {
    std::string entry;
    if (omitted == 0) append_record(entry, record, writer, true, with_status);
    if (omitted > 0 || answer.body.size() + entry.size() + kTail > limits.answer_bytes) {
      ++omitted;
      continue;
    }
    if (&record != &event.records.front()) answer.body += ',';
    answer.body += entry;
  }
  answer.body += omitted == 0 ? "]}" : "],\"omitted\":" + std::to_string(omitted) + "}";
}

}  // namespace textlambda::lambda
