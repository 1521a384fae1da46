"""textlambda-replay's command lines; cases.py says what a case is."""
import gzip
import http.server
import io
import json
import pathlib
import shutil
import subprocess
import sys
import threading
import xml.etree.ElementTree
import zipfile

from pseudo_terminal import on_terminal


def sns(text):
    return {"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0",
                         "Sns": {"Type": "Notification", "MessageId": "1", "Message": text}}]}


def sqs(*bodies):
    return {"Records": [{"messageId": f"m{i}", "eventSource": "aws:sqs", "body": body} for i, body in enumerate(bodies)]}


def lines(*values):
    return "".join((value if isinstance(value, str) else json.dumps(value)) + "\n" for value in values)


def zipped(files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


PARCEL = sns("where is my parcel")
BILL = {"text": "my bill is too high"}
LABELLED = lines({"event": PARCEL, "label": "delivery"}, {"event": BILL, "label": "billing"},
                 {"event": BILL, "label": "delivery"}, {"event": BILL, "label": "refunds"},
                 {"event": sqs("my bill", "my parcel"), "label": ["billing", None]})
# A log as `aws logs tail` prints it: three lines of Lambda's own, one of the function's, one recording.
CAPTURE = {"event": BILL, "response": {}, "time": "2026-11-03T10:22:00.123Z", "request_id": "3c1f", "model": "0"}
LOG = "".join(f"2026-11-03T10:22:00.12{i}000+00:00 2026/11/03/[$LATEST]0a1b {line}\n" for i, line in enumerate([
    "START RequestId: 3c1f Version: $LATEST", json.dumps({"level": "INFO", "message": "answered"}),
    json.dumps(CAPTURE),
    "END RequestId: 3c1f", "REPORT RequestId: 3c1f\tDuration: 0.21 ms"]))

FILES = {
    "good.jsonl": lines(PARCEL, BILL, sqs("my bill", "my parcel")),
    "mixed.jsonl": lines(PARCEL, "{oops", sqs("my bill", ""), {"foo": 1}),
    "labelled.jsonl": LABELLED,
    "tree/b.json": json.dumps(BILL, indent=2),
    "tree/a/z.jsonl": lines(PARCEL, PARCEL),
    "tree/a/README.md": "# no event\n",
    "tree/c.json": "\ufeff" + json.dumps(["my bill", "my parcel"], indent=1).replace("\n", "\r\n"),
    "barren/notes.md": "x",
    "crlf.jsonl": "\ufeff" + lines(PARCEL, "", BILL).replace("\n", "\r\n"),
    "utf16.json": json.dumps(BILL).encode("utf-16"),
    "none.json": "",
    "events.jsonl.gz": gzip.compress(lines(PARCEL, BILL).encode(), mtime=0),
    "broken.gz": gzip.compress(lines(PARCEL, BILL).encode(), mtime=0)[:40],
    "events.zip": zipped({"deep/er/one.json": json.dumps(BILL), "two.jsonl": lines(PARCEL, PARCEL)}),
    "tail.log": LOG,
    "sam.log": "".join(f"2026/11/03/[3]0a1b {line.split()[0]} {line.split(' ', 2)[2]}\n" for line in LOG.splitlines()),
    "bootstrap.log": lines({"timestamp": "2026-11-03T10:22:00.123Z", "level": "INFO", "message": "answered", "requestId": "3c1f"}, CAPTURE),
    "insights.csv": "@timestamp,@message\n2026-11-03 10:22:00.123,START RequestId: 3c1f\n"
                    '2026-11-03 10:22:00.123,"' + json.dumps(CAPTURE).replace('"', '""') + '"\n',
    "deliveries": "".join(json.dumps({"messageType": "DATA_MESSAGE", "logGroup": "g", "logEvents": [
        {"id": "0", "timestamp": 1, "message": message}]}) for message in ("START RequestId: 3c1f", json.dumps(CAPTURE), json.dumps(CAPTURE))),
    "preflight.json": json.dumps({"version": "2.0", "headers": {"origin": "https://a.example", "access-control-request-method": "POST"},
                                  "requestContext": {"http": {"method": "OPTIONS"}}}),
    "wrapped.jsonl": lines({"level": "INFO", "message": json.dumps(BILL)}, {"message": {"event": PARCEL}},
                           {"message": "started"}, "END RequestId: 1"),
    "taken.jsonl": lines({"event": "my parcel"}, {"event": "my parcel", "user": 1, "text": "my parcel"}),
    "odd.jsonl": "".join(json.dumps({"event": PARCEL, **more}, separators=(",", ":")) + "\n" for more in (
        {"label": "delivery", "time": "2026-11-03T10:22:00+01:00"}, {"label": 7, "time": 1730000000}, {"label": ["billing", {}]},
        {"label": {}}, {"context": []})),
    "wrong.jsonl": lines({"event": BILL, "response": {"label": "delivery", "confidence": 0.5}}),
}

REPLAY = ["@replay", "--model", "m.tlm"]
# For what `run` cannot do: the runner's first argument is the commands' folder.
PROGRAM = [str(pathlib.Path(sys.argv[1]).resolve() / "textlambda-replay"), "--model", "m.tlm"]


def sources(j):
    return {name: (source["events"], source["records"], source["ok"], source["failed"]) for name, source in j["sources"].items()}


CASES = [
    # reading
    ("replayed", [*REPLAY, "good.jsonl"],
     {"stdout": [r"^source +events +records +ok +failed +abstained +p50 +p90 +p99 +max +events/s\n", r"\nsns +1 +1 +1 +0 +0 +[\d.]+ [nµm]?s",
                 r"\nsqs +1 +2 +1 +0 ", r"\ndirect +1 +1 +1 +0 ", r"\ntotal +3 +4 +3 +0 "], "stderr": r"^$"}),
    # one event: its answer, and nothing else on standard output
    ("one event", [*REPLAY, "tree/b.json"], {"rows": 1, "stdout": r'^\{"label":"billing","confidence":', "stderr": r"^$"}),
    ("one event that fails", [*REPLAY, "-"],
     {"stdin": '{"foo": 1}', "status": 1, "rows": 1, "stdout": r'^\{"errorMessage":"no text at ', "stderr": r"standard input:1: NoText: no text at "}),
    ("one event over HTTP", [*REPLAY, "preflight.json", "--cors-origin", "https://a.example"],
     {"rows": 1, "stdout": r'^\{"statusCode":204,.*"access-control-allow-origin":"https://a\.example"', "stderr": r"^$"}),
    ("origins that are none", [*REPLAY, "preflight.json", "--cors-origin", "a.example"],
     {"status": 2, "stderr": r'--cors-origin: "a\.example" has no scheme', "no_stdout": True}),
    ("one event, its latencies", [*REPLAY, "tree/b.json", "--repeat", "5"], {"stdout": [r"^source ", r"\ndirect +1 +1"]}),
    ("one event, compared", [*REPLAY, "wrong.jsonl", "--expect", "--ignore", "/*"], {"stdout": r"^source "}),
    ("one event, for machines", [*REPLAY, "tree/b.json", "--json"], {"json": lambda j: j["events"] == 1}),
    ("one event in silence", [*REPLAY, "tree/b.json", "-q"], {"no_stdout": True, "stderr": r"^$"}),
    ("replayed, for machines", [*REPLAY, "good.jsonl", "--json"],
     {"json": lambda j: sources(j) == {"sns": (1, 1, 1, 0), "sqs": (1, 2, 1, 0), "direct": (1, 1, 1, 0)} and j["events"] == 3
      and j["ok"] == 3 and j["failures"] == [] and 0 < j["latency_us"]["p50"] <= j["latency_us"]["max"] and j["passed"]}),
    ("events from stdin", [*REPLAY, "-", "--out", "-"],
     {"stdin": lines(BILL, PARCEL), "rows": 2, "stdout": r'^\{"file":"standard input","line":1,"source":"direct","ok":true,"response":\{"label":"billing"',
      "stderr": r"total +2"}),
    ("responses in the place of the events", [*REPLAY, "tree", "good.jsonl", "--out", "./good.jsonl"],
     {"status": 2, "stderr": r"--out would overwrite good\.jsonl"}),
    ("a report in the place of the events", [*REPLAY, "good.jsonl", "--report", "junit=good.jsonl"],
     {"status": 2, "stderr": r"--report would overwrite good\.jsonl"}),
    ("a pretty event from stdin", [*REPLAY, "-", "--out", "-", "-q"], {"stdin": json.dumps(BILL, indent=2), "rows": 1, "stderr": r"^$"}),
    ("a folder", [*REPLAY, "tree", "--out", "-"],
     {"rows": 4, "stdout": r'^.*"tree/a/z.jsonl","line":1.*\n.*"tree/a/z.jsonl","line":2.*\n.*"tree/b.json","line":1.*\n.*"tree/c.json","line":1',
      "stderr": r"1 file passed over, no events by their names: tree/a/README\.md"}),
    ("globs", [*REPLAY, "tree/*.json", "tree/**/*.jsonl", "--json"], {"json": lambda j: j["events"] == 4 and j["files"] == 3}),
    ("byte order mark and CRLF", [*REPLAY, "crlf.jsonl", "--out", "-"], {"rows": 2, "stdout": r'"line":1,"source":"sns".*\n.*"line":3,"source":"direct"'}),
    ("gzip", [*REPLAY, "events.jsonl.gz", "--json"], {"json": lambda j: j["ok"] == 2}),
    ("zip", [*REPLAY, "events.zip", "--out", "-"],
     {"rows": 3, "stdout": [r'"file":"events\.zip!deep/er/one\.json","line":1', r'"file":"events\.zip!two\.jsonl","line":2']}),
    ("recordings and look-alikes", [*REPLAY, "taken.jsonl", "--out", "-"], {"rows": 2}),
    ("all bare", [*REPLAY, "taken.jsonl", "--bare", "--out", "-"], {"status": 1, "rows": 2, "stdout": r'"line":1,.*"ok":false'}),
    # logs
    ("an exported log", [*REPLAY, "tail.log", "--json"],
     {"json": lambda j: j["ok"] == 1 and j["log_lines_without_event"] == 4, "stderr": r"4 log lines hold no event, the first is tail\.log:1"}),
    ("unwrapped", [*REPLAY, "wrapped.jsonl", "--unwrap", "/message", "--json"],
     {"json": lambda j: sources(j) == {"sns": (1, 1, 1, 0), "direct": (1, 1, 1, 0)} and j["log_lines_without_event"] == 2}),
    ("a log by sam logs", [*REPLAY, "sam.log", "--json"],
     {"json": lambda j: j["ok"] == 1 and j["log_lines_without_event"] == 4}),
    ("bootstrap's own output", [*REPLAY, "bootstrap.log", "--json"],
     {"json": lambda j: j["ok"] == 1 and j["log_lines_without_event"] == 1}),
    ("a Logs Insights export", [*REPLAY, "insights.csv", "--json"],
     {"json": lambda j: j["ok"] == 1 and j["log_lines_without_event"] == 1}),
    ("a subscription through Firehose", [*REPLAY, "deliveries", "--unwrap", "", "--json"],
     {"json": lambda j: j["ok"] == 2 and j["log_lines_without_event"] == 1}),
    ("a log without recordings", [*REPLAY, "good.jsonl", "--unwrap", "/message"], {"status": 5, "stderr": [r"3 log lines hold no event", r"good\.jsonl: no event"]}),
    ("no pointer", [*REPLAY, "good.jsonl", "--unwrap", "message"], {"status": 2, "stderr": r'"message" is no JSON Pointer'}),
    # failures
    ("failures are listed", [*REPLAY, "mixed.jsonl"],
     {"status": 1, "stdout": [r"mixed\.jsonl:2: .*not valid JSON", r"mixed\.jsonl:3: record 2 \(m1\): ", r"mixed\.jsonl:4: ", r"total +4 +\d +1 +3"]}),
    ("failures for machines", [*REPLAY, "mixed.jsonl", "--json"],
     {"status": 1, "json": lambda j: [f["line"] for f in j["failures"]] == [2, 3, 4] and j["failures"][0]["source"] is None
      and j["failures"][1]["source"] == "sqs" and not j["passed"] and j["without_source"] == 1}),
    ("bad recordings", [*REPLAY, "odd.jsonl"],
     {"status": 1, "stdout": [r'odd\.jsonl:3: "label" is \["billing",\{\}\], expected a string', r'odd\.jsonl:4: "label" is \{\}, expected',
                              r'odd\.jsonl:5: "context" is \[\], ', r"total +5 +2 +2 +3"]}),
    ("fail fast", [*REPLAY, "mixed.jsonl", "--fail-fast", "--json"],
     {"status": 1, "json": lambda j: j["events"] == 2 and j["stopped_early"], "stderr": r"stopped behind the first"}),
    ("UTF-16", [*REPLAY, "utf16.json"], {"status": 5, "stdout": r"utf16\.json: is UTF-16, expected UTF-8"}),
    ("an empty file", [*REPLAY, "none.json", "good.jsonl"], {"status": 5, "stdout": [r"none\.json: is empty", r"sns +1"]}),
    ("empty stdin", [*REPLAY, "-"], {"status": 5, "stdout": r"standard input: is empty"}),
    ("a cut gzip", [*REPLAY, "broken.gz", "good.jsonl", "--json"], {"status": 5, "json": lambda j: j["unreadable_files"] == 1 and j["ok"] == 3}),
    ("no such file", [*REPLAY, "nowhere.json"], {"status": 5, "stderr": r"^textlambda-replay: nowhere\.json: cannot open: No such file", "no_stdout": True}),
    ("a folder without events", [*REPLAY, "barren"], {"status": 5, "stderr": r"barren: is a folder without events", "no_stdout": True}),
    ("a glob without a match", [*REPLAY, "tree/*.zip"], {"status": 5, "stderr": r"tree/\*\.zip: no file matches", "no_stdout": True}),
    # responses
    ("no expectation", [*REPLAY, "good.jsonl", "--expect"], {"status": 5, "stderr": r"no event has an expected response"}),
    ("a response that differs", [*REPLAY, "wrong.jsonl", "--expect", "--tolerance", "0.6"],
     {"status": 1, "stdout": [r'wrong\.jsonl:1: response differs\n', r'  /label +"delivery" → "billing"', r"expected +0 of 1 response as recorded"]}),
    ("differences for machines", [*REPLAY, "wrong.jsonl", "--expect", "--json"],
     {"status": 1, "json": lambda j: j["differ"] == 1 and {"path": "/label", "expected": "delivery", "actual": "billing"} in j["differences"][0]["differences"]}),
    ("all of it ignored", [*REPLAY, "wrong.jsonl", "--expect", "--ignore", "/*"], {"stdout": r"expected +1 of 1 response as recorded"}),
    ("tolerance", [*REPLAY, "wrong.jsonl", "--expect", "--tolerance", "-1"], {"status": 2, "stderr": r"tolerance: -1 given"}),
    ("ignore", [*REPLAY, "wrong.jsonl", "--expect", "--ignore", "model"], {"status": 2, "stderr": r'ignore: "model" is no JSON Pointer'}),
    ("update of stdin", [*REPLAY, "-", "--update"], {"stdin": lines(BILL), "status": 2, "stderr": r"standard input: cannot be updated"}),
    ("update of gzip", [*REPLAY, "events.jsonl.gz", "--update"], {"status": 2, "stderr": r"events\.jsonl\.gz: cannot be updated: it is compressed"}),
    ("update of a zip", [*REPLAY, "events.zip", "--update"], {"status": 2, "stderr": r"cannot be updated: it is in a zip"}),
    ("out on a full disk", [*REPLAY, "good.jsonl", "--out", "/dev/full"], {"status": 5, "stderr": r"/dev/full: cannot write: No space left"}),
    ("out nowhere", [*REPLAY, "good.jsonl", "--out", "no/o.jsonl"], {"status": 5, "stderr": r"no/o\.jsonl: cannot write", "no_stdout": True}),
    ("out and json on stdout", [*REPLAY, "good.jsonl", "--out", "-", "--json"], {"status": 2, "stderr": r"standard output"}),
    ("out with latencies", [*REPLAY, "good.jsonl", "--out", "-", "--out-latency", "--repeat", "3"], {"rows": 3, "stdout": r'"latency_us":\[[\d.]+,[\d.]+,[\d.]+\]\}\n'}),
    # labels, two models
    ("labels", [*REPLAY, "labelled.jsonl", "--json"],
     {"json": lambda j: j["labels"]["n"] == 5 and j["labels"]["correct"] == 3 and j["accuracy"] == 0.6
      and j["labels"]["unknown_labels"] == [{"label": "refunds", "count": 1}]}),
    ("labels in the table", [*REPLAY, "labelled.jsonl"],
     {"stdout": [r"accuracy   60\.0 % \(23\.1 … 88\.2\)   5 labelled texts", r"\n +1  delivery → billing\n", r'does not know "refunds" \(1\)']}),
    ("a model against itself", [*REPLAY, "good.jsonl", "--against", "m.tlm", "--max-flips", "0"], {"stdout": r"agreement  100\.00 % .*0 of 4 texts flipped"}),
    ("flips without a model", [*REPLAY, "good.jsonl", "--max-flips", "1%"], {"status": 2, "stderr": r"--max-flips needs --against"}),
    ("flips of what", [*REPLAY, "good.jsonl", "--against", "m.tlm", "--max-flips", "many"], {"status": 2, "stderr": r'"many" given, expected a share'}),
    # the handler
    ("too many of them", [*REPLAY, "good.jsonl", "--top-k", "1001"],
     {"status": 2, "stderr": r"top-k is 1001, expected a whole number from 0 to 1000", "no_stdout": True}),
    ("top k", [*REPLAY, "good.jsonl", "--top-k", "2", "--out", "-"], {"rows": 3, "stdout": r'"scores"'}),
    ("threshold", [*REPLAY, "good.jsonl", "--abstain-threshold", "1", "--json"], {"json": lambda j: j["abstained"] == 4}),
    ("threshold out of range", [*REPLAY, "good.jsonl", "--abstain-threshold", "7"], {"status": 2, "stderr": r"abstain threshold"}),
    ("text pointers", [*REPLAY, "-", "--text-pointer", "/a", "--text-pointer", "/b"], {"stdin": lines({"a": "my bill"}, {"b": "my bill"}), "stdout": r"direct +2 +2 +2 +0"}),
    ("text pointer", [*REPLAY, "good.jsonl", "--text-pointer", "text"], {"status": 2, "stderr": r"text"}),
    # usage
    ("neither model nor endpoint", ["@replay", "good.jsonl"], {"status": 2, "stderr": r"--model is required, or --endpoint"}),
    ("no paths", REPLAY, {"status": 2, "stderr": r"path is required"}),
    ("endpoint without function", ["@replay", "good.jsonl", "--endpoint", "http://127.0.0.1:9"], {"status": 2, "stderr": r"--function"}),
    ("odd function", ["@replay", "good.jsonl", "--endpoint", "http://127.0.0.1:9", "--function", "a b"], {"status": 2, "stderr": r'function: "a b" given'}),
    ("odd endpoint", ["@replay", "good.jsonl", "--endpoint", "https://x", "--function", "f"], {"status": 2, "stderr": r"https"}),
    ("endpoint with a path", ["@replay", "good.jsonl", "--endpoint", "http://127.0.0.1:9/2015-03-31/functions", "--function", "f"],
     {"status": 2, "stderr": r"--endpoint: .* has a path, expected http://HOST:PORT"}),
    ("nobody listens", ["@replay", "good.jsonl", "--endpoint", "http://127.0.0.1:1", "--function", "f"], {"status": 5, "stderr": r"127\.0\.0\.1:1", "no_stdout": True}),
    ("no jobs", [*REPLAY, "good.jsonl", "--jobs", "5000"], {"status": 2, "stderr": r"jobs: 5000 given"}),
    ("no calls", [*REPLAY, "good.jsonl", "--repeat", "0"], {"status": 2, "stderr": r"repeat: 0 given"}),
    ("unknown report", [*REPLAY, "good.jsonl", "--report", "html=x"], {"status": 2, "stderr": r"expected junit=PATH"}),
    ("mistyped", [*REPLAY, "good.jsonl", "--expekt"], {"status": 2, "stderr": r"did you mean --expect\?"}),
    ("no model file", ["@replay", "--model", "good.jsonl", "good.jsonl"], {"status": 5, "stderr": r"good\.jsonl: is not a textlambda model"}),
    ("replay help", ["@replay", "--help"], {"stdout": [r"\n  textlambda-replay --model tickets\.tlm captured/ --expect", r"--against"]}),
    ("replay in silence", [*REPLAY, "good.jsonl", "-q"], {"no_stdout": True, "stderr": r"^$"}),
]


def any_jobs_same_bytes(folder, run, check):
    with open(folder / "many.jsonl", "w") as file:
        for i in range(3000):
            file.write(json.dumps(sns(f"my {'parcel' if i % 3 else 'bill'} {i}") if i % 7 else {"oops": i}) + "\n")
    outs = []
    for jobs in ("1", "2", "5"):
        run([*REPLAY, "many.jsonl", "--out", "o.jsonl", "--jobs", jobs, "-q"], folder)
        outs.append((folder / "o.jsonl").read_bytes())
    check("the same responses for any jobs", len(set(outs)) == 1 and outs[0].count(b"\n") == 3000)
    check("each response in its place", all(json.loads(line)["line"] == i + 1 for i, line in enumerate(outs[0].splitlines())))


def update_then_expect(folder, run, check):
    shutil.copy(folder / "tree/b.json", folder / "alone.json")
    recordings = lines({"event": BILL, "label": "billing"}, {"time": "2026-11-03T10:22:00Z", "event": PARCEL, "response": {"old": 1}}, PARCEL)
    (folder / "kept.jsonl").write_text(recordings)
    before = (folder / "alone.json").read_bytes()
    done = run([*REPLAY, "alone.json", "kept.jsonl", "--update"], folder)
    check("update", done.returncode == 0 and b"updated    4 responses in 2 files" in done.stdout, done)
    answers = [json.loads(line)["response"] for line in run([*REPLAY, "alone.json", "kept.jsonl", "--out", "-"], folder).stdout.splitlines()]
    check("a bare event's response stands beside it", (folder / "alone.json").read_bytes() == before
          and json.loads((folder / "alone.expected.json").read_text()) == answers[0])
    kept = [json.loads(line) for line in (folder / "kept.jsonl").read_text().splitlines()]
    check("recordings keep the rest", kept == [{"event": BILL, "label": "billing", "response": answers[1]},
                                              {"time": "2026-11-03T10:22:00Z", "event": PARCEL, "response": answers[2]},
                                              {"event": PARCEL, "response": answers[3]}], kept)
    files = [(folder / name).stat().st_mtime_ns for name in ("alone.expected.json", "kept.jsonl")]
    done = run([*REPLAY, "alone.json", "kept.jsonl", "--expect"], folder)
    check("as updated, so expected", done.returncode == 0 and b"expected   4 of 4 responses as recorded" in done.stdout, done)
    done = run([*REPLAY, "alone.json", "kept.jsonl", "--update"], folder)
    check("an update of what is right touches nothing", b"updated    0 responses in 0 files" in done.stdout
          and files == [(folder / name).stat().st_mtime_ns for name in ("alone.expected.json", "kept.jsonl")], done)
    # The answers of a model that was trained again name another one.
    model = json.loads((folder / "alone.expected.json").read_text())["model"]
    for name in ("alone.expected.json", "kept.jsonl"):
        (folder / name).write_text((folder / name).read_text().replace(model, "0123456789abcdef"))
    done = run([*REPLAY, "alone.json", "kept.jsonl", "--expect"], folder)
    check("another model's id is no other answer", done.returncode == 0
          and b"expected   4 of 4 responses as recorded, only the model's id differs in 4\n" in done.stdout, done)
    report = json.loads(run([*REPLAY, "alone.json", "kept.jsonl", "--expect", "--json"], folder).stdout)
    check("and for machines", report["passed"] and (report["differ"], report["differ_by_model"]) == (0, 4)
          and report["differences"] == [], report)
    done = run([*REPLAY, "alone.json", "kept.jsonl", "--update"], folder)
    check("an update names the model that answers now", b"updated    4 responses in 2 files" in done.stdout
          and json.loads((folder / "alone.expected.json").read_text())["model"] == model, done)
    (folder / "kept.jsonl").write_text((folder / "kept.jsonl").read_text().replace('"billing"', '"BILLING"'))
    done = run([*REPLAY, "kept.jsonl", "--expect", "--report", "junit=r.xml", "--out", "o.jsonl"], folder)
    suite = xml.etree.ElementTree.parse(folder / "r.xml").getroot().find("testsuite")
    check("a mismatch in JUnit", done.returncode == 1 and suite.get("tests") == "3" and suite.get("failures") == "1"
          and suite.find("testcase/failure") is not None, done)
    out = [json.loads(line) for line in (folder / "o.jsonl").read_text().splitlines()]
    check("a mismatch in --out", [len(line["differences"]) > 0 for line in out] == [True, False, False], out)


def failures_as_recorded(folder, run, check):
    (folder / "bad.json").write_text(json.dumps(sqs("my bill", "")))
    run([*REPLAY, "bad.json", "--update"], folder)
    check("a recorded failure", json.loads((folder / "bad.expected.json").read_text()) == {"batchItemFailures": [{"itemIdentifier": "m1"}]})
    done = run([*REPLAY, "bad.json", "--expect"], folder)
    check("a failure that was recorded passes", done.returncode == 0 and b"(as recorded)" in done.stdout, done)
    check("the same without --expect does not", run([*REPLAY, "bad.json"], folder).returncode == 1)


def flips(folder, run, check):
    rows = "".join(json.dumps({"text": t, "label": {"billing": "delivery", "delivery": "billing"}[l]}) + "\n"
                   for t, l in (json.loads(line).values() for line in (folder / "rows.jsonl").read_text().splitlines()))
    run(["@train", "-", "-o", "swapped.tlm", "-q"], folder, rows)
    done = run([*REPLAY, "good.jsonl", "--against", "swapped.tlm", "--json"], folder)
    against = json.loads(done.stdout)["against"]
    table = {(pair["from"], pair["to"]): pair["count"] for pair in against["table"]}
    check("every label flips", done.returncode == 0 and against["flipped"] == 4 and against["agreement"] == 0
          and table == {("delivery", "billing"): 2, ("billing", "delivery"): 2}
          and [(f["line"], f["record"]) for f in against["flips"]] == [(1, 0), (2, 0), (3, 0), (3, 1)], against)
    done = run([*REPLAY, "good.jsonl", "--against", "swapped.tlm", "--max-flips", "1%"], folder)
    check("too many flips", done.returncode == 1 and b"4 of 4 texts flipped, 1.00 % allowed" in done.stdout
          and b"good.jsonl:1: record 1: billing" in done.stdout, done)


class Lambda(http.server.BaseHTTPRequestHandler):
    """An Invoke API by its contract: SQS batches lose their second record, "boom" is a function error."""
    protocol_version = "HTTP/1.1"
    seen = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Lambda.seen.append((self.path, self.headers["X-Amz-Invocation-Type"], self.headers["X-Amz-Client-Context"]))
        status, headers, answer = 200, {"X-Amz-Executed-Version": "$LATEST"}, {"label": "x"}
        try:
            event = json.loads(body)
            if event == {"text": "boom"}:
                headers["X-Amz-Function-Error"] = "Unhandled"
                answer = {"errorType": "Boom", "errorMessage": "it went off"}
            elif "Records" in event and event["Records"][0].get("eventSource") == "aws:sqs":
                answer = {"batchItemFailures": [{"itemIdentifier": event["Records"][1]["messageId"]}]}
        except ValueError:
            status, answer = 400, {"Type": "User", "message": "Could not parse request body into json"}
            headers["x-amzn-ErrorType"] = "InvalidRequestContentException"
        if "missing" in self.path:
            status, answer = 404, {"Type": "User", "Message": "Function not found: missing"}
            headers["x-amzn-ErrorType"] = "ResourceNotFoundException"
        data = json.dumps(answer, indent=1).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Type": "application/json", "Content-Length": len(data)}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def endpoint(folder, run, check):
    (folder / "remote.jsonl").write_text(lines(
        PARCEL, {"event": BILL, "context": {"client_context": {"a": 1}}}, sqs("a", "b"), {"text": "boom"}, "{oops"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Lambda)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_port}"
        done = run(["@replay", "--endpoint", url, "--function", "classify:live", "remote.jsonl", "--out", "o.jsonl", "--json"], folder)
        report = json.loads(done.stdout)
        out = [json.loads(line) for line in (folder / "o.jsonl").read_text().splitlines()]
        check("events through an endpoint", done.returncode == 1 and sources(report) == {
            "sns": (1, 1, 1, 0), "sqs": (1, 2, 0, 1), "direct": (2, 1, 1, 1)}, report)
        check("their failures", [f["reason"] for f in report["failures"]] ==
              ["record 2 (m1): answered as a batch item failure", "Boom: it went off",
               "InvalidRequestContentException: Could not parse request body into json"], report["failures"])
        check("their responses", out[0]["response"] == {"label": "x"} and out[0]["ok"] and out[3]["response"]["errorType"] == "Boom"
              and out[4]["response"] is None, out)
        check("the Invoke API's request", {(path, kind) for path, kind, _ in Lambda.seen}
              == {("/2015-03-31/functions/classify:live/invocations", "RequestResponse")}
              and sorted(context or "" for _, _, context in Lambda.seen) == ["", "", "", "", "eyJhIjoxfQ=="], Lambda.seen)
        done = run(["@replay", "--endpoint", url, "--function", "missing", "good.jsonl"], folder)
        check("no such function", done.returncode == 1 and b"ResourceNotFoundException: Function not found: missing" in done.stdout, done)
    finally:
        server.shutdown()
        server.server_close()


def large_inputs(folder, run, check):
    with open(folder / "long.jsonl", "w") as file:
        file.write(json.dumps(BILL) + "\n{\"text\": \"")
        for _ in range(64):
            file.write("x" * (1 << 20))
        file.write("\"}\n" + json.dumps(BILL) + "\n")
    done = run([*REPLAY, "long.jsonl", "--out", "o.jsonl"], folder)
    out = [json.loads(line) for line in (folder / "o.jsonl").read_text().splitlines()]
    check("a line of 64 MB is one failure among others", done.returncode == 1 and [line["ok"] for line in out] == [True, False, True]
          and "a value of 67108876 bytes" in out[1]["error"], done)
    (folder / "deep.jsonl").write_text("[" * 3000000 + "]" * 3000000 + "\n" + json.dumps(BILL) + "\n")
    done = run([*REPLAY, "deep.jsonl", "--json"], folder)
    check("deep nesting is one failure among others", done.returncode == 1 and json.loads(done.stdout)["ok"] == 1, done)


def closed_pipe_and_terminal(folder, run, check):
    (folder / "many.jsonl").write_text(lines(*[BILL] * 20000))
    shell = " ".join([*PROGRAM, "many.jsonl", "--out", "-", "-q"]) + " | head -n 1; exit ${PIPESTATUS[0]}"
    done = subprocess.run(["bash", "-c", shell], cwd=folder, capture_output=True, timeout=60)
    check("a reader that leaves replay is no error", done.stdout.count(b"\n") == 1 and not done.stderr and done.returncode == 0, done)
    out, drawn = on_terminal([*PROGRAM, "many.jsonl", "--repeat", "20"], folder)
    check("replay's progress bar is taken away at the end", b"%" in drawn and drawn.endswith(b"\x1b[K") and b"\x1b" not in out, drawn)


TESTS = [any_jobs_same_bytes, update_then_expect, failures_as_recorded, flips, endpoint, large_inputs, closed_pipe_and_terminal]
