#!/usr/bin/env python3
"""An external extension: registers, and writes what it is told to the file that EXTENSION_LOG names, a line an event."""
import json
import os
import sys
import urllib.request

BASE = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2020-01-01/extension"


def call(path, body=None, **headers):
    request = urllib.request.Request(BASE + path, body, {k.replace("_", "-"): v for k, v in headers.items()})
    with urllib.request.urlopen(request, timeout=600) as response:
        return response.headers, json.load(response)


headers, about = call("/register", b'{"events":["INVOKE","SHUTDOWN"]}', Lambda_Extension_Name=os.path.basename(sys.argv[0]))
log = open(os.environ["EXTENSION_LOG"], "a", buffering=1)
print(json.dumps({"registered": about}), file=log)
while True:
    _, event = call("/event/next", Lambda_Extension_Identifier=headers["Lambda-Extension-Identifier"])
    print(json.dumps(event), file=log)
    if event["eventType"] == "SHUTDOWN":
        sys.exit(0)
    if os.environ.get("EXTENSION_FAILS"):
        sys.exit(3)
