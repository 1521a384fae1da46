#!/usr/bin/env python3
"""The bootstrap as a process. Usage: bootstrap_test.py BOOTSTRAP TEXTLAMBDA_TRAIN [RUNNER...]: a runner is put before the
bootstrap, an emulator of its processor."""
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid

from runtime_api import Process, RuntimeApi

BOOTSTRAP, TRAIN, RUNNER = sys.argv[1], sys.argv[2], sys.argv[3:]
COMMAND = [*RUNNER, BOOTSTRAP]
failures = []
scratch = tempfile.TemporaryDirectory()
folder = pathlib.Path(scratch.name)
MODEL = str(folder / "model.tlm")
TEXT = "I was charged twice for this invoice"


def check(name, good, detail=""):
    print(f"{'ok  ' if good else 'FAIL'} {name}", flush=True)
    if not good:
        failures.append(name)
        print("     " + str(detail)[:2000].replace("\n", "\n     "))


def train():
    rows = "".join(json.dumps({"text": f"{words} number {i}", "label": label}) + "\n" for i in range(40)
                   for words, label in (("invoice card charged", "billing"), ("parcel courier late", "delivery")))
    (folder / "train.jsonl").write_text(rows)
    subprocess.run([TRAIN, folder / "train.jsonl", "-o", MODEL, "--quiet"], check=True, timeout=120)


def start(api, **environment):
    environment.setdefault("TEXTLAMBDA_MODEL", MODEL)
    return Process(COMMAND, api.address, **environment)


def lines_of(out):
    return [json.loads(line) for line in out.splitlines()]


def event(text=TEXT):
    return json.dumps({"text": text})


def sqs(*bodies):
    return json.dumps({"Records": [{"messageId": f"m{i}", "eventSource": "aws:sqs", "body": body, "attributes": {},
                                    "messageAttributes": {}, "awsRegion": "us-east-1", "receiptHandle": "r",
                                    "md5OfBody": "x", "eventSourceARN": "arn:aws:sqs:us-east-1:0:q"}
                                   for i, body in enumerate(bodies)]})


def invocations():
    with RuntimeApi() as api, start(api, TEXTLAMBDA_METRICS="off") as process:
        for i in range(50):
            request_id = str(uuid.uuid4())
            done = api.invoke(event(f"{TEXT} {i}"), request_id)
            answer = json.loads(done.body)
            if done.path != f"/2018-06-01/runtime/invocation/{request_id}/response" or answer["label"] != "billing":
                return check("many invocations", False, f"{done.path} {done.body}")
        check("the answers come as JSON", done.headers["Content-Type"] == "application/json", done.headers)
        failed = api.invoke("this is not JSON", "the-bad-one")
        error = json.loads(failed.body)
        check("an error goes to /error, with its type",
              failed.path.endswith("/the-bad-one/error") and error["errorType"] and error["errorMessage"]
              and error["stackTrace"] == []
              and failed.headers["Lambda-Runtime-Function-Error-Type"] == error["errorType"], failed.body)
        again = api.invoke(sqs("parcel courier late", "invoice card"))
        check("and the next invocation is as good as any", json.loads(again.body) == {"batchItemFailures": []}, again.body)
        api.wait_for_next()
        status, out, err = process.stop()
        check("many invocations", True)
        check("over one connection", api.connections == 1, api.connections)
        check("SIGTERM while waiting ends it with 0", status == 0 and err == "", (status, err))
        log = lines_of(out)
        check("a log line each", [line["level"] for line in log] == ["INFO"] * 50 + ["ERROR", "INFO"], out)
        check("with the request id", log[50]["requestId"] == "the-bad-one" and log[50]["errorType"] == error["errorType"], log[50])
        check("no text in the log", "charged" not in out and "courier" not in out, out)


def answers_of_other_servers():
    large = event("invoice card charged " + "x" * (6 << 20))[:6_291_000 - 2] + '"}'
    for quirk in ("no_content_type", "close", "chunked", "drop_next"):
        with RuntimeApi([quirk]) as api, start(api) as process:
            labels = [json.loads(api.invoke(event()).body)["label"] for _ in range(3)]
            done = api.invoke(large)
            # A text over the handler's limit is an error of its own; it arrived whole either way.
            arrived = re.search(r"/(response|error)$", done.path) and len(done.body) > 2
            status, _, _ = process.stop()
            check(f"a server with {quirk}", labels == ["billing"] * 3 and arrived and status == 0, (labels, done.path, done.body[:200]))


def headers_that_may_be_missing():
    with RuntimeApi() as api, start(api) as process:
        done = api.invoke(event(), "id/with strange:characters%", Lambda_Runtime_Deadline_Ms=None,
                          Lambda_Runtime_Trace_Id=None, Lambda_Runtime_Invoked_Function_Arn=None)
        check("an id is one segment of the path",
              done.path == "/2018-06-01/runtime/invocation/id%2Fwith%20strange%3Acharacters%25/response", done.path)
        done = api.invoke(event(), Lambda_Runtime_Deadline_Ms="soon", Lambda_Runtime_Client_Context="{")
        check("a deadline that is no number is none", done.path.endswith("/response"), done.path)
        status, _, _ = process.stop()
        check("still alive", status == 0, status)
    with RuntimeApi() as api, start(api) as process:
        api.put(event(), Lambda_Runtime_Aws_Request_Id=None)
        status, out, _ = process.end()
        check("no request id: nothing to answer to", status == 5 and "Lambda-Runtime-Aws-Request-Id" in out, (status, out))


def names_of_hosts():
    """An invocation id goes back with answer and error, and only where there was one; a path tells functions apart."""
    base = "/.rt/tickets/2018-06-01/runtime/invocation"
    for address in ("{}/.rt/tickets", "http://{}/.rt/tickets/"):
        with RuntimeApi(prefix="/.rt/tickets") as api, \
                Process(COMMAND, address.format(api.address), TEXTLAMBDA_MODEL=MODEL) as process:
            done = api.invoke(event(), "a", Lambda_Runtime_Invocation_Id="inv-77")
            check(f"{address}: an answer", done.path == f"{base}/a/response"
                  and done.headers["Lambda-Runtime-Invocation-Id"] == "inv-77", (done.path, done.headers))
            done = api.invoke("this is not JSON", "b", Lambda_Runtime_Invocation_Id="inv-78")
            check(f"{address}: an error", done.path == f"{base}/b/error"
                  and done.headers["Lambda-Runtime-Invocation-Id"] == "inv-78", (done.path, done.headers))
            done = api.invoke(event(), "c")
            check(f"{address}: none, none back", done.path == f"{base}/c/response"
                  and "Lambda-Runtime-Invocation-Id" not in done.headers, (done.path, done.headers))
            status, _, _ = process.stop()
            check(f"{address}: status 0", status == 0, status)
    with RuntimeApi(prefix="/tickets") as api, Process(COMMAND, api.address + "/tickets", TEXTLAMBDA_MODEL="none") as process:
        done = api.delivery()
        check("an init error goes there too", done.path == "/tickets/2018-06-01/runtime/init/error", done.path)
        process.end()


def deadlines():
    """What of a batch there is no time for is named as failed; with time left, and where the deadline is made up, all is
    answered."""
    now = lambda: int(time.time() * 1000)
    with RuntimeApi() as api, start(api, TEXTLAMBDA_METRICS="off") as process:
        batch = sqs("parcel courier late", "invoice card")
        ample = api.invoke(batch, Lambda_Runtime_Deadline_Ms=str(now() + 600000))
        check("a batch with time is answered", json.loads(ample.body) == {"batchItemFailures": []}, ample.body)
        past = api.invoke(batch, Lambda_Runtime_Deadline_Ms=str(now() - 1000))
        check("so is one whose deadline is past", json.loads(past.body) == {"batchItemFailures": []}, past.body)
        # Five megabytes of text take longer than a few milliseconds behind the margin of 200; how many depends on the
        # machine.
        large = sqs(*["parcel courier late invoice card refund " * 1200] * 100)
        for spare in (5, 10, 20, 40, 80, 160, 320) * 3:
            late = api.invoke(large, Lambda_Runtime_Deadline_Ms=str(now() + 200 + spare))
            failures = json.loads(late.body)["batchItemFailures"]
            if failures:
                break
        check("what there is no time for comes again", failures and failures[-1] == {"itemIdentifier": "m99"}, failures)
        _, out, _ = process.stop()
        check("the log says why", any("time of the invocation" in line.get("error", "") for line in lines_of(out)), out[-2000:])


def init_errors():
    (folder / "damaged.tlm").write_bytes((lambda m: m[:700] + bytes([m[700] ^ 1]) + m[701:])(pathlib.Path(MODEL).read_bytes()))
    for name, environment, error_type, word, status in (
            ("no model", {"TEXTLAMBDA_MODEL": None, "LAMBDA_TASK_ROOT": str(folder / "none")}, "Runtime.InvalidModel",
             "none/model.tlm", 5),
            ("an origin that is none", {"TEXTLAMBDA_CORS_ORIGIN": "app.example"}, "Runtime.InvalidConfiguration",
             'TEXTLAMBDA_CORS_ORIGIN is "app.example", expected * or origins separated by commas', 2),
            ("a damaged model", {"TEXTLAMBDA_MODEL": str(folder / "damaged.tlm")}, "Runtime.InvalidModel", "damaged.tlm", 5),
            ("a folder as model", {"TEXTLAMBDA_MODEL": str(folder)}, "Runtime.InvalidModel", "is a directory", 5),
            ("a bad setting", {"TEXTLAMBDA_TOP_K": "many"}, "Runtime.InvalidConfiguration", 'TEXTLAMBDA_TOP_K is "many"', 2)):
        with RuntimeApi() as api, start(api, **environment) as process:
            done = api.delivery()
            error = json.loads(done.body)
            ended, out, err = process.end()
            check(f"{name}: init error",
                  done.path == "/2018-06-01/runtime/init/error" and error["errorType"] == error_type
                  and done.headers["Lambda-Runtime-Function-Error-Type"] == error_type and word in error["errorMessage"]
                  and ended == status and err == "", (done.path, done.body, ended, err))
            log = lines_of(out)
            check(f"{name}: one line", len(log) == 1 and log[0]["errorType"] == error_type and word in log[0]["message"], out)


def the_api_goes():
    with RuntimeApi() as api, start(api) as process:
        api.wait_for_next()
        api.work.put(None)  # the connection is closed; its repetition too
        api.work.put(None)
        status, out, err = process.end()
        check("the API hangs up: one line, status 5", status == 5 and err == "" and len(lines_of(out)) == 1
              and api.address in out, (status, out, err))
    for refusal in (500, 403):
        with RuntimeApi() as api, start(api) as process:
            api.work.put(refusal)
            status, out, _ = process.end()
            check(f"the API says {refusal}: one line, status 5",
                  status == 5 and str(refusal) in out and "Extension.Crash" in out and len(lines_of(out)) == 1, (status, out))
    with RuntimeApi({"refuse": 503}) as api, start(api) as process:
        api.put(event())
        status, out, _ = process.end()
        check("it takes no answer with a status of 503: status 5", status == 5 and "503" in out, (status, out))
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{unused.getsockname()[1]}"
        with Process(COMMAND, address, TEXTLAMBDA_MODEL=MODEL) as process:
            status, out, _ = process.end()
            check("nobody there", status == 5 and "cannot connect" in out, (status, out))
    for address, word, wanted in (("sandbox.test:9001", "is a name", 5), ("nonsense", "the port is missing", 2)):
        with Process(COMMAND, address, TEXTLAMBDA_MODEL=MODEL) as process:
            status, out, _ = process.end()
            check(f"address {address}", status == wanted and word in out and len(lines_of(out)) == 1, (status, out))
    with Process(COMMAND, None) as process:
        status, out, err = process.end()
        check("started by hand", status == 2 and out == "" and "AWS_LAMBDA_RUNTIME_API is not set" in err, (status, out, err))
    for option, word in (("--help", "TEXTLAMBDA_MODEL"), ("--version", "bootstrap ")):
        done = subprocess.run([*COMMAND, option], capture_output=True, text=True, timeout=60, env={})
        check(option, done.returncode == 0 and word in done.stdout, done)
    with RuntimeApi() as api:
        with Process(COMMAND, api.address.replace("127.0.0.1", "localhost"), TEXTLAMBDA_MODEL=MODEL) as process:
            check("localhost", json.loads(api.invoke(event()).body)["label"] == "billing")
            process.stop()


def refusals():
    with RuntimeApi({"refuse": 413}) as api, start(api) as process:
        api.put(event(), "large")
        first, second = api.delivery(), api.delivery()
        check("a response over the limit becomes an error",
              first.path.endswith("/large/response") and second.path.endswith("/large/error")
              and json.loads(second.body)["errorType"] == "Function.ResponseSizeTooLarge", second.path)
        api.quirks.clear()
        check("and work goes on", api.invoke(event()).path.endswith("/response"))
        status, out, _ = process.stop()
        check("the log says so", status == 0 and any("413" in line.get("message", "") for line in lines_of(out)), out)
    with RuntimeApi({"refuse": 400}) as api, start(api) as process:
        api.invoke(event())
        api.quirks.clear()
        check("an answer not taken is no reason to stop", api.invoke(event()).path.endswith("/response"))
        process.stop()


def termination_at_work():
    """SIGTERM between an invocation and its answer: the answer is delivered, then it ends."""
    with RuntimeApi() as api, start(api) as process:
        api.wait_for_next()
        process.child.send_signal(signal.SIGSTOP)
        api.put(event(), "last")
        api.handed_out.acquire(timeout=60)  # now it is in the socket of the process
        process.child.send_signal(signal.SIGTERM)
        process.child.send_signal(signal.SIGCONT)
        done = api.delivery()
        status, _, _ = process.end()
        check("SIGTERM with an invocation at hand", done.path.endswith("/last/response") and status == 0, (done.path, status))


def metrics():
    with RuntimeApi() as api, start(api, TEXTLAMBDA_METRICS_NAMESPACE="Support", TEXTLAMBDA_LOG_LEVEL="off",
                                    TEXTLAMBDA_ABSTAIN_THRESHOLD="0") as process:
        api.invoke(sqs("parcel courier late", "invoice card", "card charged", "   "))
        _, out, _ = process.stop()
    lines = lines_of(out)
    good = len(lines) == 3
    for line in lines:
        for directive in line["_aws"]["CloudWatchMetrics"]:
            good &= directive["Namespace"] == "Support"
            good &= all(isinstance(line[m["Name"]], (int, float)) for m in directive["Metrics"])
            good &= all(isinstance(line[name], str) and line[name] for names in directive["Dimensions"] for name in names)
    first = lines[0]
    good &= (first["Texts"], first["FailedRecords"], first["Errors"], first["FunctionName"]) == (3, 1, 0, "test")
    good &= {line["Label"]: line["Predictions"] for line in lines[1:]} == {"billing": 2, "delivery": 1}
    check("metrics alone, in the embedded format", good, out)


def capture():
    pretty = json.dumps({"text": "card\ncharged", "n": 1.5}, indent=2)
    with RuntimeApi() as api, start(api, TEXTLAMBDA_METRICS="off", TEXTLAMBDA_LOG_LEVEL="warn",
                                    TEXTLAMBDA_CAPTURE="1") as process:
        answer = api.invoke(pretty, "id-1", Lambda_Runtime_Client_Context='{"client":1}')
        api.invoke(event("x" * 300000), "id-2")
        _, out, _ = process.stop()
    lines = lines_of(out)
    line = lines[0]
    check("a captured invocation is a recording",
          line["event"] == json.loads(pretty) and line["response"] == json.loads(answer.body)
          and line["context"]["client_context"] == '{"client":1}' and line["request_id"] == "id-1"
          and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"])
          and set(line) == {"event", "response", "context", "time", "request_id", "model"}, out)
    check("one too large is left out, and said", len(lines) == 2 and lines[1]["level"] == "WARN"
          and lines[1]["message"].startswith("not captured") and lines[1]["requestId"] == "id-2", lines[1:])
    with RuntimeApi() as api, start(api, TEXTLAMBDA_METRICS="off", TEXTLAMBDA_LOG_LEVEL="off",
                                    TEXTLAMBDA_CAPTURE="0.5") as process:
        ids = [f"request-{i}" for i in range(200)]
        for request_id in ids:
            api.invoke(event(), request_id)
        _, out, _ = process.stop()
    captured = [line["request_id"] for line in lines_of(out)]
    # 200 draws of one half: six standard deviations are 42.
    check("a share of the invocations, in order", 58 <= len(captured) <= 142
          and captured == [i for i in ids if i in set(captured)], len(captured))


def lines_of_the_page():
    """What docs/bootstrap.md shows of a log has the members of what is written, in their order."""
    page = (pathlib.Path(__file__).resolve().parents[2] / "docs" / "bootstrap.md").read_text()
    shown = [json.loads(line.replace("{…}", "{}")) for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL)
             for line in block.splitlines()]
    with RuntimeApi() as api, start(api, TEXTLAMBDA_CAPTURE="1") as process:
        api.invoke(sqs("parcel courier late"), Lambda_Runtime_Invoked_Function_Arn="arn:aws:lambda:eu-west-1:1:function:f")
        _, out, _ = process.stop()
    written = [list(line) for line in lines_of(out)]
    wrong = [line for line in shown if list(line) not in written]
    check("the page shows lines as they are", len(shown) > 1 and not wrong, (wrong, written))


def other_settings():
    with RuntimeApi() as api, start(api, TEXTLAMBDA_METRICS="off", TEXTLAMBDA_LOG_TEXT="on", TEXTLAMBDA_LOG_LEVEL="debug",
                                    TEXTLAMBDA_TOPK="3", TEXTLAMBDA_TEXT_POINTERS="/a/b") as process:
        api.invoke(json.dumps({"a": {"b": "card charged"}}))
        api.invoke(event())
        _, out, _ = process.stop()
    log = lines_of(out)
    check("a misspelt setting is warned of", log[0]["level"] == "WARN" and "TEXTLAMBDA_TOPK" in log[0]["message"], out)
    check("texts in the log, once asked for", [line["text"] for line in log if "text" in line][:1] == ["card charged"], out)
    with RuntimeApi() as api, start(api, TEXTLAMBDA_CORS_ORIGIN="https://app.example") as process:
        asked = {"version": "2.0", "headers": {}, "requestContext": {"http": {"method": "POST"}}, "body": "card charged"}
        done = json.loads(api.invoke(json.dumps(asked)).body)
        check("answers for pages of another origin",
              done["headers"].get("access-control-allow-origin") == "https://app.example", done)
        process.stop()
    check("labels at debug", any(line.get("label") == "billing" for line in log), out)


def output_that_is_gone():
    """A log that nobody reads, or a full disk, does not stop the function."""
    # An API each: a request that a finished process left waiting would take the next one's work.
    with RuntimeApi() as api, open("/dev/full", "w") as full:
        child = subprocess.Popen(COMMAND, stdout=full,
                                 env={"AWS_LAMBDA_RUNTIME_API": api.address, "TEXTLAMBDA_MODEL": MODEL})
        good = all(api.invoke(event()).path.endswith("/response") for _ in range(3))
        child.terminate()
        check("/dev/full as log", good and child.wait(60) == 0)
    with RuntimeApi() as api:
        child = subprocess.Popen(COMMAND, stdout=subprocess.PIPE,
                                 env={"AWS_LAMBDA_RUNTIME_API": api.address, "TEXTLAMBDA_MODEL": MODEL})
        child.stdout.close()
        good = all(api.invoke(event()).path.endswith("/response") for _ in range(3))
        child.terminate()
        check("a closed pipe as log", good and child.wait(60) == 0)


def model_that_is_cut():
    """A model that is shortened under a function that runs: a line that names it, not a death by a signal."""
    copy = str(folder / "cut.tlm")
    shutil.copy(MODEL, copy)
    with RuntimeApi() as api, start(api, TEXTLAMBDA_MODEL=copy) as process:
        api.wait_for_next()
        os.truncate(copy, 0)
        api.put(event())
        status, _, err = process.end()
        check("a model that is cut off: one line, status 5", status == 5 and err.count("\n") == 1 and "cut.tlm: was cut off" in err,
              (status, err))


def model_that_is_replaced():
    """Another model takes the place of the one that answers: between invocations, whole, and only if it is good."""
    rows = "".join(json.dumps({"text": f"{words} number {i}", "label": label}) + "\n" for i in range(40)
                   for words, label in (("invoice card charged", "money"), ("parcel courier late", "post")))
    (folder / "other.jsonl").write_text(rows)
    other = str(folder / "other.tlm")
    subprocess.run([TRAIN, folder / "other.jsonl", "-o", other, "--quiet"], check=True, timeout=120)
    current = folder / "current"

    def point_to(target):
        (folder / "next").symlink_to(target)
        (folder / "next").rename(current)

    point_to(MODEL)
    (folder / "damaged.tlm").write_bytes(pathlib.Path(other).read_bytes()[:-1])
    with RuntimeApi() as api, start(api, TEXTLAMBDA_MODEL=str(current), TEXTLAMBDA_MODEL_REFRESH="0",
                                    TEXTLAMBDA_METRICS="off") as process:
        def label():
            return json.loads(api.invoke(event()).body)["label"]

        labels = [label()]
        for target in (other, str(folder / "damaged.tlm"), str(folder / "nowhere.tlm"), MODEL, other):
            point_to(target)
            labels += [label(), label()]
        check("the model that is there is the one that answers", labels == ["billing"] + 6 * ["money"] + 2 * ["billing"] + 2 * ["money"], labels)
        _, out, _ = process.stop()
    log = [line for line in lines_of(out) if "message" in line]
    said = [line["message"] for line in log if "the model is" in line["message"]]
    refused = [line for line in log if line.get("errorType") == "Runtime.InvalidModel"]
    check("each change is in the log", len(said) == 3, out)
    check("a damaged model is refused, once", len(refused) == 1 and refused[0]["level"] == "ERROR"
          and "current" in refused[0]["message"] and "the model before goes on" in refused[0]["message"], refused)
    with RuntimeApi() as api, start(api, TEXTLAMBDA_MODEL=str(current), TEXTLAMBDA_METRICS="off") as process:
        before = json.loads(api.invoke(event()).body)["label"]
        point_to(MODEL)
        check("without being told, no model is looked for", json.loads(api.invoke(event()).body)["label"] == before)
        process.stop()
    point_to(MODEL)
    with RuntimeApi() as api, start(api, TEXTLAMBDA_MODEL=str(current), TEXTLAMBDA_MODEL_REFRESH="0", TEXTLAMBDA_METRICS="off",
                                    AWS_LAMBDA_MAX_CONCURRENCY="4") as process:
        right = 0
        for swap in range(60):
            point_to(other if swap % 2 == 0 else MODEL)
            right += json.loads(api.invoke(event()).body)["label"] in ("money", "billing")
        check("several at a time, sixty models", right == 60, right)
        process.stop()


train()
for part in (invocations, answers_of_other_servers, headers_that_may_be_missing, names_of_hosts, deadlines,
             init_errors, the_api_goes, refusals, termination_at_work, metrics, capture, lines_of_the_page, other_settings, output_that_is_gone,
             model_that_is_cut, model_that_is_replaced):
    try:
        part()
    except Exception as error:  # one part's trouble does not hide the others'
        check(part.__name__, False, repr(error))
print(f"{len(failures)} failed" if failures else "all passed")
scratch.cleanup()
sys.exit(1 if failures else 0)
