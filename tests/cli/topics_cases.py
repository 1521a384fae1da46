"""textlambda-topics, and textlambda-evaluate --clustering. cases.py says what a case is."""
import json
import random

KINDS = {"billing": "invoice card charged amount refund bill payment receipt tax fee".split(),
         "delivery": "parcel courier late tracking driver doorstep depot shipped address van".split(),
         "account": "password login email reset locked username profile settings verify code".split()}
FILLER = "please today again since monday help why now still really".split()


TRAVEL = {"travel": "flight hotel luggage airport booking seat gate ticket visa passport".split()}


def rows(count, seed=1, kinds=KINDS):
    source = random.Random(seed)
    names = list(kinds)
    return [(" ".join(source.sample(kinds[names[i % len(names)]], 4) + source.sample(FILLER, 3)), names[i % len(names)]) for i in range(count)]


def jsonl(pairs):
    return "".join(json.dumps({"text": text, "label": label}) + "\n" for text, label in pairs)


TOPICS = ["@topics", "-", "-k", "3", "-o", "o.tlm"]
MANY = jsonl(rows(150))

FILES = {"seeds.toml": 'money = ["invoice", "refund"]\npost = ["parcel", "courier late"]\n', "strange.toml": 'weather = ["rain"]\n', "plain.txt": "invoice\nparcel\n", "many.csv": "text,label\ninvoice,a\nparcel,b\npassword,c\n",
         "known.jsonl": jsonl([pair for pair in rows(12, seed=9) if pair[1] != "delivery"][:4])}

CASES = [
    ("groups", TOPICS, {"stdin": MANY, "stdout": [r"^150 texts · 148 different · 3 groups", r"a typical text of each", r"o\.tlm"]}),
    ("labels are not needed", TOPICS, {"stdin": "".join(text + "\n" for text, _ in rows(60)), "stdout": r"^60 texts"}),
    ("csv, with columns named", ["@topics", "-", "--columns", "id,what", "--text", "what", "-k", "3", "-o", "o.tlm"],
     {"stdin": "".join(f"{i},{text}\n" for i, (text, _) in enumerate(rows(60))), "stdout": r"^60 texts"}),
    ("as JSON", [*TOPICS, "--json"],
     {"stdin": MANY, "json": lambda j: len(j["groups"]) == 3 and sum(group["documents"] for group in j["groups"]) == 150
      and j["model"]["path"] == "o.tlm" and j["distinct_documents"] == 148}),
    ("every text to stdout", [*TOPICS, "--out", "-"],
     {"stdin": MANY, "stdout": r'^\{"text":".*","label":".*","confidence":[0-9.]+\}\n', "stderr": r"150 texts · 148 different"}),
    ("one text", TOPICS, {"stdin": "only this\n", "status": 5, "stderr": r"standard input: has only one text, which makes no groups"}),
    ("equal texts", TOPICS, {"stdin": "order 1\norder 2\norder 3\n", "status": 5, "stderr": r"all 3 texts are the same text"}),
    ("fewer texts than groups", ["@topics", "rows.jsonl", "-k", "30", "-o", "o.tlm"],
     {"status": 5, "stderr": r"rows\.jsonl: has 10 different texts \(near-duplicates count once\), expected at least as many as groups: 30"}),
    ("no words in common", TOPICS, {"stdin": "alpha\nbeta\ngamma\n", "status": 5, "stderr": r"no word is in two of the texts"}),
    ("an empty text", TOPICS, {"stdin": '{"text": "one"}\n{"text": ""}\n', "status": 5, "stderr": r"standard input:2: "}),
    ("an empty text skipped", [*TOPICS, "--on-bad-row", "skip"],
     {"stdin": MANY + '{"text": ""}\n', "stdout": r"^150 texts", "stderr": r"standard input:151: skipped: "}),
    ("nothing", TOPICS, {"stdin": "", "status": 5}),
    ("one group", ["@topics", "rows.jsonl", "-k", "1", "-o", "o.tlm"], {"status": 2, "stderr": r"-k: 1 given, expected at least 2 groups"}),
    ("no number of groups", ["@topics", "rows.jsonl", "-o", "o.tlm"], {"status": 2, "stderr": r"--groups"}),
    ("what several numbers come to", ["@topics", "-", "--suggest-k", "-k", "6"],
     {"stdin": MANY, "stdout": [r"^150 texts · 148 different · two fits to 59 each, held against 30\n", r"\n +5 +\d", r"No measure finds the number reliably"]}),
    ("the same as JSON", ["@topics", "-", "--suggest-k", "--json"],
     {"stdin": MANY, "json": lambda j: [trial["k"] for trial in j["trials"]] == [2, 3, 4, 5] and j["held_out_documents"] == 30
      and max(j["trials"], key=lambda trial: trial["agreement"])["k"] == 3}),
    ("the same as a page", ["@topics", "-", "--suggest-k", "--report", "html=k.html", "-q"], {"stdin": MANY, "no_stdout": True}),
    ("too few texts to hold some out", ["@topics", "rows.jsonl", "--suggest-k"],
     {"status": 5, "stderr": r"rows\.jsonl: has 10 different texts, expected at least 50 to hold some out"}),
    ("numbers up to one", ["@topics", "rows.jsonl", "--suggest-k", "-k", "1"], {"status": 2, "stderr": r"-k: 1 given"}),
    ("a model of several numbers", [*TOPICS, "--suggest-k"], {"stdin": MANY, "status": 2, "stderr": r"--output: --suggest-k leaves no groups behind"}),
    ("no model named", ["@topics", "rows.jsonl", "-k", "2"], {"status": 2, "stderr": r"--output is required"}),
    ("a kind of report that there is not", [*TOPICS, "--report", "pdf=o.pdf"], {"stdin": MANY, "status": 2, "stderr": r'--report: "pdf=o\.pdf" given, expected html=FILE'}),
    ("two results for stdout", [*TOPICS, "--out", "-", "--json"], {"stdin": MANY, "status": 2, "stderr": r"standard output has room for one result"}),
    ("the texts are not overwritten", ["@topics", "rows.jsonl", "-k", "2", "-o", "o.tlm", "--out", "rows.jsonl"],
     {"status": 2, "stderr": r"--out would overwrite rows\.jsonl"}),
    ("one file for two results", [*TOPICS, "--out", "o.tlm"], {"stdin": MANY, "status": 2}),
    ("a threshold that is none", [*TOPICS, "--abstain-threshold", "2"], {"stdin": MANY, "status": 2, "stderr": r"--abstain-threshold: 2 given, expected"}),
    ("names for groups", [*TOPICS, "--seed-labels", "seeds.toml", "--json"],
     {"stdin": MANY, "json": lambda j: {"money", "post"} < {group["label"] for group in j["groups"]} and j["options"]["seeds"][0]["label"] == "money"}),
    ("a few labelled texts", [*TOPICS, "--labelled", "known.jsonl", "--json"],
     {"stdin": MANY, "json": lambda j: {"billing", "account"} < {group["label"] for group in j["groups"]} and j["documents"] == 150
      and j["labelled_documents"] == 4}),
    ("the same as text", [*TOPICS, "--labelled", "known.jsonl"], {"stdin": MANY, "stdout": r"^150 texts · 4 labelled · 152 different · 3 groups"}),
    ("labelled texts without labels", [*TOPICS, "--labelled", "plain.txt"], {"stdin": MANY, "status": 5, "stderr": r"plain\.txt"}),
    ("labelled texts that are not there", [*TOPICS, "--labelled", "none.jsonl"], {"stdin": MANY, "status": 5, "stderr": r"none\.jsonl: "}),
    ("more labels than groups", ["@topics", "-", "-k", "2", "-o", "o.tlm", "--labelled", "many.csv"],
     {"stdin": MANY, "status": 2, "stderr": r"-k: 2 groups given, 3 labels are known"}),
    ("labelled texts are not overwritten", ["@topics", "-", "-k", "3", "-o", "known.jsonl", "--labelled", "known.jsonl"],
     {"stdin": MANY, "status": 2, "stderr": r"--output would overwrite known\.jsonl"}),
    ("labelled texts and numbers of groups", ["@topics", "-", "--suggest-k", "--labelled", "known.jsonl"],
     {"stdin": MANY, "status": 2, "stderr": r"--labelled: --suggest-k leaves no groups behind"}),
    ("standard input twice", ["@topics", "-", "-k", "2", "-o", "o.tlm", "--labelled", "-"],
     {"stdin": MANY, "status": 2, "stderr": r"standard input can be read only once"}),
    ("names for groups that are not there", [*TOPICS, "--seed-labels", "none.toml"], {"stdin": MANY, "status": 5, "stderr": r"none\.toml"}),
    ("a name without a text", [*TOPICS, "--seed-labels", "strange.toml"], {"stdin": MANY, "status": 4, "stderr": r'no text has the words of "weather"'}),
    ("texts and recordings", ["@topics", "rows.jsonl", "--from-replay", "event.json", "--model", "m.tlm", "-k", "2", "-o", "o.tlm"],
     {"status": 2, "stderr": r"TEXTS or --from-replay: expected one of them"}),
    ("neither", ["@topics", "-k", "2", "-o", "o.tlm"], {"status": 2, "stderr": r"TEXTS or --from-replay: expected one of them"}),
    ("recordings without a classifier", ["@topics", "--from-replay", "event.json", "-k", "2", "-o", "o.tlm"], {"status": 2, "stderr": r"--from-replay needs --model"}),
    ("a classifier without recordings", ["@topics", "rows.jsonl", "--model", "m.tlm", "-k", "2", "-o", "o.tlm"], {"status": 2, "stderr": r"--model is the classifier that --from-replay asks"}),
    ("a classifier that never abstains", ["@topics", "--from-replay", "rows.jsonl", "--model", "m.tlm", "-k", "2", "-o", "o.tlm"],
     {"status": 2, "stderr": r"m\.tlm: the model never abstains, expected --below"}),
    ("nothing abstained on", ["@topics", "--from-replay", "rows.jsonl", "--model", "m.tlm", "--below", "0.01", "-k", "2", "-o", "o.tlm"],
     {"status": 5, "stderr": [r"m\.tlm abstains on 0 of 10 texts", r"rows\.jsonl: has no text"]}),
    ("clustering and a gate", ["@evaluate", "--model", "m.tlm", "--test", "rows.jsonl", "--clustering", "--min", "accuracy=0.5"],
     {"status": 2, "stderr": r"--clustering and --min are two questions"}),
    ("clustering without a test set", ["@evaluate", "--model", "m.tlm", "--clustering"], {"status": 2, "stderr": r"--test is required"}),
    ("clustering figures of a classifier", ["@evaluate", "--model", "m.tlm", "--test", "rows.jsonl", "--clustering", "--json"],
     {"json": lambda j: j["n"] == 10 and j["nmi"] == 1 and j["ari"] == 1 and j["purity"] == 1 and len(j["groups"]) == 2}),
]


def round_trip(folder, run, check):
    """Groups, their figures, every text with its group, and a classifier trained on that."""
    (folder / "texts.jsonl").write_text(jsonl(rows(600)))
    (folder / "new.jsonl").write_text(jsonl(rows(300, seed=2)))
    topics = ["@topics", "texts.jsonl", "-k", "3", "-o", "t.tlm", "--out", "groups.jsonl", "--report", "html=page.html", "--json"]
    result = run(topics, folder)
    report = json.loads(result.stdout)
    lines = [json.loads(line) for line in (folder / "groups.jsonl").read_text().splitlines()]
    check("every text has a group", [line["text"] for line in lines] == [text for text, _ in rows(600)]
          and {line["label"] for line in lines} == {group["label"] for group in report["groups"]}, lines[:2])
    page = (folder / "page.html").read_text()
    check("the page has a map and names", "<svg" in page and all(group["label"] in page for group in report["groups"]), page[:300])
    said = [json.loads(line) for line in run(["@predict", "--model", "t.tlm", "texts.jsonl"], folder).stdout.splitlines()]
    check("predict says the same", [(one["label"], one["confidence"]) for one in said] == [(one["label"], one["confidence"]) for one in lines],
          (said[:1], lines[:1]))
    figures = json.loads(run(["@evaluate", "--model", "t.tlm", "--test", "new.jsonl", "--clustering", "--json"], folder).stdout)
    check("the groups are the kinds, on texts not seen too", figures["nmi"] > 0.9 and figures["purity"] > 0.95 and figures["label_count"] == 3, figures)
    plain = run(["@evaluate", "--model", "t.tlm", "--test", "new.jsonl", "--clustering"], folder).stdout.decode()
    check("as text", plain.startswith("300 examples · 3 labels · 3 groups\n") and "what the groups mostly are" in plain, plain)
    inspected = run(["@inspect", "t.tlm"], folder).stdout.decode()
    check("inspect knows where it comes from", "found without labels, 3 asked for" in inspected and "accuracy" not in inspected, inspected)
    trained = run(["@train", "groups.jsonl", "-o", "trained.tlm", "-q"], folder)
    check("the groups can be trained on", trained.returncode == 0 and (folder / "trained.tlm").exists(), trained.stderr)
    digests = set()
    for threads in ("1", "2", "3", "8"):
        again = run([*topics[:5], f"{threads}.tlm", "--threads", threads, "--json"], folder)
        digests.add(json.loads(again.stdout)["model"]["sha256"])
    check("the same bytes for any number of threads", digests == {report["model"]["sha256"]}, digests)
    replayed = run(["@replay", "--model", "t.tlm", "events.jsonl", "--json"], folder) if (folder / "events.jsonl").write_text(
        "".join(json.dumps({"text": text}) + "\n" for text, _ in rows(10))) else None
    check("replay answers with it", replayed.returncode == 0 and json.loads(replayed.stdout)["ok"] == 10, replayed)


def gaps(folder, run, check):
    """Kinds of texts that the classifier does not know are found among recorded events."""
    recorded = rows(600, 3, KINDS | TRAVEL)
    known = [row for row in rows(600) if row[1] != "account"]
    (folder / "train.jsonl").write_text(jsonl(known))
    run(["@train", "train.jsonl", "-o", "m.tlm", "-q"], folder)
    (folder / "recorded.jsonl").write_text("".join(
        json.dumps({"event": {"Records": [{"messageId": "a", "eventSource": "aws:sqs", "body": text}]}}) + "\n" for text, _ in recorded))
    result = run(["@topics", "--from-replay", "recorded.jsonl", "--model", "m.tlm", "--below", "0.9", "-k", "2", "-o", "gaps.tlm",
                  "--out", "gaps.jsonl", "--json"], folder)
    report = json.loads(result.stdout)
    check("what it abstains on is grouped", report["abstained"]["seen"] == 600 and 290 < report["abstained"]["grouped"] < 350
          and b"m.tlm abstains on" in result.stderr, (report["abstained"], result.stderr))
    kinds = dict(recorded)
    lines = [json.loads(line) for line in (folder / "gaps.jsonl").read_text().splitlines()]
    found = {}
    for kind in ("account", "travel"):
        labels = [line["label"] for line in lines if kinds[line["text"]] == kind]
        found[kind] = max(labels, key=labels.count)
        check(f"{kind} is a group", labels.count(found[kind]) > 0.95 * len(labels) > 140, labels)
    words = {kind: label.split(", ") for kind, label in found.items()}
    check("named by their words", set(words["account"]) <= set(KINDS["account"]) and set(words["travel"]) <= set(TRAVEL["travel"]), words)


TESTS = [round_trip, gaps]
