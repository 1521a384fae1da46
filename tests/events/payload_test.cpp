// Direct calls, Lex, AppSync, Cognito; EventBridge, SES, S3, where the event is all there is.
#include <string>

#include "tests/catch.h"
#include "tests/events/contract.h"

namespace textlambda::events {
namespace {

using nlohmann::json;

TEST_CASE("direct calls: a text, an object with one, an array of either") {
  check_contract({
      {"a text", Source::direct, R"("good")", R"({"$": "good", "status": "good"})"},
      {"an object", Source::direct, R"({"text": "bad", "id": 5})", R"({"$": "bad", "status": "bad"})"},
      {"the second pointer", Source::direct, R"({"message": "good"})", R"({"$": "good", "status": "good"})"},
      {"the third pointer", Source::direct, R"({"body": "good"})", R"({"$": "good", "status": "good"})"},
      {"the fourth pointer", Source::direct, R"({"content": "good"})", R"({"$": "good", "status": "good"})"},
      {"the first pointer wins", Source::direct, R"({"content": "bad", "text": "good"})",
       R"({"$": "good", "status": "good"})"},
      {"a blank text does not", Source::direct, R"({"content": "bad", "text": " "})",
       R"({"$": "bad", "status": "bad"})"},
      {"nor does a number", Source::direct, R"({"text": 5, "content": "bad"})", R"({"$": "bad", "status": "bad"})"},
      {"of a key that repeats, the last", Source::direct, R"({"text": "bad", "text": "good"})",
       R"({"$": "good", "status": "good"})"},
      {"texts", Source::direct, R"(["good", "bad"])",
       R"([{"$": "good", "status": "good"}, {"$": "bad", "status": "bad"}])"},
      {"objects", Source::direct, R"([{"text": "good"}, "bad", {"body": "good"}])",
       R"([{"$": "good", "status": "good"}, {"$": "bad", "status": "bad"}, {"$": "good", "status": "good"}])"},
      {"one of them without", Source::direct, R"(["good", 5, {"n": 1}, ""])",
       R"([{"$": "good", "status": "good"}, {"error": "no text at /text, /message, /body or /content"},
           {"error": "no text at /text, /message, /body or /content"}, {"error": "the text is empty"}])"},
      {"no texts", Source::direct, "[]", "[]"},
      {"Step Functions", Source::direct, R"({"Comment": "from a state machine", "text": "good", "Attempt": 2})",
       R"({"$": "good", "status": "good"})"},
      // VPC Lattice has version 2.0 as well, but no requestContext.http.
      {"VPC Lattice", Source::direct,
       R"({"version": "2.0", "path": "/", "method": "POST", "headers": {"host": ["a"]}, "body": "good",
           "requestContext": {"serviceArn": "arn"}})",
       R"({"$": "good", "status": "good"})"},
  });
}

TEST_CASE("direct calls without a text fail, with the reason") {
  struct Case {
    std::string event;
    std::string type;
    std::string reason;
  };
  const std::vector<Case> cases = {
      {"{}", "NoText", "no text at /text, /message, /body or /content"},
      {R"({"subject": "good"})", "NoText", "no text at /text, /message, /body or /content"},
      {R"({"text": " \t\n"})", "NoText", "the text at /text is empty"},
      {R"("")", "NoText", "the text is empty"},
      {"null", "NoText", "no text at /text, /message, /body or /content"},
      {"17", "NoText", "no text at /text, /message, /body or /content"},
      {R"([1, {}])", "NoText",
       "none of the array's 2 elements is a text or has one; the first: no text at /text, /message, /body or /content"},
      {"", "InvalidEvent", "the event is not valid JSON: empty"},
      {"{\"text\": \"good\"", "InvalidEvent", "the event is not valid JSON: cut off at byte 15"},
      {"good", "InvalidEvent", "the event is not valid JSON: a syntax error at byte 1"},
      {R"({"text": NaN})", "InvalidEvent", "the event is not valid JSON: a syntax error at byte 10"},
      {R"({"Records": []})", "NoText", "no text at /text, /message, /body or /content"},
      {R"({"Records": [{"eventSource": "aws:unheard-of"}]})", "NoText",
       "no text at /text, /message, /body or /content"},
      // Kafka and brokers have their records elsewhere.
      {R"({"Records": [{"eventSource": "aws:kafka"}]})", "NoText", "no text at /text, /message, /body or /content"},
      {R"({"Records": [{"eventSource": "aws:docdb"}]})", "NoText", "no text at /text, /message, /body or /content"},
  };
  const SampleHandler handle;
  for (const Case& each : cases) {
    INFO(each.event);
    const Answer answer = handle(each.event);
    CHECK(answer.source == Source::direct);
    CHECK_FALSE(answer.recognised);
    CHECK_FALSE(answer.ok);
    CHECK(answer.error_type == each.type);
    CHECK(answer.error_message == each.reason);
    CHECK(json::parse(answer.body) ==
          json{{"errorType", each.type}, {"errorMessage", each.reason}, {"stackTrace", json::array()}});
  }
}

TEST_CASE("the labels asked for, the threshold asked for") {
  HandlerOptions options;
  options.top_k = 5;  // more than there are
  options.abstain_threshold = 0.91F;
  const SampleHandler handle(options);
  const json response = rounded(handle.respond(R"({"text": "good"})"));
  // 1 / (1 + e^-2.2)
  CHECK(response["confidence"] == 0.90025);
  CHECK(response["abstained"] == true);
  CHECK(response["scores"] ==
        json::parse(R"([{"label": "good", "confidence": 0.90025}, {"label": "bad", "confidence": 0.09975}])"));
  // 1 / (1 + e^-3)
  CHECK(rounded(handle.respond(R"({"text": "bad"})"))["confidence"] == 0.95257);
  CHECK(handle.respond(R"({"text": "bad"})")["abstained"] == false);
  CHECK(handle(R"({"text": "good"})").records[0].abstained);

  options.top_k = 1;
  const SampleHandler one(options);
  CHECK(one.respond(R"({"text": "good"})")["scores"].size() == 1);
}

TEST_CASE("the model's own threshold holds where none is asked for") {
  model::linear::LinearContent content = model::two_label_words(model::Precision::float32);
  content.abstain_threshold = 0.91F;
  CHECK(SampleHandler({}, content).respond(R"("good")")["abstained"] == true);
  CHECK(SampleHandler({}, content).respond(R"("bad")")["abstained"] == false);
  HandlerOptions never;
  never.abstain_threshold = 0.0F;
  CHECK(SampleHandler(never, content).respond(R"("good")")["abstained"] == false);
}

TEST_CASE("labels that are numbers stay the strings they are") {
  model::linear::LinearContent content = model::two_label_words(model::Precision::float32);
  content.labels = {"0", "1"};
  const json response = SampleHandler({}, content).respond(R"("good")");
  CHECK(response["label"] == "1");
  CHECK(response["status"] == "1");
}

TEST_CASE("Lex: the dialogue is closed with the label") {
  check_contract({
      {"V2", Source::lex,
       R"({"messageVersion": "1.0", "invocationSource": "FulfillmentCodeHook", "inputMode": "Text", "sessionId": "s1",
           "inputTranscript": "good", "bot": {"name": "b"},
           "interpretations": [{"intent": {"name": "Other", "state": "ReadyForFulfillment"}}],
           "sessionState": {"sessionAttributes": {"basket": "3", "odd": 4},
                            "intent": {"name": "Review", "slots": {"Film": null}, "state": "ReadyForFulfillment",
                                       "confirmationState": "None"}}})",
       R"({"sessionState": {"sessionAttributes": {"basket": "3", "textlambda_label": "good",
                                                  "textlambda_confidence": "0.90025", "textlambda_abstained": "false"},
                            "dialogAction": {"type": "Close"},
                            "intent": {"name": "Review", "slots": {"Film": null}, "state": "Fulfilled",
                                       "confirmationState": "None"}},
           "messages": [{"contentType": "PlainText", "content": "good"}]})"},
      {"V2 without a session", Source::lex,
       R"({"inputTranscript": "bad", "interpretations": [{"intent": {"name": "Review"}}]})",
       R"({"sessionState": {"sessionAttributes": {"textlambda_label": "bad", "textlambda_confidence": "0.95257",
                                                  "textlambda_abstained": "false"},
                            "dialogAction": {"type": "Close"}, "intent": {"name": "Review", "state": "Fulfilled"}},
           "messages": [{"contentType": "PlainText", "content": "bad"}]})"},
      {"V2 without a text", Source::lex, R"({"inputTranscript": "", "interpretations": []})",
       R"({"sessionState": {"sessionAttributes": {}, "dialogAction": {"type": "Close"}, "intent": {"state": "Failed"}},
           "messages": [{"contentType": "PlainText", "content": "the text is empty"}]})"},
      {"V1", Source::lex,
       R"({"messageVersion": "1.0", "userId": "u", "inputTranscript": "bad", "invocationSource": "DialogCodeHook",
           "sessionAttributes": {"k": "v"}, "currentIntent": {"name": "Review", "slots": {}}})",
       R"({"sessionAttributes": {"k": "v", "textlambda_label": "bad", "textlambda_confidence": "0.95257",
                                 "textlambda_abstained": "false"},
           "dialogAction": {"type": "Close", "fulfillmentState": "Fulfilled",
                            "message": {"contentType": "PlainText", "content": "bad"}}})"},
      {"V1 without a text", Source::lex, R"({"sessionAttributes": null, "currentIntent": {"name": "Review"}})",
       R"({"sessionAttributes": {},
           "dialogAction": {"type": "Close", "fulfillmentState": "Failed",
                            "message": {"contentType": "PlainText", "content": "no string at inputTranscript"}}})"},
  });
}

TEST_CASE("AppSync: the bare value, or an array of values") {
  const auto field = [](const std::string& arguments, const std::string& source = "null") {
    return R"({"info": {"fieldName": "sentiment", "parentTypeName": "Query"}, "arguments": )" + arguments +
           R"(, "source": )" + source + "}";
  };
  check_contract({
      {"arguments", Source::appsync, field(R"({"text": "good"})"), R"({"$": "good"})"},
      {"an input", Source::appsync, field(R"({"input": {"id": 5, "message": "bad"}})"), R"({"$": "bad"})"},
      {"one argument of any name", Source::appsync, field(R"({"sentence": "good"})"), R"({"$": "good"})"},
      {"a field of an object", Source::appsync, field("{}", R"({"id": 7, "content": "bad"})"), R"({"$": "bad"})"},
      {"nothing", Source::appsync, field("{}"), R"("NoText")"},
      {"arguments without a text", Source::appsync, field(R"({"n": 5})", R"({"text": "good"})"), R"("NoText")"},
      {"a batch", Source::appsync,
       "[" + field(R"({"text": "good"})") + "," + field("{}") + "," + field("{}", R"({"text": "bad"})") + ",7]",
       R"([{"$": "good"}, null, {"$": "bad"}, null])"},
  });
}

TEST_CASE("AppSync Events: each event by its id") {
  const auto published = [](const std::string& events, const std::string& operation = "PUBLISH") {
    return R"({"identity": null, "info": {"channel": {"path": "/default/x", "segments": ["default", "x"]},
               "channelNamespace": {"name": "default"}, "operation": ")" +
           operation + R"("}, "stash": {}, "outErrors": [], "events": )" + events + "}";
  };
  check_contract({
      {"events", Source::appsync_events,
       published(R"([{"id": "e1", "payload": {"text": "good", "room": 7}}, {"id": "e2", "payload": "bad"}])"),
       R"({"events": [{"id": "e1", "payload": {"record": {"text": "good", "room": 7}, "$": "good"}},
                      {"id": "e2", "payload": {"record": "bad", "$": "bad"}}]})"},
      {"some without a text", Source::appsync_events,
       published(R"([{"id": "e1", "payload": {"room": 7}}, {"id": "e2"}, {"id": "e3", "payload": "good"}])"),
       R"({"events": [{"id": "e1", "error": "no text at /text, /message, /body or /content"},
                      {"id": "e2", "error": "no payload"}, {"id": "e3", "payload": {"record": "good", "$": "good"}}]})"},
      {"none", Source::appsync_events, published("[]"), R"({"events": []})"},
      {"an event without an id", Source::appsync_events, published(R"([{"payload": "good"}])"), R"("UnnamedRecord")"},
      {"no list", Source::appsync_events, published("null"), R"("NoText")"},
      {"a subscription", Source::appsync_events, published("null", "SUBSCRIBE"), "null"},
      {"a subscription with events", Source::appsync_events, published(R"([{"payload": 1}])", "SUBSCRIBE"), "null"},
  });
}

TEST_CASE("Cognito: the event goes back") {
  const std::string attributes =
      R"({"version": "1", "triggerSource": "PreSignUp_SignUp", "userName": "u", "userPoolId": "p",
          "request": {"userAttributes": {"email": "a@b.example", "text": "good"}, "validationData": null},
          "response": {"autoConfirmUser": false, "autoVerifyEmail": false, "autoVerifyPhone": false}})";
  const std::string bare = R"({"triggerSource": "PostConfirmation_ConfirmSignUp", "userName": "u", "request": {}})";
  check_contract({
      {"as it came", Source::cognito, attributes, attributes},
      {"with a response", Source::cognito, bare,
       R"({"triggerSource": "PostConfirmation_ConfirmSignUp", "userName": "u", "request": {}, "response": {}})"},
      {"Cognito Sync", Source::cognito,
       R"({"version": 2, "eventType": "SyncTrigger", "identityId": "i", "datasetName": "d", "datasetRecords": {}})",
       R"({"version": 2, "eventType": "SyncTrigger", "identityId": "i", "datasetName": "d", "datasetRecords": {},
           "response": {}})"},
  });
  const SampleHandler handle;
  CHECK(handle(attributes).records[0].label == "good");
  CHECK(handle(bare).records[0].skipped);
}

TEST_CASE("EventBridge: the text is in the detail; a schedule asks for the model's health") {
  const auto event = [](const std::string& source, const std::string& type, const std::string& detail) {
    return R"({"version": "0", "id": "e1", "detail-type": ")" + type + R"(", "source": ")" + source +
           R"(", "detail": )" + detail + "}";
  };
  check_contract({
      {"an object", Source::eventbridge, event("my.shop", "Review", R"({"text": "good"})"),
       R"({"records": [{"id": "e1", "$": "good"}]})"},
      {"a text", Source::eventbridge, event("my.shop", "Review", R"("bad")"),
       R"({"records": [{"id": "e1", "$": "bad"}]})"},
      {"JSON in a text", Source::eventbridge, event("my.shop", "Review", R"("{\"text\": \"good\", \"x\": \"bad\"}")"),
       R"({"records": [{"id": "e1", "$": "good"}]})"},
      {"the whole", Source::eventbridge, event("my.shop", "Review", R"({"review": {"said": "bad"}})"),
       R"({"records": [{"id": "e1", "$": "bad"}]})"},
      {"a schedule by another's name", Source::eventbridge, event("my.shop", "Scheduled Event", R"({"text": "good"})"),
       R"({"records": [{"id": "e1", "$": "good"}]})"},
      {"an object of S3", Source::eventbridge,
       event("aws.s3", "Object Created", R"({"bucket": {"name": "b"}, "object": {"key": "a+b%20c.txt"}})"),
       R"({"records": [{"id": "e1",
             "skipped": "s3://b/a+b%20c.txt: the text is in the object, which this function does not fetch"}]})"},
      {"nothing", Source::eventbridge, event("my.shop", "Review", "{}"), R"("NoText")"},
      {"no detail", Source::eventbridge, R"({"detail-type": "Review", "source": "my.shop"})", R"("NoText")"},
  });
  const SampleHandler handle;
  const json card = {{"id", handle.classifier().file().id()},
                     {"labels", {"bad", "good"}},
                     {"training_loss", 0.125},
                     {"training_accuracy", 0.96875},
                     {"features", 5}};
  for (const std::string& schedule :
       {event("aws.events", "Scheduled Event", "{}"), event("aws.scheduler", "Scheduled Event", R"("{}")")}) {
    const Answer answer = handle(schedule);
    CHECK(answer.source == Source::scheduled);
    CHECK(answer.ok);
    CHECK(json::parse(answer.body) == card);
    REQUIRE(answer.records.size() == 1);
    CHECK(answer.records[0].skipped);
  }
}

TEST_CASE("SES: the subject; a mail is never held up") {
  const auto mail = [](const std::string& headers) {
    return R"({"Records": [{"eventSource": "aws:ses", "eventVersion": "1.0",
                            "ses": {"mail": {"messageId": "m1", "commonHeaders": )" +
           headers + R"(}, "receipt": {}}}]})";
  };
  const std::string go_on = R"({"disposition": "CONTINUE"})";
  check_contract({{"a subject", Source::ses, mail(R"({"subject": "good", "from": ["a@b.example"]})"), go_on},
                  {"none", Source::ses, mail("{}"), go_on},
                  {"no headers", Source::ses, mail("null"), go_on}});
  const SampleHandler handle;
  CHECK(handle(mail(R"({"subject": "good"})")).records[0].label == "good");
  CHECK(handle(mail("{}")).records[0].skipped);
  CHECK_FALSE(handle(R"({"Records": [{"eventSource": "aws:ses"}]})").records[0].ok);
}

TEST_CASE("S3: the text is in the object") {
  check_contract({
      {"notices", Source::s3,
       R"({"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
                        "s3": {"bucket": {"name": "inbox"}, "object": {"key": "a+b%2Bc.txt", "size": 11}}}]})",
       R"({"records": [{"id": "a+b%2Bc.txt",
             "skipped": "s3://inbox/a b+c.txt: the text is in the object, which this function does not fetch"}]})"},
      {"batch operations", Source::s3_batch,
       R"({"invocationSchemaVersion": "1.0", "invocationId": "inv", "job": {"id": "j"},
           "tasks": [{"taskId": "t1", "s3Key": "k%20ey", "s3VersionId": null, "s3BucketArn": "arn:aws:s3:::inbox"},
                     {"taskId": "t2", "s3Key": "k", "s3Bucket": "inbox"}, {"s3Key": "x"}]})",
       R"({"invocationSchemaVersion": "1.0", "treatMissingKeysAs": "PermanentFailure", "invocationId": "inv",
           "results": [{"taskId": "t1", "resultCode": "PermanentFailure",
                        "resultString": "s3://inbox/k ey: the text is in the object, which this function does not fetch"},
                       {"taskId": "t2", "resultCode": "PermanentFailure",
                        "resultString": "s3://inbox/k: the text is in the object, which this function does not fetch"}]})"},
  });
}

}  // namespace
}  // namespace textlambda::events
