// Several invocations and an error through @vercel/fun. Usage: node vercel_fun.js FOLDER_WITH_BOOTSTRAP_AND_MODEL
const assert = require('assert');
const {createFunction} = require('@vercel/fun');

async function main(folder) {
  const invoke = await createFunction({
    Code: {Directory: folder},
    Handler: 'text',
    Runtime: 'provided',
    Environment: {Variables: {TEXTLAMBDA_MODEL: `${folder}/model.tlm`, TEXTLAMBDA_METRICS: 'off', TEXTLAMBDA_LOG_LEVEL: 'off'}},
    MemorySize: 128,
  });
  try {
    const call = async (payload) => JSON.parse((await invoke.invoke({
      InvocationType: 'RequestResponse',
      Payload: payload,
    })).Payload.toString());
    const rows = [['card charged', 'billing'], ['courier late', 'delivery'], ['invoice', 'billing'], ['parcel', 'delivery']];
    for (const [text, label] of rows) {
      const answer = await call(JSON.stringify({text}));
      assert.strictEqual(answer.label, label);
      assert(answer.confidence > 0.5 && answer.confidence <= 1);
    }
    const queue = await call(JSON.stringify({Records: [
      {eventSource: 'aws:sqs', messageId: 'm1', body: 'courier late'},
      {eventSource: 'aws:sqs', messageId: 'm2', body: ' '},
    ]}));
    assert.deepStrictEqual(queue, {batchItemFailures: [{itemIdentifier: 'm2'}]});

    const failed = await invoke.invoke({InvocationType: 'RequestResponse', Payload: 'this is not JSON'});
    assert(failed.FunctionError, 'an event that is not JSON is a function error');
    const error = JSON.parse(failed.Payload.toString());
    assert(error.errorMessage && error.errorType, failed.Payload.toString());

    assert.strictEqual((await call(JSON.stringify({text: 'invoice'}))).label, 'billing');
    console.log(`${rows.length + 2} answers and an error (${error.errorType})`);
  } finally {
    await invoke.destroy();
  }
}

main(process.argv[2]).then(() => process.exit(0), (error) => {
  console.error(error);
  process.exit(1);
});
