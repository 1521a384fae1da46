// Puts Invoke's path before a function that @vercel/fun hosts, so that textlambda-conform can ask it. What fun's invoke()
// takes and gives goes over as it is; nothing is mended here.
// Usage: node conform_vercel_fun.mjs FOLDER HANDLER RUNTIME READY_FILE
import fs from 'node:fs';
import http from 'node:http';
import {createRequire} from 'node:module';

const {createFunction} = createRequire(`${process.env.NODE_PATH}/`)('@vercel/fun');
const [folder, handler, runtime, ready] = process.argv.slice(2);

const hosted = await createFunction({
  Code: {Directory: folder},
  Handler: handler,
  Runtime: runtime,
  Environment: {Variables: {}},
  MemorySize: 128,
  Timeout: 3,
  FunctionName: 'probe',
  AccessKeyId: 'any',
  SecretAccessKey: 'any',
});

async function invoke(request, body) {
  const result = await hosted.invoke({
    InvocationType: request.headers['x-amz-invocation-type'] || 'RequestResponse',
    LogType: request.headers['x-amz-log-type'],
    ClientContext: request.headers['x-amz-client-context'],
    Payload: body,
  });
  const headers = {'Content-Type': 'application/json'};
  if (result.FunctionError) headers['X-Amz-Function-Error'] = result.FunctionError;
  if (result.ExecutedVersion) headers['X-Amz-Executed-Version'] = result.ExecutedVersion;
  if (result.LogResult) headers['X-Amz-Log-Result'] = result.LogResult;
  return [result.StatusCode || 200, headers, result.Payload ?? ''];
}

const server = http.createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', async () => {
    let answer;
    if (request.method !== 'POST' || !/^\/2015-03-31\/functions\/probe\/invocations(\?|$)/.test(request.url)) {
      answer = [404, {'x-amzn-ErrorType': 'ResourceNotFoundException'}, '{}'];
    } else {
      answer = await invoke(request, Buffer.concat(parts)).catch((error) =>
        [500, {'x-amzn-ErrorType': 'ServiceException'}, JSON.stringify({Type: 'Service', Message: String(error)})]);
    }
    response.writeHead(answer[0], answer[1]);
    response.end(answer[2]);
  });
});
server.listen(0, '127.0.0.1', () => {
  fs.writeFileSync(`${ready}.part`, `${server.address().port}\n`);
  fs.renameSync(`${ready}.part`, ready);
});
process.on('SIGTERM', async () => {
  server.close();
  await hosted.destroy();
  process.exit(0);
});
