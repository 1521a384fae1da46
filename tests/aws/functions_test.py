#!/usr/bin/env python3
"""textlambda-package --deploy and textlambda-replay --function against textlambda-emulate, which verifies signatures;
boto3 makes the function and looks at what came of it.

    functions_test.py FOLDER_OF_THE_COMMANDS DATA
"""
import functools
import http.server
import subprocess
import threading
import time

import boto3
from botocore.config import Config

from commands import COMMANDS, DATA, Started, check, folder, run_parts

EVENTS = DATA / "events"
KEY, SECRET, REGION = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "eu-central-1"
ROLE = "arn:aws:iam::123456789012:role/any"


class Emulator:
    def __enter__(self):
        ready = folder / "ready"
        self.child = subprocess.Popen(
            [COMMANDS / "textlambda-emulate", "--port", "0", "--ready-file", ready, "--state", folder / "state",
             "--access-key", f"{KEY}:{SECRET}", "--require-sigv4", "--region", REGION, "--account", "123456789012"],
            stdin=subprocess.DEVNULL, stderr=open(folder / "emulator.log", "wb"))
        until = time.monotonic() + 60
        while not ready.exists():
            if self.child.poll() is not None or time.monotonic() > until:
                raise RuntimeError((folder / "emulator.log").read_text())
            time.sleep(0.02)
        self.url = "http://" + ready.read_text().split()[1]
        return self

    def __exit__(self, *exception):
        self.child.terminate()
        self.child.wait(60)


def run(emulator, command, *arguments, **environment):
    return Started({"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": REGION,
                    "AWS_ENDPOINT_URL_LAMBDA": emulator.url, **environment}, command, *arguments).done()


def boto(emulator):
    return boto3.client("lambda", endpoint_url=emulator.url, region_name=REGION, aws_access_key_id=KEY,
                        aws_secret_access_key=SECRET, config=Config(retries={"max_attempts": 1}))


def deploys(emulator, client):
    package = ("package", "--model", "one.tlm", "--allow-dynamic", "--deploy", "classify", "--json")
    first = run(emulator, *package, "--alias", "live")
    check("a first deployment: code, a version, an alias", first.status == 0 and first.json["deployed"] == {
        "function": "classify", "region": REGION, "dry_run": False, "code_updated": True, "version": "1", "alias": "live",
        "alias_before": None, "alias_version": "1", "weights": {}}, first.text)
    there = client.get_function(FunctionName="classify")["Configuration"]
    check("boto3 sees the code", there["CodeSha256"] == first.json["code_sha256"], there)
    check("each step is said", all(word in first.err for word in ("code is updated", "version 1 is published",
                                                                  "alias live is made, to version 1")), first.err)
    check("no zip was asked for, and none is there", first.json["path"] is None and not list(folder.glob("*.zip")))
    same = run(emulator, *package, "--alias", "live")
    check("the same again: nothing is updated, the version stays", same.status == 0 and "its code is this zip already"
          in same.err and same.json["deployed"]["version"] == "1" and not same.json["deployed"]["code_updated"], same.text)

    dry = run(emulator, "package", "--model", "two.tlm", "--allow-dynamic", "--deploy", "classify", "--dry-run",
              "--alias", "live")
    there = client.get_function(FunctionName="classify")["Configuration"]
    check("a dry run does nothing", dry.status == 0 and "could be updated" in dry.err and "nothing was done" in dry.out and
          there["CodeSha256"] == first.json["code_sha256"], dry.text)

    two = ("package", "--model", "two.tlm", "--allow-dynamic", "-o", "two.zip", "--deploy", f"arn:aws:lambda:{REGION}:123456789012:function:classify",
           "--alias", "live", "--json")
    canary = run(emulator, *two, "--canary", "10%")
    alias = client.get_alias(FunctionName="classify", Name="live")
    check("a canary has its share", canary.status == 0 and alias["FunctionVersion"] == "1" and
          alias["RoutingConfig"]["AdditionalVersionWeights"] == {"2": 0.1} and
          canary.json["deployed"]["weights"] == {"2": 0.1}, (alias, canary.text))
    check("the zip was written too", (folder / "two.zip").exists())
    back = run(emulator, "package", "--deploy", "classify", "--alias", "live", "--rollback", "--json")
    alias = client.get_alias(FunctionName="classify", Name="live")
    check("and is taken back", back.status == 0 and alias["FunctionVersion"] == "1" and "RoutingConfig" not in alias and
          back.json["deployed"]["alias_version"] == "1", (alias, back.text))
    run(emulator, *two, "--canary", "0.5")
    whole = run(emulator, *two)
    alias = client.get_alias(FunctionName="classify", Name="live")
    check("all of it", whole.status == 0 and alias["FunctionVersion"] == "2" and "RoutingConfig" not in alias, whole.text)
    back = run(emulator, "package", "--deploy", "classify", "--alias", "live", "--rollback")
    check("back to the version before", back.status == 0 and "live 2 → version 1" in back.out, back.text)
    again = run(emulator, "package", "--deploy", "classify", "--alias", "live", "--rollback")
    check("and not before the first", again.status == 5 and "no version before 1 is left" in again.err, again.text)
    named = run(emulator, "package", "--deploy", "classify", "--alias", "live", "--rollback", "2")
    check("or to one that is named", named.status == 0 and
          client.get_alias(FunctionName="classify", Name="live")["FunctionVersion"] == "2", named.text)


def refusals(emulator, client):
    model = ("package", "--model", "one.tlm", "--allow-dynamic")
    for name, arguments, environment, status, text in (
            ("no such function", (*model, "--deploy", "nothing"), {}, 5, "nothing: ResourceNotFoundException: "),
            ("no such alias", ("package", "--deploy", "classify", "--alias", "none", "--rollback"), {}, 5,
             "classify: has no alias none"),
            ("no such version", ("package", "--deploy", "classify", "--alias", "live", "--rollback", "77"), {}, 5,
             "classify:live: "),
            ("a wrong secret", (*model, "--deploy", "classify"), {"AWS_SECRET_ACCESS_KEY": "x"}, 5,
             "classify: InvalidSignatureException: The request signature we calculated does not match"),
            ("a token nobody has", (*model, "--deploy", "classify"), {"AWS_SESSION_TOKEN": "x"}, 5,
             "UnrecognizedClientException"),
            ("a qualifier", (*model, "--deploy", "classify:live"), {}, 2, "has a qualifier"),
            ("no function's name", (*model, "--deploy", "a b"), {}, 2, "is no function"),
            ("no share", (*model, "--deploy", "classify", "--alias", "live", "--canary", "200%"), {}, 2, "--canary: \"200%\""),
            ("an alias without a function", (*model, "--alias", "live"), {}, 2, "--deploy"),
            ("a canary without an alias", (*model, "--deploy", "classify", "--canary", "10%"), {}, 2, "--alias"),
            ("a rollback with a model", (*model, "--deploy", "classify", "--alias", "live", "--rollback"), {}, 2,
             "--rollback makes no zip"),
            ("neither output nor function", model, {}, 2, "--output is required, or --deploy"),
            ("no credentials", (*model, "--deploy", "classify"),
             {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, 5, "no AWS credentials")):
        done = run(emulator, *arguments, **environment)
        check(name, done.status == status and text in done.err, done.text)
    client.create_function(FunctionName="other", Runtime="provided.al2023", Handler="bootstrap", Role=ROLE,
                           Architectures=["arm64"], Code={"ZipFile": (folder / "two.zip").read_bytes()})
    done = run(emulator, *model, "--deploy", "other")
    check("another architecture", done.status == 4 and "other: runs on arm64, and the zip's bootstrap is for x86_64"
          in done.err, done.text)


def replays(emulator, client):
    folders = sorted(path for path in EVENTS.iterdir() if path.is_dir())
    local = run(emulator, "replay", "--model", "one.tlm", *folders, "--expect", "--json", "--out", "local.jsonl")
    remote = run(emulator, "replay", "--function", "classify:1", *folders, "--expect", "--json", "--out", "remote.jsonl")
    check("the recorded events, by the function in the cloud", remote.json["events"] == local.json["events"] == 95 and
          remote.json["compared"] == 95, remote.text[:1500])
    check("its answers are those of the same model here", remote.json["differ"] == 0 and local.json["differ"] == 0 and
          remote.json["passed"], remote.text[:1500])
    check("where it was asked is said", remote.json["endpoint"] == emulator.url[len("http://"):], remote.json["endpoint"])
    arn = run(emulator, "replay", "--function", f"arn:aws:lambda:{REGION}:123456789012:function:classify:live",
              "--endpoint-url", emulator.url, EVENTS / "sqs", "--json", AWS_ENDPOINT_URL_LAMBDA="http://127.0.0.1:1",
              AWS_REGION="us-west-1")
    check("an ARN's region, an endpoint that is named", arn.status in (0, 1) and arn.json["events"] > 0 and
          not arn.json["without_source"], arn.text[:800])
    text = run(emulator, "replay", "--function", "classify", EVENTS / "sqs", "--expect")
    check("for people", "expected" in text.out, text.text[:800])
    missing = run(emulator, "replay", "--function", "nothing", EVENTS / "sqs", "--json")
    check("a function that is not there", missing.status == 1 and "Function not found" in missing.out, missing.text[:1500])
    nobody = run(emulator, "replay", "--function", "classify", EVENTS / "sqs", AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
    check("nobody's", nobody.status == 5 and "no AWS credentials" in nobody.err and not nobody.out, nobody.text)
    both = run(emulator, "replay", "--function", "classify", "--model", "one.tlm", EVENTS / "sqs")
    check("a model or a function", both.status == 2, both.text)


class Throttled(http.server.BaseHTTPRequestHandler):
    """Every other answer is that too many are running."""
    protocol_version = "HTTP/1.1"
    asked = 0

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        Throttled.asked += 1
        busy = Throttled.asked % 2 == 1
        body = b'{"Reason":"ConcurrentInvocationLimitExceeded","message":"Rate Exceeded."}' if busy else b'{"label":"a"}'
        self.send_response(429 if busy else 200)
        if busy:
            self.send_header("x-amzn-ErrorType", "TooManyRequestsException")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Nothing is said."""


def throttling(emulator, client):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Throttled)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (folder / "one.jsonl").write_text('{"text": "a"}\n{"text": "b"}\n')
    done = run(emulator, "replay", "--function", "f", "one.jsonl", "--json", "--threads", "1",
               AWS_ENDPOINT_URL_LAMBDA=f"http://127.0.0.1:{server.server_port}")
    check("a throttled event is asked again", done.status == 0 and done.json["ok"] == 2 and Throttled.asked == 4, done.text)
    server.shutdown()


def main():
    train = DATA / "support.train.csv"
    for name, more in (("one.tlm", ()), ("two.tlm", ("--seed", "2", "--holdout", "0.3"))):
        subprocess.run([COMMANDS / "textlambda-train", train, "-o", folder / name, "-q", *more], check=True)
    # Answers are recorded with the model of the events.
    (folder / "one.tlm").write_bytes((EVENTS / "support.tlm").read_bytes())
    with Emulator() as emulator:
        client = boto(emulator)
        subprocess.run([COMMANDS / "textlambda-package", "--model", folder / "two.tlm", "-o", folder / "start.zip", "--allow-dynamic",
                        "-q"],
                       check=True)
        client.create_function(FunctionName="classify", Runtime="provided.al2023", Handler="bootstrap", Role=ROLE,
                               Timeout=20, Code={"ZipFile": (folder / "start.zip").read_bytes()})
        (folder / "start.zip").unlink()
        run_parts(*(functools.wraps(part)(functools.partial(part, emulator, client))
                    for part in (deploys, refusals, replays, throttling)))


if __name__ == "__main__":
    main()
