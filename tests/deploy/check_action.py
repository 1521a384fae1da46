#!/usr/bin/env python3
"""The GitHub Action, run as a runner runs it: each expression, condition and script, but for the building.

Usage: check_action.py FOLDER_OF_THE_COMMANDS. Needs python3-yaml, curl and jq.
"""
import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import urllib.parse

import yaml

from github_runner import Expression, ExpressionError, Runner

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(sys.argv[1]).resolve()
ACTION = yaml.safe_load((ROOT / "deploy/github-action/action.yml").read_text())
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
failures = []


def check(name, good, detail=""):
    print(f"{'ok  ' if good else 'FAIL'} {name}")
    if not good:
        failures.append(name)
        print("     " + str(detail)[-2000:].replace("\n", "\n     "))


def fresh(folder):
    bin_folder = folder / "textlambda/bin"
    bin_folder.mkdir(parents=True)
    for command in ("textlambda-train", "textlambda-evaluate"):
        (bin_folder / command).symlink_to(BIN / command)
    rows = ["text,label"] + [f"{'my parcel is late' if i % 2 else 'wrong invoice amount'} {i % 7},{'ab'[i % 2]}" for i in range(200)]
    (folder / "train.csv").write_text("\n".join(rows) + "\n")
    shifted = [rows[0]] + [f"{text.split(',')[0]},{'ab'[(i // 2) % 2]}" for i, text in enumerate(rows[1:])]
    (folder / "shifted.csv").write_text("\n".join(shifted) + "\n")
    (folder / "a test.csv").write_text("\n".join(rows[:101]) + "\n")
    environment = {key: value for key, value in os.environ.items() if key != "CI"}
    subprocess.run([BIN / "textlambda-train", "train.csv", "-o", "old.tlm", "--quiet"], cwd=folder, check=True)
    subprocess.run([BIN / "textlambda-evaluate", "--model", "old.tlm", "--test", "a test.csv", "--baseline", "base.json",
                    "--update-baseline"], cwd=folder, check=True, capture_output=True, env=environment)
    return folder


def gate(train, scripts=None, github=None, **more):
    """The action from its first step to its last, but for the building: the runner, its outputs, the reports."""
    with tempfile.TemporaryDirectory() as path:
        folder = fresh(pathlib.Path(path))
        runner = Runner(ACTION, ROOT / "deploy/github-action", {"train": train, "test": "a test.csv\n", "baseline": "base.json", **more},
                        folder, github, {"Install libraries": "true", **(scripts or {})}, {"Restore textlambda": {"cache-hit": "true"}}).run()
        reports = {file.name: file.read_text() for file in sorted((folder / "textlambda-reports").glob("*"))}
        return runner, runner.outputs(), reports


class Comments(http.server.BaseHTTPRequestHandler):
    """The part of GitHub's REST API that has to do with a pull request's comments."""
    comments = []
    refused = False

    def log_message(self, *_):
        pass

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def given(self):
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]

    def do_GET(self):
        page = int(urllib.parse.parse_qs(self.path.partition("?")[2])["page"][0])
        good = self.path.startswith("/repos/o/r/issues/7/comments?per_page=100&") and self.headers["Authorization"] == "Bearer secret"
        self.answer(200 if good else 404, self.comments[100 * (page - 1):100 * page])

    def do_POST(self):
        if self.refused or self.path != "/repos/o/r/issues/7/comments":
            return self.answer(403, {"message": "Resource not accessible by integration"})
        self.comments.append({"id": len(self.comments) + 1, "body": self.given()})
        self.answer(201, self.comments[-1])

    def do_PATCH(self):
        number = int(self.path.removeprefix("/repos/o/r/issues/comments/"))
        self.comments[number - 1]["body"] = self.given()
        self.answer(200, self.comments[number - 1])


def github(api, **more):
    return {"token": "secret", "api_url": api, "repository": "o/r", "workflow": "model", "job": "gate",
            "event_name": "pull_request", "event": {"pull_request": {"number": 7.0}}, **more}


# Nothing that someone else may write goes into a script as text: only through the environment.
check("no expression stands in a script", not any("${{" in step.get("run", "") for step in STEPS.values()))
check("every input is described", all(entry.get("description") for entry in ACTION["inputs"].values()))
used = set(re.findall(r"inputs\.([a-z-]+)", (ROOT / "deploy/github-action/action.yml").read_text()))
check("every input is used, every used one is there", used == set(ACTION["inputs"]), used ^ set(ACTION["inputs"]))

# The expressions of a page of GitHub's, with what it says they come to.
for text, expected in (("'It''s' == 'it''S'", True), ("github.none", ""), ("github.none == ''", True), ("!inputs.a", False),
                       ("inputs.a == 'x' && 'yes' || 'no'", "yes"), ("inputs.a != 'x' && 'yes' || 'no'", "no"),
                       ("format('{0}-{1}', 'a', inputs.a)", "a-x"), ("(1 == 2) || always()", True)):
    value = Expression(text, {"github": {}, "inputs": {"a": "x"}}, False, ROOT).value()
    check(f"the runner's {text}", value == expected, value)
try:
    Expression("hashFiles(format('{0}/../../CMakeLists.txt', github.action_path))", {"github": {"action_path": "/a/b"}}, True, ROOT).value()
    check("the runner refuses hashFiles() outside of the workspace", False)
except ExpressionError:
    check("the runner refuses hashFiles() outside of the workspace", True)

runner, outputs, reports = gate("train.csv\n\n")
check("a model as good as before passes", runner.succeeded and outputs == {"status": "0", "accuracy": "1.0"},
      (outputs, [done.stderr for done in runner.results.values()]))
check("it leaves every report", sorted(reports) == ["gate.html", "gate.json", "gate.md", "gate.sarif", "gate.xml"], list(reports))
check("without a pull request nobody is commented on", "Comment on the pull request" not in runner.ran, runner.ran)
check("a kept build is not built again, but gets its libraries", runner.ran[:4] == ["Find textlambda", "Install libraries", "Restore textlambda", "Train"],
      runner.ran)
key = runner.used["Restore textlambda"]["key"]
check("the kept build is that of this source, system and processor", re.fullmatch(r"textlambda-Linux-X64-[0-9a-f]{64}", key), key)
check("the reports are kept under their name", runner.used["Keep the reports"]["path"] == "textlambda-reports", runner.used)
check("code scanning is asked for or left alone", "Show newly wrong rows in the code" not in runner.ran, runner.ran)

with tempfile.TemporaryDirectory() as path:
    # Another source has another key; a build that is there already does not count.
    copy = pathlib.Path(path) / "source"
    (copy / "deploy/github-action").mkdir(parents=True)
    (copy / "build").mkdir()
    digests = []
    for file in ("a.cpp", "build/a.o", "b b.cpp"):
        (copy / file).write_text(file)
        found = Runner({**ACTION, "runs": {"steps": ACTION["runs"]["steps"][:1]}}, copy / "deploy/github-action", {}, path).run()
        digests.append(found.contexts["steps"]["source"]["outputs"]["digest"])
    check("the key follows the source", digests[0] == digests[1] != digests[2], digests)

runner, outputs, reports = gate("shifted.csv", **{"max-drop": "accuracy=1pp\n", "show-texts": "false", "code-scanning": "true"})
judged = runner.results["Gate"]
texts = "".join(reports.values())
check("a planted worse model is told", outputs["status"] == "1" and len(reports) == 5, (judged.stderr, outputs))
check("and fails the job, by the last step alone", not runner.succeeded and runner.ran[-1] == "Verdict" and judged.returncode == 0 and
      runner.results["Verdict"].returncode == 1, runner.ran)
check("and annotated", "::error" in judged.stdout + judged.stderr, judged.stdout + judged.stderr)
check("without the corpus's words, where so asked", "invoice amount" not in texts and "parcel" not in texts)
check("code scanning gets the report", runner.used["Show newly wrong rows in the code"]["sarif_file"] == "textlambda-reports/gate.sarif", runner.used)

runner, outputs, _ = gate("train.csv", **{"min": "accuracy=1.5"})
check("a wrong option is a wrong option", outputs["status"] == "2", (runner.results["Gate"].stderr, outputs))
runner, outputs, _ = gate("missing.csv")
check("where nothing was trained nothing is judged, and the job fails", not runner.succeeded and "Gate" not in runner.ran and
      "Verdict" not in runner.ran, runner.ran)

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Comments)
threading.Thread(target=server.serve_forever, daemon=True).start()
api = f"http://127.0.0.1:{server.server_port}"
# A long conversation: a person's words, and those of this action in another workflow.
Comments.comments = [{"id": i + 1, "body": f"comment {i}"} for i in range(150)]
Comments.comments[3]["body"] = "<!-- textlambda gate: other / gate / textlambda-reports -->\nnot this one"
others = [comment["body"] for comment in Comments.comments]
for attempt in ("first", "second"):
    runner, _, reports = gate("train.csv", github=github(api))
    check(f"the {attempt} run comments", runner.succeeded and len(Comments.comments) == 151 and reports["gate.md"] in Comments.comments[150]["body"] and
          Comments.comments[150]["body"].startswith("<!-- textlambda gate: model / gate / textlambda-reports -->\n"),
          (runner.results["Comment on the pull request"], Comments.comments[150:]))
check("and touches no other comment", [comment["body"] for comment in Comments.comments[:150]] == others)
runner, _, _ = gate("train.csv", github=github(api, workflow="nightly --> x"))
check("another workflow has a comment of its own", len(Comments.comments) == 152 and
      Comments.comments[151]["body"].startswith("<!-- textlambda gate: nightly  x / gate / "), Comments.comments[151:])
Comments.refused = True
runner, _, reports = gate("train.csv", github=github(api, job="fork"))
commented = runner.results["Comment on the pull request"]
check("a token that may not comment is a warning", runner.succeeded and "::warning" in commented.stdout and len(Comments.comments) == 152, commented)
check("nothing else is left beside the reports", "comment.json" not in reports, list(reports))
runner, _, _ = gate("train.csv", github=github(api, event_name="push"))
check("a push is not commented on", "Comment on the pull request" not in runner.ran)
server.shutdown()

print(f"{len(failures)} failed")
sys.exit(1 if failures else 0)
