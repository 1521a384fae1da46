"""textlambda-evaluate --unlabelled: traffic against the training documents. cases.py says what a case is."""
import gzip
import json
import random

EVALUATE = ["@evaluate", "--model", "m.tlm"]
WORDS = {"delivery": "parcel courier tracking depot doorstep late van signed lost box".split(),
         "billing": "invoice charge card refund amount bill paid twice euro bank".split()}
COMMON = [f"{a}{b}" for a in ("ka", "lo", "mi", "nu", "pe", "ra", "so", "ti") for b in ("bel", "dor", "fen", "gal", "hit")]
FOREIGN = [f"{a}{b}" for a in ("zyx", "qua", "wob", "jin") for b in ("ulk", "ock", "erp", "oom", "iff")]


def texts(count, seed, foreign=0.0, delivery=0.5):
    source = random.Random(seed)
    rows = []
    for _ in range(count):
        label = "delivery" if source.random() < delivery else "billing"
        words = [source.choice(FOREIGN if source.random() < foreign else WORDS[label] if source.random() < 0.25 else COMMON)
                 for _ in range(source.randint(5, 15))]
        rows.append((" ".join(words), label))
    return rows


def lines(rows):
    return "".join(text + "\n" for text, _ in rows)


def jsonl(rows):
    return "".join(json.dumps({"text": text, "label": label}) + "\n" for text, label in rows)


def sqs(rows):
    """Events of ten messages."""
    events = []
    for at in range(0, len(rows), 10):
        records = [{"messageId": f"m{at + i}", "eventSource": "aws:sqs", "body": text if i % 2 else json.dumps({"text": text})}
                   for i, (text, _) in enumerate(rows[at:at + 10])]
        events.append({"Records": records})
    return events


FILES = {
    "like.txt": lines(texts(300, 2)),
    "event.json": json.dumps(sqs(texts(3, 5))[0], indent=2),
    "array.json": json.dumps([{"text": "my parcel"}, {"text": "my bill"}]),
    "empty.txt": "",
    "barren.jsonl": json.dumps({"Records": [{"eventSource": "aws:sqs", "messageId": "1", "body": ""}]}) + "\n",
}

CASES = [
    ("traffic of one text", [*EVALUATE, "--unlabelled", "-"],
     {"stdin": "my parcel\n", "stdout": r"^1 text against 10 held-out .*\n(.*\n)*INCONCLUSIVE: nothing seen"}),
    ("one event over lines", [*EVALUATE, "--unlabelled", "event.json"], {"stdout": r"^3 texts against"}),
    ("an array of texts", [*EVALUATE, "--unlabelled", "array.json"], {"stdout": r"^2 texts against"}),
    ("an event on stdin", [*EVALUATE, "--unlabelled", "-"],
     {"stdin": FILES["event.json"], "stdout": r"^3 texts against"}),
    ("a report of drift", [*EVALUATE, "--unlabelled", "event.json", "--report", "md=-"], {"stdout": r"^### INCONCLUSIVE\n\n(.*\n)*\|---\|---:\|"}),
    ("drift for JUnit", [*EVALUATE, "--unlabelled", "event.json", "--report", "junit=-"], {"stdout": r'<testsuites name="textlambda-evaluate drift" tests="4" failures="0" errors="0" skipped="4">'}),
    ("no page of drift", [*EVALUATE, "--unlabelled", "event.json", "--report", "html=x"],
     {"status": 2, "stderr": r"--report html: .*expected text, json, md, junit or github", "no_stdout": True}),
    ("a report over the traffic", [*EVALUATE, "--unlabelled", "event.json", "--report", "md=./event.json"],
     {"status": 2, "stderr": r"--report would overwrite"}),
    ("traffic without texts", [*EVALUATE, "--unlabelled", "barren.jsonl"], {"status": 5, "stderr": r"there is no text"}),
    ("missing traffic", [*EVALUATE, "--unlabelled", "none.jsonl"],
     {"status": 5, "stderr": r"none\.jsonl: cannot open: No such file"}),
    ("empty traffic", [*EVALUATE, "--unlabelled", "empty.txt"], {"status": 5, "stderr": r"empty\.txt: is empty"}),
    ("a damaged model", ["@evaluate", "--model", "damaged.tlm", "--unlabelled", "like.txt"],
     {"status": 5, "stderr": r"damaged\.tlm: is damaged"}),
    ("no model", ["@evaluate", "--unlabelled", "like.txt"], {"status": 2, "stderr": r"--model is required"}),
    ("a share above 1", [*EVALUATE, "--unlabelled", "like.txt", "--min-shift", "2"], {"status": 2, "stderr": r"min-shift: 2"}),
    ("drift and a test set", [*EVALUATE, "--unlabelled", "like.txt", "--test", "rows.jsonl"],
     {"status": 2, "stderr": r"--unlabelled and --test are two questions"}),
]


def one_model(folder, run):
    (folder / "train.jsonl").write_text(jsonl(texts(2000, 1)))
    run(["@train", "train.jsonl", "-o", "d.tlm", "-q", "--holdout", "0.3"], folder)


def traffic_of_every_kind(folder, run, check):
    one_model(folder, run)
    like, foreign = texts(600, 2), texts(600, 3, foreign=0.3)
    for name, rows in (("like", like), ("foreign", foreign)):
        (folder / f"{name}.txt").write_text(lines(rows))
        (folder / f"{name}.csv").write_text("label,text\n" + "".join(f"{label},{text}\n" for text, label in rows))
        (folder / f"{name}.jsonl.gz").write_bytes(gzip.compress(jsonl(rows).encode()))
        (folder / f"{name}.events.jsonl").write_text("".join(json.dumps(event) + "\n" for event in sqs(rows)))
        (folder / f"{name}.recorded.jsonl").write_text(
            "".join(json.dumps({"event": event, "response": {"batchItemFailures": []}}) + "\n" for event in sqs(rows)))
        (folder / f"{name}.log").write_text("".join(
            f"2026-11-03T10:22:00.123Z START RequestId: {i}\n2026-11-03T10:22:00.124Z " + json.dumps({"event": event}) + "\n"
            for i, event in enumerate(sqs(rows))))
        tree = folder / f"{name}.tree" / "deep"
        tree.mkdir(parents=True)
        for i, event in enumerate(sqs(rows)):
            (tree / f"{i:03}.json").write_text(json.dumps(event, indent=1))
            (tree / f"{i:03}.expected.json").write_text("{}")
    reports = {}
    for kind in ("txt", "csv", "jsonl.gz", "events.jsonl", "recorded.jsonl", "log", "tree"):
        for name, status in (("like", 0), ("foreign", 1)):
            done = run(["@evaluate", "--model", "d.tlm", "--unlabelled", f"{name}.{kind}", "--json"], folder)
            reports[name, kind] = done.stdout
            check(f"{name} traffic as {kind}", done.returncode == status, done.stdout + done.stderr)
        check(f"{kind}: the same figures as from lines", reports["foreign", kind] == reports["foreign", "txt"])
    report = json.loads(reports["foreign", "txt"])
    check("what drifted is named", report["verdict"] == "drift" and report["texts"] == 600
          and report["training_documents"] == 667 and report["checks"][0]["view"] == "unknown_n_grams"
          and report["checks"][0]["drifted"] and report["checks"][0]["traffic"] > report["checks"][0]["training"] + 0.1
          and "unknown to the model" in report["sentence"], report)
    done = run(["@evaluate", "--model", "d.tlm", "--unlabelled", "like.txt", "like.tree"], folder)
    check("several inputs are one traffic", done.returncode == 0 and done.stdout.startswith(b"1,200 texts against 667"), done.stdout)
    one, four = (run(["@evaluate", "--model", "d.tlm", "--unlabelled", "like.csv", "--json", "--threads", n], folder).stdout
                 for n in ("1", "4"))
    check("the same for any threads", one == four)


def shifted_labels(folder, run, check):
    one_model(folder, run)
    (folder / "mostly.txt").write_text(lines(texts(800, 4, delivery=0.8)))
    done = run(["@evaluate", "--model", "d.tlm", "--unlabelled", "mostly.txt", "--json"], folder)
    report = json.loads(done.stdout)
    check("a shift of labels alone", done.returncode == 1 and [c["view"] for c in report["checks"] if c["drifted"]] == ["labels"]
          and 0.2 < report["checks"][1]["shift"] < 0.4, report)
    done = run(["@evaluate", "--model", "d.tlm", "--unlabelled", "mostly.txt", "--min-shift", "0.45"], folder)
    check("is none where it may be larger", done.returncode == 0, done.stdout)


def nothing_to_compare_with(folder, run, check):
    (folder / "train.jsonl").write_text(jsonl(texts(100, 1)))
    run(["@train", "train.jsonl", "-o", "d.tlm", "-q", "--holdout", "0"], folder)
    done = run(["@evaluate", "--model", "d.tlm", "--unlabelled", "like.txt"], folder)
    check("a model without a held-out part is exit 4", done.returncode == 4 and b"without a held-out part" in done.stderr,
          done.stderr)


TESTS = [traffic_of_every_kind, shifted_labels, nothing_to_compare_with]
