// S3: the text is in the objects, not in the events.
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/json/document.h"
#include "textlambda/lambda/event_reader.h"

namespace textlambda::lambda {

using Json = nlohmann::json;

void EventReader::read_objects(const Json& records) {
  if (!fits(records.size())) return;
  for (const Json& record : records) {
    const Json* s3 = json::member(record, "s3");
    const Json* object = s3 == nullptr ? nullptr : json::member(*s3, "object");
    add(string_or_empty(object, "key"),
        object == nullptr ? of_error("no object at s3.object") : of_skipped(s3_record_note(record)));
  }
}

void EventReader::read_object_tasks() {
  const Json& tasks = *json::member(document_, "tasks");
  if (!fits(tasks.size())) return;
  for (const Json& task : tasks) {
    const std::string id = string_or_empty(&task, "taskId");
    add(id, id.empty() ? of_error("a task without a taskId") : of_skipped(s3_task_note(task)));
  }
}

}  // namespace textlambda::lambda
