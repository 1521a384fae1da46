#!/usr/bin/env python3
"""A function that does what its event says, good or bad, over the Runtime API alone.

{"do": "echo" …}: the event and the headers it came with. Others: error, crash, exit, kill, hang, fork, memory, print,
large, twice, other_id, next, leave. INIT says what it does before it asks for the first event.
"""
import http.client
import json
import os
import signal
import subprocess
import sys
import time

host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
connection = http.client.HTTPConnection(host, int(port))
BASE = "/2018-06-01/runtime"


def call(method, path, body=None):
    connection.request(method, BASE + path, body)
    response = connection.getresponse()
    return response.status, dict(response.getheaders()), response.read()


init = os.environ.get("INIT", "")
if init == "error":
    call("POST", "/init/error", json.dumps({"errorMessage": "no weights", "errorType": "Model.Missing", "trace": []}))
    sys.exit(1)
if init == "exit":
    sys.exit(7)
if init == "hang":
    time.sleep(600)
count = 0
while True:
    _, headers, body = call("GET", "/invocation/next")
    request_id = headers["Lambda-Runtime-Aws-Request-Id"]
    event = json.loads(body)
    what = event.get("do", "echo") if isinstance(event, dict) else "echo"
    count += 1
    answer = {"event": event, "count": count, "headers": headers, "pid": os.getpid(),
              "environment": {k: v for k, v in os.environ.items() if k.startswith(("AWS_", "_HANDLER", "LAMBDA_", "MINE", "TZ"))}}
    if what == "error":
        call("POST", f"/invocation/{request_id}/error", '{"errorMessage":"told","errorType":"Told","trace":["as","is"]}')
        continue
    if what == "crash":
        sys.exit(event.get("status", 3))
    if what == "kill":
        os.kill(os.getpid(), signal.SIGSEGV)
    if what == "hang":
        time.sleep(600)
    if what == "fork":  # a grandchild of its own session, which nobody waits for
        child = subprocess.Popen(["setsid", "sh", "-c", "sleep 600 & echo $! > " + event["file"] + "; exec sleep 600"])
        time.sleep(0.3)
        if event.get("then") == "hang":
            time.sleep(600)
    if what == "memory":
        held = []
        while True:
            held.append(b"x" * (8 << 20))
    if what == "print":
        for start in range(0, event["bytes"], 1 << 16):  # in pieces: the whole of it may be more than the function's memory
            sys.stdout.write("p" * min(1 << 16, event["bytes"] - start))
        print("\nlast words", flush=True)
    if what == "sleep":
        time.sleep(event["seconds"])
    if what == "large":
        answer = "x" * event["bytes"]
    if what == "next":
        answer["next"] = call("GET", "/invocation/next")[0]
    if what == "other_id":
        answer["other"] = [call("POST", "/invocation/00000000-0000-4000-8000-000000000000/response", "1")[0]]
    status = call("POST", f"/invocation/{request_id}/response", json.dumps(answer))[0]
    if what == "twice":
        again = call("POST", f"/invocation/{request_id}/response", '"again"')
        print("again", again[0], again[2].decode(), flush=True)
    if status == 413:
        print("refused 413", flush=True)
    if what == "leave":
        time.sleep(event.get("seconds", 0))
        sys.exit(4)
