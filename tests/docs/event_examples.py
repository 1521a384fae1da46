#!/usr/bin/env python3
"""Holds the JSON of docs/events.md and of docs/replay.md against what the handler answers: event_examples.py PROGRAMS

A block that is an event is replayed, and the block behind it has to have the shape of the answer: the same members at every
depth, values of the same kinds. Any other block has to have the shape of one of the answers to data/events, or of the JSON
in a body of one. "…" in a string stands for more.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

PROGRAMS = pathlib.Path(sys.argv[1]).resolve()
ROOT = pathlib.Path(__file__).resolve().parents[2]
EVENTS = ROOT / "data" / "events"
MODEL = EVENTS / "support.tlm"
# Objects whose members are data: counts by label, slots; of a caller's session only what is put there counts.
OPEN = {"labels", "slots"}
SESSION = {"sessionAttributes", "promptSessionAttributes"}


def shape(value, name=""):
    if isinstance(value, dict):
        if name in OPEN and all(isinstance(member, (int, type(None))) for member in value.values()):
            return "data"
        if name in SESSION:
            value = {key: member for key, member in value.items() if key.startswith("textlambda_")}
        return tuple(sorted((key, shape(member, key)) for key, member in value.items()))
    if isinstance(value, list):
        return ("list",) + tuple(sorted({shape(member) for member in value}, key=repr))
    return {bool: "boolean", int: "number", float: "number", str: "string", type(None): "null"}[type(value)]


def within(value):
    """The value, what is in it, and the JSON in its strings."""
    yield value
    if isinstance(value, dict):
        for member in value.values():
            yield from within(member)
    elif isinstance(value, list):
        for member in value:
            yield from within(member)
    elif isinstance(value, str) and value[:1] in "{[":
        try:
            yield from within(json.loads(value))
        except ValueError:
            pass


def answers(folder, inputs, *options):
    done = subprocess.run([PROGRAMS / "textlambda-replay", "-m", MODEL, *inputs, "--out", "-", "-q", *options], cwd=folder,
                          capture_output=True, timeout=120)
    if done.returncode not in (0, 1):
        sys.exit(done.stderr.decode())
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def all_shapes(folder):
    origin = {"origin": "https://app.example", "content-type": "text/plain"}
    page = {"version": "2.0", "rawPath": "/", "headers": origin, "isBase64Encoded": False, "body": "a refund please",
            "requestContext": {"apiId": "a1", "http": {"method": "POST", "path": "/"}, "domainName": "a1.execute-api.x"}}
    (folder / "page.json").write_text(json.dumps(page))
    found = set()
    for options in ((), ("--top", "2")):
        for line in answers(folder, [EVENTS], *options):
            found |= {shape(part) for part in within(line["response"])}
    for line in answers(folder, ["page.json"], "--cors-origin", "https://app.example,http://localhost:3000"):
        found.add(shape(line["response"]))
    return found


def blocks(page):
    """(line, value) of each block of JSON."""
    text = (ROOT / "docs" / page).read_text()
    for match in re.finditer(r"^```json\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        yield text.count("\n", 0, match.start()) + 2, json.loads(match.group(1))


def main():
    faults = []
    checked = 0
    with tempfile.TemporaryDirectory() as path:
        folder = pathlib.Path(path)
        known = all_shapes(folder)
        wanted = None
        for line, value in blocks("events.md"):
            checked += 1
            place = f"docs/events.md:{line}"
            if wanted is not None:
                if shape(value) not in wanted:
                    faults.append(f"{place}: not the shape of the answer to the event before it")
                wanted = None
                continue
            (folder / "event.json").write_text(json.dumps(value))
            [answer] = answers(folder, ["event.json"], "--bare")
            is_event = shape(value) not in known
            if is_event and answer["source"] == "direct" and "errorMessage" in answer["response"]:
                faults.append(f"{place}: neither an event nor the shape of an answer")
            elif is_event:
                wanted = {shape(answer["response"])}
        for line, value in blocks("replay.md"):
            checked += 1
            (folder / "recording.jsonl").write_text(json.dumps(value) + "\n")
            [answer] = answers(folder, ["recording.jsonl"])
            if not {"event", "response"} <= set(value) or "file" not in answer:
                faults.append(f"docs/replay.md:{line}: not a recording")
    for fault in faults:
        print(fault)
    print(f"{checked} examples, {len(faults)} faults")
    sys.exit(bool(faults))


main()
