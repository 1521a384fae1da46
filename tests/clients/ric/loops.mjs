// aws-lambda-ric as its own program starts it, with one loop. Of Managed Instances one environment takes as many
// invocations at a time as AWS_LAMBDA_MAX_CONCURRENCY says, which are as many loops here. Those ask for work with the client
// of Node.js (AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1), since the native client has one connection for all of them.
import {run} from "aws-lambda-ric";

const loops = Number(process.env.AWS_LAMBDA_MAX_CONCURRENCY ?? 1);
if (loops > 1) process.env.AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1 = "true";
for (let i = 0; i < loops; ++i) await run(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER);
