"""textlambda-evaluate as a gate: baselines, verdicts, exit statuses. cases.py says what a table is."""
import csv
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import time

from pseudo_terminal import on_terminal

CASES = []

PLAIN = {name: value for name, value in os.environ.items() if name not in ("CI", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY")}


def documents(count, seed):
    """Messages of two queues; one in ten says what the other queue says."""
    pick = random.Random(seed)
    words = {"billing": ["invoice", "charged", "card", "refund", "amount", "bill"],
             "delivery": ["parcel", "courier", "tracking", "arrived", "lost", "door"]}
    rows = []
    for i in range(count):
        label = ["billing", "delivery"][i % 2]
        said = label if pick.random() < 0.9 else ["delivery", "billing"][i % 2]
        text = " ".join(pick.choice(words[said]) for _ in range(4)) + f" case {i}"
        rows.append({"text": text, "label": label, "country": ["DE", "FR", "PL"][i % 3], "customer": f"c{i % 40}"})
    return rows


def write(folder, name, rows):
    (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows))


def prepared(folder, run):
    """A model, one that was taught half of its rows upside down, a test set, and a baseline of the first."""
    train, test = documents(400, 1), documents(600, 2)
    # Some test rows come twice, and one text has two labels.
    test += [dict(test[0]), dict(test[1]), {**test[2], "label": "delivery" if test[2]["label"] == "billing" else "billing"}]
    write(folder, "train.jsonl", train)
    for i in range(0, 400, 5):
        train[i]["label"] = "delivery"
    for row in train:
        if "refund" in row["text"] or "bill" in row["text"]:
            row["label"] = "delivery"
    write(folder, "worse.jsonl", train)
    write(folder, "test.jsonl", test)
    for name in ("train", "worse"):
        assert run(["@train", f"{name}.jsonl", "-o", f"{name}.tlm", "-q"], folder).returncode == 0
    done = run([*evaluate("train"), "--baseline", "main.json", "--update-baseline", "-q"], folder, env=PLAIN)
    assert done.returncode == 0, done.stderr
    return test


def evaluate(model, test="test.jsonl"):
    return ["@evaluate", "--model", f"{model}.tlm", "--test", test]


def verdicts(folder, run, check):
    test = prepared(folder, run)
    flipped = [{**row, "label": "delivery" if row["label"] == "billing" else "billing"} if i in (4, 7) else row
               for i, row in enumerate(test)]
    mixed = list(test)
    random.Random(3).shuffle(mixed)
    write(folder, "relabelled.jsonl", flipped)
    write(folder, "shuffled.jsonl", mixed)
    write(folder, "truncated.jsonl", test[:-30])
    write(folder, "duplicated.jsonl", test + test)
    write(folder, "added.jsonl", test + [{"text": "something new", "label": "billing"}])
    write(folder, "other.jsonl", [{**row, "text": "other " + row["text"]} for row in documents(50, 9)])
    write(folder, "unknown.jsonl", [*test[:-1], {**test[-1], "label": "returns"}])
    (folder / "notes.json").write_text('{"n": 10}')
    shutil.copy(folder / "main.json", folder / "pinned.json")
    # A setting that nobody could type, under a digest that fits.
    changed = (folder / "main.json").read_text().replace('"alpha": null', '"alpha": 7')
    digest = re.search(r'  "digest": "(\w+)",\n', changed)
    fitting = hashlib.sha256(changed.replace(digest[0], "").encode()).hexdigest()
    (folder / "settings.json").write_text(changed.replace(digest[1], fitting))
    gate = ["--baseline", "main.json"]
    table = [
        ("same model", "train", "test.jsonl", [], 0, r"verdict   PASS: the same predictions as main\.json"),
        ("shuffled", "train", "shuffled.jsonl", [], 0, r"PASS: the same predictions"),
        ("shuffled, and said", "train", "shuffled.jsonl", [], 0, r"has the same rows in another order or format"),
        ("shuffled and worse", "worse", "shuffled.jsonl", [], 1, r"verdict   REGRESSED: accuracy \d\d\.\d % → \d\d\.\d %, at least \d+\.\d+ pp lower; no loss is allowed"),
        ("worse", "worse", "test.jsonl", [], 1, r"accuracy  \d\d\.\d % → \d\d\.\d %  −\d+\.\d\d pp \(−.* … −.*\)  \d+ newly wrong"),
        ("worse, for the record", "worse", "test.jsonl", ["--exit-zero"], 0, r"REGRESSED"),
        ("worse, within a margin", "worse", "test.jsonl", ["--max-drop", "accuracy=60pp"], 0, r"PASS: accuracy \d\d\.\d % → \d\d\.\d %, at most \d+\.\d+ pp lower; 60\.0 pp is allowed"),
        ("worse, other metrics", "worse", "test.jsonl", ["--max-drop", "macro_f1=0.5pp", "--max-drop", "log_loss=0.01"], 1, r"log_loss .*\+0\.0100 +REGRESSED"),
        ("worse label", "worse", "test.jsonl", ["--max-drop", "recall[billing]=1pp"], 1, r"REGRESSED: recall\[billing\] \d.* lower; 1\.0 pp is allowed"),
        ("every slice", "worse", "test.jsonl", ["--slice", "country"], 1, r"accuracy\[country=PL\]"),
        ("slices named", "worse", "test.jsonl", ["--max-drop", "accuracy[country=*]=1pp"], 1, r"accuracy\[country=DE\]"),
        ("clusters", "worse", "test.jsonl", ["--cluster-by", "customer"], 1, r"REGRESSED"),
        ("floor", "train", "test.jsonl", ["--min", "accuracy=0.99"], 1, r"BELOW FLOOR: accuracy is \d\d\.\d %, at least 99\.0 %"),
        ("ceiling", "train", "test.jsonl", ["--max", "log_loss=0.001"], 1, r"ABOVE CEILING"),
        ("floor kept", "train", "test.jsonl", ["--min", "accuracy=60%"], 0, r"PASS"),
        ("anchor", "worse", "test.jsonl", ["--anchor", "main.json", "--anchor-max-drop", "accuracy=60pp"], 1, r"share a letter"),
        ("relabelled", "train", "relabelled.jsonl", [], 4, r'relabelled\.jsonl: is not the test set of main\.json: 2 rows relabelled, at relabelled\.jsonl:5 "billing" → "delivery", relabelled\.jsonl:8'),
        ("truncated", "train", "truncated.jsonl", [], 4, r"30 rows removed, at test set of main\.json:574"),
        ("duplicated", "train", "duplicated.jsonl", [], 4, r"603 rows added \(repeating what is there\)"),
        ("added", "train", "added.jsonl", [], 4, r"1 row added, at added\.jsonl:604"),
        ("another set", "train", "other.jsonl", ["--allow-dataset-change"], 4, r"no row in common"),
        ("truncated, allowed", "worse", "truncated.jsonl", ["--allow-dataset-change"], 1, r"30 removed.*573 rows compared"),
        ("unknown label", "train", "unknown.jsonl", ["--allow-dataset-change"], 4, r'does not know: "returns"'),
        ("unknown label, allowed", "train", "unknown.jsonl", ["--allow-dataset-change", "--allow-unknown-labels"], 0, r"PASS"),
        ("metric misspelt", "train", "test.jsonl", ["--max-drop", "acuracy=1pp"], 2, r"did you mean accuracy\?"),
        ("margin without unit", "train", "test.jsonl", ["--max-drop", "accuracy=0.5"], 2, r"percentage points, as in accuracy=0\.5pp"),
        ("margin in percent", "train", "test.jsonl", ["--max-drop", "accuracy=1%"], 2, r"percent of what"),
        ("floor in points", "train", "test.jsonl", ["--min", "accuracy=92"], 2, r"fraction from 0 to 1"),
        ("label misspelt", "train", "test.jsonl", ["--max-drop", "recall[biling]=1pp"], 4, r"recall\[biling\]: neither model nor test set"),
        ("no such column", "train", "test.jsonl", ["--slice", "continent"], 5, r'no row has anything in column "continent"'),
        ("too many slices", "train", "test.jsonl", ["--slice", "text"], 2, r"expected at most 200"),
        ("alpha", "train", "test.jsonl", ["--alpha", "0.7"], 2, r"--alpha .*between 0 and 0\.5"),
        ("alpha text", "train", "test.jsonl", ["--alpha", "x"], 2, r"alpha"),
        ("report kind", "train", "test.jsonl", ["--report", "pdf=x"], 2, r"KIND one of text, json, md"),
        ("two reports in one", "train", "test.jsonl", ["--report", "md=x", "--report", "json=x"], 2, r"two reports"),
        ("unwritable report", "train", "test.jsonl", ["--report", "md=no/x"], 5, r"no/x: cannot write"),
        ("baseline option misspelt", "train", "test.jsonl", ["--max-dorp", "accuracy=1pp"], 2, r"did you mean --max-drop\?"),
        ("not a baseline", "train", "test.jsonl", ["--baseline", "notes.json"], 5, r"notes\.json: is not a baseline"),
        ("anchor, named", "worse", "test.jsonl", ["--anchor", "pinned.json"], 1, r"\naccuracy vs anchor pinned\.json +\d"),
        ("baseline beside it", "worse", "test.jsonl", ["--anchor", "pinned.json"], 1, r"(?m)^accuracy vs main\.json +\d"),
        ("no such anchor", "train", "test.jsonl", ["--anchor", "nowhere.json"], 5, r"nowhere\.json: there is no such anchor: a baseline kept"),
        ("impossible settings", "train", "test.jsonl", ["--baseline", "settings.json"], 5, r"settings\.json: is damaged: its settings: --alpha 7"),
        ("no baseline yet", "train", "test.jsonl", ["--baseline", "nowhere.json"], 5, r"nowhere\.json: there is no such baseline yet: --update-baseline"),
    ]
    for name, model, corpus, options, status, pattern in table:
        done = run([*evaluate(model, corpus), *gate, *options], folder, env=PLAIN)
        text = done.stdout.decode() + done.stderr.decode()
        check(f"gate: {name}", done.returncode == status and re.search(pattern, text) and "\x1b" not in text
              and len(done.stderr.splitlines()) <= 3, f"status {done.returncode}, expected {status}\n{text}")
    for options in (["--max-drop", "accuracy=1pp"], ["--cluster-by", "x"], ["--anchor-max-drop", "accuracy=1pp"],
                    ["--update-baseline"]):
        done = run([*evaluate("train"), *options], folder, env=PLAIN)
        check(f"gate: {options[0]} alone", done.returncode == 2 and b"need" in done.stderr, done.stderr)
    floors = run([*evaluate("train"), "--min", "accuracy=0.99"], folder, env=PLAIN)
    check("gate: a floor needs no baseline", floors.returncode == 1 and b"BELOW FLOOR" in floors.stdout, floors.stdout)


def machine_readable(folder, run, check):
    prepared(folder, run)
    done = run([*evaluate("worse"), "--baseline", "main.json", "--json", "--slice", "country"], folder, env=PLAIN)
    parsed = json.loads(done.stdout)
    gate = parsed["gate"]
    one = gate["checks"][0]
    check("gate: one JSON object", done.returncode == 1 and gate["verdict"] == "REGRESSED" and len(gate["checks"]) == 4
          and one["metric"] == "accuracy" and one["delta"] < 0 and one["newly_wrong"] == len(gate["newly_wrong"])
          and one["p"] <= one["holm_p"] <= 0.05 and one["interval"][0] <= one["delta"] <= one["interval"][1]
          and gate["references"][0]["run"]["model_sha256"] != gate["run"]["model_sha256"]
          and len(gate["run"]["test_sha256"]) == 64, done.stdout[:3000])
    # A margin of what was lost: no test set tells whether the true loss is above or below it.
    lost = f"accuracy={-100 * one['delta']:.3f}pp"
    status = [run([*evaluate("worse"), "--baseline", "main.json", "--max-drop", lost, *how], folder, env=PLAIN).returncode
              for how in ([], ["--on-inconclusive", "pass"], ["--on-inconclusive", "fail"],
                          ["--on-inconclusive", "fail", "--exit-zero"])]
    check("gate: inconclusive fails where it is told to", status == [0, 0, 3, 0], status)
    plain = run([*evaluate("worse"), "--slice", "country", "--json"], folder, env=PLAIN)
    shown = run([*evaluate("worse"), "--slice", "country"], folder, env=PLAIN)
    sliced = json.loads(plain.stdout)
    check("gate: slices without a baseline", plain.returncode == 0 and [s["value"] for s in sliced["slices"]] == ["DE", "FR", "PL"]
          and sum(s["n"] for s in sliced["slices"]) == 603 and "gate" not in sliced and b"country=PL" in shown.stdout, shown.stdout)
    flip = gate["newly_wrong"][0]
    line = (folder / "test.jsonl").read_text().splitlines()[flip["line"] - 1]
    check("gate: a flip names its line, its text and the n-grams that decided",
          json.loads(line)["text"] == flip["text"] and json.loads(line)["label"] == flip["truth"] != flip["predicted"]
          and flip["reasons"], flip)
    bare = run([*evaluate("worse"), "--baseline", "main.json", "--json", "--no-text"], folder, env=PLAIN)
    check("gate: --no-text keeps the corpus's words out", b"invoice" not in bare.stdout and b"case " not in bare.stdout
          and json.loads(bare.stdout)["gate"]["newly_wrong"], bare.stdout[:500])
    reports = [f"{kind}=report.{kind}" for kind in ("text", "json", "md", "junit", "github", "sarif", "html")]
    done = run([*evaluate("worse"), "--baseline", "main.json", *[a for r in reports for a in ("--report", r)]], folder,
               env=PLAIN)
    sizes = [(folder / r.split("=")[1]).stat().st_size for r in reports]
    check("gate: reports of every kind in one run", done.returncode == 1 and min(sizes) > 100, (done.stderr, sizes))
    done = run([*evaluate("worse"), "--baseline", "main.json", "--report", "md=-"], folder, env=PLAIN)
    check("gate: a report on standard output stands alone", done.stdout.startswith(b"### ") and b"verdict   " not in done.stdout,
          done.stdout)
    same = {run([*evaluate("worse"), "--baseline", "main.json", "--json", "--max-drop", "macro_f1=0pp", "--max-drop",
                 "ece=0pp", "--threads", str(threads)], folder, env=PLAIN).stdout for threads in (1, 2, 5)}
    check("gate: the same bytes for any number of threads", len(same) == 1)


def on_github(folder, run, check):
    prepared(folder, run)
    environment = {**PLAIN, "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
    (folder / "summary.md").write_text("# before\n")
    done = run([*evaluate("worse"), "--baseline", "main.json"], folder, env=environment)
    summary = (folder / "summary.md").read_text()
    check("gate: GitHub's annotations and job summary", done.returncode == 1 and b"::error" in done.stderr
          and b"::" not in done.stdout and summary.startswith("# before\n### "), done.stderr)


def updates(folder, run, check):
    prepared(folder, run)
    update = ["--baseline", "main.json", "--update-baseline"]
    before = {p.name: p.read_bytes() for p in folder.iterdir() if p.name.startswith("main.")}
    check("gate: a baseline is two files", len(before) == 2 and all(re.fullmatch(r"main\.(json|rows\.[0-9a-f]{16}\.zst)", n) for n in before),
          list(before))
    run([*evaluate("train"), *update], folder, env=PLAIN)
    check("gate: the same run is the same baseline", before == {n: (folder / n).read_bytes() for n in before})
    for value in ("true", "1", "yes"):
        done = run([*evaluate("worse"), *update], folder, env={**PLAIN, "CI": value})
        check(f"gate: an update is refused under CI={value}", done.returncode == 2 and not done.stdout
              and b"--allow-update-in-ci" in done.stderr and before == {n: (folder / n).read_bytes() for n in before},
              done.stderr)
    done = run([*evaluate("train"), *update, "--min", "accuracy=0.999"], folder, env=PLAIN)
    check("gate: a run below its floor is no baseline", done.returncode == 1 and b"not written" in done.stderr
          and before == {n: (folder / n).read_bytes() for n in before}, done.stderr)
    done = run([*evaluate("worse"), *update, "--allow-update-in-ci", "--max-drop", "accuracy=2pp"], folder,
               env={**PLAIN, "CI": "true"})
    files = sorted(p.name for p in folder.glob("main.*"))
    check("gate: an update that is meant", done.returncode == 0 and len(files) == 2 and files != sorted(before), (done, files))
    done = run([*evaluate("worse"), "--baseline", "main.json"], folder, env=PLAIN)
    check("gate: the new baseline holds, with the settings it was made with", done.returncode == 0
          and b"the same predictions" in done.stdout and b"allowed \xe2\x88\x922.0 pp" in done.stdout, done.stdout)
    for target, reason in (("/dev/full", b"not a regular file"), (".", b"not a regular file"), ("no/main.json", b"cannot write")):
        done = run([*evaluate("train"), "--baseline", target, "--update-baseline"], folder, env=PLAIN)
        check(f"gate: no baseline in {target}", done.returncode == 5 and reason in done.stderr
              and not list(pathlib.Path("/dev").glob("full.*")), done.stderr)
    for name in ("test.jsonl", "train.tlm"):
        whole = (folder / name).read_bytes()
        done = run([*evaluate("train"), "--baseline", name, "--update-baseline"], folder, env=PLAIN)
        check(f"gate: {name} is not overwritten with a baseline", done.returncode == 2 and not done.stdout
              and b"--update-baseline would overwrite" in done.stderr and (folder / name).read_bytes() == whole, done)
    for name in ("main.json", "./main.json", "test.jsonl", "train.tlm", str(folder / "test.jsonl")):
        whole = (folder / name).read_bytes()
        done = run([*evaluate("train"), "--baseline", "main.json", "--report", f"md={name}"], folder, env=PLAIN)
        check(f"gate: no report over {name}", done.returncode == 2 and b"would overwrite" in done.stderr
              and (folder / name).read_bytes() == whole, done)
    done = run([*evaluate("train"), "--baseline", "main.json", "--report", "md=a", "--report", "html=./a"], folder, env=PLAIN)
    check("gate: two reports in one file, spelt twice", done.returncode == 2 and b"two reports" in done.stderr, done)
    done = run([*evaluate("train"), "--baseline", "new.json", "--update-baseline", "--max-drop", "recall[biling]=1pp"], folder,
               env=PLAIN)
    check("gate: a baseline keeps no question that cannot be asked", done.returncode == 4 and not (folder / "new.json").exists(),
          done.stderr)
    write(folder, "else.jsonl", [{"text": f"nothing like it {i}", "label": ["billing", "delivery"][i % 2]} for i in range(9)])
    done = run([*evaluate("train", "else.jsonl"), "--baseline", "other.json", "--update-baseline"], folder, env=PLAIN)
    done = run([*evaluate("train"), "--baseline", "other.json", "--update-baseline"], folder, env=PLAIN)
    check("gate: a baseline of another test set is replaced", done.returncode == 0 and b"no row in common" in done.stderr
          and run([*evaluate("train"), "--baseline", "other.json"], folder, env=PLAIN).returncode == 0, done.stderr)
    (folder / "link.json").symlink_to(pathlib.Path("elsewhere") / "real.json")
    (folder / "elsewhere").mkdir()
    shutil.copy(folder / "main.json", folder / "elsewhere" / "real.json")
    done = run([*evaluate("train"), "--baseline", "link.json", "--update-baseline"], folder, env=PLAIN)
    check("gate: a link stays one", done.returncode == 0 and (folder / "link.json").is_symlink()
          and run([*evaluate("train"), "--baseline", "link.json"], folder, env=PLAIN).returncode == 0, done.stderr)
    stored = json.loads((folder / "main.json").read_text())
    check("gate: what a baseline says", stored["settings"]["max_drop"] == ["accuracy=2pp"] and stored["test"]["rows"] == 603
          and stored["metrics"]["accuracy"]["interval"][0] < stored["metrics"]["accuracy"]["value"]
          and len(stored["model"]["training_sha256"]) == 64 and sum(c[2] for c in stored["confusion"]) == 603, stored)


def comparisons(folder, run, check):
    prepared(folder, run)
    run([*evaluate("worse"), "--baseline", "worse.json", "--update-baseline"], folder, env=PLAIN)
    alone = folder / "alone"
    alone.mkdir()
    for path in [*folder.glob("main.*"), *folder.glob("worse.rows.*"), folder / "worse.json"]:
        shutil.copy(path, alone)
    live = run([*evaluate("worse"), "--baseline", "main.json", "--max-drop", "macro_f1=1pp", "--max-drop", "auroc=1pp",
                "--json"], folder, env=PLAIN)
    done = run(["@evaluate", "--compare", "main.json", "worse.json", "--max-drop", "macro_f1=1pp", "--max-drop", "auroc=1pp",
                "--json"], alone, env=PLAIN)
    one, two = json.loads(live.stdout)["gate"], json.loads(done.stdout)["gate"]
    check("gate: --compare needs neither model nor corpus and says the same",
          done.returncode == live.returncode == 1 and one["verdict"] == two["verdict"]
          and [{k: v for k, v in c.items()} for c in one["checks"]] == [{k: v for k, v in c.items()} for c in two["checks"]],
          (one["checks"], two["checks"]))
    same = run(["@evaluate", "--compare", "main.json", "main.json"], alone, env=PLAIN)
    check("gate: a baseline compared with itself", same.returncode == 0 and b"PASS" in same.stdout, same)
    three = run(["@evaluate", "--compare", "main.json", "worse.json", "main.json"], alone, env=PLAIN)
    check("gate: more than two give a table", b"share a letter" in three.stdout and b"critical" in three.stdout, three.stdout)
    lone = run(["@evaluate", "--compare", "main.json"], alone, env=PLAIN)
    check("gate: one alone cannot be compared", lone.returncode == 2, lone)


def damage(folder, run, check):
    prepared(folder, run)
    rows = next(folder.glob("main.rows.*"))
    for path in (folder / "main.json", rows):
        whole = path.read_bytes()
        broken = {"cut": whole[: len(whole) // 2], "empty": b"", "flipped": whole[:100] + bytes([whole[100] ^ 1]) + whole[101:],
                  "longer": whole + b"x"}
        for name, content in broken.items():
            path.write_bytes(content)
            done = run([*evaluate("train"), "--baseline", "main.json"], folder, env=PLAIN)
            check(f"gate: {path.suffix} {name}", done.returncode == 5 and not done.stdout
                  and len(done.stderr.splitlines()) == 1 and path.name.encode() in done.stderr, done)
        path.write_bytes(whole)
    rows.rename(folder / "gone.zst")
    done = run([*evaluate("train"), "--baseline", "main.json"], folder, env=PLAIN)
    check("gate: rows that are gone", done.returncode == 5 and rows.name.encode() in done.stderr, done)
    done = run([*evaluate("train"), "--baseline", "main.json", "--update-baseline"], folder, env=PLAIN)
    check("gate: a damaged baseline can be replaced", done.returncode == 0 and b"it is replaced" in done.stderr, done)


def killed(folder, run, check):
    prepared(folder, run)
    pick = random.Random(5)
    started = time.monotonic()
    run([*evaluate("worse"), "--baseline", "main.json"], folder, env=PLAIN)
    took = time.monotonic() - started
    status = []
    kills = 10 if os.environ.get("SANITIZED") else 30
    for i in range(kills):
        model = ["worse", "train"][i % 2]
        command = run.__globals__["command"]([*evaluate(model), "--baseline", "main.json", "--update-baseline", "-q"])
        process = subprocess.Popen(command, cwd=folder, env=PLAIN, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(pick.random() * 1.5 * took)
        process.kill()
        process.wait(20)
        done = run(["@evaluate", "--compare", "main.json", "main.json"], folder, env=PLAIN)
        status.append(done.returncode)
    check("gate: whenever an update is killed, there is a whole baseline", status == [0] * kills, status)


def wrong_rows(folder, run, check):
    """--errors: the rows that --plain predictions of the same file disagree with, line by line."""
    test = prepared(folder, run)
    said = run(["@predict", "-m", "train.tlm", "test.jsonl", "--json"], folder).stdout.decode().splitlines()
    labels = [json.loads(line)["label"] for line in said]
    wrong = [(i + 1, row["label"], label, row["text"]) for i, (row, label) in enumerate(zip(test, labels)) if row["label"] != label]
    done = run([*evaluate("train"), "--errors", "wrong.jsonl"], folder, env=PLAIN)
    rows = [json.loads(line) for line in (folder / "wrong.jsonl").read_text().splitlines()]
    check("errors: every wrong row, in the order of the file", done.returncode == 0 and b"accuracy" in done.stdout and len(wrong) > 5 and
          [(row["line"], row["label"], row["predicted"], row["text"]) for row in rows] == wrong
          and all(row["file"] == "test.jsonl" and 0.5 <= row["confidence"] <= 1 for row in rows), (done, rows[:3], wrong[:3]))
    done = run([*evaluate("train"), "--errors", "wrong.csv", "--no-text", "--baseline", "main.json"], folder, env=PLAIN)
    with open(folder / "wrong.csv", newline="") as file:
        table = list(csv.reader(file))
    check("errors: CSV, without the corpus's words", done.returncode == 0 and table[0] == ["file", "line", "label", "predicted", "confidence", "abstained"]
          and [(int(row[1]), row[2], row[3]) for row in table[1:]] == [row[:3] for row in wrong], table[:3])
    done = run([*evaluate("train"), "--errors", "-"], folder, env=PLAIN)
    check("errors: alone on standard output", [json.loads(line)["line"] for line in done.stdout.splitlines()] == [row[0] for row in wrong], done)
    for options, status, pattern in ((["--errors", "test.jsonl"], 2, rb"overwrite test\.jsonl"),
                                     (["--errors", "./train.tlm"], 2, rb"overwrite"),
                                     (["--errors", "main.json", "--baseline", "main.json"], 2, rb"overwrite"),
                                     (["--errors", "x.json", "--report", "json=x.json"], 2, rb"overwrite x\.json"),
                                     (["--errors", "-", "--report", "md=-"], 2, rb"standard output"),
                                     (["--errors", "no/x.csv"], 5, rb"no/x\.csv")):
        done = run([*evaluate("train"), *options], folder, env=PLAIN)
        check(f"errors: {' '.join(options)}", done.returncode == status and re.search(pattern, done.stderr) and not done.stdout, done)


def on_a_terminal(folder, run, check):
    """Verdicts have their colour, tables fit; neither where the output is a file or NO_COLOR is set."""
    prepared(folder, run)
    command = run.__globals__["command"]([*evaluate("worse"), "--baseline", "main.json"])
    _, drawn = on_terminal(command, folder, with_stdout=True, columns=60, CI="")
    text = drawn.decode().replace("\r\n", "\n").split("\x1b[K")[-1]
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    check("gate: verdicts are red on a terminal", "verdict   \x1b[1;31mREGRESSED\x1b[0m: " in text and "\x1b[1;31mREGRESSED\x1b[0m\n" in text, text)
    rows = [line for line in plain.splitlines() if line.startswith("  ")]
    check("gate: tables fit a terminal", len(rows) >= 5 and all(len(row) <= 60 for row in rows) and any(row.endswith("…") for row in rows), plain)
    check("gate: the verdict is never cut", re.search(r"(?m)^verdict   REGRESSED: .* no loss is allowed", plain), plain)
    shell = " ".join(command) + " -q --report json=- | head -n 1; exit ${PIPESTATUS[0]}"
    left = subprocess.run(["bash", "-c", shell], cwd=folder, capture_output=True, env=PLAIN, timeout=60)
    check("gate: the verdict stands though the reader left", left.returncode == 1 and not left.stderr, left)
    _, drawn = on_terminal(command, folder, with_stdout=True, columns=300, CI="", NO_COLOR="1")
    check("gate: NO_COLOR", b"REGRESSED" in drawn and b"\x1b[1" not in drawn, drawn)


TESTS = [verdicts, wrong_rows, on_a_terminal, machine_readable, on_github, updates, comparisons, damage, killed]
