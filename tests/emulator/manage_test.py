#!/usr/bin/env python3
"""Function management of textlambda-emulate over plain HTTP: manage_test.py EMULATE BOOTSTRAP MODEL

Statuses, types and members are those of AWS's API reference; tests/clients/emulate asks the same through boto3.
"""
import base64
import hashlib
import io
import json
import pathlib
import subprocess
import time
import zipfile

from running import BOOTSTRAP, EMULATE, MODEL, PROBE, Emulator, check, folder, run_parts

FUNCTIONS = "/2015-03-31/functions"
ROLE = "arn:aws:iam::012345678912:role/any"
ARN = "arn:aws:lambda:us-east-1:012345678912:function:f"


def zipped(*entries):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, mode, content in entries:
            info = zipfile.ZipInfo(name)
            info.external_attr = (0o100000 | mode) << 16
            packed.writestr(info, content)
    return made.getvalue()


def program(mark):
    return zipped(("bootstrap", 0o755, pathlib.Path(PROBE).read_bytes()), ("mark", 0o644, mark))


def call(emulator, method, path, body=None):
    status, headers, text = emulator.request(method, path, b"" if body is None else json.dumps(body))
    return status, json.loads(text) if text else None, headers.get("x-amzn-errortype")


def create(emulator, name="f", zip_bytes=None, **more):
    body = {"FunctionName": name, "Runtime": "provided.al2023", "Handler": "bootstrap", "Role": ROLE,
            "Code": {"ZipFile": base64.b64encode(zip_bytes or program("one")).decode()}, "Timeout": 20, **more}
    return call(emulator, "POST", FUNCTIONS, body)


def mark_of(emulator, name):
    """What the code of the version that answered says, and that version."""
    status, headers, body = emulator.invoke({}, name)
    root = json.loads(body)["environment"]["LAMBDA_TASK_ROOT"]
    return pathlib.Path(root, "mark").read_text(), headers["x-amz-executed-version"]


def functions():
    with Emulator("--state", folder / "empty") as emulator:
        code = program("one")
        status, made, _ = create(emulator, zip_bytes=code, Environment={"Variables": {"MINE": "1"}}, MemorySize=256, Description="d", Tags={"a": "b"})
        check("a function is made", status == 201 and made["State"] == "Pending" and made["StateReasonCode"] == "Creating" and made["Version"] == "$LATEST"
              and made["FunctionArn"] == ARN and made["CodeSha256"] == base64.b64encode(hashlib.sha256(code).digest()).decode()
              and made["CodeSize"] == len(code) and made["MemorySize"] == 256 and made["Timeout"] == 20 and made["Environment"] == {"Variables": {"MINE": "1"}}
              and made["Architectures"] == ["x86_64"] and made["PackageType"] == "Zip", made)
        got = call(emulator, "GET", f"{FUNCTIONS}/f")[1]
        check("and is active", got["Configuration"]["State"] == "Active" and got["Configuration"]["LastUpdateStatus"] == "Successful"
              and got["Tags"] == {"a": "b"}, got)
        where = got["Code"]["Location"].removeprefix("http://" + emulator.address)
        check("its zip can be fetched", emulator.request("GET", where)[2] == code)
        check("it answers", mark_of(emulator, "f") == ("one", "$LATEST"))
        status, changed, _ = call(emulator, "PUT", f"{FUNCTIONS}/f/configuration", {"Timeout": 21, "Environment": {"Variables": {"MINE": "2"}}})
        answer = json.loads(emulator.invoke({}, "f")[2])
        check("new settings, and no old process", status == 200 and changed["LastUpdateStatus"] == "InProgress" and changed["Timeout"] == 21
              and changed["MemorySize"] == 256 and answer["environment"]["MINE"] == "2" and answer["count"] == 1, (changed, answer))
        again = program("two")
        dry = call(emulator, "PUT", f"{FUNCTIONS}/f/code", {"ZipFile": base64.b64encode(again).decode(), "DryRun": True})[1]
        check("a dry run changes nothing", dry["CodeSha256"] != made["CodeSha256"] and mark_of(emulator, "f")[0] == "one", dry)
        call(emulator, "PUT", f"{FUNCTIONS}/f/code", {"ZipFile": base64.b64encode(again).decode()})
        check("new code", mark_of(emulator, "f") == ("two", "$LATEST"))
        for i in range(3):
            create(emulator, f"g{i}")
        page = call(emulator, "GET", f"{FUNCTIONS}/?MaxItems=2")[1]
        rest = call(emulator, "GET", f"{FUNCTIONS}/?MaxItems=2&Marker={page['NextMarker']}")[1]
        check("functions are listed by pages", [f["FunctionName"] for f in page["Functions"] + rest["Functions"]] == ["f", "g0", "g1", "g2"]
              and "NextMarker" not in rest, page)
        for what, got, wanted in (
                ("a second of the name", create(emulator), (409, "ResourceConflictException")),
                ("a name that is none", create(emulator, "a b"), (400, "ValidationException")),
                ("too little memory", create(emulator, "h", MemorySize=64), (400, "ValidationException")),
                ("too long a timeout", create(emulator, "h", Timeout=901), (400, "ValidationException")),
                ("a string for a number", create(emulator, "h", Timeout="3"), (400, "SerializationException")),
                ("another runtime", create(emulator, "h", Runtime="nodejs20.x"), (400, "InvalidParameterValueException")),
                ("a role that is none", create(emulator, "h", Role="me"), (400, "ValidationException")),
                ("no code", create(emulator, "h", Code={}), (400, "InvalidParameterValueException")),
                ("no zip", create(emulator, "h", zip_bytes=b"no zip"), (400, "InvalidParameterValueException")),
                ("a zip that leads out", create(emulator, "h", zip_bytes=zipped(("../x", 0o644, "x"))), (400, "InvalidParameterValueException")),
                ("a reserved variable", create(emulator, "h", Environment={"Variables": {"AWS_REGION": "x"}}), (400, "InvalidParameterValueException")),
                ("too many variables", create(emulator, "h", Environment={"Variables": {"LONG": "x" * 4096}}), (400, "InvalidParameterValueException")),
                ("layers", create(emulator, "h", Layers=["arn:aws:lambda:us-east-1:012345678912:layer:l:1"]), (501, "NotImplementedException")),
                ("S3", create(emulator, "h", Code={"S3Bucket": "b", "S3Key": "k"}), (501, "NotImplementedException")),
                ("no JSON", call(emulator, "POST", FUNCTIONS, []), (400, "SerializationException")),
                ("nobody's configuration", call(emulator, "GET", f"{FUNCTIONS}/nobody/configuration"), (404, "ResourceNotFoundException")),
                ("nobody's end", call(emulator, "DELETE", f"{FUNCTIONS}/nobody"), (404, "ResourceNotFoundException")),
                ("another revision", call(emulator, "PUT", f"{FUNCTIONS}/f/configuration", {"RevisionId": "x"}), (412, "PreconditionFailedException")),
                ("the end of $LATEST", call(emulator, "DELETE", f"{FUNCTIONS}/f?Qualifier=%24LATEST"), (400, "InvalidParameterValueException"))):
            check(what, (got[0], got[2]) == wanted and (got[1].get("message") or got[1].get("Message")), got)
        check("what was refused left nothing", call(emulator, "GET", f"{FUNCTIONS}/h")[0] == 404)
        gone = call(emulator, "DELETE", f"{FUNCTIONS}/g0")
        check("a function goes", gone[:2] == (204, None) and emulator.invoke({}, "g0")[0] == 404, gone)
        bad = create(emulator, "i", zip_bytes=zipped(("other", 0o755, "x")))
        body = json.loads(emulator.invoke({}, "i")[2])
        check("a zip without a bootstrap", bad[0] == 201 and body["errorType"] == "Runtime.InvalidEntrypoint" and "valid bootstrap" in body["errorMessage"], body)


def versions():
    with Emulator("--state", folder / "versions") as emulator:
        made = create(emulator, Publish=True)[1]
        check("published as it is made", made["Version"] == "1" and made["FunctionArn"] == ARN + ":1", made)
        check("twice is once", call(emulator, "POST", f"{FUNCTIONS}/f/versions", {})[1]["Version"] == "1")
        call(emulator, "PUT", f"{FUNCTIONS}/f/code", {"ZipFile": base64.b64encode(program("two")).decode()})
        second = call(emulator, "POST", f"{FUNCTIONS}/f/versions", {"Description": "second"})[1]
        check("a second version", second["Version"] == "2" and second["Description"] == "second", second)
        check("each runs its own code", [mark_of(emulator, name) for name in ("f:1", "f:2", "f")]
              == [("one", "1"), ("two", "2"), ("two", "$LATEST")])
        listed = call(emulator, "GET", f"{FUNCTIONS}/f/versions")[1]["Versions"]
        check("they are listed", [v["Version"] for v in listed] == ["$LATEST", "1", "2"] and listed[1]["FunctionArn"] == ARN + ":1", listed)
        alias = call(emulator, "POST", f"{FUNCTIONS}/f/aliases", {"Name": "live", "FunctionVersion": "1"})
        check("an alias", alias[0] == 201 and alias[1]["AliasArn"] == ARN + ":live" and mark_of(emulator, "f:live") == ("one", "1"), alias)
        answer = json.loads(emulator.invoke({}, "f:live")[2])
        check("the ARN as it was invoked", answer["headers"].get("Lambda-Runtime-Invoked-Function-Arn") == ARN + ":live"
              and answer["environment"]["AWS_LAMBDA_FUNCTION_VERSION"] == "1", answer)
        call(emulator, "PUT", f"{FUNCTIONS}/f/aliases/live", {"RoutingConfig": {"AdditionalVersionWeights": {"2": 0.5}}})
        ran = [mark_of(emulator, "f:live")[1] for _ in range(60)]
        check("half of the calls go to the other", 12 <= ran.count("2") <= 48, ran)  # 60 of .5: five sigma is 19
        moved = call(emulator, "PUT", f"{FUNCTIONS}/f/aliases/live", {"FunctionVersion": "2", "RoutingConfig": {"AdditionalVersionWeights": {}}})[1]
        check("then all", {mark_of(emulator, "f:live") for _ in range(5)} == {("two", "2")} and "RoutingConfig" not in moved, moved)
        call(emulator, "PUT", f"{FUNCTIONS}/f/aliases/live", {"FunctionVersion": "1"})
        check("and back at once", mark_of(emulator, "f:live") == ("one", "1"))
        shown = call(emulator, "GET", f"{FUNCTIONS}/f?Qualifier=live")[1]["Configuration"]
        check("the configuration behind an alias", shown["Version"] == "1" and shown["FunctionArn"] == ARN + ":live", shown)
        weights = lambda **more: call(emulator, "PUT", f"{FUNCTIONS}/f/aliases/live", {"RoutingConfig": {"AdditionalVersionWeights": more}})
        for what, got, wanted in (
                ("an alias that is there", call(emulator, "POST", f"{FUNCTIONS}/f/aliases", {"Name": "live", "FunctionVersion": "1"}), (409, "ResourceConflictException")),
                ("an alias that is a number", call(emulator, "POST", f"{FUNCTIONS}/f/aliases", {"Name": "7", "FunctionVersion": "1"}), (400, "ValidationException")),
                ("an alias of no version", call(emulator, "POST", f"{FUNCTIONS}/f/aliases", {"Name": "x", "FunctionVersion": "9"}), (404, "ResourceNotFoundException")),
                ("no such alias", call(emulator, "GET", f"{FUNCTIONS}/f/aliases/none"), (404, "ResourceNotFoundException")),
                ("a weight beyond one", weights(**{"2": 1.5}), (400, "ValidationException")),
                ("two weights", weights(**{"1": 0.1, "2": 0.1}), (400, "InvalidParameterValueException")),
                ("a weight of its own version", weights(**{"1": 0.1}), (400, "InvalidParameterValueException")),
                ("a version in use", call(emulator, "DELETE", f"{FUNCTIONS}/f?Qualifier=1"), (409, "ResourceConflictException")),
                ("another checksum", call(emulator, "POST", f"{FUNCTIONS}/f/versions", {"CodeSha256": "x"}), (400, "InvalidParameterValueException"))):
            check(what, (got[0], got[2]) == wanted, got)
        check("a version goes", call(emulator, "DELETE", f"{FUNCTIONS}/f?Qualifier=2")[0] == 204 and emulator.invoke({}, "f:2")[0] == 404)
        call(emulator, "PUT", f"{FUNCTIONS}/f/code", {"ZipFile": base64.b64encode(program("three")).decode()})
        check("its number is not used again", call(emulator, "POST", f"{FUNCTIONS}/f/versions", {})[1]["Version"] == "3")


def callers():
    with Emulator("--state", folder / "callers") as emulator:
        create(emulator, Publish=True)
        call(emulator, "POST", f"{FUNCTIONS}/f/aliases", {"Name": "live", "FunctionVersion": "1"})
        put = call(emulator, "PUT", "/2017-10-31/functions/f/concurrency", {"ReservedConcurrentExecutions": 0})
        throttled = emulator.invoke({}, "f")
        check("no concurrency, no call", put[1] == {"ReservedConcurrentExecutions": 0} and throttled[0] == 429
              and call(emulator, "GET", "/2019-09-30/functions/f/concurrency")[1] == put[1], throttled)
        too_much = call(emulator, "PUT", "/2017-10-31/functions/f/concurrency", {"ReservedConcurrentExecutions": 901})
        check("a hundred are left to others", too_much[::2] == (400, "InvalidParameterValueException"), too_much)
        check("and none reserved", call(emulator, "DELETE", "/2017-10-31/functions/f/concurrency")[0] == 204 and emulator.invoke({}, "f")[0] == 200)

        permission = {"StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com", "SourceArn": "arn:aws:events:us-east-1:1:rule/r"}
        added = call(emulator, "POST", f"{FUNCTIONS}/f/policy?Qualifier=live", permission)
        statement = json.loads(added[1]["Statement"])
        check("a permission", added[0] == 201 and statement == {
            "Sid": "s", "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "lambda:InvokeFunction",
            "Resource": ARN + ":live", "Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:events:us-east-1:1:rule/r"}}}, added)
        policy = json.loads(call(emulator, "GET", f"{FUNCTIONS}/f/policy?Qualifier=live")[1]["Policy"])
        check("the policy", policy["Statement"] == [statement], policy)
        check("the same twice", call(emulator, "POST", f"{FUNCTIONS}/f/policy?Qualifier=live", permission)[::2] == (409, "ResourceConflictException"))
        check("it goes", call(emulator, "DELETE", f"{FUNCTIONS}/f/policy/s?Qualifier=live")[0] == 204
              and call(emulator, "GET", f"{FUNCTIONS}/f/policy?Qualifier=live")[::2] == (404, "ResourceNotFoundException"))

        settings = "/2019-09-25/functions/f/event-invoke-config"
        check("no settings for events", call(emulator, "GET", settings)[::2] == (404, "ResourceNotFoundException"))
        create(emulator, "g")
        destination = ARN[:-1] + "g"
        put = call(emulator, "PUT", settings, {"MaximumRetryAttempts": 0, "DestinationConfig": {"OnFailure": {"Destination": destination}}})
        check("settings for events", put[0] == 200 and put[1]["MaximumRetryAttempts"] == 0 and put[1]["FunctionArn"] == ARN + ":$LATEST"
              and put[1]["DestinationConfig"] == {"OnSuccess": {}, "OnFailure": {"Destination": destination}}, put)
        check("a queue needs a folder", call(emulator, "PUT", settings, {"DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:1:q"}}})[::2]
              == (400, "InvalidParameterValueException"))

        mapping = {"FunctionName": "f:live", "EventSourceArn": "arn:aws:sqs:us-east-1:1:texts", "FunctionResponseTypes": ["ReportBatchItemFailures"]}
        made = call(emulator, "POST", "/2015-03-31/event-source-mappings/", mapping)
        check("a mapping", made[0] == 202 and made[1]["State"] == "Creating" and made[1]["BatchSize"] == 10 and made[1]["FunctionArn"] == ARN + ":live", made)
        uuid = made[1]["UUID"]
        got = call(emulator, "GET", f"/2015-03-31/event-source-mappings/{uuid}")[1]
        listed = call(emulator, "GET", "/2015-03-31/event-source-mappings/?FunctionName=f:live")[1]["EventSourceMappings"]
        check("it is there", got["State"] == "Enabled" and [m["UUID"] for m in listed] == [uuid]
              and call(emulator, "GET", "/2015-03-31/event-source-mappings/?FunctionName=g")[1]["EventSourceMappings"] == [], listed)
        changed = call(emulator, "PUT", f"/2015-03-31/event-source-mappings/{uuid}", {"Enabled": False, "BatchSize": 5})[1]
        check("it changes", changed["State"] == "Updating" and call(emulator, "GET", f"/2015-03-31/event-source-mappings/{uuid}")[1]["State"] == "Disabled"
              and changed["BatchSize"] == 5, changed)
        post = lambda **more: call(emulator, "POST", "/2015-03-31/event-source-mappings/", {**mapping, **more})
        for what, result, wanted in (
                ("the same twice", post(), (409, "ResourceConflictException")),
                ("a stream without a beginning", post(EventSourceArn="arn:aws:kinesis:us-east-1:1:stream/s"), (400, "ValidationException")),
                ("a large batch without a window", post(EventSourceArn="arn:aws:sqs:us-east-1:1:q", BatchSize=11), (400, "InvalidParameterValueException")),
                ("nobody's", post(FunctionName="nobody"), (404, "ResourceNotFoundException"))):
            check(f"a mapping: {what}", result[::2] == wanted, result)
        check("it goes", call(emulator, "DELETE", f"/2015-03-31/event-source-mappings/{uuid}")[1]["State"] == "Deleting"
              and call(emulator, "GET", f"/2015-03-31/event-source-mappings/{uuid}")[0] == 404)
        tags = f"/2017-03-31/tags/{ARN.replace(':', '%3A')}"
        call(emulator, "POST", tags, {"Tags": {"a": "1", "b": "2"}})
        call(emulator, "DELETE", tags + "?tagKeys=a")
        check("tags", call(emulator, "GET", tags)[1] == {"Tags": {"b": "2"}})
        check("the account", call(emulator, "GET", "/2016-08-19/account-settings/")[1]["AccountUsage"]["FunctionCount"] == 2)


def destinations():
    failed, done = folder / "failed.jsonl", folder / "texts.jsonl"
    with Emulator("--function", f"f={PROBE}", "--on-failure", f"f=file:{failed}", "--on-success", "f=arn:aws:sqs:us-east-1:1:texts",
                  "--destinations", folder, "--time-scale", "0.001", "--timeout", "20") as emulator:
        emulator.invoke({"do": "error"}, "f", X_Amz_Invocation_Type="Event")
        request_id = emulator.invoke({"a": 1}, "f", X_Amz_Invocation_Type="Event")[1]["x-amzn-requestid"]
        until = time.monotonic() + 10
        while not (failed.exists() and done.exists()) and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(0.1)
        record = json.loads(failed.read_text())
        check("three attempts, then the destination", record["requestContext"]["condition"] == "RetriesExhausted"
              and record["requestContext"]["approximateInvokeCount"] == 3 and record["requestPayload"] == {"do": "error"}
              and record["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"}
              and record["responsePayload"]["errorType"] == "Told", record)
        record = json.loads(done.read_text())
        check("a success is told too", record["requestContext"]["condition"] == "Success" and record["requestContext"]["requestId"] == request_id
              and record["responsePayload"]["event"] == {"a": 1}, record)


def kept():
    state = folder / "kept"
    with Emulator("--state", state) as emulator:
        create(emulator, Publish=True, Environment={"Variables": {"MINE": "kept"}})
        call(emulator, "PUT", f"{FUNCTIONS}/f/code", {"ZipFile": base64.b64encode(program("two")).decode()})
        call(emulator, "POST", f"{FUNCTIONS}/f/aliases", {"Name": "live", "FunctionVersion": "1"})
        before = call(emulator, "GET", f"{FUNCTIONS}/f/versions")[1]
        second = subprocess.run([EMULATE, "--state", state, "--port", "0"], capture_output=True, text=True, timeout=30)
        check("one folder, one emulator", second.returncode == 5 and str(state) in second.stderr, second)
    with Emulator("--state", state) as emulator:
        check("functions are there again", call(emulator, "GET", f"{FUNCTIONS}/f/versions")[1] == before
              and mark_of(emulator, "f:live") == ("one", "1") and mark_of(emulator, "f") == ("two", "$LATEST"))
        call(emulator, "DELETE", f"{FUNCTIONS}/f")
        check("with the last function its code goes", list((state / "code").iterdir()) == [])
    (state / "registry.json").write_text("{")
    broken = subprocess.run([EMULATE, "--state", state, "--port", "0"], capture_output=True, text=True, timeout=30)
    check("a damaged state is told", broken.returncode == 5 and "registry.json: is no registry" in broken.stderr, broken)


def settling():
    with Emulator("--state", folder / "settling", "--settling", "0.7") as emulator:
        create(emulator)
        pending = emulator.invoke({}, "f")
        early = call(emulator, "PUT", f"{FUNCTIONS}/f/configuration", {"Timeout": 3})
        check("who does not wait is told", pending[0] == 409 and early[::2] == (409, "ResourceConflictException"), (pending, early))
        until = time.monotonic() + 10
        while call(emulator, "GET", f"{FUNCTIONS}/f/configuration")[1]["State"] != "Active" and time.monotonic() < until:
            time.sleep(0.05)
        check("and who waits is served", emulator.invoke({}, "f")[0] == 200)


def described():
    (folder / "bin").mkdir()
    (folder / "bin" / "probe").symlink_to(PROBE)
    described_file = folder / "functions.toml"
    described_file.write_text('''
[functions.one]
file = "bin/probe"
memory = 256
timeout = 7.5
concurrency = 1
environment = { MINE = "toml" }
paths = { MINE_TOO = "bin/../store", MINE_ALSO = "/store" }

[functions.two]
file = "bin/probe"
''')
    with Emulator("--functions", described_file, "--timeout", "9") as emulator:
        there = json.loads(emulator.invoke({}, "one")[2])["environment"]
        listed = {f["FunctionName"]: f for f in call(emulator, "GET", f"{FUNCTIONS}/")[1]["Functions"]}
        check("functions of a file", there["MINE"] == "toml" and there["MINE_TOO"] == str(folder / "store")
              and there["MINE_ALSO"] == "/store" and there["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
              and (listed["one"]["Timeout"], listed["two"]["Timeout"]) == (8, 9)
              and call(emulator, "GET", "/2019-09-30/functions/one/concurrency")[1] == {"ReservedConcurrentExecutions": 1}, listed)
    for what, text, word in (("no TOML", "[functions", "1: is no TOML"), ("another table", "[other]\n", "1: expected tables [functions.NAME]"),
                             ("an unknown member", "[functions.a]\nfile = 'x'\nmem = 1\n", "3: functions.a has no member \"mem\""),
                             ("a wrong type", "[functions.a]\nfile = 'x'\nmemory = '1'\n", "3: functions.a.memory: expected 128 to 10240"),
                             ("no file", "[functions.a]\nmemory = 128\n", "functions.a has no file"),
                             ("two programs", "[functions.a]\nfile = 'x'\nown = 'serve'\n", "1: functions.a has both file and own"),
                             ("none of ours", "[functions.a]\nown = 'train'\n", "2: functions.a.own: expected serve, serve-s3 or retrain"), ("nothing", "", "describes no function")):
        described_file.write_text(text)
        done = subprocess.run([EMULATE, "--functions", described_file, "--port", "0"], capture_output=True, text=True, timeout=30)
        check(f"a file with {what}", done.returncode == 5 and word in done.stderr and done.stderr.count("\n") == 1, done)


run_parts(functions, versions, callers, destinations, kept, settling, described)
