"""textlambda-evaluate --target-precision, --max-risk and --store-threshold. cases.py says what a case is."""
import json
import random

from drift_cases import WORDS, jsonl, texts

EVALUATE = ["@evaluate", "--model", "m.tlm", "--test", "rows.jsonl"]

CASES = [
    ("too few examples", [*EVALUATE, "--target-precision", "0.95"],
     {"status": 1, "stdout": r"^no threshold keeps .* 5\.00 % .*: 10 examples are too few, at least 59 are needed"}),
    ("as JSON", [*EVALUATE, "--max-risk", "0.02", "--json"],
     {"status": 1, "json": lambda j: j["attained"] is False and j["threshold"] is None and j["n"] == 10 and j["fewest"] == 149}),
    ("not stored where not attained", [*EVALUATE, "--max-risk", "0.02", "--store-threshold", "o.tlm"], {"status": 1}),
    ("a precision above 1", [*EVALUATE, "--target-precision", "1.5"], {"status": 2, "stderr": r"--target-precision 1\.5: expected a share above 0 and below 1"}),
    ("for reporting alone", [*EVALUATE, "--target-precision", "0.95", "--exit-zero"], {"status": 0, "stdout": r"^no threshold keeps"}),
    ("a precision of 1", [*EVALUATE, "--target-precision", "1"], {"status": 2, "stderr": r"expected a share above 0 and below 1"}),
    ("precision and risk", [*EVALUATE, "--target-precision", "0.9", "--max-risk", "0.1"], {"status": 2}),
    ("nothing to store", [*EVALUATE, "--store-threshold"], {"status": 2, "stderr": r"--store-threshold needs --target-precision"}),
    ("no test set", ["@evaluate", "--model", "m.tlm", "--max-risk", "0.1"], {"status": 2, "stderr": r"--test is required"}),
    ("unknown labels", ["@evaluate", "--model", "m.tlm", "--test", "unknown.jsonl", "--max-risk", "0.1"],
     {"status": 4, "stderr": r'unknown\.jsonl: labels that the model does not know: "greeting"', "no_stdout": True}),
]


def noisy(count, seed):
    """Rows of which some say nothing of their label."""
    source = random.Random(seed)
    rows = []
    for text, label in texts(count, seed):
        words = [word for word in text.split() if source.random() < 0.5 or word not in WORDS[label]]
        rows.append((" ".join(words) or "kabel", label))
    return rows


def stored(folder, run, check):
    (folder / "train.jsonl").write_text(jsonl(noisy(2000, 1)))
    (folder / "test.jsonl").write_text(jsonl(noisy(3000, 2)))
    (folder / "fresh.jsonl").write_text(jsonl(noisy(3000, 3)))
    run(["@train", "train.jsonl", "-o", "d.tlm", "-q"], folder)
    before = (folder / "d.tlm").read_bytes()
    evaluate = ["@evaluate", "--model", "d.tlm", "--test", "test.jsonl", "--target-precision", "0.95"]
    choice = json.loads(run([*evaluate, "--json"], folder).stdout)
    check("a threshold is found", choice["attained"] and 0.3 < choice["coverage"] < 1 and choice["risk"] < choice["risk_bound"] <= 0.05
          and choice["risk_without"] > 0.05 and (folder / "d.tlm").read_bytes() == before, choice)
    page = run([*evaluate, "--report", "md=-", "--report", "github=t.txt"], folder)
    check("and reported", page.stdout.startswith(b"### Abstain threshold 0.") and b"| coverage |" in page.stdout
          and (folder / "t.txt").read_text().startswith("::notice title=abstain threshold%3A FOUND::0."), page.stdout)
    plain = run(evaluate, folder)
    check("and said", plain.returncode == 0 and plain.stdout.startswith(b"threshold  0.") and b"95 % certainty" in plain.stdout, plain.stdout)

    copied = run([*evaluate, "--store-threshold", "copy.tlm", "--json"], folder)
    copy = (folder / "copy.tlm").read_bytes()
    inspected = json.loads(run(["@inspect", "copy.tlm", "--json"], folder).stdout)
    check("a copy has it", copied.returncode == 0 and (folder / "d.tlm").read_bytes() == before
          and abs(inspected["abstain_threshold"] - choice["threshold"]) < 1e-6, inspected["abstain_threshold"])
    # The file's checksum, that of the settings, and the threshold itself, 36 bytes into the settings at 512.
    places = {i for i in range(len(before)) if before[i] != copy[i]}
    check("which differs in the threshold and its checksums alone", len(before) == len(copy)
          and places <= {*range(24, 32), *range(56, 64), *range(548, 552)}, sorted(places))
    corpus = (folder / "test.jsonl").read_bytes()
    refused = run([*evaluate, "--store-threshold", "test.jsonl"], folder)
    check("a corpus is not overwritten with it", refused.returncode == 2 and not refused.stdout
          and b"--store-threshold would overwrite test.jsonl" in refused.stderr
          and (folder / "test.jsonl").read_bytes() == corpus, refused)
    run([*evaluate, "--store-threshold"], folder)
    check("the model itself has it", (folder / "d.tlm").read_bytes() == copy)

    answered = [json.loads(line) for line in run(["@predict", "--model", "copy.tlm", "test.jsonl"], folder).stdout.splitlines()]
    kept = sum(not one["abstained"] for one in answered)
    check("as many are answered as was said", kept == choice["accepted"], (kept, choice["accepted"]))
    fresh = json.loads(run(["@evaluate", "--model", "copy.tlm", "--test", "fresh.jsonl", "--json"], folder).stdout)
    check("the promise holds on fresh rows", fresh["risk"] < 0.055, fresh["risk"])
    seen = run(["@evaluate", "--model", "d.tlm", "--test", "train.jsonl", "--target-precision", "0.95"], folder)
    check("training rows are warned of", b"2,000 of 2,000 test rows have a text that the model was trained on" in seen.stderr, seen.stderr)


TESTS = [stored]
