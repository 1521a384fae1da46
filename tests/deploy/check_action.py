#!/usr/bin/env python3
"""The GitHub Action, run as a runner runs it: its scripts with their environment, but for building and commenting.

Usage: check_action.py FOLDER_OF_THE_COMMANDS. Needs python3-yaml.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

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


def evaluated(expression, inputs, folder):
    """`${{ … }}` of a step's environment."""
    name = expression.group(1).strip()
    if name.startswith("inputs."):
        return inputs[name.removeprefix("inputs.")]
    return {"runner.temp": str(folder), "github.action_path": str(ROOT / "deploy/github-action")}[name]


def run(step, inputs, folder):
    """One step's script under the shell that GitHub gives `shell: bash`; its result and its outputs."""
    output = folder / "output"
    output.write_text("")
    environment = {key: re.sub(r"\$\{\{(.*?)\}\}", lambda found: evaluated(found, inputs, folder), str(value))
                   for key, value in STEPS[step].get("env", {}).items()}
    summary = folder / "summary.md"
    done = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[step]["run"]], cwd=folder,
                          env={**os.environ, **environment, "GITHUB_OUTPUT": str(output), "GITHUB_ACTIONS": "true",
                               "GITHUB_STEP_SUMMARY": str(summary), "CI": "true"},
                          capture_output=True, text=True, timeout=120)
    outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
    return done, outputs


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


def gate(train, **more):
    with tempfile.TemporaryDirectory() as path:
        folder = fresh(pathlib.Path(path))
        inputs = {name: description.get("default", "") for name, description in ACTION["inputs"].items()}
        inputs.update({"train": train, "test": "a test.csv\n", "baseline": "base.json", **more})
        trained, _ = run("Train", inputs, folder)
        judged, outputs = run("Gate", inputs, folder)
        reports = sorted(path.name for path in (folder / "textlambda-reports").glob("*"))
        texts = "".join(p.read_text() for p in (folder / "textlambda-reports").glob("*"))
        return trained, judged, outputs, reports, texts


# Nothing that someone else may write goes into a script as text: only through the environment.
check("no expression stands in a script", not any("${{" in step.get("run", "") for step in STEPS.values()))
check("every input is described", all(entry.get("description") for entry in ACTION["inputs"].values()))
used = set(re.findall(r"inputs\.([a-z-]+)", (ROOT / "deploy/github-action/action.yml").read_text()))
check("every input is used, every used one is there", used == set(ACTION["inputs"]), used ^ set(ACTION["inputs"]))

trained, judged, outputs, reports, _ = gate("train.csv\n\n")
check("a model as good as before passes", trained.returncode == 0 and outputs.get("status") == "0" and outputs.get("accuracy") == "1.0",
      (trained.stderr, judged.stdout, judged.stderr, outputs))
check("it leaves every report", reports == ["gate.html", "gate.json", "gate.md", "gate.sarif", "gate.xml"], reports)

trained, judged, outputs, reports, texts = gate("shifted.csv", **{"max-drop": "accuracy=1pp\n", "show-texts": "false"})
check("a planted worse model is told", outputs.get("status") == "1" and len(reports) == 5, (judged.stderr, outputs))
check("and annotated", "::error" in judged.stdout + judged.stderr, judged.stdout + judged.stderr)
check("without the corpus's words, where so asked", "invoice amount" not in texts and "parcel" not in texts)
status = subprocess.run(["bash", "-c", STEPS["Verdict"]["run"]], env={"STATUS": "1"}).returncode
check("the last step passes the verdict on", status == 1)

_, judged, outputs, _, _ = gate("train.csv", **{"min": "accuracy=1.5"})
check("a wrong option is a wrong option", outputs.get("status") == "2", (judged.stderr, outputs))

print(f"{len(failures)} failed")
sys.exit(1 if failures else 0)
