#!/usr/bin/env python3
"""A model of groups in the bootstrap: what it answers is what textlambda-predict says. Usage: bootstrap_test.py BOOTSTRAP
PROGRAMS."""
import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "runtime"))
from runtime_api import Process, RuntimeApi  # noqa: E402

BOOTSTRAP, PROGRAMS = sys.argv[1], pathlib.Path(sys.argv[2])
KINDS = ("invoice card charged amount", "parcel courier late delivery", "password login account locked")
ENDS = ("again", "please", "today", "since monday", "why", "twice", "help", "urgent", "thanks", "now")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        texts = [f"{kind} {end}" for end in ENDS for kind in KINDS]
        (folder / "texts.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
        subprocess.run([PROGRAMS / "textlambda-topics", folder / "texts.jsonl", "-k", "3", "-o", folder / "topics.tlm", "-q"],
                       check=True, timeout=120)
        said = subprocess.run([PROGRAMS / "textlambda-predict", "--model", folder / "topics.tlm", "--top", "0", folder / "texts.jsonl"],
                              check=True, timeout=120, stdout=subprocess.PIPE).stdout
        expected = [json.loads(line) for line in said.splitlines()]
        groups = {answer["label"] for answer in expected}
        if len(groups) != 3:
            sys.exit(f"three groups were expected: {groups}")
        with RuntimeApi() as api, Process([BOOTSTRAP], api.address, TEXTLAMBDA_MODEL=str(folder / "topics.tlm"),
                                          TEXTLAMBDA_METRICS="off") as process:
            for text, answer in zip(texts, expected, strict=True):
                got = json.loads(api.invoke(json.dumps({"text": text})).body)
                if got["label"] != answer["label"] or abs(got["confidence"] - answer["confidence"]) > 1e-6:
                    sys.exit(f"{text}: {got} where predict says {answer}")
            api.wait_for_next()
            process.stop()
        for at, kind in enumerate(KINDS):
            found = {answer["label"] for answer in expected[at::3]}
            if len(found) != 1:
                sys.exit(f"{kind} is in several groups: {found}")
        print(f"ok: {len(texts)} invocations, {len(groups)} groups")


main()
