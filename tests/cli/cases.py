"""Command lines and what they must do: (name, arguments, {options}).

Options: stdin, status (0), stdout / stderr (regular expressions that must be found, or lists of them), no_stdout, json (a
function from the parsed output to a truth). Each case runs in a fresh folder with FILES; `@train` etc. name the commands.
"""

ROWS = [("the invoice is wrong", "billing"), ("charged twice on my card", "billing"), ("my bill is too high", "billing"),
        ("wrong amount on the invoice", "billing"), ("parcel never arrived", "delivery"),
        ("where is my parcel", "delivery"), ("the courier lost the parcel", "delivery"),
        ("tracking says delivered but no parcel", "delivery"), ("card was charged again", "billing"),
        ("courier came when I was out", "delivery")]


def jsonl(rows, text="text", label="label"):
    import json
    return "".join(json.dumps({text: t, label: l}) + "\n" for t, l in rows)


def csv(rows, header="text,label\n", separator=","):
    return header + "".join(f"{t}{separator}{l}\n" for t, l in rows)


FILES = {
    "rows.jsonl": jsonl(ROWS),
    "rows.csv": csv(ROWS),
    "noheader.csv": csv(ROWS, ""),
    "rows.tsv": csv([(l, t) for t, l in ROWS], "", "\t"),
    "rows.txt": "".join(f"__label__{l} {t}\n" for t, l in ROWS),
    "nested.jsonl": "".join('{"ticket": {"body": "%s"}, "queue": "%s"}\n' % row for row in ROWS),
    "bad.jsonl": jsonl(ROWS) + '{"text": "no label here"}\n' + "{not json\n" + '{"text": "", "label": "billing"}\n',
    "bad.csv": csv(ROWS) + "one,two,three\n" + '"never closed,billing\n',
    "one.jsonl": jsonl([(t, "x") for t, _ in ROWS]),
    "empty.csv": "",
    "blank.csv": "\n\n",
    "binary.bin": "\x00\x01\x02" * 50,
    "unknown.jsonl": jsonl([("my parcel", "delivery"), ("hello", "greeting")]),
    "texts.jsonl": "".join('{"text": "%s"}\n' % text for text in (
        "my invoice is wrong again", "the parcel is lost", "charged for what", "no courier came", "the card", "tracking",
        "amount", "arrived at last")),
    "event.json": '{"Records": [{"messageId": "a", "eventSource": "aws:sqs", "body": "the bill"}, '
                  '{"messageId": "b", "eventSource": "aws:sqs", "body": "the parcel"}]}\n',
    "options.toml": "seed = 7\nepochs = 3\n",
    "rows.json": "[" + jsonl(ROWS).strip().replace("\n", ",\n") + "]\n",
}

MODEL = ("@train", "rows.jsonl", "-o", "m.tlm", "-q")  # runs before each case whose arguments name m.tlm

CASES = [
    # reading
    ("jsonl", ["@train", "rows.jsonl", "-o", "o.tlm"], {"stdout": [r"rows\.jsonl +jsonl", r"10 documents · 2 labels"]}),
    ("csv with header", ["@train", "rows.csv", "-o", "o.tlm"], {"stdout": r"csv .* text=text label=label"}),
    ("csv without header", ["@train", "noheader.csv", "-o", "o.tlm"], {"stdout": r"10 documents"}),
    ("tsv", ["@train", "rows.tsv", "-o", "o.tlm"], {"stdout": [r"tsv", r"10 documents · 2 labels"]}),
    ("fasttext", ["@train", "rows.txt", "-o", "o.tlm"], {"stdout": r"fasttext"}),
    ("gzip", ["@train", "rows.csv.gz", "-o", "o.tlm"], {"stdout": r"10 documents"}),
    ("stdin", ["@train", "-", "-o", "o.tlm"], {"stdin": jsonl(ROWS), "stdout": r"standard input +jsonl"}),
    ("several files", ["@train", "rows.jsonl", "rows.csv", "-o", "o.tlm"], {"stdout": r"20 documents"}),
    ("pointers", ["@train", "nested.jsonl", "--text", "/ticket/body", "--label", "queue", "-o", "o.tlm"],
     {"stdout": r"text=/ticket/body label=queue"}),
    ("columns by number", ["@train", "rows.tsv", "--text", "2", "--label", "1", "-o", "o.tlm"], {"stdout": r"2 labels"}),
    ("missing column", ["@train", "rows.csv", "--text", "body", "-o", "o.tlm"],
     {"status": 5, "stderr": r"rows\.csv: .*body.*text.*label"}),
    ("bad row stops", ["@train", "bad.jsonl", "-o", "o.tlm"],
     {"status": 5, "stderr": r'^textlambda-train: bad\.jsonl:11: no field "label"$', "no_stdout": True}),
    ("bad csv row stops", ["@train", "bad.csv", "-o", "o.tlm"], {"status": 5, "stderr": r"bad\.csv:12: 3 columns, expected 2"}),
    ("bad rows skipped", ["@train", "bad.jsonl", "--on-bad-row", "skip", "-o", "o.tlm"],
     {"stderr": [r"bad\.jsonl:11: skipped: ", r"bad\.jsonl:12: skipped: ", r"bad\.jsonl:13: skipped: empty text"],
      "stdout": r"3 bad rows skipped"}),
    ("one label", ["@train", "one.jsonl", "-o", "o.tlm"], {"status": 5, "stderr": r'one\.jsonl: .*only one label, "x"'}),
    ("empty file", ["@train", "empty.csv", "-o", "o.tlm"], {"status": 5, "stderr": r"empty\.csv: is empty"}),
    ("blank file", ["@train", "blank.csv", "-o", "o.tlm"], {"status": 5, "stderr": r"blank\.csv: is empty"}),
    ("binary file", ["@train", "binary.bin", "-o", "o.tlm"], {"status": 5, "stderr": r"binary\.bin: is a binary file"}),
    ("json array", ["@train", "rows.json", "-o", "o.tlm"], {"stdout": r"10 documents · 2 labels"}),
    ("missing file", ["@train", "none.csv", "-o", "o.tlm"], {"status": 5, "stderr": r"none\.csv: cannot open: No such file"}),
    ("folder", ["@train", ".", "-o", "o.tlm"], {"status": 5, "stderr": r"is a directory"}),
    # usage
    ("unknown option", ["@train", "rows.csv", "-o", "o.tlm", "--threds", "2"],
     {"status": 2, "stderr": r"--threds: no such option; did you mean --threads\?"}),
    ("no output", ["@train", "rows.csv"], {"status": 2, "stderr": r"--output is required"}),
    ("texts without labels", ["@train", "rows.csv", "--unlabelled", "texts.jsonl", "-o", "o.tlm"],
     {"stdout": r"unlabelled +8 texts · (used|left out): accuracy .* without, .* with them \(.* points, 10 held out\)"}),
    ("texts in events", ["@train", "rows.csv", "--unlabelled", "event.json", "-o", "o.tlm", "--json"],
     {"json": lambda j: j["unlabelled"]["texts"] == 2 and j["documents"] == 10}),
    ("rows and texts from stdin", ["@train", "-", "--unlabelled", "-", "-o", "o.tlm"],
     {"stdin": "a b,x\n", "status": 2, "stderr": r"standard input can be read only once"}),
    ("texts from stdin", ["@train", "rows.csv", "--unlabelled", "-", "-o", "o.tlm", "--json"],
     {"stdin": "where is it\nthe bill\n\nthe bill\n", "json": lambda j: j["unlabelled"]["texts"] == 2}),
    ("no such texts", ["@train", "rows.csv", "--unlabelled", "none.jsonl", "-o", "o.tlm"],
     {"status": 5, "stderr": r"none\.jsonl"}),
    ("no text in them", ["@train", "rows.csv", "--unlabelled", "blank.csv", "-o", "o.tlm"],
     {"status": 5, "stderr": r"blank\.csv"}),
    ("the model in the texts' place", ["@train", "rows.csv", "--unlabelled", "texts.jsonl", "-o", "texts.jsonl"],
     {"status": 2, "stderr": r"texts\.jsonl"}),
    ("holdout", ["@train", "rows.csv", "-o", "o.tlm", "--holdout", "2"], {"status": 2, "stderr": r"holdout: 2 given"}),
    ("range", ["@train", "rows.csv", "-o", "o.tlm", "--words", "3-1"], {"status": 2, "stderr": r"word n-grams"}),
    ("negation", ["@train", "rows.csv", "-o", "o.tlm", "--negation", "16"],
     {"status": 2, "stderr": r"negation: 16 given, expected 0 … 15"}),
    ("negation text", ["@train", "rows.csv", "-o", "o.tlm", "--negation", "far"],
     {"status": 2, "stderr": r'--negation: "far" given, expected a number of words, none or auto'}),
    ("negation beyond any number", ["@train", "rows.csv", "-o", "o.tlm", "--negation", "99999999999"],
     {"status": 2, "stderr": r'--negation: "99999999999" given, expected a number of words'}),
    ("range text", ["@train", "rows.csv", "-o", "o.tlm", "--words", "x"], {"status": 2, "stderr": r'--words: "x" given'}),
    ("threads", ["@train", "rows.csv", "-o", "o.tlm", "--threads", "0"], {"status": 2, "stderr": r"threads"}),
    ("c", ["@train", "rows.csv", "-o", "o.tlm", "--c", "-1"], {"status": 2, "stderr": r"C: -1 given"}),
    ("weight", ["@train", "rows.csv", "-o", "o.tlm", "--label-weight", "x"], {"status": 2, "stderr": r"LABEL=WEIGHT"}),
    ("weight of no label", ["@train", "rows.csv", "-o", "o.tlm", "--label-weight", "x=2"], {"status": 4, "stderr": r'"x"'}),
    ("format", ["@train", "rows.csv", "-o", "o.tlm", "--format", "xml"], {"status": 2, "stderr": r"xml"}),
    ("help", ["@train", "--help"], {"stdout": [r"textlambda-train tickets\.csv -o tickets\.tlm", r"--on-bad-row", r"--help-all"]}),
    ("version", ["@predict", "--version"], {"stdout": r"^textlambda-predict \d+\.\d+\.\d+\n$"}),
    # output
    ("quiet", ["@train", "rows.csv", "-o", "o.tlm", "-q"], {"no_stdout": True, "stderr": r"^$"}),
    ("json card", ["@train", "rows.csv", "-o", "o.tlm", "--json"],
     {"json": lambda j: j["documents"] == 10 and len(j["corpus_sha256"]) == 64 and j["model"]["bytes"] > 0
      and 0 <= j["training_accuracy"] <= 1 and j["options"]["seed"] == 1 and "seconds" in j}),
    ("config file", ["@train", "rows.csv", "-o", "o.tlm", "--config", "options.toml", "--json"],
     {"json": lambda j: j["options"]["seed"] == 7 and j["epochs"] == 3}),
    ("no such config", ["@train", "rows.csv", "-o", "o.tlm", "--config", "none.toml"], {"status": 5, "stderr": r"none\.toml"}),
    ("full disk", ["@train", "rows.csv", "-o", "/dev/full"], {"status": 5, "stderr": r"/dev/full: cannot write: No space left"}),
    ("no folder", ["@train", "rows.csv", "-o", "no/m.tlm"], {"status": 5, "stderr": r"no/m\.tlm: cannot write"}),
    # predict
    ("lines", ["@predict", "--model", "m.tlm"], {"stdin": "my parcel\n\ncharged again, twice\n", "rows": 3,
                                                "stdout": r'^\{"label":"delivery","confidence":'}),
    ("broken utf-8", ["@predict", "--model", "m.tlm"], {"stdin": b"my parc\xffel\nok\n", "rows": 2}),
    ("odd json line", ["@predict", "--model", "m.tlm"],
     {"stdin": '{"text": "my parcel"}\n{odd\n{"text": 5}\n{"text": "bill"}\n', "rows": 4, "stdout": r'"error":"not valid JSON.*"line":2',
      "stderr": r"1 row could not be used"}),
    ("no input", ["@predict", "--model", "m.tlm"], {"stdin": "", "no_stdout": True}),
    ("csv file", ["@predict", "--model", "m.tlm", "rows.csv"], {"rows": 10}),
    ("plain", ["@predict", "--model", "m.tlm", "--plain", "--explain"],
     {"stdin": "my parcel\n", "stdout": r"^delivery  0\.\d\d   .*parcel \+\d"}),
    ("top", ["@predict", "--model", "m.tlm", "--top", "9"], {"stdin": "x\n", "stdout": r'"scores":\[\{[^]]*billing[^]]*\}\]'}),
    ("no top", ["@predict", "--model", "m.tlm", "--top", "0"], {"stdin": "x\n", "stdout": r'^\{"label":"[a-z]+","confidence":[0-9.]+,"abstained":false\}\n$'}),
    ("damaged model", ["@predict", "--model", "damaged.tlm"], {"stdin": "x\n", "status": 5, "stderr": r"damaged\.tlm: "}),
    ("no model", ["@predict", "--model", "rows.csv"], {"stdin": "x\n", "status": 5, "stderr": r"rows\.csv: is not a textlambda model"}),
    # evaluate
    ("figures", ["@evaluate", "--model", "m.tlm", "--test", "rows.csv", "--json"],
     {"json": lambda j: j["n"] == 10 and j["accuracy"] == 1.0 and j["macro_f1"] == 1.0 and len(j["labels"]) == 2}),
    ("table", ["@evaluate", "--model", "m.tlm", "--test", "rows.csv"], {"stdout": [r"accuracy  100\.0 % \(72\.2 … 100\.0\)"]}),
    ("unknown label", ["@evaluate", "--model", "m.tlm", "--test", "unknown.jsonl"],
     {"status": 4, "stderr": r'does not know: "greeting"', "stdout": r"accuracy  50\.0 %"}),
    ("unknown label allowed", ["@evaluate", "--model", "m.tlm", "--test", "unknown.jsonl", "--allow-unknown-labels", "--json"],
     {"json": lambda j: j["n"] == 2 and j["correct"] == 1 and j["unknown_labels"] == [{"label": "greeting", "count": 1}]}),
    ("bad test row", ["@evaluate", "--model", "m.tlm", "--test", "bad.jsonl"], {"status": 5, "stderr": r"bad\.jsonl:11: "}),
    # inspect
    ("card", ["@inspect", "m.tlm"], {"stdout": [r"id [0-9a-f]{16}", r"billing  \(5 documents\)", r"parcel \+"]}),
    ("card as json", ["@inspect", "m.tlm", "--json"],
     {"json": lambda j: j["card"]["documents"] == 10 and [l["label"] for l in j["labels"]] == ["billing", "delivery"]}),
    ("damaged card", ["@inspect", "damaged.tlm"], {"status": 5, "stderr": r"^textlambda-inspect: damaged\.tlm: .*checksum.*\n$"}),
    ("cut card", ["@inspect", "cut.tlm"], {"status": 5, "stderr": r"cut\.tlm: .*(truncated|bytes)"}),
]
