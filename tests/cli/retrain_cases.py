"""textlambda-retrain and textlambda-models: the loop's rounds and its store. cases.py says what a case is."""
import json
import os
import random
import signal
import subprocess
import time

WORDS = {"delivery": "parcel courier tracking depot doorstep late van signed lost box".split(),
         "billing": "invoice charge card refund amount bill paid twice euro bank".split()}
COMMON = [f"{a}{b}" for a in ("ka", "lo", "mi", "nu", "pe", "ra", "so", "ti") for b in ("bel", "dor", "fen", "gal", "hit")]


def rows(count, seed, wrong=0.0):
    source = random.Random(seed)
    made = []
    for i in range(count):
        label = source.choice(list(WORDS))
        words = [source.choice(WORDS[label] if source.random() < 0.3 else COMMON) for _ in range(10)] + [f"n{seed}x{i}"]
        other = "billing" if label == "delivery" else "delivery"
        made.append({"text": " ".join(words), "label": other if source.random() < wrong else label})
    return "".join(json.dumps(row) + "\n" for row in made)


FILES = {"small.jsonl": rows(60, 1, 0.3), "good.jsonl": rows(3000, 2), "bad.jsonl": rows(400, 3, 0.5), "fixed.jsonl": rows(500, 4),
         "empty.csv": "", "notes/important.txt": "keep me"}

RETRAIN = ["@retrain", "--store", "store", "--test", "fixed.jsonl", "--corpus"]

CASES = [
    ("the first", [*RETRAIN, "small.jsonl"], {"stdout": [r"^promoted +there was no model yet", r"current +none → [0-9a-f]{16}"]}),
    ("json", [*RETRAIN, "small.jsonl", "--json", "-q"], {"json": lambda found: found["status"] == "promoted" and found["from"] is None
                                                         and found["to"] == found["candidate"] and found["documents"] == 60}),
    ("no store named", ["@retrain", "--corpus", "small.jsonl", "--test", "fixed.jsonl"], {"status": 2, "stderr": r"--store"}),
    ("a folder of other things", ["@retrain", "--store", "notes", "--corpus", "small.jsonl", "--test", "fixed.jsonl"],
     {"status": 5, "stderr": r"notes: is no store of models: expected a folder with models in it", "no_stdout": True}),
    ("a file as store", ["@retrain", "--store", "small.jsonl", "--corpus", "small.jsonl", "--test", "fixed.jsonl"], {"status": 5, "stderr": r"small\.jsonl"}),
    ("both from stdin", ["@retrain", "--store", "store", "--corpus", "-", "--test", "-"], {"stdin": "a b,x\n", "status": 2,
     "stderr": r"standard input can be read only once"}),
    ("an empty test set", ["@retrain", "--store", "store", "--corpus", "small.jsonl", "--test", "empty.csv"], {"status": 5, "stderr": r"empty\.csv"}),
    ("a margin that is none", [*RETRAIN, "small.jsonl", "--max-drop", "accuracy=much"], {"status": 2, "stderr": r"--max-drop"}),
    ("models of no store", ["@models", "nowhere"], {"status": 5, "stderr": r"nowhere: is no store of models"}),
]


def told(done):
    return json.loads(done.stdout)


def rounds(folder, run, check):
    ask = lambda corpus, *options: run([*RETRAIN, corpus, "--json", "-q", *options], folder)
    done = ask("fixed.jsonl")
    check("retrain: a corpus that is the test set", done.returncode == 5 and b"has no row whose text is not in the test set" in done.stderr, done)
    done = ask("bad.jsonl", "--min", "accuracy=99%")
    check("retrain: the first model has to reach a floor", done.returncode == 1 and told(done)["status"] == "refused" and told(done)["to"] is None, done)
    (folder / "store" / "ledger.jsonl").unlink()
    first, refused, better = ask("small.jsonl", "--event", "a"), ask("bad.jsonl", "--event", "b"), ask("good.jsonl", "--event", "c")
    check("retrain: promoted, refused, promoted", [done.returncode for done in (first, refused, better)] == [0, 1, 0]
          and [told(done)["status"] for done in (first, refused, better)] == ["promoted", "refused", "promoted"], (first, refused, better))
    check("retrain: alpha is spent", told(refused)["test_use"] == 1 and told(better)["test_use"] == 2 and told(better)["alpha"] < told(refused)["alpha"] < 0.05, better)
    again = ask("small.jsonl", "--event", "b")
    check("retrain: an event has one round", again.returncode == 1 and told(again)["repeated"] and told(again)["candidate"] == told(refused)["candidate"], again)
    same = ask("good.jsonl")
    check("retrain: the same again is unchanged", same.returncode == 0 and told(same)["status"] == "unchanged", same)
    equal = ask("small.jsonl", "--require", "improved")
    check("retrain: not worse is not enough where it has to be better", equal.returncode in (1, 3) and told(equal)["to"] == told(better)["to"], equal)
    said = run(["@predict", "-m", "store/current", "--plain"], folder, stdin="parcel courier van depot\n")
    check("retrain: current is a model like any other", said.returncode == 0 and b"delivery" in said.stdout, said)

    listed = told(run(["@models", "store", "--json"], folder))
    check("models: the current one is told", listed["current"] == told(better)["to"] and len(listed["models"]) == 2, listed)
    for options, status, pattern in ((["--rollback"], 0, f"current  {told(better)['to']} → {told(first)['to']}"),
                                     (["--rollback", told(better)["to"][:6]], 0, f"→ {told(better)['to']}"),
                                     (["--rollback", told(better)["to"]], 2, "is the current model"), (["--rollback", "xyz"], 2, "no model's id begins"),
                                     (["--prune", "0"], 2, "at least 1"), (["--prune", "1"], 0, "removed"), (["--ledger", "--prune", "1"], 2, "--prune")):
        done = run(["@models", "store", *options], folder)
        check(f"models: {' '.join(options)[:12]}", done.returncode == status and pattern in (done.stdout + done.stderr).decode(), done)
    entries = told(run(["@models", "store", "--ledger", "--json"], folder))["entries"]
    check("models: the ledger has all of it", [entry["action"] for entry in entries][:7] == 5 * ["round"] + 2 * ["rollback"], entries)
    (folder / "store" / "ledger.jsonl").write_text("nonsense\n")
    done = run(["@models", "store", "--ledger"], folder)
    check("models: a ledger that is none", done.returncode == 5 and b"store/ledger.jsonl:1: no entry of a ledger" in done.stderr, done)


def raced_and_killed(folder, run, check):
    """Two at a time; and rounds that are killed whenever it is: current is always a model, and the next round is right."""
    run([*RETRAIN, "small.jsonl", "-q"], folder)
    before = os.readlink(folder / "store" / "current")
    command = run.__globals__["command"]
    pair = [subprocess.Popen(command([*RETRAIN, "good.jsonl", "--json", "-q", "--seed", str(seed)]), cwd=folder, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE) for seed in (1, 2)]
    said = [(child.communicate(timeout=300), child.returncode) for child in pair]
    status = sorted(json.loads(out)["status"] for (out, _), _ in said)
    check("retrain: of two at a time one is promoted, and the ledger has both",
          status[-1] in ("promoted", "refused") and status.count("promoted") <= 2 and os.readlink(folder / "store" / "current") != before
          and len((folder / "store" / "ledger.jsonl").read_text().splitlines()) == 3, said)
    check("retrain: the other one is told why", status in (["outdated", "promoted"], ["promoted", "unchanged"], ["inconclusive", "promoted"],
                                                           ["promoted", "promoted"], ["promoted", "refused"]), said)
    begin = time.monotonic()
    run([*RETRAIN, "bad.jsonl", "-q", "--max-drop", "accuracy=99pp"], folder)
    took = time.monotonic() - begin
    pick, states = random.Random(7), []
    for i in range(12 if os.environ.get("SANITIZED") else 40):
        corpus = ["small.jsonl", "bad.jsonl"][i % 2]
        child = subprocess.Popen(command([*RETRAIN, corpus, "-q", "--max-drop", "accuracy=99pp"]), cwd=folder, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        time.sleep(pick.random() * 1.2 * took)
        child.send_signal(signal.SIGKILL)
        child.wait(60)
        states.append(run(["@inspect", "store/current"], folder).returncode + run(["@models", "store", "--ledger"], folder).returncode)
    check("retrain: whenever it is killed, there is a whole model and a ledger", not any(states), states)
    done = run([*RETRAIN, "good.jsonl", "--json", "-q", "--seed", "3"], folder)
    check("retrain: and the next round is right", done.returncode == 0 and told(done)["status"] == "promoted", done)


TESTS = [rounds, raced_and_killed]
