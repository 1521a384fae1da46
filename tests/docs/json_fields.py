#!/usr/bin/env python3
"""Holds docs/json.md against what the commands write: json_fields.py PROGRAMS [--page-host PROGRAM] [--list]

Of each command several runs are made on data/; every field of their JSON has to stand in the page's table of that
command, and every row of a table has to come up in one of the runs. --page-host: what serves the emulator's statistics
(tests/emulator/page_host.cpp); without it they are passed over. --list prints the fields that were found.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

PROGRAMS = pathlib.Path(sys.argv[1]).resolve()
PAGE_HOST = sys.argv[sys.argv.index("--page-host") + 1] if "--page-host" in sys.argv else None
ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
# A compiler without coroutines leaves it out.
HAS_EMULATOR = (PROGRAMS / "textlambda-emulate").exists()
# Objects whose keys are data: a name for them in the page.
KEYED = {"deployed.weights": "VERSION", "sources": "SOURCE", "options.label_weights": "LABEL", "card.options.label_weights": "LABEL"}


def run(folder, command, *arguments, stdin=b""):
    environment = {key: value for key, value in os.environ.items() if key not in ("CI", "GITHUB_ACTIONS")}
    done = subprocess.run([PROGRAMS / f"textlambda-{command}", *map(str, arguments)], cwd=folder, capture_output=True,
                          env=environment, input=stdin, timeout=300)
    if done.returncode not in (0, 1, 3):
        sys.exit(f"textlambda-{command} {arguments}: status {done.returncode}\n{done.stderr.decode()}")
    return done.stdout


def statistics(folder):
    """What GET /_textlambda/stats answers."""
    ready = folder / "ready"
    host = subprocess.Popen([PAGE_HOST, ready])
    try:
        for _ in range(1000):
            if ready.exists() or host.poll() is not None:
                break
            time.sleep(0.01)
        address = ready.read_text().split()[1]
        with urllib.request.urlopen(f"http://{address}/_textlambda/stats", timeout=60) as answer:
            return answer.read()
    finally:
        host.terminate()
        host.wait(60)


def paths(value, at, found):
    if isinstance(value, dict):
        if at in KEYED:
            for member in value.values():
                found.add(f"{at}.{KEYED[at]}")
                paths(member, f"{at}.{KEYED[at]}", found)
            return
        for key, member in value.items():
            path = f"{at}.{key}" if at else key
            found.add(path)
            paths(member, path, found)
    elif isinstance(value, list):
        for member in value:
            if isinstance(member, (dict, list)):
                paths(member, at + "[]", found)


def collect(outputs):
    found = set()
    for output in outputs:
        for line in output if isinstance(output, list) else [output]:
            paths(json.loads(line), "", found)
    return found


def conformed(folder):
    """A scorecard with rows that fail, since the host runs more at a time than is told, and rows that are not asked."""
    ready = folder / "ready_to_conform"
    emulator = subprocess.Popen([PROGRAMS / "textlambda-emulate", "--function", f"probe={PROGRAMS / 'conform-probe'}", "--port", "0",
                                 "--ready-file", ready, "-q"], stdin=subprocess.DEVNULL)
    try:
        while not ready.exists() or not ready.read_text().endswith("\n"):
            if emulator.poll() is not None:
                sys.exit("the emulator does not start")
            time.sleep(0.01)
        url = f"http://{ready.read_text().split()[1]}"
        return {"conform": collect([run(folder, "conform", "--endpoint", url, "--function", "probe", "--only", "concurrency", "functions",
                                          "--concurrency", "5", "--json")])}
    finally:
        emulator.terminate()
        emulator.wait()


def deployed(folder):
    """What a canary says of itself."""
    ready = folder / "ready_to_deploy"
    emulator = subprocess.Popen([PROGRAMS / "textlambda-emulate", "--function", f"f={PROGRAMS / 'bootstrap'}", "--model", "m.tlm",
                                 "--port", "0", "--ready-file", ready, "-q"], stdin=subprocess.DEVNULL, cwd=folder)
    try:
        while not ready.exists() or not ready.read_text().endswith("\n"):
            if emulator.poll() is not None:
                sys.exit("the emulator does not start")
            time.sleep(0.01)
        os.environ.update(AWS_ENDPOINT_URL_LAMBDA=f"http://{ready.read_text().split()[1]}", AWS_ACCESS_KEY_ID="any",
                          AWS_SECRET_ACCESS_KEY="any")
        deploy = ("--deploy", "f", "--alias", "live", "--json", "--allow-dynamic")
        return [run(folder, "package", "-m", "m.tlm", *deploy),
                run(folder, "package", "-m", "other.tlm", *deploy, "--canary", "10%")]
    finally:
        emulator.terminate()
        emulator.wait()


def on_a_virtual_clock(folder):
    """What a simulation and the replay of recorded calls say."""
    (folder / "orders.jsonl").write_text('"one"\n"two"\n')
    (folder / "calls.log").write_text("2026-01-02T03:04:05.000Z REPORT RequestId: 8f5d3e1c-6a0b-4c8e-9d2f-1b7a5c3e9f60\tDuration: 12.00 ms\t"
                                      "Billed Duration: 12 ms\tMemory Size: 512 MB\tMax Memory Used: 30 MB\tInit Duration: 5.00 ms\n")
    source = "orders=sqs:orders.jsonl,max-receive=3"
    (folder / "schedule.json").write_text(json.dumps({
        "format": "textlambda-schedule", "version": 1, "fault": "", "source": source, "seed": 1, "schedule": 0, "environments": 2,
        "timeout_ns": 3_000_000_000, "init_ns": 5_000_000, "start_ns": 1_767_225_600_000_000_000, "trouble": 0, "most_steps": 1000,
        "choices": []}))
    return {"simulate": collect([run(folder, "emulate", "simulate", "--source", source, "--schedules", "20", "--json"),
                                 run(folder, "emulate", "simulate", "--replay", "schedule.json", "--json")]),
            "capacity": collect([run(folder, "emulate", "capacity", "calls.log", "--json")])}


def everything(folder):
    """Fields by section of the page."""
    support = [DATA / "support.train.csv", DATA / "support.test.csv"]
    events = DATA / "events"
    (folder / "seen.jsonl").write_text('{"text":"where is my parcel","label":"delivery"}\n{"text":"x y","label":"no such"}\n')
    (folder / "many.jsonl").write_text("".join(f'{{"text":"x y","label":"no such {i}"}}\n' for i in range(300)))
    (folder / "bad.jsonl").write_text('{"text":"a","label":"billing"}\n{"label":"billing"}\n')
    trained = [run(folder, "train", support[0], "-o", "m.tlm", "--json", "--label-weight", "billing=2"),
               run(folder, "train", support[0], "-o", "other.tlm", "--json", "--holdout", "0", "--chars", "none",
                   "--unlabelled", support[1])]
    evaluate = ("evaluate", "-m", "m.tlm", "--json", "--test", support[1])
    run(folder, *evaluate, "--baseline", "b.json", "--update-baseline")
    run(folder, "evaluate", "-m", "other.tlm", "--test", support[1], "--baseline", "c.json", "--update-baseline")
    (folder / "part.csv").write_text("".join(support[1].read_text().splitlines(True)[:100]) + '"a new row",billing\n')
    gated = ("--baseline", "b.json", "--report", "json=-")
    evaluated = [run(folder, *evaluate),
                 run(folder, *evaluate, *gated, "--min", "accuracy=0.99", "--slice", "label"),
                 run(folder, "evaluate", "-m", "other.tlm", "--test", "part.csv", *gated, "--allow-dataset-change",
                     "--max-drop", "accuracy=0.5pp", "--anchor", "c.json", "--cluster-by", "label"),
                 run(folder, "evaluate", "--compare", "b.json", "c.json", "b.json", "--json"),
                 run(folder, "evaluate", "-m", "m.tlm", "--json", "--test", "seen.jsonl", "--allow-unknown-labels"),
                 run(folder, "evaluate", "-m", "m.tlm", "--json", "--test", "many.jsonl", "--allow-unknown-labels")]
    recorded = folder / "recorded"
    recorded.mkdir()
    (recorded / "one.jsonl").write_text(
        '{"event":{"text":"where is my parcel"},"label":"delivery","response":{"label":"no such"}}\n'
        '{"event":{"text":"a refund please"},"label":"billing"}\n{"event":{"text":"hello"},"label":"none of these"}\n')
    replay = ("replay", "-m", events / "support.tlm", "--json")
    replayed = [run(folder, *replay, events, "--expect"), run(folder, *replay, recorded, "--expect"),
                run(folder, *replay, events, "--against", "other.tlm", "--max-flips", "1%"),
                run(folder, *replay, recorded, "--update")]
    half = folder / "half.csv"
    half.write_text("".join(support[0].read_text().splitlines(True)[:200]))
    (folder / "leaking.csv").write_text(support[0].read_text() + support[1].read_text().split("\n")[1] + "\n")
    retrain = ("retrain", "--store", "store", "--test", support[1], "--json", "--corpus")
    retrained = [run(folder, *retrain, half), run(folder, *retrain, "leaking.csv", "--event", "e1"),
                 run(folder, *retrain, half, "--event", "e1"), run(folder, *retrain, half)]
    models = [run(folder, "models", "store", "--json"), run(folder, "models", "store", "--json", "--rollback")]
    os.utime(max((folder / "store" / "models").iterdir(), key=lambda path: path.name != os.path.basename(os.readlink(folder / "store" / "current"))), (0, 0))
    models += [run(folder, "models", "store", "--json", "--prune", "1"), run(folder, "models", "store", "--json", "--ledger")]
    (folder / "seeds.toml").write_text('billing = ["refund"]\n')
    grouped = run(folder, "topics", support[0], "-k", "4", "-o", "t.tlm", "--json", "--seed-labels", "seeds.toml")
    lines = lambda text: text.decode().splitlines()
    texts = "I was charged twice\n".encode()
    return {
        "train": collect(trained),
        "evaluate": collect(evaluated),
        "drift": collect([run(folder, "evaluate", "-m", "m.tlm", "--json", "--unlabelled", support[1])]),
        "threshold": collect([run(folder, "evaluate", "-m", "m.tlm", "--json", "--test", support[1], "--max-risk", "0.5")]),
        "clustering": collect([run(folder, "evaluate", "-m", "t.tlm", "--json", "--test", support[1], "--clustering")]),
        "suggestion": collect([run(folder, "topics", support[0], "--suggest-k", "-k", "4", "--json")]),
        "topics": collect([grouped, run(folder, "topics", "--from-replay", support[1], "--model", "m.tlm", "--below", "1", "-k", "2", "-o", "g.tlm",
                                        "--json")]),
        "inspect": collect([run(folder, "inspect", "m.tlm", "--json"), run(folder, "inspect", "other.tlm", "--json")]),
        "package": collect([run(folder, "package", "-m", "m.tlm", "-o", "m.zip", "--json", "--measure", "--runs", "1",
                                "--allow-dynamic"), *(deployed(folder) if HAS_EMULATOR else [])]),
        "replay": collect(replayed),
        "retrain": collect(retrained),
        "models": collect(models),
        **(conformed(folder) if HAS_EMULATOR else {}),
        **(on_a_virtual_clock(folder) if HAS_EMULATOR else {}),
        "predict": collect([lines(run(folder, "predict", "-m", "m.tlm", "--explain", stdin=texts)),
                            lines(run(folder, "predict", "-m", "m.tlm", "bad.jsonl"))]),
        "responses": collect([lines(run(folder, *replay[:3], recorded, "--out", "-", "--out-latency", "-q"))]),
        "errors": collect([lines(run(folder, "evaluate", "-m", "m.tlm", "--test", support[1], "--errors", "-", "-q"))]),
        **({"stats": collect([statistics(folder)])} if PAGE_HOST else {}),
    }


def documented(page):
    """Of each section "## … `name`" the paths in the first column of its tables; what starts like PATH.… is a table
    that another section shares."""
    sections = {}
    for title, body in re.findall(r"^## .*?`([a-z]+)`.*?\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL):
        rows = []
        for cell in re.findall(r"^\| ((?:`[^`|]+`(?:, )?)+) \|", body, re.MULTILINE):
            rows += re.findall(r"`([^`]+)`", cell)
        sections[title] = rows
    return sections


def main():
    with tempfile.TemporaryDirectory() as folder:
        found = everything(pathlib.Path(folder))
    if "--list" in sys.argv:
        for name, fields in found.items():
            print(f"## `{name}`\n")
            for field in sorted(fields):
                print(f"| `{field}` | |")
            print()
        return
    page = documented((ROOT / "docs" / "json.md").read_text())
    faults = [f"no section of {name}" for name in found if name not in page]
    if not PAGE_HOST:
        page.pop("stats", None)
    for name, rows in page.items():
        if name in ("conform", "simulate", "capacity") and not HAS_EMULATOR:
            continue
        if not HAS_EMULATOR:
            rows = [row for row in rows if not row.startswith("deployed.")]
        if name not in found:
            faults.append(f"{name}: a section of nothing")
            continue
        # The model's card stands in the section of training, inspect has it under "card".
        fields = {field for field in found[name] if not (name == "inspect" and field.startswith("card."))}
        if name == "inspect":
            card = {field.removeprefix("card.") for field in found[name] if field.startswith("card.")}
            faults += [f"inspect: card.{field} is not in the section of train" for field in sorted(card - set(page["train"]))]
        faults += [f"{name}: {field} is not in the page" for field in sorted(fields - set(rows))]
        faults += [f"{name}: {field} is in the page and nowhere else" for field in rows if field not in fields]
        faults += [f"{name}: {field} stands twice" for field in sorted({row for row in rows if rows.count(row) > 1})]
    for fault in faults:
        print(fault)
    print(f"{sum(map(len, page.values()))} fields of {len(page)} results, {len(faults)} faults")
    sys.exit(bool(faults))


main()
