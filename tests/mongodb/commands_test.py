#!/usr/bin/env python3
"""Runs the commands on collections. argv: FOLDER_OF_THE_COMMANDS

The server is one in Python (server.py), or that of TEXTLAMBDA_MONGODB_URI (mongodb://HOST), where what a server does
wrong is left out. Without mockupdb, mongomock and the component the test has nothing to do, and says so.
"""
import csv
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

BIN = pathlib.Path(sys.argv[1]).resolve()
DATA = pathlib.Path(__file__).resolve().parents[2] / "data"
try:
    import bson.raw_bson
    REAL = os.environ.get("TEXTLAMBDA_MONGODB_URI")
    if REAL:
        import pymongo
    else:
        from server import Server
except ImportError as missing:
    print(f"{missing.name} is not here: nothing is tested")
    sys.exit(77)

failures = []
scratch = tempfile.TemporaryDirectory()
folder = pathlib.Path(scratch.name)


def check(name, good, detail=""):
    print(f"{'ok  ' if good else 'FAIL'} {name}", flush=True)
    if not good:
        failures.append(name)
        print("     " + str(detail)[:2000].replace("\n", "\n     "), flush=True)


def run(command, *arguments, **more):
    return subprocess.run([BIN / f"textlambda-{command}", *map(str, arguments)], cwd=folder, capture_output=True, text=True,
                          timeout=120, **more)


ROWS = list(csv.DictReader(open(DATA / "support.train.csv", encoding="utf-8", newline="")))
if REAL:
    server, client, base = None, pymongo.MongoClient(REAL), REAL.rstrip("/")
else:
    server = Server()
    client, base = server.client, server.uri
shop = client["textlambda_test"]


def uri(collection, options=""):
    return f"{base}/textlambda_test.{collection}{options}"


def fill():
    shop.tickets.delete_many({})
    shop.tickets.insert_many([{"_id": i if i % 3 else f"k{i}", "text": row["text"], "label": row["label"],
                               "split": "test" if i % 5 == 0 else "train", "meta": {"tags": [row["label"], 1, None]},
                               "price": i / 7, "kind": i % 3} for i, row in enumerate(ROWS)])


def exported(query=None):
    """As mongoexport --sort '{_id: 1}' writes it."""
    lines = []
    for document in shop.tickets.find(query or {}).sort([("_id", 1)]):
        lines.append(json.dumps({k: as_go(v) for k, v in document.items()}, ensure_ascii=False, separators=(",", ":"))
                     .replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))
    return "\n".join(lines) + "\n"


def as_go(value):
    return Float(value) if isinstance(value, float) else value


class Float(float):
    """Whole numbers keep their .0, small ones an exponent: what these documents have."""
    def __repr__(self):
        return float.__repr__(self)


def training():
    live = run("train", uri("tickets"), "--text", "text", "--label", "label", "--query", '{"split": "train"}', "-o", "live.tlm", "-v")
    check("a collection is a corpus", live.returncode == 0, live.stderr)
    check("how it was read is said, without secrets", "read as jsonl" in live.stderr, live.stderr)
    (folder / "export.jsonl").write_text(exported({"split": "train"}), encoding="utf-8")
    file = run("train", "export.jsonl", "--text", "text", "--label", "label", "-o", "file.tlm")
    check("the same rows exported", file.returncode == 0, file.stderr)
    check("give the same model, byte for byte", (folder / "live.tlm").read_bytes() == (folder / "file.tlm").read_bytes())
    by_name = run("train", uri("tickets", "?query=%7B%22split%22%3A%20%22train%22%7D"), "--text", "text", "--label", "label", "-o", "again.tlm")
    check("a query in the name", by_name.returncode == 0
          and (folder / "live.tlm").read_bytes() == (folder / "again.tlm").read_bytes(), by_name.stderr)
    nested = run("train", uri("tickets"), "--text", "text", "--label", "/meta/tags/0", "-o", "nested.tlm")
    check("a label in an array", nested.returncode == 0, nested.stderr)
    number = run("train", uri("tickets"), "--text", "text", "--label", "kind", "-o", "number.tlm", "--json")
    check("labels that are numbers", number.returncode == 0
          and sorted(l["label"] for l in json.loads(number.stdout)["labels"]) == ["0", "1", "2"], number.stderr)
    evaluated = run("evaluate", "--model", "live.tlm", "--test", uri("tickets"), "--text", "text", "--label", "label", "--query",
                    '{"split": "test"}', "--json")
    check("a test set", evaluated.returncode == 0 and json.loads(evaluated.stdout)["n"] == sum(
        1 for i in range(len(ROWS)) if i % 5 == 0), evaluated.stderr + evaluated.stdout[:300])
    lines = run("predict", "--model", "live.tlm", uri("tickets"), "--text", "text")
    check("predictions of a collection", lines.returncode == 0 and len(lines.stdout.splitlines()) == len(ROWS), lines.stderr)


def predicting():
    model = "live.tlm"
    texts = folder / "texts.txt"
    documents = list(shop.tickets.find({}).sort([("_id", 1)]))
    texts.write_text("".join(json.dumps({"text": d["text"]}) + "\n" for d in documents))
    wanted = [json.loads(line)["label"] for line in run("predict", "--model", model, texts).stdout.splitlines()]
    done = run("predict", "--model", model, uri("tickets"), "--text", "text", "--to", uri("tickets", "?field=guess"))
    check("predictions go into the documents", done.returncode == 0 and f"{len(ROWS)} predictions written" in done.stderr, done.stderr)
    after = list(shop.tickets.find({}).sort([("_id", 1)]))
    check("each into its own", [d["guess"]["label"] for d in after] == wanted)
    check("and nothing else is changed", [{k: v for k, v in d.items() if k != "guess"} for d in after] == documents)
    check("label, confidence, abstained, model", all(set(d["guess"]) == {"label", "confidence", "abstained", "model"}
                                                     and 0 < d["guess"]["confidence"] <= 1 and d["guess"]["abstained"] is False
                                                     and len(d["guess"]["model"]) == 16 for d in after), after[0])
    again = run("predict", "--model", model, uri("tickets"), "--text", "text", "--to", uri("tickets", "?field=guess"))
    check("run again it has nothing to do", again.returncode == 0 and "already" in again.stderr, again.stderr)
    shop.tickets.update_many({"split": "test"}, {"$unset": {"guess": ""}})
    again = run("predict", "--model", model, uri("tickets"), "--text", "text", "--to", uri("tickets", "?field=guess"))
    rest = sum(1 for d in documents if d["split"] == "test")
    check("what broke off goes on", f"{rest} predictions written" in again.stderr, again.stderr)
    shop.guesses.delete_many({})
    other = run("predict", "--model", model, uri("tickets"), "--text", "text", "--query", '{"split": "test"}', "--to", uri("guesses"))
    found = list(shop.guesses.find({}))
    check("into another collection", other.returncode == 0 and len(found) == rest
          and {str(d["_id"]) for d in found} == {str(d["_id"]) for d in documents if d["split"] == "test"}, other.stderr)
    check("under the usual field", set(found[0]) == {"_id", "prediction"}, found[0])
    shop.tickets.insert_one({"_id": "no text", "split": "odd"})
    odd = run("predict", "--model", model, uri("tickets"), "--text", "text", "--query", '{"split": {"$in": ["odd", "test"]}}', "--to",
              uri("tickets", "?field=x"))
    check("a document without a text is left as it is", odd.returncode == 0 and "1 document without a text" in odd.stderr
          and "x" not in shop.tickets.find_one({"_id": "no text"}), odd.stderr)
    shop.tickets.delete_one({"_id": "no text"})


def wrong():
    secret = base.replace("mongodb://", "mongodb://me:s3cr%40t@")
    rows = [
        ("no collection", ["train", f"{secret}/shop", "-o", "x.tlm"], 2, "expected mongodb://HOST/DATABASE.COLLECTION"),
        ("an option that is none", ["train", f"{secret}/shop.x?tls=perhaps", "-o", "x.tlm"], None, ""),
        ("no documents", ["train", uri("nothing"), "-o", "x.tlm"], 5, "has no documents"),
        ("no documents of the query", ["train", uri("tickets"), "--query", '{"a": 7}', "-o", "x.tlm"], 5, "has no documents"),
        ("a query that is none", ["train", uri("tickets"), "--query", '{"a"', "-o", "x.tlm"], 2, "query"),
        ("a field that is not there", ["train", uri("tickets"), "--text", "absent", "--label", "label", "-o", "x.tlm"], 5, "absent"),
        ("a model to write to", ["train", uri("tickets"), "--text", "text", "--label", "label", "-o", uri("models")], 2, "expected a file to write"),
        ("predictions of a file", ["predict", "--model", "live.tlm", "texts.txt", "--to", uri("x")], 2, "expected two collections"),
        ("predictions into _id", ["predict", "--model", "live.tlm", uri("tickets"), "--text", "text", "--to", uri("x", "?field=_id")], 2, "field"),
        ("nobody there", ["train", f"mongodb://me:s3cr%40t@localhost:{free_port()}/a.b?serverSelectionTimeoutMS=500", "-o", "x.tlm"], 5, "localhost"),
    ]
    for name, (command, *arguments), status, words in rows:
        done = run(command, *arguments)
        check(f"{name}: {status}", (done.returncode == status if status else done.returncode != 0) and words in done.stderr,
              (done.returncode, done.stderr))
        check(f"{name}: one line, no secret, no file", len(done.stderr.strip().splitlines()) == 1 and "s3cr" not in done.stderr
              and not (folder / "x.tlm").exists(), done.stderr)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def broken_servers():
    def says_no(request):
        request.replies({"ok": 0, "code": 13, "codeName": "Unauthorized", "errmsg": "not authorized on textlambda_test"})
        return True

    def hangs_up(request):
        request.hangup()
        return True

    for name, command, fault, words in [("the server says no", "find", says_no, "not authorized"),
                                        ("it hangs up", "find", hangs_up, "cannot be read"),
                                        ("it hangs up midway", "getMore", hangs_up, "cannot be read"),
                                        ("it says no midway", "getMore", says_no, "not authorized")]:
        server.faults = {command: fault}
        done = run("train", uri("tickets"), "--text", "text", "--label", "label", "-o", "x.tlm")
        check(f"{name}: one line, status 5, no model", done.returncode == 5 and words in done.stderr
              and len(done.stderr.strip().splitlines()) == 1 and not (folder / "x.tlm").exists(), (done.returncode, done.stderr))
    server.faults = {"update": says_no}
    done = run("predict", "--model", "live.tlm", uri("tickets"), "--text", "text", "--to", uri("tickets", "?field=y"))
    check("it takes no predictions: one line, status 5", done.returncode == 5 and "not authorized" in done.stderr
          and len(done.stderr.strip().splitlines()) == 1, (done.returncode, done.stderr))
    server.faults = {}
    # A text with bytes that are no UTF-8.
    raw = bson.encode({"_id": "broken", "text": "XX refund", "label": "refunds", "split": "train"}).replace(b"XX", b"\xff\xfe")

    def broken(request):
        documents = list(shop.tickets.find({}).sort([("_id", 1)]))[:60]
        request.replies({"ok": 1, "cursor": {"id": bson.Int64(0), "ns": "textlambda_test.tickets",
                                             "firstBatch": documents + [bson.raw_bson.RawBSONDocument(raw)]}})
        return True

    server.faults = {"find": broken}
    done = run("train", uri("tickets"), "--text", "text", "--label", "label", "-o", "broken.tlm", "-v")
    check("broken UTF-8 is repaired, and said", done.returncode == 0 and "broken UTF-8 in 1 document" in done.stderr, done.stderr)
    server.faults = {}


def interrupted():
    server.delay = 1.5
    child = subprocess.Popen([BIN / "textlambda-train", uri("tickets"), "--text", "text", "--label", "label", "-o", "x.tlm"], cwd=folder,
                             stderr=subprocess.PIPE, start_new_session=True)
    time.sleep(0.7)
    os.killpg(child.pid, signal.SIGINT)
    child.communicate(timeout=30)
    server.delay = 0
    check("Ctrl-C ends both programs, and leaves no file", child.returncode != 0 and not (folder / "x.tlm").exists(), child.returncode)


if not (BIN / "textlambda-mongodb").exists():
    done = run("train", "mongodb://localhost/a.b", "-o", "x.tlm")
    check("without the component: one line", done.returncode == 5 and "component for MongoDB" in done.stderr, done.stderr)
else:
    fill()
    training()
    predicting()
    wrong()
    if server:
        broken_servers()
        interrupted()
        server.stop()
print("all passed" if not failures else f"failed: {failures}")
sys.exit(1 if failures else 0)
