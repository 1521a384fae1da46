// The function that textlambda-conform asks, as a handler for hosts that run Node.js functions alone: "probe.handler".
// The same commands as conform-probe where a handler can show them; what it cannot is answered {"unsupported": why},
// and the scorecard counts it as not applicable. Node.js 18 or later, nothing besides.
import crypto from 'node:crypto';
import fs from 'node:fs';
import {isMainThread} from 'node:worker_threads';

const instance = `${process.pid}-${crypto.randomBytes(8).toString('hex')}`;
// Whether this process is the function's own: ending it ends nothing but the execution environment.
const ownProcess = isMainThread && Boolean(process.env.AWS_LAMBDA_RUNTIME_API);
const remembered = {};
let count = 0;

const unsupported = (why) => ({unsupported: why});
const sharesProcess = () => unsupported('the handler runs within the host\'s own process');
const onlyRuntime = () => unsupported('a handler does not speak the Runtime API itself');
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, Number(ms) || 0));
const announce = () => fs.writeSync(1, `conform instance ${instance}\n`);

// FNV-1a of 32 bits.
function checksum(bytes) {
  let hash = 2166136261;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 16777619) >>> 0;
  return hash;
}

function temporaryFile(name) {
  return /^[a-z0-9-]{1,64}$/i.test(name || '') ? `/tmp/textlambda-conform-${name}` : null;
}

function environment() {
  const secrets = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];
  const variables = {};
  for (const [name, value] of Object.entries(process.env)) variables[name] = secrets.includes(name) ? (value ? '(set)' : '') : value;
  const file = `/tmp/textlambda-conform-${instance}`;
  let writable = true;
  try {
    fs.writeFileSync(file, 'x');
    fs.unlinkSync(file);
  } catch {
    writable = false;
  }
  return {variables, cwd: process.cwd(), tmp_writable: writable};
}

// What a handler sees of the headers of `next`.
function headers(context) {
  const remaining = typeof context.getRemainingTimeInMillis === 'function' ? context.getRemainingTimeInMillis() : NaN;
  const all = {
    'lambda-runtime-aws-request-id': context.awsRequestId,
    'lambda-runtime-invoked-function-arn': context.invokedFunctionArn,
    'lambda-runtime-trace-id': process.env._X_AMZN_TRACE_ID,
    'lambda-runtime-deadline-ms': Number.isFinite(remaining) ? String(Date.now() + remaining) : undefined,
    'lambda-runtime-client-context': context.clientContext === undefined || context.clientContext === null
      ? undefined : JSON.stringify(context.clientContext),
    'lambda-runtime-aws-tenant-id': context.tenantId,
  };
  return {headers: JSON.parse(JSON.stringify(all)), received_ms: Date.now(), status: 200};
}

function ping(context) {
  const remaining = typeof context.getRemainingTimeInMillis === 'function' ? context.getRemainingTimeInMillis() : 0;
  return {
    textlambda_conform: 1,
    kind: 'node',
    instance,
    memory_mb: Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE || context.memoryLimitInMB) || 0,
    remaining_ms: Math.trunc(remaining) || 0,
    function_arn: context.invokedFunctionArn || '',
    marker: null,
    variable: process.env.PROBE_VARIABLE ?? null,
  };
}

class ProbeError extends Error {
  constructor(message) {
    super(message);
    this.name = 'ProbeError';
  }
}

async function memory(event) {
  announce();
  const blocks = [];
  for (let mb = 0; mb < Math.min(event.mb || 0, 2048); mb += 8) blocks.push(crypto.randomFillSync(Buffer.alloc(8 << 20)));
  return {allocated_mb: blocks.length * 8, check: blocks.length ? blocks[blocks.length - 1][4096] : 0};
}

// Messages of a queue whose bodies say what is to become of them: see conform-probe.
function batch(records) {
  const failures = [];
  let spoiled = '';
  for (const record of records) {
    let told;
    try {
      told = JSON.parse(record.body).conform;
    } catch {
      continue;
    }
    if (!told) continue;
    const receives = Number(record.attributes?.ApproximateReceiveCount ?? 1);
    remembered[told.mark] = typeof remembered[told.mark] === 'number' ? remembered[told.mark] + 1 : 1;
    if (receives <= (told.fail || 0)) failures.push({itemIdentifier: record.messageId});
    if (receives === 1 && !spoiled) spoiled = told.answer || '';
  }
  if (spoiled === 'error') throw new ProbeError('told');
  return {batchItemFailures: spoiled === 'unknown_id' ? [{itemIdentifier: 'nobody'}] : failures};
}

export async function handler(event, context) {
  ++count;
  if (event?.Records?.[0]?.eventSource === 'aws:sqs') return batch(event.Records);
  const isObject = event !== null && typeof event === 'object' && !Array.isArray(event);
  switch (isObject && typeof event.probe === 'string' ? event.probe : 'echo') {
    case 'ping':
      return ping(context);
    case 'measure': {
      const bytes = Buffer.from(JSON.stringify(event));
      return {bytes: bytes.length, checksum: checksum(bytes)};
    }
    case 'null':
      return undefined;
    case 'state': {
      if (event.mark && !(event.mark in remembered)) remembered[event.mark] = true;
      const answer = {count, instance, remembered: {...remembered}, last_response: null};
      await pause(event.sleep_ms);
      return answer;
    }
    case 'sleep': {
      if (event.announce) announce();
      const begin = Date.now();
      await pause(event.sleep_ms);
      return {begin_ms: begin, end_ms: Date.now(), instance, mark: event.mark || ''};
    }
    case 'headers':
      return headers(context);
    case 'environment':
      return environment();
    case 'print': {
      const times = Math.min(event.times ?? 1, 100000);
      for (let i = 0; i < times; ++i) fs.writeSync(event.stream === 'stderr' ? 2 : 1, event.text || '');
      return {printed: times, count};
    }
    case 'tmp_write': {
      const file = temporaryFile(event.name);
      if (file) fs.writeFileSync(file, event.text || '');
      return {written: Boolean(file)};
    }
    case 'tmp_read': {
      const file = temporaryFile(event.name);
      let text = null;
      if (file && fs.existsSync(file)) {
        text = fs.readFileSync(file, 'utf8');
        if (event.remove) fs.unlinkSync(file);
      }
      return {text};
    }
    case 'error': {
      if (event.body) return unsupported('what a handler throws is put into words by its runtime');
      throw new ProbeError('told');
    }
    case 'exit':
      if (!ownProcess) return sharesProcess();
      announce();
      return process.exit(event.status ?? 1);
    case 'signal':
      if (!ownProcess) return sharesProcess();
      announce();
      process.kill(process.pid, event.number ?? 9);
      return pause(10000);
    case 'memory':
      return ownProcess ? memory(event) : sharesProcess();
    case 'large':
      return 'x'.repeat(Math.max(0, (event.bytes ?? 2) - 2));
    case 'answer_twice':
    case 'wrong_id':
    case 'late_init_error':
    case 'unknown_path':
      return onlyRuntime();
    default:
      return {echo: event};
  }
}
