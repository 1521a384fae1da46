// S3: the text is in the objects, not in the events.
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/lambda/event_reader.h"
#include "textlambda/lambda/json_document.h"

namespace textlambda::lambda {

using nlohmann::json;

void EventReader::read_objects(const json& records) {
  if (!fits(records.size())) return;
  for (const json& record : records) {
    const json* s3 = member(record, "s3");
    const json* object = s3 == nullptr ? nullptr : member(*s3, "object");
    add(string_or_empty(object, "key"),
        object == nullptr ? of_error("no object at s3.object") : of_skipped(s3_record_note(record)));
  }
}

void EventReader::read_object_tasks() {
  const json& tasks = *member(document_, "tasks");
  if (!fits(tasks.size())) return;
  for (const json& task : tasks) {
    const std::string id = string_or_empty(&task, "taskId");
    add(id, id.empty() ? of_error("a task without a taskId") : of_skipped(s3_task_note(task)));
  }
}

}  // namespace textlambda::lambda
