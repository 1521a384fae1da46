#!/usr/bin/env python3
"""Runs the tables of cases.py and of each *_cases.py beside it, then what a table cannot say.

Usage: run.py FOLDER_OF_THE_COMMANDS [NAME_OF_A_TABLE...]

A table has CASES, may have FILES (name: text or bytes) of its own, and TESTS: functions of a fresh folder, `run` and
`check` for what a case cannot say.
"""
import gzip
import importlib
import json
import os
import pathlib
import re
import select
import signal
import subprocess
import sys
import tempfile
import time

import cases
from pseudo_terminal import on_terminal

# What the caller's surroundings say must not decide a case: a CI job, a locale of ASCII, a shell that ignores signals for
# what runs in its background.
for name in ("CI", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
    os.environ.pop(name, None)
sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)

BIN = pathlib.Path(sys.argv[1]).resolve()
TABLES = [importlib.import_module(path.stem) for path in sorted(pathlib.Path(__file__).parent.glob("*cases.py"))
          if not sys.argv[2:] or path.stem in sys.argv[2:]]
FILES = {name: content for table in [cases, *TABLES] for name, content in getattr(table, "FILES", {}).items()}
failures = []
checked = 0
made = []


def check(name, good, detail=""):
    global checked
    checked += 1
    print(f"{'ok  ' if good else 'FAIL'} {name}")
    if not good:
        failures.append(name)
        print("     " + str(detail)[:2000].replace("\n", "\n     "))


def command(arguments):
    return [str(BIN / f"textlambda-{a[1:]}") if a.startswith("@") else a for a in arguments]


def run(arguments, folder, stdin=b"", **more):
    if isinstance(stdin, str):
        stdin = stdin.encode()
    return subprocess.run(command(arguments), cwd=folder, input=stdin, capture_output=True, timeout=120, **more)


def fresh(folder):
    folder = pathlib.Path(folder)
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    (folder / "rows.csv.gz").write_bytes(gzip.compress(cases.FILES["rows.csv"].encode()))
    # The same bytes each time: trained once.
    if not made:
        run(cases.MODEL, folder)
        made.append((folder / "m.tlm").read_bytes())
    model = made[0]
    (folder / "m.tlm").write_bytes(model)
    (folder / "damaged.tlm").write_bytes(model[:530] + bytes([model[530] ^ 1]) + model[531:])
    (folder / "cut.tlm").write_bytes(model[:-1])
    return folder


def found(patterns, text):
    patterns = [patterns] if isinstance(patterns, str) else patterns
    return all(re.search(pattern, text, re.M if "$" in pattern and "\\n$" not in pattern else 0) for pattern in patterns)


def run_case(name, arguments, want):
    with tempfile.TemporaryDirectory() as path:
        folder = fresh(path)
        before = sorted(p.name for p in folder.iterdir())
        done = run(arguments, folder, want.get("stdin", b""))
        out, err = done.stdout.decode(), done.stderr.decode()
        good = done.returncode == want.get("status", 0)
        good &= found(want.get("stdout", ""), out) and found(want.get("stderr", ""), err)
        good &= not (want.get("no_stdout") and out)
        if "rows" in want:
            good &= len([json.loads(line) for line in out.splitlines()]) == want["rows"]
        if "json" in want:
            good &= bool(want["json"](json.loads(out)))
        good &= "\x1b" not in out + err  # no terminal, no escape codes
        after = sorted(p.name for p in folder.iterdir())
        if want.get("status", 0) != 0:  # a failure leaves nothing behind
            good &= before == after
        check(name, good, f"status {done.returncode}\nstdout {out}\nstderr {err}\nfiles {sorted(set(after) - set(before))}")


def many_rows(count):
    return "".join(json.dumps({"text": f"{'parcel courier' if i % 2 else 'invoice card'} number {i % 97} day {i % 31}",
                               "label": "delivery" if i % 2 else "billing"}) + "\n" for i in range(count))


def same_bytes(folder):
    (folder / "many.jsonl").write_text(many_rows(3000))
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / "copy.jsonl").write_text(many_rows(3000))
    models = []
    for name, threads in (("many.jsonl", 1), ("many.jsonl", 2), ("many.jsonl", 3), ("many.jsonl", 8), ("many.jsonl", 2),
                          ("elsewhere/copy.jsonl", 2)):
        run(["@train", name, "-o", "same.tlm", "-q", "--threads", str(threads)], folder)
        models.append((folder / "same.tlm").read_bytes())
    check("the same bytes for any threads, runs and paths", len(set(models)) == 1)


def order_is_kept(folder):
    texts = "".join(f"{'parcel' if i % 3 else 'invoice'} {i}\n" for i in range(20000))
    one = run(["@predict", "--model", "m.tlm", "--threads", "1"], folder, texts).stdout
    four = run(["@predict", "--model", "m.tlm", "--threads", "4"], folder, texts).stdout
    (folder / "texts.txt").write_text(texts)
    file = run(["@predict", "--model", "m.tlm", "--threads", "4", "texts.txt"], folder).stdout
    check("order is kept by several threads, from a pipe and a file", one == four == file and one.count(b"\n") == 20000)


def explanation_adds_up(folder):
    done = run(["@predict", "--model", "m.tlm", "--explain"], folder, "my parcel and the invoice\nzzz\n")
    sums = []
    for line in done.stdout.splitlines():
        explanation = json.loads(line)["explanation"]
        sums.append(abs(sum(c["contribution"] for c in explanation["contributions"]) - explanation["logit"]))
    check("contributions add up to the logit", len(sums) == 2 and max(sums) < 1e-4, sums)


def streams(folder):
    process = subprocess.Popen(command(["@predict", "--model", "m.tlm"]), cwd=folder, stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE)
    good = True
    for text in (b"my parcel\n", b"my bill\n"):
        process.stdin.write(text)
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], 20)
        good &= bool(ready) and process.stdout.readline().startswith(b'{"label"')
    process.stdin.close()
    check("each line is answered before the next is written", good and process.wait(20) == 0)


def closed_pipe(folder):
    (folder / "texts.txt").write_text("my parcel\n" * 200000)
    shell = f"{command(['@predict'])[0]} --model m.tlm -q texts.txt | head -n 1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", shell], cwd=folder, capture_output=True, timeout=60)
    check("a reader that leaves is no error", done.stdout.count(b"\n") == 1 and not done.stderr and done.returncode == 0, done)


def interrupted(folder):
    (folder / "keep.tlm").write_bytes(b"the model before")
    process = subprocess.Popen(command(["@train", "-", "-o", "keep.tlm"]), cwd=folder, stdin=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    process.stdin.write(many_rows(10).encode())
    process.stdin.flush()
    deadline = time.time() + 20
    while len(list(folder.glob("keep.tlm*"))) < 2 and time.time() < deadline:
        time.sleep(0.0001)  # as soon as the file is there
    process.send_signal(signal.SIGINT)
    status = process.wait(20)
    files = [p.name for p in folder.glob("keep.tlm*")]
    check("Ctrl-C leaves nothing half-written", status == -signal.SIGINT and files == ["keep.tlm"]
          and (folder / "keep.tlm").read_bytes() == b"the model before", (status, files))


def on_a_terminal(folder):
    _, drawn = on_terminal(command(["@predict", "--model", "m.tlm"]), folder, b"my parcel\n", with_stdout=True)
    check("aligned text on a terminal", re.search(r"^delivery  0\.\d\d   billing 0\.\d\d\r\n", drawn.decode(), re.M), drawn)
    (folder / "many.jsonl").write_text(many_rows(20000))
    out, drawn = on_terminal(command(["@train", "many.jsonl", "-o", "t.tlm"]), folder)
    check("a progress bar on a terminal, taken away at the end", b"%" in drawn and re.search(rb"\x1b\[K(textlambda-train: [^\r\n]*\r\n)*$", drawn) and b"\x1b" not in out,
          drawn)


for table in TABLES:
    for case in table.CASES:
        run_case(*case)
    for test in getattr(table, "TESTS", []):
        with tempfile.TemporaryDirectory() as path:
            test(fresh(path), run, check)
if cases in TABLES:
    for test in (same_bytes, order_is_kept, explanation_adds_up, streams, closed_pipe, interrupted, on_a_terminal):
        with tempfile.TemporaryDirectory() as path:
            test(fresh(path))
print(f"{checked - len(failures)} passed, {len(failures)} failed")
sys.exit(1 if failures else 0)
