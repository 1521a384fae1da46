"""What the emulator's tests share: their checks, and a textlambda-emulate that runs. argv: EMULATE BOOTSTRAP MODEL"""
import http.client
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.parse

# What the second and the third are is each test's own affair.
EMULATE, BOOTSTRAP, MODEL = sys.argv[1:4]
PROBE = str(pathlib.Path(__file__).with_name("probe.py"))
failures = []
scratch = tempfile.TemporaryDirectory()
folder = pathlib.Path(scratch.name)


def check(name, good, detail=""):
    print(f"{'ok  ' if good else 'FAIL'} {name}", flush=True)
    if not good:
        failures.append(name)
        print("     " + str(detail)[:2000].replace("\n", "\n     "), flush=True)


class Emulator:
    """One that runs, with its log in a file."""
    number = 0

    def __init__(self, *arguments):
        Emulator.number += 1
        self.ready = folder / f"ready{Emulator.number}"
        self.log_file = folder / f"log{Emulator.number}"
        with open(self.log_file, "wb") as log:
            self.child = subprocess.Popen([EMULATE, "--port", "0", "--ready-file", self.ready, *arguments], stderr=log,
                                          stdin=subprocess.DEVNULL)
        until = time.monotonic() + 30
        while not self.ready.exists():
            if self.child.poll() is not None or time.monotonic() > until:
                raise RuntimeError(self.log())
            time.sleep(0.01)
        self.address = self.ready.read_text().split()[1]

    def log(self):
        return self.log_file.read_text(errors="replace")

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        if self.child.poll() is None:
            self.child.terminate()
            self.child.wait(20)

    def request(self, method, path, body=b"", headers=None):
        connection = http.client.HTTPConnection(*self.address.split(":"), timeout=60)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
        finally:
            connection.close()

    def invoke(self, event, name="probe", query="", **headers):
        body = event if isinstance(event, (bytes, str)) else json.dumps(event)
        path = f"/2015-03-31/functions/{urllib.parse.quote(name, safe='')}/invocations{query}"
        return self.request("POST", path, body, {k.replace("_", "-"): v for k, v in headers.items()})


def probe(*arguments, timeout="20", **environment):
    variables = [word for item in environment.items() for word in ("--env", "=".join(item))]
    return Emulator("--function", f"probe={PROBE}", "--timeout", timeout, *variables, *arguments)


def run_parts(*parts):
    for part in parts:
        try:
            part()
        except Exception as error:  # one part's trouble does not hide the others'
            check(part.__name__, False, repr(error))
    print(f"{len(failures)} failed" if failures else "all passed")
    scratch.cleanup()
    sys.exit(1 if failures else 0)
