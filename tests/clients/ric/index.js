// What the tests of aws-lambda-ric call: handlers of every kind that it knows.
const {existsSync} = require("node:fs");
const {setTimeout: pause} = require("node:timers/promises");

let calls = 0;
let running = 0;

exports.echo = async (event, context) => {
  ++calls;
  if (event.throws) throw new TypeError(event.throws);
  if (event.rejects) return Promise.reject(new RangeError(event.rejects));
  if (event.text) return Promise.reject(event.text);
  if (event.later) setTimeout(() => { throw new Error(event.later); }, 1);
  if (event.forgotten) Promise.reject(new Error(event.forgotten));
  if (event.later || event.never) await new Promise(() => setTimeout(() => {}, 600_000));
  if (event.exit !== undefined) process.exit(event.exit);
  if (event.nothing) return undefined;
  if (event.bytes) return "x".repeat(event.bytes);
  console.log("said", event);
  console.error("and\nwarned");
  return {event, calls, remaining: context.getRemainingTimeInMillis(), context};
};

exports.callback = (event, context, callback) => {
  setTimeout(() => event.fails ? callback(new Error(event.fails)) : callback(null, {event}), 5);
};

// Answers once as many as that are here at a time.
exports.together = async (event) => {
  ++running;
  while (running < event.together) await pause(2);
  await pause(20);
  --running;
  return {pid: process.pid, event};
};

// The second chunk waits for a file, which somebody makes who has had the first one.
const streamed = async (request, stream) => {
  const event = JSON.parse(request.body);
  if (event.http) stream = awslambda.HttpResponseStream.from(stream, event.http);
  if (event.type) stream.setContentType(event.type);
  stream.write(event.first ?? "first ");
  if (event.file) while (!existsSync(event.file)) await pause(2);
  if (event.throws) throw new TypeError(event.throws);
  for (let sent = 0; sent < (event.bytes ?? 0); sent += 65536) {
    if (!stream.write(Buffer.alloc(65536, "s"))) await new Promise((drained) => stream.once("drain", drained));
  }
  stream.write("second");
  stream.end();
};
exports.streamed = awslambda.streamifyResponse(streamed);
