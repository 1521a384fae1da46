#!/usr/bin/env python3
"""textlambda-emulate against functions that do all that functions do: emulate_test.py EMULATE BOOTSTRAP MODEL

Python's standard library alone. What the real aws CLI and boto3 say of it is in tests/clients/emulate.
"""
import base64
import concurrent.futures
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import zipfile

from running import BOOTSTRAP, EMULATE, MODEL, PROBE, Emulator, check, folder, probe, run_parts


def is_alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def gone(pids, seconds=5):
    until = time.monotonic() + seconds
    while any(map(is_alive, pids)) and time.monotonic() < until:
        time.sleep(0.02)
    return not any(map(is_alive, pids))


def the_wire():
    with probe("--env", "MINE=yes") as emulator:
        status, headers, body = emulator.invoke({"a": "é"}, X_Amz_Client_Context=base64.b64encode(b'{"client":1}').decode())
        answer = json.loads(body)
        given = {k.lower(): v for k, v in answer["headers"].items()}
        check("an event and its answer", status == 200 and answer["event"] == {"a": "é"} and headers["x-amz-executed-version"] == "$LATEST"
              and "x-amz-function-error" not in headers, body)
        request_id = headers["x-amzn-requestid"]
        check("the headers of next", given["lambda-runtime-aws-request-id"] == request_id
              and re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", request_id)
              and given["lambda-runtime-invoked-function-arn"] == "arn:aws:lambda:us-east-1:012345678912:function:probe"
              and 0 < int(given["lambda-runtime-deadline-ms"]) / 1000 - time.time() <= 20
              and given["lambda-runtime-client-context"] == '{"client":1}' and given["content-type"] == "application/json"
              and given["lambda-runtime-trace-id"].startswith("Root=1-"), given)
        there = answer["environment"]
        check("the environment", there["AWS_LAMBDA_FUNCTION_NAME"] == "probe" and there["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "128"
              and there["MINE"] == "yes" and there["TZ"] == ":UTC" and "AWS_EXECUTION_ENV" not in there
              and there["LAMBDA_TASK_ROOT"] == str(pathlib.Path(PROBE).parent), there)
        warm = json.loads(emulator.invoke("")[2])
        check("no body is an empty object, and the same process", warm["event"] == {} and warm["count"] == 2 and warm["pid"] == answer["pid"], warm)
        arn = "arn:aws:lambda:us-east-1:012345678912:function:probe"
        names = ["probe", "probe:$LATEST", "012345678912:function:probe", arn, arn + ":$LATEST"]
        check("the names of a function", all(emulator.invoke({}, name)[0] == 200 for name in names)
              and emulator.invoke({}, query="?Qualifier=%24LATEST")[0] == 200)
        for what, got, wanted in (
                ("no such function", emulator.invoke({}, "other"), (404, "ResourceNotFoundException")),
                ("no such version", emulator.invoke({}, "probe:7"), (404, "ResourceNotFoundException")),
                ("two qualifiers", emulator.invoke({}, "probe:1", "?Qualifier=2"), (400, "InvalidParameterValueException")),
                ("no JSON", emulator.invoke("{bad"), (400, "InvalidRequestContentException")),
                ("no invocation type", emulator.invoke({}, X_Amz_Invocation_Type="Later"), (400, "InvalidParameterValueException")),
                ("no client context", emulator.invoke({}, X_Amz_Client_Context="%%%"), (400, "InvalidRequestContentException")),
                ("too large an event", emulator.invoke('"' + "x" * 6291456 + '"'), (413, "RequestEntityTooLargeException")),
                ("too large a one for later", emulator.invoke('"' + "x" * 1048576 + '"', X_Amz_Invocation_Type="Event"),
                 (413, "RequestEntityTooLargeException")),
                ("what is not built", emulator.request("GET", "/2018-10-31/layers"), (501, "NotImplementedException"))):
            check(what, (got[0], got[1].get("x-amzn-errortype")) == wanted and json.loads(got[2])["Type"] == ("User" if got[0] < 500 else "Service"), got)
        missing = json.loads(emulator.invoke({}, "other")[2])
        check("in Lambda's words", missing["Message"] == "Function not found: arn:aws:lambda:us-east-1:012345678912:function:other", missing)
        # The answer holds the event and more, so that it is too large where the event is just not.
        check("the largest event", json.loads(emulator.invoke('"' + "x" * 6291454 + '"')[2])["errorType"] == "Function.ResponseSizeTooLarge")
        check("a dry run", emulator.invoke({}, X_Amz_Invocation_Type="DryRun")[::2] == (204, b""))
        listed = json.loads(emulator.request("GET", "/2015-03-31/functions/")[2])["Functions"]
        one = json.loads(emulator.request("GET", "/2015-03-31/functions/probe")[2])["Configuration"]
        check("functions are listed", [f["FunctionName"] for f in listed] == ["probe"] and one["State"] == "Active" and one["Timeout"] == 20, listed)


def zips():
    packed = folder / "p.zip"
    def pack(*entries):
        with zipfile.ZipFile(packed, "w") as made:
            for name, mode, content in entries:
                info = zipfile.ZipInfo(name)
                info.external_attr = (0o100000 | mode) << 16
                made.writestr(info, content)
    pack(("bootstrap", 0o755, pathlib.Path(PROBE).read_bytes()), ("lib/data.txt", 0o644, "x"))
    with Emulator("--function", f"zip={packed}") as emulator:
        root = json.loads(emulator.invoke({}, "zip")[2])["environment"]["LAMBDA_TASK_ROOT"]
        check("a zip is unpacked", (pathlib.Path(root) / "lib/data.txt").read_text() == "x", root)
    check("and goes with it", not pathlib.Path(root).exists(), root)
    refused = lambda: subprocess.run([EMULATE, "--function", f"zip={packed}", "--port", "0"], capture_output=True, text=True, timeout=30)
    for what, entries, word in (("a way out", [("../out", 0o644, "x")], "leads out of it"), ("an absolute name", [("/tmp/out", 0o644, "x")], "leads out of it"),
                                ("no bootstrap", [("other", 0o755, "x")], "has no file named bootstrap"),
                                ("a bootstrap that is no program", [("bootstrap", 0o644, "x")], "is not executable")):
        pack(*entries)
        done = refused()
        check(f"a zip with {what}", done.returncode == 5 and f"{packed}: " in done.stderr and word in done.stderr and done.stderr.count("\n") == 1, done)


def later():
    with probe("--time-scale", "0.001") as emulator:
        mark = folder / "later"
        status, headers, body = emulator.invoke({"do": "fork", "file": str(mark)}, X_Amz_Invocation_Type="Event")
        until = time.monotonic() + 10
        while not mark.exists() and time.monotonic() < until:
            time.sleep(0.02)
        check("an event for later: 202, no body, and it runs", status == 202 and body == b"" and mark.exists(), (status, body))
        emulator.invoke({"do": "error"}, X_Amz_Invocation_Type="Event")
        while "given up after 3 attempts" not in emulator.log() and time.monotonic() < until:
            time.sleep(0.02)
        check("an error is tried twice more", "given up after 3 attempts" in emulator.log(), emulator.log()[-1500:])


def errors():
    with probe() as emulator:
        def error(event, *wanted):
            status, headers, body = emulator.invoke(event)
            told = json.loads(body)
            message = told["errorMessage"].replace(headers["x-amzn-requestid"], "X")
            return (status, headers.get("x-amz-function-error"), told["errorType"], message) == (200, "Unhandled", *wanted), body
        status, headers, body = emulator.invoke({"do": "error"})
        check("a function's error, byte for byte", body == b'{"errorMessage":"told","errorType":"Told","trace":["as","is"]}'
              and headers["x-amz-function-error"] == "Unhandled", body)
        check("an exit", *error({"do": "crash"}, "Runtime.ExitError", "RequestId: X Error: Runtime exited with error: exit status 3"))
        check("a quiet exit", *error({"do": "crash", "status": 0}, "Runtime.ExitError",
                                     "RequestId: X Error: Runtime exited without providing a reason"))
        check("a signal", *error({"do": "kill"}, "Runtime.ExitError",
                                 "RequestId: X Error: Runtime exited with error: signal: segmentation fault"))
        check("too much memory", *error({"do": "memory"}, "Runtime.ExitError", "RequestId: X Error: Runtime exited with error: signal: killed"))
        check("too large an answer", *error({"do": "large", "bytes": 6291556}, "Function.ResponseSizeTooLarge",
                                            "Response payload size exceeded maximum allowed payload size (6291556 bytes)."))
        check("the largest answer", len(emulator.invoke({"do": "large", "bytes": 6291554})[2]) == 6291556)
        check("and work goes on, in a new process", json.loads(emulator.invoke({})[2])["count"] >= 1)
        order = json.loads(emulator.invoke({"do": "other_id"})[2])
        check("an answer to nobody", order["other"] == [400], order)
        check("next before the answer", json.loads(emulator.invoke({"do": "next"})[2])["next"] == 403)
        emulator.invoke({"do": "twice"})
        emulator.invoke({})
        check("an answer twice", 'again 403' in emulator.log() and "InvalidStateTransition" in emulator.log(), emulator.log()[-600:])
    for init, kind, word in (("error", "Model.Missing", "no weights"), ("exit", "Runtime.ExitError", "exit status 7")):
        with probe(INIT=init) as emulator:
            status, headers, body = emulator.invoke({})
            again = emulator.invoke({})[2]
            check(f"init: {init}", status == 200 and headers["x-amz-function-error"] == "Unhandled" and json.loads(body)["errorType"] == kind
                  and word in json.loads(body)["errorMessage"] and json.loads(again)["errorType"] == kind, body)


def farewells():
    """A process that ends behind its answer has never had the next call, which a new one takes."""
    with probe("--concurrency", "1") as emulator:
        for seconds in (0, 0.2):
            first = emulator.invoke({"do": "leave", "seconds": seconds, "n": 1})
            second = emulator.invoke({"n": 2}, X_Amz_Log_Type="Tail")
            answer = json.loads(second[2])
            log = base64.b64decode(second[1]["x-amz-log-result"]).decode()
            check(f"answered before it left, and the next is cold ({seconds} s)", json.loads(first[2])["event"]["n"] == 1
                  and answer["event"] == {"n": 2} and answer["count"] == 1 and log.count("START ") == 1 and "Init Duration" in log,
                  (first, second))
            check("and warm then", json.loads(emulator.invoke({})[2])["count"] == 2)


def times():
    with probe(timeout="0.5") as emulator:
        first = json.loads(emulator.invoke({})[2])
        mark = folder / "grandchild"
        began = time.monotonic()
        status, headers, body = emulator.invoke({"do": "fork", "file": str(mark), "then": "hang"}, X_Amz_Log_Type="Tail")
        told = json.loads(body)
        check("a timeout", told == {"errorType": "Sandbox.Timedout",
                                    "errorMessage": f"RequestId: {headers['x-amzn-requestid']} Error: Task timed out after 0.50 seconds"}
              and time.monotonic() - began < 5, body)
        check("all that it started is gone", gone([first["pid"], int(mark.read_text())]))
        tail = base64.b64decode(headers["x-amz-log-result"]).decode()
        check("the log says so", tail.endswith("\tStatus: timeout\n") and "REPORT RequestId: " in tail, tail)
        after = json.loads(emulator.invoke({})[2])
        check("the next is cold", after["count"] == 1 and after["pid"] != first["pid"], after)


def logs():
    with probe() as emulator:
        cold = base64.b64decode(emulator.invoke({"do": "print", "bytes": 10}, X_Amz_Log_Type="Tail")[1]["x-amz-log-result"]).decode()
        check("START, what it says, END, REPORT", re.fullmatch(
            r"START RequestId: (\S+) Version: \$LATEST\np{10}\nlast words\nEND RequestId: \1\nREPORT RequestId: \1\tDuration: [\d.]+ ms\t"
            r"Billed Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms\n", cold), cold)
        billed, duration, init = (float(re.search(rf"\t{what}: ([\d.]+)", cold).group(1)) for what in ("Billed Duration", "Duration", "Init Duration"))
        check("init is billed", billed - 1.02 <= duration + init <= billed + 0.02, cold)
        warm = base64.b64decode(emulator.invoke({"do": "print", "bytes": 200000}, X_Amz_Log_Type="Tail")[1]["x-amz-log-result"]).decode()
        check("the last 4 KB", len(warm) == 4096 and "last words" in warm and "Init Duration" not in warm, len(warm))


def many():
    with probe("--concurrency", "1") as emulator, concurrent.futures.ThreadPoolExecutor(4) as pool:
        slow = pool.submit(emulator.invoke, {"do": "sleep", "seconds": 1})
        time.sleep(0.4)
        status, headers, body = emulator.invoke({})
        check("a second call of one that may run once: 429", (status, headers["x-amzn-errortype"]) == (429, "TooManyRequestsException")
              and json.loads(body) == {"Reason": "ReservedFunctionConcurrentInvocationLimitExceeded", "Type": "User", "message": "Rate Exceeded."}, body)
        check("the first is answered", slow.result()[0] == 200)
    with Emulator("--function", f"classify={BOOTSTRAP}", "--function", f"probe={PROBE}", "--model", MODEL, "--concurrency", "8", "-q",
                  "--timeout", "20") as emulator:
        emulator.invoke({"text": "my invoice"}, "classify")
        descriptors = lambda: len(os.listdir(f"/proc/{emulator.child.pid}/fd"))

        def client(number):
            good = 0
            connection = http.client.HTTPConnection(*emulator.address.split(":"), timeout=60)
            for i in range(60):
                while True:
                    connection.request("POST", "/2015-03-31/functions/probe/invocations", json.dumps({"client": number, "i": i}))
                    response = connection.getresponse()
                    body = response.read()
                    if response.status != 429:
                        break
                    time.sleep(0.002)
                good += json.loads(body)["event"] == {"client": number, "i": i}
            connection.close()
            return good

        with concurrent.futures.ThreadPoolExecutor(32) as pool:
            answered = list(pool.map(client, range(32)))
        before = descriptors()
        with concurrent.futures.ThreadPoolExecutor(32) as pool:
            answered += list(pool.map(client, range(32)))
        time.sleep(0.2)
        check("32 clients, 8 environments, each its own answer", answered == [60] * 64, answered)
        check("no descriptor is left", abs(descriptors() - before) <= 2, (before, descriptors()))


def shared():
    """Several invocations at a time in one environment."""
    with Emulator("--function", f"shared={PROBE.replace('probe.py', 'shared_probe.py')}", "--concurrency", "1", "--max-concurrency", "4",
                  "--timeout", "20") as emulator, concurrent.futures.ThreadPoolExecutor(5) as pool:
        emulator.invoke({}, "shared")
        began = time.monotonic()
        slow = [pool.submit(emulator.invoke, {"sleep": 1 + i / 10}, "shared") for i in range(4)]
        time.sleep(0.4)
        fifth = emulator.invoke({}, "shared")
        answers = [json.loads(one.result()[2]) for one in slow]
        took = time.monotonic() - began
        check("four at a time in one process, each its own", [a["event"]["sleep"] for a in answers] == [1, 1.1, 1.2, 1.3]
              and len({a["pid"] for a in answers}) == 1 and len({a["thread"] for a in answers}) == 4 and took < 2.5
              and answers[0]["type"] == "lambda-managed-instances", (took, answers))
        check("and no fifth", fifth[0] == 429, fifth)
    with Emulator("--function", f"classify={BOOTSTRAP}", "--model", MODEL, "--concurrency", "1", "--max-concurrency", "8",
                  "--timeout", "20") as emulator, concurrent.futures.ThreadPoolExecutor(8) as pool:
        texts = ["my invoice is wrong", "where is my parcel"] * 200
        labels = [json.loads(body).get("label") for _, _, body in pool.map(lambda text: emulator.invoke({"text": text}, "classify"), texts)]
        check("our bootstrap takes eight at a time", labels == ["billing", "delivery"] * 200, labels[:10])
        emulator.child.terminate()
        check("and ends all of them", emulator.child.wait(20) == 0 and "in 1 environment" in emulator.log() and "ApiFailure" not in emulator.log(), emulator.log()[-300:])


def tenants():
    with probe("--concurrency", "4") as emulator:
        answers = [(json.loads(body), headers) for _, headers, body in
                   (emulator.invoke({}, X_Amz_Tenant_Id=tenant) for tenant in ("a", "b", "a", "b"))]
        check("each tenant an environment", answers[0][0]["pid"] == answers[2][0]["pid"] != answers[1][0]["pid"] == answers[3][0]["pid"]
              and answers[1][0]["headers"]["Lambda-Runtime-Aws-Tenant-Id"] == "b" and answers[1][1]["x-amz-tenant-id"] == "b", answers)
        check("and nobody's is another", json.loads(emulator.invoke({})[2])["pid"] not in {a["pid"] for a, _ in answers})


def when_free(emulator, event, name):
    """An invocation of the one environment, as soon as it takes one: what is left to do after an answer keeps it."""
    until = time.monotonic() + 20
    while (answer := emulator.invoke(event, name))[0] == 429 and time.monotonic() < until:
        time.sleep(0.02)
    return answer


def lines_of(path, count):
    """The lines of a file, once there are so many."""
    until = time.monotonic() + 20
    while len(lines := path.read_text().splitlines()) < count and time.monotonic() < until:
        time.sleep(0.02)
    return lines


def extensions():
    packed = folder / "extended.zip"
    with zipfile.ZipFile(packed, "w") as made:
        for name, source in (("bootstrap", PROBE), ("extensions/watcher", PROBE.replace("probe.py", "extension.py"))):
            info = zipfile.ZipInfo(name)
            info.external_attr = (0o100000 | 0o755) << 16
            made.writestr(info, pathlib.Path(source).read_bytes())
    log = folder / "extension.log"
    with Emulator("--function", f"f={packed}", "--env", f"EXTENSION_LOG={log}", "--timeout", "20", "--concurrency", "1") as emulator:
        status, headers, body = emulator.invoke({"a": 1}, "f")
        first = json.loads(body)
        again = json.loads(when_free(emulator, {"a": 2}, "f")[2])
        lines = [json.loads(line) for line in lines_of(log, 3)]
        check("an extension registers and hears of invocations", lines[0]["registered"]["functionName"] == "f"
              and [line["eventType"] for line in lines[1:]] == ["INVOKE", "INVOKE"] and lines[1]["requestId"] == headers["x-amzn-requestid"]
              and first["pid"] == again["pid"], lines)
        emulator.child.terminate()
        emulator.child.wait(20)
        last = json.loads(log.read_text().splitlines()[-1])
        check("and of the end", last["eventType"] == "SHUTDOWN" and last["shutdownReason"] == "spindown", last)
    with Emulator("--function", f"f={packed}", "--env", f"EXTENSION_LOG={log}", "--env", "EXTENSION_FAILS=1", "--timeout", "20") as emulator:
        body = json.loads(emulator.invoke({"do": "sleep", "seconds": 3}, "f")[2])
        check("an extension that ends takes the function with it", body["errorType"] == "Extension.Crash", body)
        check("and the next is cold", json.loads(emulator.invoke({"do": "sleep", "seconds": 0}, "f")[2]).get("count", 1) == 1)
    # An internal one, from within the function's process, hears of invocations too.
    internal = folder / "internal"
    internal.write_text(f'''#!/usr/bin/env python3
import json, os, threading, urllib.request
host = os.environ["AWS_LAMBDA_RUNTIME_API"]
def call(path, body=None, **headers):
    request = urllib.request.Request(f"http://{{host}}{{path}}", body, {{k.replace("_", "-"): v for k, v in headers.items()}})
    with urllib.request.urlopen(request, timeout=600) as response:
        return response.headers, json.load(response)
heard = []
headers, _ = call("/2020-01-01/extension/register", b\'{{"events":["INVOKE"]}}\', Lambda_Extension_Name="inner")
def listen():
    while True:
        heard.append(call("/2020-01-01/extension/event/next", Lambda_Extension_Identifier=headers["Lambda-Extension-Identifier"])[1]["requestId"])
threading.Thread(target=listen, daemon=True).start()
while True:
    given, event = call("/2018-06-01/runtime/invocation/next")
    name = given["Lambda-Runtime-Aws-Request-Id"]
    while name not in heard:
        pass
    call(f"/2018-06-01/runtime/invocation/{{name}}/response", json.dumps(len(heard)).encode())
''')
    internal.chmod(0o755)
    with Emulator("--function", f"f={internal}", "--timeout", "20", "--concurrency", "1") as emulator:
        answers = [when_free(emulator, {}, "f") for _ in range(3)]
        check("an internal extension", [body for _, _, body in answers] == [b"1", b"2", b"3"], (answers, emulator.log()))


def behind_http():
    for host in ("127.0.0.1", "[::1]"):
        if "::1" in host and not socket.has_dualstack_ipv6():
            continue
        with probe("--http", host + ":0") as emulator:
            address = dict(line.split() for line in emulator.ready.read_text().splitlines())["http"]
            check(f"--http {host}", address.startswith(host + ":"), address)
            for sent in ({}, {"X-Amzn-Trace-Id": "Root=1-5c536348-3d683b8b04734faae651f476"}):
                connection = http.client.HTTPConnection(address, timeout=20)
                connection.request("GET", "/", headers=sent)
                response = connection.getresponse()
                answer = json.loads(response.read())
                event, given = answer["event"], {k.lower(): v for k, v in answer["headers"].items()}
                trace = event["headers"]["x-amzn-trace-id"]
                check("the event's trace is the runtime's and the answer's", trace.startswith("Root=1-")
                      and given["lambda-runtime-trace-id"].startswith(trace + ";Parent=")
                      and response.getheader("X-Amzn-Trace-Id") == trace == sent.get("X-Amzn-Trace-Id", trace), (given, event))
                check("and so is the id", event["requestContext"]["requestId"] == given["lambda-runtime-aws-request-id"]
                      == response.getheader("x-amzn-RequestId"), event)


def idle():
    with probe("--idle", "0.3") as emulator:
        first = json.loads(emulator.invoke({})[2])
        check("an idle environment ends", gone([first["pid"]]))
        check("and the next is cold", json.loads(emulator.invoke({})[2])["count"] == 1)


def watched():
    program = folder / "watched"
    text = pathlib.Path(PROBE).read_text()
    program.write_text(text)
    program.chmod(0o755)
    with Emulator("--function", f"f={program}", "--watch", "--timeout", "20") as emulator:
        first = json.loads(emulator.invoke({}, "f")[2])
        with open(program, "w") as slow:  # in two pieces: half a program is not started
            slow.write(text[:300])
            slow.flush()
            time.sleep(0.1)
            slow.write(text[300:].replace('"count": count', '"count": -count'))
        until = time.monotonic() + 10
        while "has changed" not in emulator.log() and time.monotonic() < until:
            time.sleep(0.05)
        second = json.loads(emulator.invoke({}, "f")[2])
        check("a program that changes", first["count"] == 1 and second["count"] == -1 and gone([first["pid"]]), (second, emulator.log()[-500:]))


def the_end():
    for number, name in ((signal.SIGTERM, "SIGTERM"), (signal.SIGKILL, "SIGKILL")):
        with probe() as emulator:
            mark = folder / f"left{name}"
            pid = json.loads(emulator.invoke({"do": "fork", "file": str(mark)})[2])["pid"]
            emulator.child.send_signal(number)
            status = emulator.child.wait(20)
            check(f"nobody outlives it, {name}", gone([pid, int(mark.read_text())]) and (status == 0 or number == signal.SIGKILL), status)


def refusals():
    done = lambda *arguments: subprocess.run([EMULATE, *arguments], capture_output=True, text=True, timeout=30)
    plain = folder / "plain"
    plain.write_text("x")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for what, result, status, word in (
                ("a port that is taken", done("--function", f"a={PROBE}", "--port", port), 5, f"127.0.0.1:{port}: is taken"),
                ("no such program", done("--function", "a=none"), 5, "none: there is no such program"),
                ("a folder", done("--function", f"a={folder}"), 5, "is a folder"),
                ("not executable", done("--function", f"a={plain}"), 5, "is not executable"),
                ("no name", done("--function", PROBE), 2, "expected NAME=VALUE"),
                ("two of one name", done("--function", f"a={PROBE}", "--function", f"a={PROBE}"), 2, "two functions are named a"),
                ("a name with blanks", done("--function", f"a b={PROBE}"), 2, "is no name of a function"),
                ("too little memory", done("--function", f"a={PROBE}", "--memory", "64"), 2, "expected 128 to 10240"),
                ("no address", done("--function", f"a={PROBE}", "--host", "localhost"), 2, "expected an IP address")):
            check(what, result.returncode == status and word in result.stderr and result.stderr.count("\n") == 1, result)
    plain.chmod(0o755)
    plain.write_bytes(b"\x7fELF" + b"\0" * 60)
    with Emulator("--function", f"a={plain}") as emulator:
        body = json.loads(emulator.invoke({}, "a")[2])
        check("a program for another machine", body["errorType"] == "Runtime.InvalidEntrypoint" and "Exec format error" in body["errorMessage"], body)


run_parts(the_wire, zips, later, errors, farewells, times, logs, many, shared, tenants, extensions, behind_http, idle, watched, the_end, refusals)
