// DynamoDB Streams: changes of a table; the stream goes on from the first that the answer names.
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/events/batch_failures.h"
#include "textlambda/events/field_text.h"
#include "textlambda/events/source_row.h"
#include "textlambda/events/stream_window.h"
#include "textlambda/json/document.h"

namespace textlambda::events::dynamodb {
namespace {

using Json = nlohmann::json;

std::string id_of(const Json& record) {
  return json::string_or_empty(json::member(record, "dynamodb"), "SequenceNumber");
}

// A pipe wants the eventID back.
std::string piped_id_of(const Json& record) {
  std::string id = json::string_or_empty(&record, "eventID");
  return id.empty() ? id_of(record) : id;
}

// DynamoDB's {"S": "text"}, {"N": "5"}, {"BOOL": true}, {"M": {...}}, {"L": [...]} and {"SS": [...]} as plain JSON;
// null for anything else. As deep as the document, whose depth is bounded.
Json plain(const Json& attribute) {
  if (!attribute.is_object() || attribute.size() != 1) return nullptr;
  const std::string& type = attribute.begin().key();
  const Json& value = attribute.begin().value();
  if ((type == "S" && value.is_string()) || (type == "SS" && value.is_array())) return value;
  if (type == "BOOL" && value.is_boolean()) return value;
  if (type == "N" && value.is_string()) {
    Json number = Json::parse(value.get_ref<const std::string&>(), nullptr, false);
    return number.is_number() ? number : Json();
  }
  if (type == "M" && value.is_object()) {
    Json object = Json::object();
    for (const auto& [name, inner] : value.items()) object[name] = plain(inner);
    return object;
  }
  if (type == "L" && value.is_array()) {
    Json array = Json::array();
    for (const Json& inner : value) array.push_back(plain(inner));
    return array;
  }
  return nullptr;
}

Json plain_image(const Json& image) {
  Json object = Json::object();
  for (const auto& [name, attribute] : image.items()) object[name] = plain(attribute);
  return object;
}

bool recognises(const Json& event) { return is_window_of(event, ":dynamodb:"); }

void read(EventReader& reader) {
  const Json& records = reader.records();
  if (!reader.fits(records.size())) return;
  for (const Json& record : records) {
    const Json* change = json::member(record, "dynamodb");
    std::string id = reader.event().array ? piped_id_of(record) : id_of(record);
    const Json* image = change == nullptr ? nullptr : json::member(*change, "NewImage");
    if (image != nullptr && image->is_object()) {
      reader.add(std::move(id), read_fields(plain_image(*image), json::member(*change, "Keys"), reader));
    } else if (json::string_or_empty(&record, "eventName") == "REMOVE") {
      reader.add(std::move(id), of_skipped("an item was removed"));
    } else {
      reader.add(std::move(id), of_error("no NewImage: the stream's view type has to include new images"));
    }
  }
}

std::string sample(std::string_view text) {
  return R"({"Records":[{"eventID":"c4ca4238a0b923820dcc509a6f75849b","eventName":"INSERT","eventVersion":"1.1",)"
         R"("eventSource":"aws:dynamodb","awsRegion":"us-east-1","dynamodb":{)"
         R"("ApproximateCreationDateTime":1767357907,"Keys":{"id":{"S":"101"}},"NewImage":{"id":{"S":"101"},"text":{"S":)" +
         json_string(text) +
         R"(}},"SequenceNumber":"4421584500000000017450439091","SizeBytes":26,"StreamViewType":"NEW_AND_OLD_IMAGES"},)"
         R"("eventSourceARN":"arn:aws:dynamodb:us-east-1:123456789012:table/messages/stream/2026-01-02T00:00:00.000"}]})";
}

void report(const Json& event, const Json& response, RecordReport& report) {
  report_each(listed_records(event), event.is_array() ? piped_id_of : id_of, report);
  report_batch_failures(response, name_in, report);
}

}  // namespace

const SourceRow kRow = {.takes_batch_failures = true,
                        .forwarded = true,
                        .record_names = {"aws:dynamodb"},
                        .in_records = true,
                        .recognises = recognises,
                        .read = read,
                        .answer = write_batch_failures};
const ServiceSide kService = {sample, report, name_in};

}  // namespace textlambda::events::dynamodb
