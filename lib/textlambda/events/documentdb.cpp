// Amazon DocumentDB: changes of a collection; the answer is ignored.
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/events/field_text.h"
#include "textlambda/events/recognition.h"
#include "textlambda/events/record_list.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"

namespace textlambda::events::documentdb {
namespace {

using Json = nlohmann::json;

const Json& change_of(const Json& entry) {
  const Json* envelope = json::member(entry, "event");
  return envelope == nullptr ? entry : *envelope;
}

std::string id_of(const Json& entry) { return json::string_or_empty(json::member(change_of(entry), "_id"), "_data"); }

const Json* changes_of(const Json& event) { return event.is_array() ? &event : json::member(event, "events"); }

bool recognises(const Json& event) { return record_name(event) == "aws:docdb" && has_array(event, "events"); }

void read(EventReader& reader) {
  const Json& changes = *changes_of(reader.document());
  if (!reader.fits(changes.size())) return;
  for (const Json& entry : changes) {
    const Json& change = change_of(entry);
    const Json* full = json::member(change, "fullDocument");
    const std::string operation = json::string_or_empty(&change, "operationType");
    if (full != nullptr && full->is_object()) {
      reader.add(id_of(entry), read_fields(*full, json::member(change, "documentKey"), reader));
    } else if (full != nullptr && full->is_null()) {
      reader.add(id_of(entry), of_skipped("a document that was gone when it was looked up"));
    } else if (operation == "insert" || operation == "replace" || operation == "update" || operation.empty()) {
      reader.add(id_of(entry), of_error("no fullDocument: the event source mapping has to ask for full documents"));
    } else {
      reader.add(id_of(entry), of_skipped("a change without a document: " + operation));
    }
  }
}

std::string sample(std::string_view text) {
  return R"({"eventSource":"aws:docdb","eventSourceArn":"arn:aws:rds:us-east-1:123456789012:cluster:messages","events":[{)"
         R"("event":{"_id":{"_data":"0163eeb6e7000000090100000009000041e1"},)"
         R"("clusterTime":{"$timestamp":{"t":1767357907,"i":9}},"documentKey":{"_id":{"$oid":"63eeb6e7d418cd98afb1c1d7"}},)"
         R"("fullDocument":{"_id":{"$oid":"63eeb6e7d418cd98afb1c1d7"},"text":)" +
         json_string(text) + R"(},"ns":{"db":"support","coll":"messages"},"operationType":"insert"}}]})";
}

void report(const Json& event, const Json& /*response*/, RecordReport& report) {
  report_each(changes_of(event), id_of, report);
}

}  // namespace

const SourceRow kRow = {.forwarded = true,
                        .record_names = {"aws:docdb"},
                        .recognises = recognises,
                        .read = read,
                        .answer = write_record_list};
const ServiceSide kService = {sample, report};

}  // namespace textlambda::events::documentdb
