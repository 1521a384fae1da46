// Amazon Cognito: a trigger of a user pool, or of Cognito Sync, which gets its event back.
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/events/recognition.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"

namespace textlambda::events::cognito {
namespace {

using Json = nlohmann::json;

bool recognises(const Json& event) {
  const std::string* type = json::string_member(event, "eventType");
  return has_string(event, "triggerSource") ||
         (type != nullptr && *type == "SyncTrigger" && has_string(event, "identityId"));
}

// What a user wrote about themselves, if anything: signing up never depends on it.
void read(EventReader& reader) {
  const Json* request = json::member(reader.document(), "request");
  std::string id = json::string_or_empty(&reader.document(), "userName");
  for (const char* place : {"userAttributes", "clientMetadata", "validationData"}) {
    const Json* attributes = request == nullptr ? nullptr : json::member(*request, place);
    if (attributes == nullptr) continue;
    Message message = reader.messages().read_at_pointers(*attributes);
    if (!message.error.empty()) continue;
    reader.add(std::move(id), std::move(message));
    return;
  }
  reader.add(std::move(id), of_skipped("no attribute at the text pointers"));
}

// Cognito refuses any member of the response that the trigger does not know, so that the event goes back as it came.
void answer(Event& event, const ClassificationWriter& /*writer*/, const Limits& /*limits*/, Answer& answer) {
  const Json* response = json::member(*event.document, "response");
  if (response != nullptr && response->is_object()) {
    answer.body = json::compact(*event.document);
    return;
  }
  Json document = *event.document;
  document["response"] = Json::object();
  answer.body = json::compact(document);
}

std::string sample(std::string_view text) {
  return R"({"version":"1","triggerSource":"PreSignUp_SignUp","region":"us-east-1","userPoolId":"us-east-1_ExAmPlE",)"
         R"("userName":"jane","callerContext":{"awsSdkVersion":"aws-sdk-unknown-unknown",)"
         R"("clientId":"1example23456789"},"request":{"userAttributes":{"email":"jane@example.com"},)"
         R"("validationData":null,"clientMetadata":)" +
         text_object(text) +
         R"(},"response":{"autoConfirmUser":false,"autoVerifyEmail":false,"autoVerifyPhone":false}})";
}

}  // namespace

const SourceRow kRow = {.recognises = recognises, .read = read, .answer = answer};
const ServiceSide kService = {sample, report_unnamed};

}  // namespace textlambda::events::cognito
