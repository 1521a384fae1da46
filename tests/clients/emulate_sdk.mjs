// AWS's SDK for JavaScript against textlambda-emulate, which asks for its signatures: emulate_sdk.mjs URL
import assert from "node:assert/strict";
import {writeFileSync} from "node:fs";
import {
  CreateAliasCommand, DeleteFunctionCommand, GetFunctionCommand, InvokeCommand, InvokeWithResponseStreamCommand,
  LambdaClient, ListFunctionsCommand, PublishVersionCommand, UpdateFunctionConfigurationCommand, waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";

const endpoint = process.argv[2];
const client = (secretAccessKey) => new LambdaClient({
  endpoint, region: "us-east-1", credentials: {accessKeyId: "AKID", secretAccessKey}, maxAttempts: 1,
});
const lambda = client("SECRET");
const text = (payload) => new TextDecoder().decode(payload);
const refused = async (command, by = lambda) => {
  try {
    await by.send(command);
  } catch (error) {
    return [error.name, error.$metadata?.httpStatusCode];
  }
  return null;
};

const answer = await lambda.send(new InvokeCommand({FunctionName: "classify", Payload: '{"text":"my invoice"}', LogType: "Tail"}));
assert.equal(answer.StatusCode, 200);
assert.equal(JSON.parse(text(answer.Payload)).label, "billing");
assert.match(Buffer.from(answer.LogResult, "base64").toString(), /^START RequestId: .*\nREPORT RequestId: .*\n$/s);
assert.equal((await lambda.send(new InvokeCommand({FunctionName: "classify", InvocationType: "Event", Payload: "{}"}))).StatusCode, 202);
assert.equal((await lambda.send(new InvokeCommand({FunctionName: "classify", InvocationType: "DryRun"}))).StatusCode, 204);
const failed = await lambda.send(new InvokeCommand({FunctionName: "probe", Payload: '{"do":"error"}'}));
assert.equal(failed.FunctionError, "Unhandled");
assert.equal(JSON.parse(text(failed.Payload)).errorType, "Told");

let streamed = "";
let complete = null;
const stream = await lambda.send(new InvokeWithResponseStreamCommand({FunctionName: "classify", Payload: '{"text":"my parcel"}', LogType: "Tail"}));
for await (const event of stream.EventStream) {
  if (event.PayloadChunk) streamed += text(event.PayloadChunk.Payload);
  if (event.InvokeComplete) complete = event.InvokeComplete;
}
assert.equal(JSON.parse(streamed).label, "delivery");
assert.ok(complete.LogResult && !complete.ErrorCode);

// The function sends its second chunk once there is a file, which is made when the first one has come.
const chunks = [];
const live = await lambda.send(new InvokeWithResponseStreamCommand(
  {FunctionName: "streamer", Payload: JSON.stringify({chunks: ["first", {wait: `${process.cwd()}/gate`}, "second"]})}));
for await (const event of live.EventStream) {
  if (event.PayloadChunk) chunks.push(text(event.PayloadChunk.Payload));
  if (chunks.length === 1) writeFileSync("gate", "");
}
assert.deepEqual(chunks, ["first", "second"]);
const torn = await lambda.send(new InvokeWithResponseStreamCommand(
  {FunctionName: "streamer", Payload: JSON.stringify({chunks: ["some", {do: "exit"}]})}));
const seen = [];
for await (const event of torn.EventStream) seen.push(event.PayloadChunk ? text(event.PayloadChunk.Payload) : event.InvokeComplete.ErrorCode);
assert.deepEqual(seen, ["some", "Runtime.ExitError"]);

assert.deepEqual(await refused(new InvokeCommand({FunctionName: "nobody"})), ["ResourceNotFoundException", 404]);
assert.deepEqual(await refused(new InvokeCommand({FunctionName: "classify", Payload: "{bad"})), ["InvalidRequestContentException", 400]);
assert.deepEqual(await refused(new InvokeCommand({FunctionName: "classify"}), client("WRONG")), ["InvalidSignatureException", 403]);
const slow = [0, 1].map(() => lambda.send(new InvokeCommand({FunctionName: "probe", Payload: '{"do":"sleep","seconds":1.5}'})));
await new Promise((done) => setTimeout(done, 700));
assert.deepEqual(await refused(new InvokeCommand({FunctionName: "probe"})), ["TooManyRequestsException", 429]);
for (const one of await Promise.all(slow)) assert.equal(one.StatusCode, 200);

await lambda.send(new UpdateFunctionConfigurationCommand({FunctionName: "probe", Environment: {Variables: {MINE: "new"}}}));
await waitUntilFunctionUpdatedV2({client: lambda, maxWaitTime: 10}, {FunctionName: "probe"});
const {Version} = await lambda.send(new PublishVersionCommand({FunctionName: "probe"}));
await lambda.send(new CreateAliasCommand({FunctionName: "probe", Name: "live", FunctionVersion: Version}));
const aliased = await lambda.send(new InvokeCommand({FunctionName: "probe", Qualifier: "live"}));
assert.equal(aliased.ExecutedVersion, "1");
assert.equal(JSON.parse(text(aliased.Payload)).environment.MINE, "new");
assert.deepEqual((await lambda.send(new ListFunctionsCommand({}))).Functions.map((f) => f.FunctionName), ["classify", "probe", "streamer"]);
await lambda.send(new DeleteFunctionCommand({FunctionName: "probe"}));
assert.deepEqual(await refused(new GetFunctionCommand({FunctionName: "probe"})), ["ResourceNotFoundException", 404]);
console.log("AWS's SDK for JavaScript cannot tell");
