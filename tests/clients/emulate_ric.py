"""What functions of AWS's runtime client for Node.js answer through boto3: emulate_ric.py URL"""
import base64
import concurrent.futures
import http.client
import json
import os
import re
import sys
import tempfile
import urllib.parse

import boto3
import botocore.config

client = boto3.client("lambda", endpoint_url=sys.argv[1],
                      config=botocore.config.Config(retries={"max_attempts": 0}, read_timeout=60, max_pool_connections=20))


def check(name, good, detail=""):
    print(f"{'ok  ' if good else 'FAIL'} {name}", flush=True)
    if not good:
        print(f"     {detail!r}"[:3000])
        sys.exit(1)


def invoke(function, event, **arguments):
    """The answer, whether it is an error, and the log."""
    response = client.invoke(FunctionName=function, Payload=json.dumps(event).encode(), LogType="Tail", **arguments)
    log = base64.b64decode(response["LogResult"]).decode()
    return json.load(response["Payload"]), response.get("FunctionError"), log


def error_of(function, event):
    answer, error, _ = invoke(function, event)
    return answer.get("errorType") if error == "Unhandled" and isinstance(answer, dict) else (answer, error)


first, error, log = invoke("index_echo", {"a": "ä€😀\n"}, ClientContext=base64.b64encode(b'{"custom":{"a":1}}').decode())
context = first["context"]
check("an answer", error is None and first["event"] == {"a": "ä€😀\n"} and 0 < first["remaining"] <= 4000, first)
check("the context", context["functionName"] == "index_echo" and context["memoryLimitInMB"] == "512"
      and context["functionVersion"] == "$LATEST" and context["clientContext"] == {"custom": {"a": 1}}
      and context["invokedFunctionArn"].endswith(":function:index_echo")
      and context["logGroupName"] == "/aws/lambda/index_echo", context)
identifier = context["awsRequestId"]
check("the log", log.startswith(f"START RequestId: {identifier} Version: $LATEST\n")
      and re.search(rf"\n\S+Z\t{identifier}\tINFO\tsaid {{ a: .*\n\S+Z\t{identifier}\tERROR\tand\rwarned\n"
                    rf"END RequestId: {identifier}\nREPORT RequestId: {identifier}\t.*Init Duration: ", log), log)
second, _, log = invoke("index_echo", {})
check("a warm one", second["calls"] == 2 and "Init Duration" not in log, (second, log))
check("nothing is null", invoke("index_echo", {"nothing": 1})[:2] == (None, None))
check("5 MB", len(invoke("index_echo", {"bytes": 5_000_000})[0]) == 5_000_000)
check("5 MB of event", len(invoke("index_echo", {"filler": "y" * 5_000_000})[0]["event"]["filler"]) == 5_000_000)
thrown, error, log = invoke("index_echo", {"throws": "no such thing"})
check("a thrown error", error == "Unhandled" and list(thrown) == ["errorType", "errorMessage", "trace"]
      and thrown["errorType"] == "TypeError" and thrown["errorMessage"] == "no such thing"
      and re.match(r"    at .*index\.js:\d+", thrown["trace"][1]) and "\tERROR\tInvoke Error \t{" in log, (thrown, log))
check("a rejected promise", error_of("index_echo", {"rejects": "too far"}) == "RangeError")
check("a rejection that is no error", invoke("index_echo", {"text": "plain"})[0]
      == {"errorType": "string", "errorMessage": "plain", "trace": []})
check("still warm after errors", invoke("index_echo", {})[0]["calls"] > 5)
check("an error that nobody catches", error_of("index_echo", {"later": "thrown later"}) == "Error")
after, _, log = invoke("index_echo", {})
check("the next one is cold", after["calls"] == 1 and "Init Duration" in log, log)
check("a rejection that nobody handles", error_of("index_echo", {"forgotten": "nobody", "never": 1})
      == "Runtime.UnhandledPromiseRejection")
exited = invoke("index_echo", {"exit": 5})
check("an exit", exited[0]["errorType"] == "Runtime.ExitError" and exited[0]["errorMessage"].endswith("exit status 5"), exited)
late, error, log = invoke("index_echo", {"never": 1})
check("a timeout", late["errorType"] == "Sandbox.Timedout" and "\tStatus: timeout" in log, (late, log))
check("too much", error_of("index_echo", {"bytes": 6_291_556}) == "Function.ResponseSizeTooLarge")
check("a callback", invoke("index_callback", {"b": 2})[:2] == ({"event": {"b": 2}}, None))
check("a callback's error", error_of("index_callback", {"fails": "told so"}) == "Error")

for function, wanted in (("broken_handler", "Runtime.UserCodeSyntaxError"), ("throwing_handler", "ReferenceError"),
                         ("index_missing", "Runtime.HandlerNotFound"), ("nowhere_handler", "Runtime.ImportModuleError")):
    answer, error, log = invoke(function, {})
    check(f"an error of the initialisation: {wanted}", error == "Unhandled" and answer["errorType"] == wanted and answer["trace"]
          and "Init Duration" in log, (answer, log))
    check("and again", error_of(function, {}) == wanted)

with concurrent.futures.ThreadPoolExecutor(5) as pool:
    for _ in range(3):
        answers = list(pool.map(lambda n: invoke("together", {"together": 5, "n": n}), range(5)))
        check("five at a time in one environment", len({a["pid"] for a, _, _ in answers}) == 1
              and [a["event"]["n"] for a, _, _ in answers] == list(range(5)), answers)
    # One loop an environment: each has its own.
    answers = list(pool.map(lambda n: invoke("alone", {"together": 1, "n": n}), range(2)))
    check("two environments", len({a["pid"] for a, _, _ in answers}) == 2, answers)

# Streamed answers, over a function URL: Debian's boto3 knows neither of its mode nor of InvokeWithResponseStream.
connection = http.client.HTTPConnection(urllib.parse.urlsplit(sys.argv[1]).netloc)
connection.request("POST", "/2021-10-31/functions/index_streamed/url", '{"AuthType":"NONE","InvokeMode":"RESPONSE_STREAM"}')
url = json.load(connection.getresponse())["FunctionUrl"]


def opened(event):
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=30)
    connection.request("POST", "/", json.dumps(event), {"Content-Type": "application/json"})
    return connection.getresponse()


with tempfile.TemporaryDirectory() as folder:
    gate = os.path.join(folder, "gate")
    response = opened({"http": {"statusCode": 202, "headers": {"X-Mine": "yes", "Content-Type": "text/plain"}}, "file": gate})
    first = response.read1(100)
    check("streamed: status, headers and the first chunk before the second is sent", response.status == 202
          and response.getheader("X-Mine") == "yes" and response.getheader("Content-Type") == "text/plain" and first == b"first ",
          (response.getheaders(), first))
    open(gate, "w").close()
    check("streamed: the rest", response.read() == b"second")
check("streamed: without metadata", (lambda r: (r.getheader("Content-Type"), r.read()))(opened({"type": "text/csv"}))
      == ("text/csv", b"first second"))
check("streamed: 20 MB", len(opened({"bytes": 20 << 20}).read()) == (20 << 20) + len("first second"))
try:
    broken = opened({"throws": "midway"}).read()
    check("streamed: an error midway breaks it off", False, broken)
except http.client.IncompleteRead as error:
    check("streamed: an error midway breaks it off", error.partial == b"first ", error.partial)
answer = client.invoke(FunctionName="index_streamed", Payload=json.dumps({"body": "{\"bytes\": 65536}"}).encode())
whole = answer["Payload"].read()
check("streamed: whole over Invoke", "FunctionError" not in answer and whole == b"first " + b"s" * 65536 + b"second", whole[-200:])
answer, error, log = invoke("index_streamed", {"body": "{\"throws\": \"midway\"}"})
check("streamed: an error over Invoke", error == "Unhandled" and answer["errorType"] == "TypeError"
      and answer["errorMessage"] == "midway" and answer["trace"], (answer, log))
