#include "textlambda/events/batch_failures.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/json/document.h"
#include "textlambda/json/write.h"

namespace textlambda::events {
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
    if (record.has_failed()) break;
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

}  // namespace

void write_batch_failures(Event& event, const ClassificationWriter& writer, const Limits& /*limits*/, Answer& answer) {
  answer.body = "{";
  if (!event.array && json::member(*event.document, "window") != nullptr) {
    append_window_state(event, writer, answer.body);
  }
  answer.body += "\"batchItemFailures\":[";
  const char* separator = "";
  for (const Record& record : event.records) {
    if (!record.has_failed()) continue;
    if (fail_if_unnamed(record, answer)) return;
    answer.body += separator;
    answer.body += "{\"itemIdentifier\":";
    append_identifier(answer.body, record);
    answer.body += '}';
    separator = ",";
  }
  answer.body += "]}";
}

NamedFailures read_batch_failures(const Json& response, std::string (*name_of)(const Json* identifier)) {
  if (response.is_null()) return {};
  if (!response.is_object()) return {{}, "the answer is no object"};
  const Json* list = json::member(response, "batchItemFailures");
  if (list == nullptr || list->is_null()) return {};
  if (!list->is_array()) return {{}, "batchItemFailures is no list"};
  NamedFailures failures;
  for (const Json& item : *list) {
    const Json* identifier = json::member(item, "itemIdentifier");
    if (identifier == nullptr) return {{}, "an item of batchItemFailures has no itemIdentifier"};
    if (identifier->is_null()) return {{}, "an itemIdentifier is null"};
    std::string name = name_of(identifier);
    if (name.empty()) return {{}, "an itemIdentifier is empty"};
    failures.names.push_back(std::move(name));
  }
  return failures;
}

void report_batch_failures(const Json& response, std::string (*name_of)(const Json* identifier), RecordReport& report) {
  const NamedFailures failures = read_batch_failures(response, name_of);
  if (!failures.fault.empty()) report.fail_batch(failures.fault);
  for (const std::string& name : failures.names) report.fail(name, "answered as a batch item failure");
}

}  // namespace textlambda::events
