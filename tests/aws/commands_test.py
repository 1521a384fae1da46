#!/usr/bin/env python3
"""The commands with s3:// names and a store of models in S3, against the double (s3_double.py); boto3 looks at the same
objects.

    commands_test.py FOLDER_OF_THE_COMMANDS DATA
"""
import gzip
import json

import boto3
from botocore.config import Config

import s3_double
from commands import DATA, Started, check, folder, run_parts
from s3_double import S3Double


def start(double, command, *arguments, **environment):
    return Started({"AWS_ACCESS_KEY_ID": s3_double.KEY, "AWS_SECRET_ACCESS_KEY": s3_double.SECRET,
                    "AWS_REGION": double.region, "AWS_ENDPOINT_URL_S3": double.url, **environment}, command, *arguments)


def run(double, command, *arguments, **environment):
    return start(double, command, *arguments, **environment).done()


def upload(double, name, content):
    boto3.client("s3", endpoint_url=double.url, region_name=double.region, aws_access_key_id=s3_double.KEY,
                 aws_secret_access_key=s3_double.SECRET, config=Config(s3={"addressing_style": "path"})
                 ).put_object(Bucket="bucket", Key=name, Body=content)


def files():
    with S3Double() as double:
        train = (DATA / "support.train.csv").read_bytes()
        upload(double, "in/train.csv", train)
        upload(double, "in/train.csv.gz", gzip.compress(train))
        upload(double, "in/test.csv", (DATA / "support.test.csv").read_bytes())
        local = run(double, "train", DATA / "support.train.csv", "-o", folder / "local.tlm")
        remote = run(double, "train", "s3://bucket/in/train.csv", "-o", "s3://bucket/out/a model.tlm", "--json")
        check("train: corpus and model in S3", remote.status == 0, remote.text)
        model = double.objects["bucket", "out/a model.tlm"].content
        check("the same bytes as from a folder", local.status == 0 and model == (folder / "local.tlm").read_bytes())
        check("its name is said as it was given",
              "s3://bucket/in/train.csv: read as csv" in remote.err, remote.text)
        packed = run(double, "train", "s3://bucket/in/train.csv.gz", "-o", "s3://bucket/out/packed.tlm")
        check("a compressed corpus", packed.status == 0 and double.objects["bucket", "out/packed.tlm"].content == model,
              packed.text)
        seen = run(double, "inspect", "s3://bucket/out/a model.tlm", "--json")
        check("inspect", seen.status == 0 and seen.json["bytes"] == len(model), seen.text)
        said = run(double, "predict", "--model", "s3://bucket/out/a model.tlm", "s3://bucket/in/test.csv", "--json")
        here = run(double, "predict", "--model", "local.tlm", DATA / "support.test.csv", "--json")
        check("predict", said.status == 0 and said.out and
              [json.loads(line)["label"] for line in said.out.splitlines()] ==
              [json.loads(line)["label"] for line in here.out.splitlines()], said.text[:1000])

        gate = ("evaluate", "--model", "s3://bucket/out/a model.tlm", "--test", "s3://bucket/in/test.csv", "--baseline",
                "s3://bucket/gate/main.json")
        missing = run(double, *gate)
        check("a baseline that is not there", missing.status == 5 and "there is no such baseline yet" in missing.err,
              missing.text)
        made = run(double, *gate, "--update-baseline", "--errors", "s3://bucket/gate/errors.csv", "--report",
                   "json=s3://bucket/gate/report.json")
        names = sorted(key for _, key in double.objects if key.startswith("gate/"))
        check("a baseline, a report and wrong rows in S3", made.status == 0 and len(names) == 4 and
              json.loads(double.objects["bucket", "gate/report.json"].content), (names, made.text))
        held = run(double, *gate)
        check("held against it", held.status == 0 and "PASS" in held.out, held.text)
        again = run(double, *gate, "--update-baseline")
        check("and written again", again.status == 0, again.text)
        wrong = run(double, "evaluate", "--model", "local.tlm", "--test", "s3://bucket/in/test.csv", "--baseline",
                    "s3://bucket/in/train.csv", "--update-baseline")
        check("what is no baseline is not overwritten", wrong.status == 5 and "is not a baseline" in wrong.err and
              double.objects["bucket", "in/train.csv"].content == train, wrong.text)
        kept = run(double, "evaluate", "--model", "local.tlm", "--test", "s3://bucket/in/test.csv", "--target-precision",
                   "0.5", "--store-threshold", "s3://bucket/in/train.csv")
        check("nor what is no model", kept.status == 5 and "is not a model" in kept.err, kept.text)
        over = run(double, "train", "s3://bucket/in/train.csv", "-o", "s3://bucket/in/train.csv")
        check("an output does not take an input's place", over.status == 2 and "would overwrite" in over.err, over.text)


def failures_are_told():
    with S3Double() as double:
        upload(double, "train.csv", (DATA / "support.train.csv").read_bytes())
        train = ("train", "s3://bucket/train.csv", "-o", "s3://bucket/model.tlm")
        for name, arguments, environment, status, text in (
                ("no such object", ("train", "s3://bucket/none.csv", "-o", "m.tlm"), {}, 5,
                 "textlambda-train: s3://bucket/none.csv: NoSuchKey: The specified key does not exist."),
                ("no such bucket", ("train", "s3://missing/none.csv", "-o", "m.tlm"), {}, 5, "NoSuchBucket"),
                ("no credentials", train, {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, 5, "no AWS credentials"),
                ("no region", train, {"AWS_REGION": "", "AWS_ENDPOINT_URL_S3": ""}, 2, "no AWS region: set AWS_REGION"),
                ("no bucket's name", ("train", "s3://x", "-o", "m.tlm"), {}, 2, "the bucket's name is none"),
                ("no key", ("train", "s3://bucket/train.csv", "-o", "s3://bucket/folder/"), {}, 2, "expected the key"),
                ("a wrong secret", train, {"AWS_SECRET_ACCESS_KEY": "x"}, 5, "SignatureDoesNotMatch"),
                ("an expired token", train, {"AWS_SESSION_TOKEN": "x"}, 5, "ExpiredToken"),
                ("an odd endpoint", train, {"AWS_ENDPOINT_URL_S3": "ftp://x"}, 2, "is not an endpoint")):
            done = run(double, *arguments, **environment)
            check(name, done.status == status and text in done.err and len(done.err.splitlines()) == 1, done.text)
        (folder / "config").write_text("[default]\nregion = eu-central-1\nnonsense\n")
        done = run(double, *train, AWS_CONFIG_FILE=str(folder / "config"))
        check("a profile that is damaged", done.status == 5 and "config:3: expected [SECTION]" in done.err, done.text)
        before = set(double.objects)
        double.fail(s3_double.status(403, "AccessDenied"), "PUT")
        done = run(double, *train)
        check("an output that is refused", done.status == 5 and "s3://bucket/model.tlm: AccessDenied" in done.err and
              set(double.objects) == before, done.text)
        double.fail(s3_double.break_behind(2000), "GET")
        done = run(double, *train)
        check("a download that breaks goes on", done.status == 0, done.text)
        check("nothing is left behind in the folder", not list(folder.glob("*.csv")) and not list(folder.glob(".textl*")))


def recordings():
    with S3Double(page=7) as double:
        events = DATA / "events"
        paths = sorted(path for path in events.rglob("*.json"))
        for path in paths:
            upload(double, f"events/{path.relative_to(events)}", path.read_bytes())
        upload(double, "events/notes.bin", b"\0")
        upload(double, "events/.hidden/x.json", b"{")
        model = ("replay", "--model", events / "support.tlm")
        local = run(double, *model, *sorted({path.parent for path in paths}), "--expect", "--json")
        remote = run(double, *model, "s3://bucket/events/", "--expect", "--json")
        check("replay: recordings in S3, their expected responses beside them", remote.status == 0 and
              remote.json["events"] == local.json["events"] and remote.json["compared"] == local.json["compared"] == 95,
              (remote.text[:1500], local.text[:800]))
        check("what holds no events is passed over", any("notes.bin" in name for name in remote.json["passed_over"]) and
              any(".hidden" in name for name in remote.json["passed_over"]), remote.json["passed_over"])
        bare = run(double, *model, "s3://bucket/events", "--expect", "--json")
        check("without the slash too", bare.status == 0 and bare.json["events"] == remote.json["events"], bare.text[:800])
        some = run(double, *model, "s3://bucket/events/sqs/*.json", "--expect", "--json")
        check("a pattern", some.status == 0 and 0 < some.json["files"] < remote.json["files"], some.text[:800])
        deep = run(double, *model, "s3://bucket/**/*.json", "--json")
        check("a pattern for all folders", deep.json["files"] >= remote.json["files"] - 1, deep.text[:500])
        none = run(double, *model, "s3://bucket/nowhere")
        check("nothing there", none.status == 5 and "s3://bucket/nowhere: cannot open" in none.err, none.text)
        upload(double, "new/one.json", json.dumps({"text": "I was charged twice"}).encode())
        update = run(double, *model, "s3://bucket/new/", "--update")
        check("an expected response is recorded beside its event", update.status == 0 and
              b"label" in double.objects["bucket", "new/one.expected.json"].content, update.text)
        check("and holds", run(double, *model, "s3://bucket/new/one.json", "--expect").status == 0)
        upload(double, "new/two.jsonl", b'{"event":{"text":"a"}}\n{"event":{"text":"b"}}\n')
        update = run(double, *model, "s3://bucket/new/two.jsonl", "--update")
        check("but not within a file", update.status == 2 and "copy it here first" in update.err, update.text)
        drift = run(double, "evaluate", "--model", events / "support.tlm", "--unlabelled", "s3://bucket/events/", "--json",
                    "--on-inconclusive", "pass")
        check("evaluate --unlabelled", drift.status in (0, 1) and drift.json, drift.text[:800])


def store():
    with S3Double() as double:
        upload(double, "test.csv", (DATA / "support.test.csv").read_bytes())
        rows = (DATA / "support.train.csv").read_text().splitlines(keepends=True)
        (folder / "small.csv").write_text("".join(rows[:200]))
        place = ("--store", "s3://bucket/models/support/", "--test", "s3://bucket/test.csv", "--json")
        none = run(double, "models", "s3://bucket/models/support")
        check("models: no store yet", none.status == 5 and "is no store of models" in none.err, none.text)
        first = run(double, "retrain", *place, "--corpus", "small.csv", "--event", "monday")
        check("retrain: a first model in S3", first.status == 0 and first.json["status"] == "promoted", first.text)
        pointer = json.loads(double.objects["bucket", "models/support/current"].content)
        check("the pointer names it", pointer == {"entry": 1, "model": f"models/{first.json['candidate']}.tlm"}, pointer)
        asked = {name: value for method, path, headers in double.asked if method == "PUT" and path.endswith("/current")
                 for name, value in headers.items()}
        check("and was written where there was none", asked.get("If-None-Match") == "*", asked)
        double.asked.clear()
        second = run(double, "retrain", *place, "--corpus", DATA / "support.train.csv", "--event", "tuesday")
        check("a better one is promoted", second.status == 0 and second.json["from"] == first.json["candidate"], second.text)
        asked = {name: value for method, path, headers in double.asked if method == "PUT" and path.endswith("/current")
                 for name, value in headers.items()}
        check("onto the one that was read", asked.get("If-Match", "").startswith('"'), asked)
        again = run(double, "retrain", *place, "--corpus", "small.csv", "--event", "tuesday")
        check("an event has its round once", again.json["repeated"] and again.json["candidate"] == second.json["candidate"],
              again.text)
        worse = run(double, "retrain", *place, "--corpus", "small.csv")
        check("a worse one is refused", worse.status in (1, 3) and worse.json["to"] == second.json["candidate"] and
              worse.json["test_use"] == 2, worse.text)
        listed = run(double, "models", "s3://bucket/models/support", "--json")
        check("models: the list", listed.status == 0 and listed.json["current"] == second.json["candidate"] and
              {model["id"] for model in listed.json["models"]} == {first.json["candidate"], second.json["candidate"]},
              listed.text)
        through = run(double, "predict", "--model", "s3://bucket/models/support/current", DATA / "support.test.csv")
        direct = run(double, "predict", "--model", f"s3://bucket/models/support/models/{second.json['candidate']}.tlm",
                     DATA / "support.test.csv")
        check("current is a model like any other", through.status == 0 and through.out == direct.out, through.text[:500])
        back = run(double, "models", "s3://bucket/models/support", "--rollback", "--json")
        check("rolled back", back.status == 0 and back.json == {**back.json, "from": second.json["candidate"],
                                                                "to": first.json["candidate"]}, back.text)
        ledger = run(double, "models", "s3://bucket/models/support", "--ledger", "--json")
        check("the ledger", [entry["action"] for entry in ledger.json["entries"]] == ["round"] * 3 + ["rollback"], ledger.text)
        run(double, "models", "s3://bucket/models/support", "--rollback", second.json["candidate"])
        pruned = run(double, "models", "s3://bucket/models/support", "--prune", "1", "--json")
        check("pruned, but not the current one", pruned.status == 0 and
              ("bucket", f"models/support/models/{second.json['candidate']}.tlm") in double.objects, pruned.text)
        entries = [json.loads(line) for line in double.objects["bucket", "models/support/ledger.jsonl"].content.splitlines()]
        # A run that was killed behind its entry: the next one finishes it.
        entries.append({**entries[1], "at": entries[-1]["at"], "event": "killed", "from": second.json["candidate"],
                        "to": first.json["candidate"]})
        upload(double, f"models/support/models/{first.json['candidate']}.tlm",
               (folder / "local.tlm").read_bytes() if (folder / "local.tlm").exists() else b"x")
        upload(double, "models/support/ledger.jsonl", "".join(json.dumps(entry) + "\n" for entry in entries).encode())
        finished = run(double, "models", "s3://bucket/models/support", "--prune", "9")
        pointer = json.loads(double.objects["bucket", "models/support/current"].content)
        check("what a killed run had still to do is done", finished.status == 0 and pointer["entry"] == len(entries) and
              first.json["candidate"] in pointer["model"], (pointer, finished.text))
        # Moved by hand.
        upload(double, "models/support/current", json.dumps({"model": f"models/{second.json['candidate']}.tlm"}).encode())
        run(double, "models", "s3://bucket/models/support", "--prune", "9")
        last = json.loads(double.objects["bucket", "models/support/ledger.jsonl"].content.splitlines()[-1])
        check("what was done by hand is found", last["action"] == "found" and last["to"] == second.json["candidate"], last)
        upload(double, "elsewhere/letter.txt", b"dear")
        other = run(double, "retrain", "--store", "s3://bucket/elsewhere", "--corpus", "small.csv", "--test",
                    "s3://bucket/test.csv")
        check("a prefix of other things is refused", other.status == 5 and "is no store of models" in other.err, other.text)


def races():
    with S3Double() as double:
        rows = (DATA / "support.train.csv").read_text().splitlines(keepends=True)
        for number in range(4):
            (folder / f"part{number}.csv").write_text("".join(rows[:1] + rows[1 + number * 40:400 + number * 40]))
        place = ("--store", "s3://bucket/race", "--test", DATA / "support.test.csv", "--json", "--max-drop", "accuracy=99pp")
        run(double, "retrain", *place, "--corpus", "part0.csv")
        for number in range(3):
            children = [start(double, "retrain", *place, "--corpus", f"part{(number + n) % 4}.csv") for n in range(3)]
            done = [child.done() for child in children]
            check(f"race {number}: all come to an end", all(one.status in (0, 1) for one in done), [d.text for d in done])
            ledger = [json.loads(line) for line in double.objects["bucket", "race/ledger.jsonl"].content.splitlines()]
            current = json.loads(double.objects["bucket", "race/current"].content)
            moves = [entry for entry in ledger if entry["to"] != entry["from"]]
            chained = all(a["to"] == b["from"] for a, b in zip(moves, moves[1:]))
            uses = [entry["test_use"] for entry in ledger if entry["test_use"]]
            check(f"race {number}: each promotion takes the place of the one before, each use of the test set is its own",
                  chained and current["model"] == f"models/{moves[-1]['to']}.tlm" and len(uses) == len(set(uses)) and
                  all(entry["action"] == "round" for entry in ledger),
                  [(e["outcome"], e["from"], e["to"], e["test_use"]) for e in ledger])
            outcomes = [entry["outcome"] for entry in ledger[-3:]]
            check(f"race {number}: one is promoted, others are outdated or the same",
                  outcomes.count("promoted") + outcomes.count("unchanged") >= 1 and
                  set(outcomes) <= {"promoted", "outdated", "unchanged"}, outcomes)


def alone(part):
    def done():
        part()
        for left in folder.glob("*"):
            if left.name != "local.tlm" and left.is_file():
                left.unlink()
    done.__name__ = part.__name__
    return done


run_parts(*map(alone, (files, failures_are_told, recordings, store, races)))
