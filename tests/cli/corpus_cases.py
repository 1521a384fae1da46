"""Corpora as people have them: encodings, headers, pipes that bring their bytes in pieces, warnings."""
import pathlib
import subprocess
import sys
import time

from cases import ROWS, csv

TEXTS = [text for text, _ in ROWS]
RUSSIAN = csv([("спорт и наука", "Наука"), ("команда выиграла", "Спорт")] * 5)
DOUBLED = csv([("the invoice is wrong", "Billing"), ("my parcel", "delivery"), ("The  invoice is wrong", "billing")])

FILES = {
    "cp1251.csv": RUSSIAN.encode("cp1251"),
    "gbk.csv": csv([("今天天气很好，我们去公园散步", "天气"), ("这家酒店的服务非常好", "酒店")] * 5).encode("gbk"),
    "utf16.csv": csv(ROWS).encode("utf-16"),
    "mixed.csv": csv(ROWS * 40).encode() + "caf\xe9 au lait,billing\n".encode("latin-1"),
    "label.csv": csv(ROWS * 40).encode() + "au lait,caf\xe9\n".encode("latin-1"),
    "concat.csv": csv(ROWS) * 2,
    "same.csv": csv(ROWS),
    "doubled.csv": DOUBLED,
    "bars.txt": csv(ROWS, "text|label\n", "|"),
    "noheader3.csv": "".join(f"{i},{t},{l}\n" for i, (t, l) in enumerate(ROWS)),
    "new.csv": "id,text\n" + "".join(f'{i},"{t}, ""again"""\n' for i, t in enumerate(TEXTS)),
    "lines.txt": "my parcel\nhello, world\n",
    "breaks.csv": csv([(t, f'"line\nbreak {l}"') for t, l in ROWS]),
    "crlf.csv": csv([(f'"{t}\r\nagain"', l) for t, l in ROWS]),
    "lf.csv": csv([(f'"{t}\nagain"', l) for t, l in ROWS]),
    "renamed.csv": csv([(f'"{t}\nagain"', {"billing": "delivery", "delivery": "billing"}[l]) for t, l in ROWS]),
}

TRAIN = ["-o", "o.tlm"]
CASES = [
    ("windows-1251", ["@train", "cp1251.csv", *TRAIN],
     {"status": 5, "no_stdout": True, "stderr": r"cp1251\.csv:2: is not UTF-8: .*windows-1251: --encoding windows-1251"}),
    ("windows-1251 said", ["@train", "cp1251.csv", *TRAIN, "--encoding", "cp1251"],
     {"stderr": r'cp1251\.csv: read as csv in windows-1251, delimiter ",", header, text=text label=label', "stdout": r"2 labels"}),
    ("gbk", ["@train", "gbk.csv", *TRAIN], {"status": 5, "stderr": r"--encoding gb18030"}),
    ("gbk said", ["@train", "gbk.csv", *TRAIN, "--encoding", "gbk"], {"stdout": r"10 documents · 2 labels"}),
    ("gbk for evaluation", ["@evaluate", "-m", "m.tlm", "--test", "gbk.csv"], {"status": 5, "stderr": r"gbk\.csv:2: is not UTF-8"}),
    ("gbk for prediction", ["@predict", "-m", "m.tlm", "gbk.csv"], {"status": 5, "stderr": r"gbk\.csv:2: is not UTF-8"}),
    ("utf-16", ["@train", "utf16.csv", *TRAIN], {"stdout": r"10 documents · 2 labels", "stderr": r"read as csv in utf-16le"}),
    ("unknown encoding", ["@train", "rows.csv", *TRAIN, "--encoding", "x"], {"status": 2, "stderr": r'unknown encoding "x"'}),
    ("invalid byte", ["@train", "cp1251.csv", *TRAIN, "--encoding", "ascii"],
     {"status": 5, "stderr": r"cp1251\.csv:2: byte 0x[0-9A-F]{2} not valid in ascii"}),
    ("one broken row", ["@train", "mixed.csv", *TRAIN],
     {"stdout": r"broken UTF-8 repaired in 1", "stderr": r"mixed\.csv:402: broken UTF-8, replaced by U\+FFFD"}),
    ("a broken label", ["@train", "label.csv", *TRAIN], {"status": 5, "stderr": r"label\.csv:402: the label is not UTF-8"}),
    ("a broken label skipped", ["@train", "label.csv", *TRAIN, "--on-bad-row", "skip"],
     {"stdout": r"2 labels .*1 bad rows skipped", "stderr": r"label\.csv:402: skipped: the label is not UTF-8"}),
    ("header in the middle", ["@train", "concat.csv", *TRAIN],
     {"stdout": r"20 documents · 2 labels", "stderr": [r"concat\.csv:12: the header once more", r"10 rows repeat"]}),
    ("a file twice", ["@train", "rows.csv", "same.csv", *TRAIN], {"stderr": r"same\.csv: is given twice: .* as rows\.csv"}),
    ("two labels and near ones", ["@train", "doubled.csv", *TRAIN],
     {"stderr": [r'doubled\.csv:4: a text has two labels: "billing" and earlier "Billing"', r'doubled\.csv:4: label "billing" beside "Billing"']}),
    ("delimiter", ["@train", "bars.txt", *TRAIN, "--delimiter", "|"], {"stdout": r"10 documents · 2 labels"}),
    ("delimiter of two", ["@train", "bars.txt", *TRAIN, "--delimiter", "||"], {"status": 2, "stderr": r"--delimiter: "}),
    ("columns", ["@train", "noheader3.csv", *TRAIN, "--columns", "id,text,label"], {"stdout": r"10 documents · 2 labels"}),
    ("columns short", ["@train", "noheader3.csv", *TRAIN, "--columns", "text,label"],
     {"status": 5, "stderr": r"has 3 columns, --columns names 2"}),
    ("no quotes", ["@train", "rows.csv", *TRAIN, "--no-quotes"], {"stdout": r"10 documents"}),
    ("csv header on stdin", ["@predict", "-m", "m.tlm"], {"stdin": FILES["new.csv"], "rows": 10, "stderr": r"read as csv"}),
    ("unknown csv on stdin", ["@predict", "-m", "m.tlm"], {"stdin": "nr,anliegen\n1,parcel\n", "status": 5, "stderr": r"--format csv"}),
    ("a line too long", ["@predict", "-m", "m.tlm"],
     {"stdin": b"x" * (17 << 20) + b"\nmy parcel\n", "rows": 2, "stdout": r'a row longer than 16 MiB","line":1'}),
    ("broken bytes on stdin", ["@predict", "-m", "m.tlm"],
     {"stdin": "caf\xe9 au lait\n".encode("latin-1"), "rows": 1, "stderr": r"broken UTF-8 in 1 row, .*--encoding windows-1252"}),
    ("latin-1 on stdin", ["@predict", "-m", "m.tlm", "--encoding", "latin-1"],
     {"stdin": "caf\xe9\nmy parcel\n".encode("latin-1"), "rows": 2, "stderr": r"converted from iso-8859-1"}),
]


def in_pieces(folder, data, pieces, arguments=()):
    """What comes of bytes that come in pieces."""
    predict = pathlib.Path(sys.argv[1]).resolve() / "textlambda-predict"
    process = subprocess.Popen([predict, "-m", "m.tlm", *arguments], cwd=folder, stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    size = max(1, len(data) // pieces)
    for at in range(0, len(data), size):
        process.stdin.write(data[at:at + size])
        process.stdin.flush()
        time.sleep(0.02)
    process.stdin.close()
    out = process.stdout.read()
    process.stderr.read()
    return process.wait(), out


def timing_does_not_matter(folder, run, check):
    inputs = {
        "csv": FILES["new.csv"].encode(),
        "lines": b"my parcel\nhello, world\n\nbill",
        "a blank line first": b"\n\nmy parcel, again\nbill\n",
        "a row without text first": b'{"id": 1}\n{"text": "my parcel"}\n{"text": "bill"}\n',
        "utf-16": "my parcel\nGrüße\n".encode("utf-16"),
        "a json array": b'[\n{"text": "my parcel"},\n{"text": "bill"}]\n',
    }
    for name, data in inputs.items():
        once = run(["@predict", "-m", "m.tlm"], folder, data)
        for pieces in (3, 11):
            check(f"in {pieces} pieces: {name}", in_pieces(folder, data, pieces) == (once.returncode, once.stdout), once.stdout)
    file = run(["@predict", "-m", "m.tlm", "new.csv"], folder)
    check("as from the file", run(["@predict", "-m", "m.tlm"], folder, inputs["csv"]).stdout == file.stdout, file.stdout)


def plain_has_a_line_a_row(folder, run, check):
    run(["@train", "breaks.csv", "-o", "breaks.tlm", "-q"], folder)
    done = run(["@predict", "-m", "breaks.tlm", "--plain"], folder, b"my parcel\nmy bill\n")
    check("a label's line end ends no line", done.stdout.count(b"\n") == 2 and rb"line\nbreak" in done.stdout, done.stdout)


def gate_sees_what_the_model_sees(folder, run, check):
    base = ["@evaluate", "-m", "m.tlm", "--baseline", "b.json", "--test"]
    run([*base, "lf.csv", "--update-baseline"], folder)
    done = run([*base, "crlf.csv"], folder)
    check("line ends make no other test set", done.returncode == 0 and b"PASS: the same predictions" in done.stdout, done)
    done = run([*base, "renamed.csv"], folder)
    check("renamed labels are told", done.returncode == 4 and b"10 rows relabelled" in done.stderr, done.stderr)


TESTS = [timing_does_not_matter, plain_has_a_line_a_row, gate_sees_what_the_model_sees]
