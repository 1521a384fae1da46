// Usage: node npm_fixtures.mjs write EVENTS.jsonl WANTED.json, then: node npm_fixtures.mjs check ANSWERS.jsonl WANTED.json
// The table says what each fixture is, by its author's own name for it, and what has to become of it.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";

const require = createRequire(resolve(process.env.CLIENTS_NODE_MODULES ?? "node_modules", "_"));
const base64 = (text) => Buffer.from(text).toString("base64");
const TEXT = "I was charged twice this month";
const LOGS = { messageType: "DATA_MESSAGE", owner: "123456789012", logGroup: "g", logStream: "s", subscriptionFilters: ["f"],
               logEvents: [{ id: "1", timestamp: 1, message: TEXT }] };

// [package, fixture, source, ok?, event]. Not of the list: Alexa, CloudFormation, CloudFront, AWS Config, IoT buttons.
function fixtures() {
  const serverless = require("@serverless/event-mocks").default;
  const mocks = require("aws-event-mocks");
  const builders = require("lambda-event-mock");
  const all = [];
  const one = (name, source, ok, event) => all.push({ name, source, ok, event: structuredClone(event) });

  // As they come: whether the text that is in them can be read is the fixture's business, its source is ours.
  one("serverless aws:sns", "sns", true, serverless("aws:sns"));
  one("serverless aws:sqs", "sqs", true, serverless("aws:sqs"));
  one("serverless aws:apiGateway", "api_gateway_rest", null, serverless("aws:apiGateway"));
  one("serverless aws:websocket", "api_gateway_rest", null, serverless("aws:websocket"));
  one("serverless aws:scheduled", "scheduled", true, serverless("aws:scheduled"));
  one("serverless aws:s3", "s3", true, serverless("aws:s3"));
  one("serverless aws:kinesis", "kinesis", null, serverless("aws:kinesis"));
  one("serverless aws:dynamo", "dynamodb", null, serverless("aws:dynamo"));
  one("serverless aws:cloudWatchLog", "cloudwatch_logs", true, serverless("aws:cloudWatchLog"));
  one("serverless aws:cloudWatch", "eventbridge", true, serverless("aws:cloudWatch"));
  one("serverless aws:cognitoUserPool", "cognito", true, serverless("aws:cognitoUserPool"));
  for (const [template, source] of [["aws:sns", "sns"], ["aws:apiGateway", "api_gateway_rest"],
                                    ["aws:scheduled", "scheduled"], ["aws:s3", "s3"], ["aws:kinesis", "kinesis"]]) {
    one(`mocks ${template}`, source, null, structuredClone(mocks({ template })));
  }
  one("builders sns", "sns", true, builders.sns().build());
  one("builders sqs", "sqs", true, builders.sqs().build());
  one("builders s3", "s3", true, builders.s3().build());
  one("builders ses", "ses", true, builders.ses().build());
  one("builders kinesis", "kinesis", null, builders.kinesis().build());
  one("builders dynamodb", "dynamodb", null, builders.dynamodb().build());
  one("builders firehose", "firehose", null, builders.firehose().build());
  one("builders cloudwatch", "eventbridge", null, builders.cloudwatch().build());
  one("builders cloudwatchLogs", "cloudwatch_logs", null, builders.cloudwatchLogs().build());
  one("builders apiGateway", "api_gateway_rest", null, builders.apiGateway().build());
  one("builders lex", "lex", null, builders.lex().build());
  one("builders cognito", "cognito", null, builders.cognito().build());

  // With a text in its place, all have to be answered.
  const filled = (name, source, event) => one(`${name}, filled`, source, true, event);
  filled("serverless aws:sns", "sns", serverless("aws:sns", { Records: [{ Sns: { Message: TEXT } }] }));
  filled("serverless aws:sqs", "sqs", serverless("aws:sqs", { Records: [{ body: JSON.stringify({ text: TEXT }) }] }));
  filled("serverless aws:apiGateway", "api_gateway_rest",
         serverless("aws:apiGateway", { httpMethod: "POST", isBase64Encoded: false, body: JSON.stringify({ text: TEXT }) }));
  filled("serverless aws:kinesis", "kinesis", serverless("aws:kinesis", { Records: [{ kinesis: { data: base64(TEXT) } }] }));
  filled("serverless aws:dynamo", "dynamodb",
         serverless("aws:dynamo", { Records: [{ dynamodb: { NewImage: { text: { S: TEXT } } } }] }));
  filled("serverless aws:cloudWatchLog", "cloudwatch_logs",
         serverless("aws:cloudWatchLog", { awslogs: { data: gzipSync(JSON.stringify(LOGS)).toString("base64") } }));
  filled("serverless aws:cloudWatch", "eventbridge", serverless("aws:cloudWatch", { detail: { text: TEXT } }));
  filled("mocks aws:sns", "sns", mocks({ template: "aws:sns", merge: { Records: [{ Sns: { Message: TEXT } }] } }));
  filled("mocks aws:kinesis", "kinesis",
         mocks({ template: "aws:kinesis", merge: { Records: [{ kinesis: { data: base64(TEXT) } }] } }));
  filled("builders sqs", "sqs", builders.sqs().body(TEXT).build());
  filled("builders firehose", "firehose", builders.firehose().data(base64(TEXT)).build());
  filled("builders lex", "lex", { ...builders.lex().build(), inputTranscript: TEXT });
  return all;
}

function write(events, wanted) {
  const all = fixtures();
  writeFileSync(events, all.map(({ event }) => JSON.stringify(event) + "\n").join(""));
  writeFileSync(wanted, JSON.stringify(all.map(({ name, source, ok }) => ({ name, source, ok }))));
}

function check(answers, wanted) {
  const lines = readFileSync(answers, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
  const table = JSON.parse(readFileSync(wanted, "utf8"));
  let failures = lines.length === table.length ? 0 : 1;
  console.log(`${lines.length} of ${table.length} fixtures answered`);
  table.forEach(({ name, source, ok }, index) => {
    const answer = lines[index] ?? {};
    const good = answer.source === source && (ok === null || answer.ok === ok);
    console.log(`${good ? "ok  " : "FAIL"} ${name}: ${answer.source}${answer.ok ? "" : ` (${answer.error ?? "not ok"})`}`);
    if (!good) ++failures;
  });
  return failures === 0 ? 0 : 1;
}

const [, , verb, first, second] = process.argv;
process.exitCode = verb === "write" ? write(first, second) : check(first, second);
