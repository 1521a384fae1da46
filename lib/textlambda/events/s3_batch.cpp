// S3 Batch Operations: tasks on objects, each of which is answered with a result. The objects are not fetched.
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/events/envelope.h"
#include "textlambda/events/recognition.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"

namespace textlambda::events::s3_batch {
namespace {

using Json = nlohmann::json;

std::string id_of(const Json& task) { return json::string_or_empty(&task, "taskId"); }

bool recognises(const Json& event) { return has_string(event, "invocationSchemaVersion") && has_array(event, "tasks"); }

void read(EventReader& reader) {
  const Json& tasks = *json::member(reader.document(), "tasks");
  if (!reader.fits(tasks.size())) return;
  for (const Json& task : tasks) {
    const std::string id = id_of(task);
    reader.add(id, id.empty() ? of_error("a task without a taskId") : of_skipped(s3_task_note(task)));
  }
}

// No task can succeed: said at once rather than guessed from the key.
void answer(Event& event, const ClassificationWriter& /*writer*/, const Limits& /*limits*/, Answer& answer) {
  Json response = {{"invocationSchemaVersion", *json::member(*event.document, "invocationSchemaVersion")},
                   {"treatMissingKeysAs", "PermanentFailure"},
                   {"results", Json::array()}};
  response["invocationId"] = json::string_or_empty(event.document, "invocationId");
  for (const Record& record : event.records) {
    if (record.id.empty()) continue;
    response["results"].push_back(
        {{"taskId", record.id}, {"resultCode", "PermanentFailure"}, {"resultString", record.message.skipped}});
  }
  answer.body = json::compact(response);
}

std::string sample(std::string_view /*text*/) {
  return R"({"invocationSchemaVersion":"2.0","invocationId":"YXNkbGZqYWRmaiBhc2RmdW9hZHNmZGpmaGFzbGtkaGZza2RmaAo",)"
         R"("job":{"id":"f3cc4f60-61f6-4a2b-8a21-d07600c373ce","userArguments":{}},"tasks":[{)"
         R"("taskId":"dGFza2lkZ29lc2hlcmUK","s3Key":"2026/message.txt","s3VersionId":null,"s3Bucket":"messages"}]})";
}

void report(const Json& event, const Json& response, RecordReport& report) {
  report_each(json::member(event, "tasks"), id_of, report);
  const Json* list = json::member(response, "results");
  if (list == nullptr || !list->is_array()) return;
  for (const Json& item : *list) {
    const std::string result = name_in(json::member(item, "resultCode"));
    if (result != "Succeeded") report.fail(name_in(json::member(item, "taskId")), "answered with " + result);
  }
}

}  // namespace

const SourceRow kRow = {
    .carries_text = false, .forwarded = true, .recognises = recognises, .read = read, .answer = answer};
const ServiceSide kService = {sample, report};

}  // namespace textlambda::events::s3_batch
