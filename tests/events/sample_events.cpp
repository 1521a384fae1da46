#include "tests/events/sample_events.h"

#include "textlambda/events/service_side.h"

namespace textlambda::events {

namespace {

std::vector<SampleEvent> all_samples() {
  // Base64 by other programs: Z29vZA== is "good", YmFk is "bad"; the log batch is python3's gzip.
  std::vector<SampleEvent> all = {
      {Source::sns,
       R"({"Records":[{"EventSource":"aws:sns","EventVersion":"1.0","EventSubscriptionArn":"arn:aws:sns:us-east-1:1:t:5",)"
       R"("Sns":{"Type":"Notification","MessageId":"52ed","TopicArn":"arn:aws:sns:us-east-1:1:t","Subject":null,)"
       R"("Message":"{\"text\":\"good \\u00e9\"}","Timestamp":"2026-05-01T12:00:00.150Z","MessageAttributes":{}}}]})"},
      {Source::sqs,
       R"({"Records":[{"messageId":"059f","receiptHandle":"AQEB","body":"good","attributes":{"SentTimestamp":"15"},)"
       R"("messageAttributes":{},"md5OfBody":"098f","eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:e:1:q"},)"
       R"({"messageId":"05a0","body":"{\"Type\":\"Notification\",\"TopicArn\":\"arn\",\"Message\":\"bad\"}",)"
       R"("eventSource":"aws:sqs"},{"messageId":"05a1","body":"{\"Records\":[{\"eventSource\":\"aws:s3\",\"s3\":)"
       R"({\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"a+b\"}}}]}","eventSource":"aws:sqs"}]})"},
      {Source::sqs, R"([{"messageId":"059f","body":"good","eventSource":"aws:sqs"}])"},
      {Source::kinesis,
       R"({"Records":[{"eventSource":"aws:kinesis","eventID":"shardId-0:495","kinesis":{"partitionKey":"p",)"
       R"("sequenceNumber":"495","data":"Z29vZA==","approximateArrivalTimestamp":1499672242.6}}],)"
       R"("window":{"start":"a","end":"b"},"state":{"records":4,"labels":{"good":3}},"isFinalInvokeForWindow":false})"},
      // An aggregate of the Kinesis Producer Library, zlib, JSON behind a schema registry's header.
      {Source::kinesis,
       R"({"Records":[{"eventSource":"aws:kinesis","kinesis":{"sequenceNumber":"1","data":"84mawgoCcGsKAmsyEgMxMjMaCAgAGgRnb29kGh)"
       R"(UIARAAGg97InRleHQiOiAiYmFkIn0aDQgAGglnb29kIGZpbG0UPz1QHUsv0YFMRrjH0nfd"}},{"eventSource":"aws:kinesis","kinesis":)"
       R"({"sequenceNumber":"2","data":"eNqrVipJrShRslJQSs/PT1GqBQAtXQVJ"}},{"eventSource":"aws:kinesis","kinesis":)"
       R"({"sequenceNumber":"3","data":"AAAAAAd7InRleHQiOiAiZ29vZCJ9"}}]})"},
      // A failed invocation of a topic's, by a destination; a change of a table; a large message; JSON within JSON.
      {Source::sqs,
       R"({"Records":[{"messageId":"1","eventSource":"aws:sqs","body":"{\"requestContext\":{\"functionArn\":\"arn\"},)"
       R"(\"requestPayload\":{\"Records\":[{\"EventSource\":\"aws:sns\",\"Sns\":{\"Message\":\"good\"}},{\"EventSource\":)"
       R"(\"aws:sns\",\"Sns\":{\"Message\":\"bad\"}}]}}"},{"messageId":"2","eventSource":"aws:sqs","body":"{\"eventSource\":)"
       R"(\"aws:dynamodb\",\"dynamodb\":{\"NewImage\":{\"text\":{\"S\":\"good\"}}}}"},{"messageId":"3","eventSource":"aws:sqs",)"
       R"("body":"[\"software.amazon.payloadoffloading.PayloadS3Pointer\",{\"s3BucketName\":\"b\",\"s3Key\":\"k\"}]"},)"
       R"({"messageId":"4","eventSource":"aws:sqs","body":"{\"body\":\"{\\\"text\\\":\\\"good\\\"}\"}"}]})"},
      {Source::firehose,
       R"({"invocationId":"i","sourceMSKArn":"arn","records":[{"recordId":"r1","mskRecordMetadata":{"offset":"0"},)"
       R"("kafkaRecordValue":"Z29vZA=="},{"recordId":"r2","mskRecordMetadata":{"offset":"1"}}]})"},
      {Source::function_url,
       R"({"version":"2.0","headers":{"content-type":"text/plain"},"requestContext":{"http":{"method":"POST"},)"
       R"("domainName":"a.lambda-url.e.on.aws"},"body":"{\"Type\":\"SubscriptionConfirmation\",\"TopicArn\":\"arn\"}"})"},
      {Source::direct,
       R"({"Type":"Notification","TopicArn":"arn","Message":"{\"logEvents\":[{\"message\":\"good\"},{\"message\":\"bad\"}],)"
       R"(\"messageType\":\"DATA_MESSAGE\"}"})"},
      {Source::dynamodb,
       R"({"Records":[{"eventID":"1","eventName":"INSERT","eventSource":"aws:dynamodb","dynamodb":{"Keys":{"Id":)"
       R"({"N":"101"}},"NewImage":{"Message":{"S":"good"},"Tags":{"SS":["a","b"]},"Deep":{"M":{"l":{"L":[{"S":"x"},)"
       R"({"NULL":true}]}}}},"SequenceNumber":"111","StreamViewType":"NEW_AND_OLD_IMAGES"}}]})"},
      {Source::s3,
       R"({"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"inbox"},)"
       R"("object":{"key":"a%20b.txt","size":11}}}]})"},
      {Source::s3_batch,
       R"({"invocationSchemaVersion":"1.0","invocationId":"YXNk","job":{"id":"f3cc"},"tasks":[{"taskId":"dGFz",)"
       R"("s3Key":"k","s3VersionId":null,"s3BucketArn":"arn:aws:s3:::inbox"}]})"},
      {Source::ses,
       R"({"Records":[{"eventSource":"aws:ses","ses":{"mail":{"messageId":"o3vr","commonHeaders":{"subject":"good",)"
       R"("from":["a@b.example"]}},"receipt":{"spamVerdict":{"status":"PASS"}}}}]})"},
      {Source::cloudwatch_logs,
       R"({"awslogs":{"data":"H4sIAAAAAAACA32Oyw6CMBBFf4XMGqPFNzsS0ZUr3FliikxIk9I2bZEYwr9LUaNunOU5c+9MBzVayyo83TVCHMAuOSWXY)"
       R"(5plySGFMADVSjRekGi+WK7Wm+2MRF4IVR2MarR3U6b1i2XOIKs9bLGYEE9tU9ir4dpxJfdcODR28GdgQkD+TKU3lG6kHfByPOeTjg/fOVb7I2Q9+8zgX)"
       R"(n/73UqpEvoweGejf1nym+0oCLyhoBBTaJmRFEL6XhhhwUoK/Xf//F9/9NtPJfR5/wBexp38ZwEAAA=="}})"},
      {Source::eventbridge,
       R"({"version":"0","id":"6a7e","detail-type":"Review","source":"my.shop","account":"1","time":"2026-05-01T12:00:00Z",)"
       R"("resources":[],"detail":{"text":"bad","stars":1}})"},
      {Source::scheduled,
       R"({"version":"0","id":"d77b","detail-type":"Scheduled Event","source":"aws.events","resources":["arn"],"detail":{}})"},
      {Source::firehose,
       R"({"invocationId":"i","deliveryStreamArn":"arn","region":"us-east-1","records":[{"recordId":"r1","data":)"
       R"("eyJpZCI6NywidGV4dCI6ImJhZCJ9","approximateArrivalTimestamp":1},{"recordId":"r2","data":"Z29vZA=="}]})"},
      {Source::kafka,
       R"({"eventSource":"aws:kafka","bootstrapServers":"b-1:9092","records":{"orders-0":[{"topic":"orders","partition":0,)"
       R"("offset":15,"timestamp":1545084650987,"key":"cmVj","value":"Z29vZA==","headers":[{"h":[104,101]}]}]}})"},
      {Source::activemq,
       R"({"eventSource":"aws:mq","eventSourceArn":"arn","messages":[{"messageID":"ID:b-1","messageType":)"
       R"("jms/text-message","data":"Z29vZA==","properties":{}}]})"},
      {Source::rabbitmq,
       R"({"eventSource":"aws:rmq","rmqMessagesByQueue":{"pizza::/":[{"basicProperties":{"contentType":"text/plain",)"
       R"("messageId":null},"redelivered":false,"data":"YmFk"}]}})"},
      {Source::documentdb,
       R"({"eventSource":"aws:docdb","eventSourceArn":"arn","events":[{"event":{"_id":{"_data":"0163"},"operationType":)"
       R"("insert","fullDocument":{"_id":{"$oid":"63ee"},"text":"good"},"ns":{"db":"d","coll":"c"}}}]})"},
      {Source::api_gateway_rest,
       R"({"resource":"/","path":"/","httpMethod":"POST","headers":{"content-type":"application/json"},)"
       R"("multiValueHeaders":{"content-type":["application/json"]},"queryStringParameters":null,"requestContext":)"
       R"({"stage":"prod"},"body":"{\"text\":\"good\"}","isBase64Encoded":false})"},
      {Source::http_api,
       R"({"version":"2.0","routeKey":"POST /","rawPath":"/","headers":{"content-type":"text/plain"},"requestContext":)"
       R"({"http":{"method":"POST","path":"/"},"domainName":"x.execute-api.e.amazonaws.com"},"body":"Z29vZA==",)"
       R"("isBase64Encoded":true})"},
      {Source::function_url,
       R"({"version":"2.0","rawPath":"/","headers":{"content-type":"application/json"},"queryStringParameters":{"text":"bad"},)"
       R"("requestContext":{"http":{"method":"POST"},"domainName":"a.lambda-url.e.on.aws"},"body":"[\"good\",\"bad\"]",)"
       R"("isBase64Encoded":false})"},
      {Source::alb,
       R"({"requestContext":{"elb":{"targetGroupArn":"arn"}},"httpMethod":"GET","path":"/","multiValueHeaders":)"
       R"({"accept":["*/*"]},"multiValueQueryStringParameters":{"text":["not%20good"]},"body":"","isBase64Encoded":false})"},
      {Source::lex,
       R"({"messageVersion":"1.0","invocationSource":"FulfillmentCodeHook","inputTranscript":"good","sessionId":"s",)"
       R"("interpretations":[{"intent":{"name":"Review","state":"ReadyForFulfillment"}}],"sessionState":)"
       R"({"sessionAttributes":{"a":"b"},"intent":{"name":"Review","slots":{"F":null},"state":"ReadyForFulfillment"}}})"},
      {Source::lex,
       R"({"messageVersion":"1.0","userId":"u","inputTranscript":"bad","sessionAttributes":{"a":"b"},"currentIntent":)"
       R"({"name":"Review","slots":{},"confirmationStatus":"None"}})"},
      {Source::appsync,
       R"({"arguments":{"input":{"text":"good"}},"identity":null,"source":null,"info":{"fieldName":"sentiment",)"
       R"("parentTypeName":"Query"},"prev":null,"stash":{}})"},
      {Source::appsync,
       R"([{"arguments":{},"source":{"text":"good"},"info":{"fieldName":"f"}},{"arguments":{"q":"bad"},"info":)"
       R"({"fieldName":"f"}}])"},
      {Source::cognito,
       R"({"version":"1","triggerSource":"PreSignUp_SignUp","region":"e","userPoolId":"p","userName":"u","callerContext":)"
       R"({"clientId":"c"},"request":{"userAttributes":{"text":"good"}},"response":{"autoConfirmUser":false}})"},
      {Source::direct, R"({"text":"good film \ud83d\ude00","id":7.5e3,"ok":true})"},
      {Source::direct, R"(["good",{"text":"bad"},null])"},
      {Source::direct, R"("good")"},
  };
  // And what the sources themselves write.
  for (int i = 0; i < kSourceCount; ++i) {
    all.push_back({static_cast<Source>(i), sample_event(static_cast<Source>(i), "good")});
  }
  return all;
}

}  // namespace

const std::vector<SampleEvent>& sample_events() {
  static const std::vector<SampleEvent> kEvents = all_samples();
  return kEvents;
}

}  // namespace textlambda::events
