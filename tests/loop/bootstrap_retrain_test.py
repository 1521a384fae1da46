#!/usr/bin/env python3
"""The function that retrains as a process: bootstrap_retrain_test.py BOOTSTRAP_RETRAIN PROGRAMS [--kills N]"""
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "runtime"))
from runtime_api import Process, RuntimeApi  # noqa: E402

BOOTSTRAP, PROGRAMS = sys.argv[1], pathlib.Path(sys.argv[2])
KILLS = int(sys.argv[sys.argv.index("--kills") + 1]) if "--kills" in sys.argv else 10 if os.environ.get("SANITIZED") else 40
failures = []
scratch = tempfile.TemporaryDirectory()
folder = pathlib.Path(scratch.name)
WORDS = {"delivery": "parcel courier tracking depot doorstep late van signed lost box".split(),
         "billing": "invoice charge card refund amount bill paid twice euro bank".split()}
COMMON = [f"{a}{b}" for a in ("ka", "lo", "mi", "nu", "pe") for b in ("bel", "dor", "fen", "gal", "hit")]


def check(name, good, detail=""):
    print(f"{'ok  ' if good else 'FAIL'} {name}", flush=True)
    if not good:
        failures.append(name)
        print("     " + str(detail)[:2000].replace("\n", "\n     "))


def rows(count, seed, wrong=0.0):
    source = random.Random(seed)
    made = []
    for i in range(count):
        label = source.choice(list(WORDS))
        words = [source.choice(WORDS[label] if source.random() < 0.3 else COMMON) for _ in range(10)] + [f"n{seed}x{i}"]
        other = "billing" if label == "delivery" else "delivery"
        made.append({"text": " ".join(words), "label": other if source.random() < wrong else label})
    return made


def write(name, lines):
    (folder / name).write_text("".join(json.dumps(line) + "\n" for line in lines))
    return str(folder / name)


SMALL, GOOD, TEST = write("small.jsonl", rows(60, 1, 0.3)), write("good.jsonl", rows(2000, 2)), write("test.jsonl", rows(300, 4))


def start(api, store, corpus=SMALL, **environment):
    return Process([BOOTSTRAP], api.address, TEXTLAMBDA_STORE=str(folder / store), TEXTLAMBDA_CORPUS=corpus, TEXTLAMBDA_TEST=TEST,
                   **environment)


def scheduled(name):
    return json.dumps({"version": "0", "id": name, "detail-type": "Scheduled Event", "source": "aws.events", "account": "1",
                       "time": "2026-01-02T12:45:07Z", "region": "us-east-1", "resources": [], "detail": {}})


def sqs(*messages):
    return json.dumps({"Records": [{"messageId": name, "eventSource": "aws:sqs", "body": json.dumps(body)} for name, body in messages]})


def asked(*words):
    done = subprocess.run([PROGRAMS / f"textlambda-{words[0]}", *map(str, words[1:])], capture_output=True, text=True, check=False,
                          timeout=300)
    return done.returncode, done.stdout


def ledger(store):
    status, out = asked("models", folder / store, "--ledger", "--json")
    return json.loads(out)["entries"] if status == 0 else None


def rounds_and_feedback():
    with RuntimeApi() as api, start(api, "one") as process:
        first = json.loads(api.invoke(scheduled("monday")).body)
        check("a schedule promotes the first model", first["status"] == "promoted" and first["event"] == "monday"
              and first["documents"] == 60 and os.readlink(folder / "one" / "current") == f"models/{first['to']}.tlm", first)
        again = json.loads(api.invoke(scheduled("monday")).body)
        check("the same event has one round", again["repeated"] and len(ledger("one")) == 1, again)
        told = rows(300, 5)
        done = api.invoke(sqs(*[(f"m{i}", row) for i, row in enumerate(told)], ("bad", {"text": "no label"})))
        check("feedback is kept, and what is none named", json.loads(done.body) == {"batchItemFailures": [{"itemIdentifier": "bad"}]}, done.body)
        api.invoke(sqs(*[(f"m{i}", row) for i, row in enumerate(told)]))
        lines = (folder / "one" / "feedback" / "rows.jsonl").read_text().splitlines()
        check("each row once", [{k: json.loads(line)[k] for k in ("text", "label")} for line in lines] == told, len(lines))
        second = json.loads(api.invoke(scheduled("tuesday")).body)
        check("and trained on", second["feedback"] == 300 and second["documents"] == 360 and second["status"] == "promoted", second)
        failed = api.invoke("no JSON", "the-bad-one")
        check("an error goes to /error", failed.path.endswith("/the-bad-one/error") and json.loads(failed.body)["errorType"] == "InvalidEvent", failed.body)
        status, out, err = process.stop()
        check("SIGTERM ends it with 0", status == 0 and err == "", (status, err))
        log = [json.loads(line) for line in out.splitlines()]
        check("the log tells what came of the rounds", [line["message"].split(":")[0] for line in log if "ed: " in line["message"]]
              == ["promoted", "the event had its round before", "promoted"], out)
        check("and which record failed, without texts", any(line.get("record") == "bad" for line in log) and "parcel" not in out, out)
    by_command = asked("retrain", "--store", folder / "two", "--corpus", SMALL, "--test", TEST, "--event", "monday", "--json", "-q")
    same = json.loads(by_command[1])
    check("the command's first round has the same model", same["candidate"] == first["candidate"] and same["test_accuracy"] == first["test_accuracy"], same)
    trained = asked("retrain", "--store", folder / "one", "--corpus", SMALL, "--test", TEST, "--json", "-q")
    check("and its round over the same feedback too", json.loads(trained[1])["status"] == "unchanged" and json.loads(trained[1])["feedback"] == 300, trained)
    without = asked("retrain", "--store", folder / "one", "--corpus", SMALL, "--test", TEST, "--no-feedback", "--json", "-q")
    check("but for --no-feedback", json.loads(without[1])["feedback"] == 0 and json.loads(without[1])["documents"] == 60, without)


def starts_that_fail():
    for name, variables, status, kind, said in (
            ("a bad setting", {"TEXTLAMBDA_REQUIRE": "more"}, 2, "Runtime.InvalidConfiguration", "TEXTLAMBDA_REQUIRE"),
            ("no store named", {"TEXTLAMBDA_STORE": ""}, 2, "Runtime.InvalidConfiguration", "TEXTLAMBDA_STORE is not set"),
            ("a store that is a file", {"TEXTLAMBDA_STORE": SMALL}, 5, "Runtime.InvalidStore", "small.jsonl"),
            ("no such corpus", {"TEXTLAMBDA_CORPUS": "/none.csv"}, 5, "Runtime.InvalidStore", "/none.csv"),
            ("no such test set", {"TEXTLAMBDA_TEST": "/none.csv"}, 5, "Runtime.InvalidStore", "/none.csv")):
        with RuntimeApi() as api, Process([BOOTSTRAP], api.address, **{"TEXTLAMBDA_STORE": str(folder / "x"), "TEXTLAMBDA_CORPUS": SMALL,
                                                                       "TEXTLAMBDA_TEST": TEST, **variables}) as process:
            done = api.delivery()
            code, out, _ = process.end()
            check(name, done.path.endswith("/init/error") and json.loads(done.body)["errorType"] == kind
                  and said in json.loads(done.body)["errorMessage"] and code == status and said in out, (code, done.body, out))
    with RuntimeApi() as api, start(api, "three", TEXTLAMBDA_CORPORA="x", TEXTLAMBDA_MODEL="y") as process:
        api.wait_for_next()
        _, out, _ = process.stop()
        check("misspelt settings are warned of", "TEXTLAMBDA_CORPORA is set and is no setting" in out and "TEXTLAMBDA_MODEL is set" in out, out)


def out_of_time():
    with RuntimeApi() as api, start(api, "late", GOOD) as process:
        api.wait_for_next()  # a deadline that has passed before the function is there is none
        done = api.invoke(scheduled("a"), Lambda_Runtime_Deadline_Ms=str(int(time.time() * 1000) + 210))
        error = json.loads(done.body)
        check("a round that has no time says so", done.path.endswith("/error") and error["errorType"] == "OutOfTime"
              and "nothing was changed" in error["errorMessage"], done.body)
        check("and leaves nothing", ledger("late") == [] and not (folder / "late" / "current").is_symlink(), ledger("late"))
        check("the next has its time", json.loads(api.invoke(scheduled("a")).body)["status"] == "promoted")
        process.stop()


def races():
    """Two functions have the same event at the same time, and then two of their own: one promotion of an event."""
    with RuntimeApi() as one, RuntimeApi() as two, start(one, "race", GOOD) as first, start(two, "race", GOOD) as second:
        one.wait_for_next()
        two.wait_for_next()
        one.put(scheduled("a"))
        two.put(scheduled("a"))
        said = [json.loads(api.delivery().body) for api in (one, two)]
        entries = ledger("race")
        check("an event that two have at once has one round", [entry["outcome"] for entry in entries] == ["promoted"]
              and sorted(answer["repeated"] for answer in said) == [False, True] and said[0]["to"] == said[1]["to"], (said, entries))
        first.stop()
        second.stop()
    with RuntimeApi() as one, RuntimeApi() as two, start(one, "race2", GOOD, TEXTLAMBDA_SEED="1") as first, \
            start(two, "race2", GOOD, TEXTLAMBDA_SEED="2") as second:
        one.wait_for_next()
        two.wait_for_next()
        one.put(scheduled("a"))
        two.put(scheduled("b"))
        said = [json.loads(api.delivery().body)["status"] for api in (one, two)]
        outcomes = [entry["outcome"] for entry in ledger("race2") if entry["action"] == "round"]
        # Where the machine ran one after the other, the second was held against the first.
        check("of two events at once one is promoted, the other is outdated or was judged against it",
              outcomes[0] == "promoted" and len(outcomes) == 2 and sorted(said) == sorted(outcomes), (said, outcomes))
        first.stop()
        second.stop()


def kills():
    """SIGKILL at any moment of a round or of keeping rows, then the same events again: one row and one round each."""
    asked("retrain", "--store", folder / "killed", "--corpus", SMALL, "--test", TEST, "-q")
    with RuntimeApi() as api, start(api, "killed", GOOD, TEXTLAMBDA_MAX_DROP="accuracy=99pp") as process:
        api.wait_for_next()
        begin = time.monotonic()
        api.invoke(scheduled("measure"))
        took = time.monotonic() - begin
        process.stop()
    pick = random.Random(7)
    bad, done_before, cut, messages = [], 0, 0, 0
    for i in range(KILLS):
        with RuntimeApi() as api, start(api, "killed", GOOD, TEXTLAMBDA_SEED=str(i), TEXTLAMBDA_MAX_DROP="accuracy=99pp") as process:
            batch = sqs(*[(f"k{i}-{n}", {"text": f"kept {i} {n}", "label": "billing"}) for n in range(20)])
            api.wait_for_next()
            api.put(batch)
            api.put(scheduled(f"event {i}"))
            time.sleep(pick.random() * 1.4 * took)
            process.signal(signal.SIGKILL)
            process.end()
        messages += 20
        status = asked("inspect", folder / "killed" / "current")[0]
        entries = ledger("killed")
        had = entries is not None and any(entry.get("event") == f"event {i}" for entry in entries)
        done_before += had
        raw = (folder / "killed" / "feedback" / "rows.jsonl").read_bytes() if (folder / "killed" / "feedback" / "rows.jsonl").exists() else b""
        cut += not raw.endswith(b"\n") and raw != b""
        if status != 0 or entries is None:
            bad.append((i, status))
            continue
        # What Lambda does: the same again.
        with RuntimeApi() as api, start(api, "killed", GOOD, TEXTLAMBDA_SEED=str(i), TEXTLAMBDA_MAX_DROP="accuracy=99pp") as process:
            kept = json.loads(api.invoke(batch).body)
            said = json.loads(api.invoke(scheduled(f"event {i}")).body)
            if kept != {"batchItemFailures": []} or said.get("repeated") != had or "status" not in said:
                bad.append((i, kept, said, had))
            process.stop()
    check(f"{KILLS} kills: a whole model and a ledger each time, and the event's one round after it", not bad, bad[:3])
    entries = [entry for entry in ledger("killed") if str(entry.get("event", "")).startswith("event ")]
    check("each event has one round", sorted(entry["event"] for entry in entries) == sorted(f"event {i}" for i in range(KILLS)), len(entries))
    texts = [json.loads(line)["text"] for line in (folder / "killed" / "feedback" / "rows.jsonl").read_text().splitlines()]
    check("each row is there once", len(texts) == messages and len(set(texts)) == messages, (len(texts), messages))
    print(f"     {done_before} of {KILLS} rounds were done before the kill, {cut} lines were cut off")


def main():
    for part in (rounds_and_feedback, starts_that_fail, out_of_time, races, kills):
        try:
            part()
        except Exception as error:  # one part's trouble does not hide the others'
            check(part.__name__, False, repr(error))
    print(f"{len(failures)} failed" if failures else "all passed")
    scratch.cleanup()
    return 1 if failures else 0


sys.exit(main())
