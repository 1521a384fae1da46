// The calls of emulator_peers, in turns of a few hundred: emulator_peers.mjs EMULATE OFFLINE FOLDER CALLS
import net from 'node:net';
import {createRequire} from 'node:module';

const {createFunction} = createRequire(`${process.env.NODE_PATH}/`)('@vercel/fun');
const [emulate, offline, folder, count] = process.argv.slice(2);
const EVENT = '{"text":"I was charged twice this month"}';

// One connection that is kept, without more between it and the socket than has to be.
async function connected(address, name) {
  const [host, port] = address.split(':');
  const socket = net.connect(Number(port), host);
  socket.setNoDelay(true);
  await new Promise((done) => socket.once('connect', done));
  const request = Buffer.from(`POST /2015-03-31/functions/${name}/invocations HTTP/1.1\r\nHost: ${address}\r\n` +
                              `Content-Type: application/json\r\nContent-Length: ${EVENT.length}\r\n\r\n${EVENT}`);
  let received = '';
  let finish = null;
  socket.on('data', (data) => {
    received += data.toString('latin1');
    const head = received.indexOf('\r\n\r\n');
    const length = head < 0 ? null : /content-length: (\d+)/i.exec(received.slice(0, head));
    if (length === null || received.length < head + 4 + Number(length[1])) return;
    const answer = received;
    received = '';
    finish(answer);
  });
  return async () => {
    socket.write(request);
    const answer = await new Promise((done) => { finish = done; });
    if (!answer.startsWith('HTTP/1.1 200') || /x-amz-function-error/i.test(answer)) throw new Error(answer);
  };
}

const hosted = await createFunction({
  Code: {Directory: folder},
  Handler: 'bootstrap',
  Runtime: 'provided',
  Environment: {Variables: {TEXTLAMBDA_MODEL: `${folder}/model.tlm`, TEXTLAMBDA_METRICS: 'off', TEXTLAMBDA_LOG_LEVEL: 'off'}},
  MemorySize: 128,
});
const within = async () => {
  const answer = await hosted.invoke({InvocationType: 'RequestResponse', Payload: EVENT});
  if (answer.FunctionError) throw new Error(String(answer.Payload));
};

const hosts = [
  ['textlambda-emulate', await connected(emulate, 'classify')],
  ['@vercel/fun', within],
  ['serverless-offline', await connected(offline, 'bench-dev-echo')],
].map(([name, call]) => ({name, call, times: []}));
const TURN = 200;
for (const {call} of hosts) {
  for (let i = 0; i < TURN; ++i) await call();  // warm
}
for (let turn = 0; turn < Number(count) / TURN; ++turn) {
  for (const {call, times} of hosts) {
    for (let i = 0; i < TURN; ++i) {
      const begin = process.hrtime.bigint();
      await call();
      times.push(Number(process.hrtime.bigint() - begin) / 1e6);
    }
  }
}
const median = (times) => times.sort((a, b) => a - b)[times.length >> 1];
const own = median(hosts[0].times);
console.log('| host | p50, ms | times ours |\n|---|---:|---:|');
for (const {name, times} of hosts) {
  console.log(`| ${name} | ${median(times).toFixed(3)} | ${(median(times) / own).toFixed(1)} |`);
}
await hosted.destroy();
process.exit(0);
