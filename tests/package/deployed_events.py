#!/usr/bin/env python3
"""From training to an answer, as Lambda would do it: a model is trained and packed, the zip unpacked, its bootstrap
started against a Runtime API that hands out every event of data/events, and each answer compared with what
textlambda-replay says beforehand that it will be.

Usage: deployed_events.py FOLDER_OF_THE_COMMANDS ROOT_OF_THE_PROJECT
"""
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import zipfile

BIN, ROOT = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
EVENTS = sorted(path for path in (ROOT / "data" / "events").glob("*/*.json") if ".expected" not in path.name)
VERSION = "/2018-06-01/runtime/invocation/"
failures = []


def check(name, good, detail=""):
    if not good:
        failures.append(name)
        print(f"FAIL {name}: {str(detail)[:1000]}")


class RuntimeApi(http.server.ThreadingHTTPServer):
    """Hands out the events in order, once each, and then lets the function wait."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.given = 0
        self.answers = {}
        self.finished = threading.Event()
        self.daemon_threads = True


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def send(self, status, body, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        server = self.server
        if self.path != VERSION + "next" or server.given >= len(EVENTS):
            check("request", self.path == VERSION + "next", self.path)
            server.finished.set()
            threading.Event().wait(30)  # there is no more work
            return
        index, server.given = server.given, server.given + 1
        self.send(200, EVENTS[index].read_bytes(), [
            ("Lambda-Runtime-Aws-Request-Id", f"8476a536-e9f4-11e8-9739-{index:012d}"),
            ("Lambda-Runtime-Deadline-Ms", "4102444800000"),
            ("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-central-1:123456789012:function:tickets"),
            ("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1")])

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        identifier, kind = self.path.removeprefix(VERSION).split("/")
        self.server.answers[int(identifier[-12:])] = (kind, body)
        self.send(202, b'{"status":"OK"}\n')


def run(*arguments, **more):
    return subprocess.run([str(argument) for argument in arguments], check=True, capture_output=True, text=True, timeout=120, **more)


def main():
    with tempfile.TemporaryDirectory() as path:
        folder = pathlib.Path(path)
        run(BIN / "textlambda-train", ROOT / "data" / "support.train.csv", "-o", folder / "support.tlm", "-q")
        figures = json.loads(run(BIN / "textlambda-package", "--model", folder / "support.tlm", "-o", folder / "support.zip",
                                 "--measure", "--runs", "3", "--json").stdout)
        check("measured", figures["cold_start"]["measured"]["runs"] == 3 and figures["static"] is True, figures)
        task = folder / "task"
        with zipfile.ZipFile(folder / "support.zip") as packed:
            packed.extractall(task)
            for info in packed.infolist():  # zipfile leaves modes out
                os.chmod(task / info.filename, info.external_attr >> 16)
        done = subprocess.run([str(BIN / "textlambda-replay"), "--model", str(folder / "support.tlm"), str(ROOT / "data" / "events"),
                               "--out", str(folder / "replayed.jsonl"), "-q"], timeout=120)
        check("replayed", done.returncode in (0, 1), done)  # 1: some events are there to fail
        lines = [json.loads(line) for line in (folder / "replayed.jsonl").read_text().splitlines()]
        replayed = {pathlib.Path(line["file"]): line["response"] for line in lines}
        api = RuntimeApi()
        threading.Thread(target=api.serve_forever, daemon=True).start()
        environment = {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.server_port}", "LAMBDA_TASK_ROOT": str(task), "_HANDLER": "bootstrap",
                       "AWS_LAMBDA_FUNCTION_NAME": "tickets", "AWS_LAMBDA_FUNCTION_VERSION": "1", "TZ": ":UTC"}
        with open(folder / "log", "w+") as log:
            function = subprocess.Popen([str(task / "bootstrap")], env=environment, stdout=log, stderr=log)
            check("every event is asked for", api.finished.wait(60), api.given)
            function.terminate()
            check("ends when told to", function.wait(30) == 0, function.returncode)
            log.seek(0)
            text = log.read()
        for index, event in enumerate(EVENTS):
            kind, body = api.answers.get(index, ("nothing", b"null"))
            wanted = "error" if isinstance(replayed[event], dict) and "errorMessage" in replayed[event] else "response"
            check(f"{event.parent.name}/{event.name}", kind == wanted and json.loads(body) == replayed[event], (kind, body))
        check("one line of JSON each", all(isinstance(json.loads(line), dict) for line in text.splitlines()), text)
        check("no text in the log", "charged twice" not in text, text)
    print(f"{len(EVENTS)} events answered by the packed function, {len(failures)} failures")
    return 1 if failures else 0


sys.exit(main())
