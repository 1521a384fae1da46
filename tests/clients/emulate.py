"""boto3 and the aws CLI against textlambda-emulate: emulate.py URL AWS."""
import base64
import concurrent.futures
import json
import subprocess
import sys
import time

import boto3
import botocore.config
import botocore.exceptions

URL, AWS = sys.argv[1:3]
client = boto3.client("lambda", endpoint_url=URL, config=botocore.config.Config(retries={"max_attempts": 0}, read_timeout=60))


def code_of(call, **arguments):
    try:
        call(**arguments)
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
    return None


def check(name, good, detail=""):
    print(f"{'ok  ' if good else 'FAIL'} {name}", flush=True)
    if not good:
        print(f"     {detail!r}"[:2000])
        sys.exit(1)


answer = client.invoke(FunctionName="classify", Payload=b'{"text":"where is my parcel"}', LogType="Tail")
check("boto3: an answer", answer["StatusCode"] == 200 and json.load(answer["Payload"])["label"] == "delivery"
      and answer["ExecutedVersion"] == "$LATEST" and "FunctionError" not in answer, answer)
check("boto3: the log", "REPORT RequestId: " + answer["ResponseMetadata"]["RequestId"] in base64.b64decode(answer["LogResult"]).decode(), answer)
check("boto3: an event", client.invoke(FunctionName="classify", InvocationType="Event", Payload=b'{"text":"x"}')["StatusCode"] == 202)
check("boto3: a dry run", client.invoke(FunctionName="classify", InvocationType="DryRun")["StatusCode"] == 204)
failed = client.invoke(FunctionName="probe", Payload=b'{"do":"error"}')
check("boto3: a function's error", failed["FunctionError"] == "Unhandled" and json.load(failed["Payload"])["errorType"] == "Told", failed)
context = base64.b64encode(b'{"custom":{"a":1}}').decode()
echo = json.load(client.invoke(FunctionName="probe", ClientContext=context, Payload=b"[1]")["Payload"])
check("boto3: the client context", {k.lower(): v for k, v in echo["headers"].items()}["lambda-runtime-client-context"] == '{"custom":{"a":1}}', echo)
for name, arguments, wanted in (
        ("no such function", {"FunctionName": "nobody"}, ("ResourceNotFoundException", 404)),
        ("no such version", {"FunctionName": "classify", "Qualifier": "live"}, ("ResourceNotFoundException", 404)),
        ("no JSON", {"FunctionName": "classify", "Payload": b"{bad"}, ("InvalidRequestContentException", 400)),
        ("too much", {"FunctionName": "classify", "Payload": b'"' + b"x" * 6291456 + b'"'}, ("RequestEntityTooLargeException", 413))):
    check(f"boto3: {name}", code_of(client.invoke, **arguments) == wanted, code_of(client.invoke, **arguments))
check("boto3: not built", code_of(client.delete_function, FunctionName="classify") == ("NotImplementedException", 501),
      code_of(client.delete_function, FunctionName="classify"))
check("boto3: functions", [f["FunctionName"] for f in client.list_functions()["Functions"]] == ["classify", "probe"]
      and client.get_function(FunctionName="classify")["Configuration"]["State"] == "Active")
with concurrent.futures.ThreadPoolExecutor(3) as pool:
    slow = [pool.submit(client.invoke, FunctionName="probe", Payload=b'{"do":"sleep","seconds":1.5}') for _ in range(2)]
    time.sleep(0.7)
    throttled = code_of(client.invoke, FunctionName="probe")
    check("boto3: throttled", throttled == ("TooManyRequestsException", 429) and all(s.result()["StatusCode"] == 200 for s in slow), throttled)


def aws(*arguments):
    done = subprocess.run([AWS, "--endpoint-url", URL, "lambda", *arguments], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


status, out, err = aws("invoke", "--function-name", "classify", "--cli-binary-format", "raw-in-base64-out", "--payload",
                       '{"text":"I was charged twice"}', "answer.json")
check("aws: an answer", status == 0 and json.loads(out) == {"StatusCode": 200, "ExecutedVersion": "$LATEST"}
      and json.load(open("answer.json"))["label"] == "billing", (status, out, err))
status, out, err = aws("invoke", "--function-name", "nobody", "answer.json")
check("aws: no such function", status == 254 and "(ResourceNotFoundException) when calling the Invoke operation" in err
      and ": Function not found: arn:aws:lambda:us-east-1:012345678912:function:nobody\n" in err, err)
status, out, err = aws("invoke", "--function-name", "probe", "--cli-binary-format", "raw-in-base64-out", "--payload", '{"do":"crash"}', "answer.json")
check("aws: a crash", status == 0 and json.loads(out)["FunctionError"] == "Unhandled"
      and json.load(open("answer.json"))["errorType"] == "Runtime.ExitError", (status, out, err))
status, out, err = aws("wait", "function-active", "--function-name", "classify")
check("aws: it is active", status == 0, err)
