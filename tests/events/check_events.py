#!/usr/bin/env python3
"""Replays data/events and checks the answers: against the expected ones beside the events, and against the contracts.

Usage: check_events.py FOLDER_OF_THE_COMMANDS ROOT_OF_THE_PROJECT

The expected ones were made with the model beside them, data/events/support.tlm, which stays as it is: every value of an
answer is held against them. expectations.json was written by hand from the contracts, before there was an answer to see: which records have to fail,
which status codes, what a person would say the label is. The label is the model's business and may differ for a few.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import contracts

BIN, ROOT = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
EVENTS = ROOT / "data" / "events"
WANTED = json.loads((pathlib.Path(__file__).parent / "expectations.json").read_text())
SOURCES = re.findall(r"^  SOURCE\((\w+)\)", (ROOT / "lib/textlambda/events/source.h").read_text(), re.MULTILINE)
failures = []


def fail(name, reason):
    failures.append(name)
    print(f"FAIL {name}: {reason}")


def run(*arguments):
    done = subprocess.run([str(argument) for argument in arguments], capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout, done.stderr


def events():
    return sorted(path for path in EVENTS.glob("*/*.json") if not path.name.endswith(".expected.json"))


def check_files():
    names = [str(path.relative_to(EVENTS)) for path in events()]
    for name in sorted(set(names) ^ set(WANTED)):
        fail(name, "an event without expectations, or expectations without an event")
    for source in SOURCES:
        if sum(name.startswith(source + "/") for name in names) < 2:
            fail(source, "fewer than two events")


def label_agreement(name, answers):
    wanted = WANTED[name].get("labels", [])
    found = [each["label"] for each in answers]
    return [(name, want, got) for want, got in zip(wanted, found)]


def check_response(name, response, agreement):
    want = WANTED[name]
    event = json.loads((EVENTS / name).read_text())
    try:
        for reason in contracts.check(want["source"], event, response, want):
            fail(name, reason)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        fail(name, f"not of the contract's shape: {error!r} in {json.dumps(response)[:300]}")
    agreement += label_agreement(name, contracts.classifications(response))


def main():
    if len(SOURCES) < 20:
        fail("source.h", f"rows of sources: {SOURCES}")
    check_files()
    agreement = []
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out.jsonl"
        status, text, errors = run(BIN / "textlambda-replay", "--model", EVENTS / "support.tlm", EVENTS, "--out", out,
                                   "--expect")
        if status != 0:
            fail("replay", f"status {status}\n{text}\n{errors}")
        answered = {}
        for line in out.read_text().splitlines():
            answer = json.loads(line)
            name = str(pathlib.Path(answer["file"]).relative_to(EVENTS))
            answered[name] = answer
            if answer["source"] != WANTED[name]["source"]:
                fail(name, f"source {answer['source']}")
            check_response(name, answer["response"], agreement)
        for name in sorted(set(WANTED) - set(answered)):
            fail(name, "was not answered")
    for path in events():
        golden = path.with_suffix(".expected.json")
        if not golden.exists():
            fail(str(path), "no expected response beside it")
            continue
        check_response(str(path.relative_to(EVENTS)), json.loads(golden.read_text()), [])
    right = sum(want == got for _, want, got in agreement)
    for name, want, got in agreement:
        if want != got:
            print(f"note {name}: {got}, a person says {want}")
    if right < 0.85 * len(agreement):
        fail("labels", f"{right} of {len(agreement)} as a person would give them")
    print(f"{len(WANTED)} events, {right} of {len(agreement)} labels as a person gives them, {len(failures)} failures")
    return 1 if failures else 0


sys.exit(main())
