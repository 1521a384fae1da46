"""boto3 and the aws CLI against textlambda-emulate: emulate.py URL AWS PROBE."""
import base64
import concurrent.futures
import io
import json
import subprocess
import sys
import time
import urllib.request
import zipfile

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
check("boto3: not built", code_of(client.list_layers) == ("NotImplementedException", 501), code_of(client.list_layers))
check("boto3: functions", [f["FunctionName"] for f in client.list_functions()["Functions"]] == ["classify", "probe"]
      and client.get_function(FunctionName="classify")["Configuration"]["State"] == "Active")
with concurrent.futures.ThreadPoolExecutor(3) as pool:
    slow = [pool.submit(client.invoke, FunctionName="probe", Payload=b'{"do":"sleep","seconds":1.5}') for _ in range(2)]
    time.sleep(0.7)
    throttled = code_of(client.invoke, FunctionName="probe")
    check("boto3: throttled", throttled == ("TooManyRequestsException", 429) and all(s.result()["StatusCode"] == 200 for s in slow), throttled)


# A function's life, as a deployment has it.
PROBE = sys.argv[3]


def zipped(mark):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, mode, content in (("bootstrap", 0o755, open(PROBE, "rb").read()), ("mark", 0o644, mark)):
            info = zipfile.ZipInfo(name)
            info.external_attr = (0o100000 | mode) << 16
            packed.writestr(info, content)
    return made.getvalue()


role = "arn:aws:iam::012345678912:role/any"
made = client.create_function(FunctionName="f", Runtime="provided.al2023", Handler="bootstrap", Role=role, Code={"ZipFile": zipped("1")},
                              Environment={"Variables": {"MINE": "1"}}, Timeout=10, MemorySize=256, Publish=True, Tags={"a": "b"})
check("boto3: a function", made["State"] == "Pending" and made["Version"] == "1" and made["ResponseMetadata"]["HTTPStatusCode"] == 201, made)
client.get_waiter("function_active_v2").wait(FunctionName="f")
client.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
client.update_function_code(FunctionName="f", ZipFile=zipped("2"))
client.get_waiter("function_updated_v2").wait(FunctionName="f")
client.update_function_configuration(FunctionName="f", Environment={"Variables": {"MINE": "2"}})
client.get_waiter("function_updated").wait(FunctionName="f")
version = client.publish_version(FunctionName="f")["Version"]
client.update_alias(FunctionName="f", Name="live", RoutingConfig={"AdditionalVersionWeights": {version: 0.5}})


def mine(name, **more):
    answer = client.invoke(FunctionName=name, **more)
    return json.load(answer["Payload"])["environment"]["MINE"], answer["ExecutedVersion"]


split = [mine("f", Qualifier="live") for _ in range(40)]
check("boto3: an alias with weights", set(split) == {("1", "1"), ("2", "2")}, split)
client.update_alias(FunctionName="f", Name="live", FunctionVersion=version, RoutingConfig={"AdditionalVersionWeights": {}})
check("boto3: all of it", {mine("f:live") for _ in range(10)} == {("2", "2")})
check("boto3: versions by pages", [v["Version"] for page in client.get_paginator("list_versions_by_function").paginate(
    FunctionName="f", PaginationConfig={"PageSize": 1}) for v in page["Versions"]] == ["$LATEST", "1", "2"])
got = client.get_function(FunctionName="f", Qualifier="live")
check("boto3: what runs", got["Configuration"]["Version"] == "2" and got["Tags"] == {"a": "b"} and
      urllib.request.urlopen(got["Code"]["Location"]).read() == zipped("2"), got)
client.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)
check("boto3: no concurrency", code_of(client.invoke, FunctionName="f") == ("TooManyRequestsException", 429))
client.delete_function_concurrency(FunctionName="f")
url = client.create_function_url_config(FunctionName="f", Qualifier="live", AuthType="NONE")["FunctionUrl"]
echo = json.load(urllib.request.urlopen(url + "a/b?c=d"))["event"]
check("boto3: a function URL", echo["rawPath"] == "/a/b" and echo["rawQueryString"] == "c=d" and echo["version"] == "2.0", echo)
client.delete_function_url_config(FunctionName="f", Qualifier="live")
mapping = client.create_event_source_mapping(FunctionName="f", EventSourceArn="arn:aws:sqs:us-east-1:012345678912:q", BatchSize=5)
check("boto3: a mapping", client.get_event_source_mapping(UUID=mapping["UUID"])["State"] == "Enabled"
      and len(client.list_event_source_mappings(FunctionName="f")["EventSourceMappings"]) == 1)
client.delete_event_source_mapping(UUID=mapping["UUID"])
client.add_permission(FunctionName="f", StatementId="s", Action="lambda:InvokeFunction", Principal="sns.amazonaws.com")
check("boto3: a permission", json.loads(client.get_policy(FunctionName="f")["Policy"])["Statement"][0]["Principal"] == {"Service": "sns.amazonaws.com"})
client.put_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=1)
check("boto3: settings of events", client.get_function_event_invoke_config(FunctionName="f")["MaximumRetryAttempts"] == 1)
create = {"FunctionName": "g", "Runtime": "provided.al2023", "Handler": "h", "Role": role, "Code": {"ZipFile": zipped("1")}}
for name, call, arguments, wanted in (
        ("one that is there", client.create_function, {**create, "FunctionName": "f"}, ("ResourceConflictException", 409)),
        ("a broken zip", client.create_function, {**create, "Code": {"ZipFile": b"x"}}, ("InvalidParameterValueException", 400)),
        ("another revision", client.update_function_configuration, {"FunctionName": "f", "RevisionId": "x"}, ("PreconditionFailedException", 412)),
        ("no such alias", client.get_alias, {"FunctionName": "f", "Name": "none"}, ("ResourceNotFoundException", 404)),
        ("no such URL", client.get_function_url_config, {"FunctionName": "f"}, ("ResourceNotFoundException", 404)),
        ("a mapping of nobody", client.create_event_source_mapping, {"FunctionName": "none", "EventSourceArn": "arn:aws:sqs:us-east-1:012345678912:q"},
         ("ResourceNotFoundException", 404)),
        ("no such policy", client.get_policy, {"FunctionName": "f", "Qualifier": "live"}, ("ResourceNotFoundException", 404))):
    check(f"boto3: {name}", code_of(call, **arguments) == wanted, code_of(call, **arguments))
client.delete_function(FunctionName="f")
check("boto3: the end", code_of(client.get_function, FunctionName="f") == ("ResourceNotFoundException", 404))


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
