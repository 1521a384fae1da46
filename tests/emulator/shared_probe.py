#!/usr/bin/env python3
"""A function that takes AWS_LAMBDA_MAX_CONCURRENCY invocations at a time: {"sleep": S} answers after that long."""
import json
import os
import threading
import time
import urllib.request

BASE = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"


def loop():
    while True:
        with urllib.request.urlopen(BASE + "/next", timeout=600) as response:
            request_id, event = response.headers["Lambda-Runtime-Aws-Request-Id"], json.load(response)
        time.sleep(event.get("sleep", 0))
        answer = {"event": event, "pid": os.getpid(), "thread": threading.get_ident(),
                  "type": os.environ["AWS_LAMBDA_INITIALIZATION_TYPE"]}
        urllib.request.urlopen(BASE + f"/{request_id}/response", json.dumps(answer).encode(), timeout=60).read()


threads = [threading.Thread(target=loop) for _ in range(int(os.environ["AWS_LAMBDA_MAX_CONCURRENCY"]))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
