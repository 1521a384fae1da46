#!/usr/bin/env python3
"""The bootstrap needs nothing of its host, and holds nothing of the tools. Usage: static_test.py BOOTSTRAP MAP [STRIP]: the
processor's own strip; `retrain` in its place for the one that trains."""
import os
import re
import subprocess
import sys

bootstrap, link_map = sys.argv[1:3]
retrains = "retrain" in sys.argv[3:]
strip = sys.argv[3] if len(sys.argv) > 3 and not retrains else "strip"
failures = []


def check(name, good, detail=""):
    print(f"{'ok  ' if good else 'FAIL'} {name} {detail if not good else ''}")
    if not good:
        failures.append(name)


def readelf(*options):
    return subprocess.run(["readelf", "--wide", *options, bootstrap], capture_output=True, check=True, text=True).stdout


headers, dynamic = readelf("--program-headers"), readelf("--dynamic")
check("the headers were read", re.search(r"^ +LOAD ", headers, re.M), headers)
check("no interpreter", not re.search(r"INTERP", headers), headers)
check("no shared library", "NEEDED" not in dynamic, dynamic)

stripped = bootstrap + ".stripped"
subprocess.run([strip, "-o", stripped, bootstrap], check=True)
size = os.path.getsize(stripped)
os.unlink(stripped)
check("under 10 MB stripped" if retrains else "under 4 MB stripped", size < (10_000_000 if retrains else 4_000_000), size)

with open(link_map, encoding="utf-8", errors="replace") as lines:
    archives = set(re.findall(r"/lib([A-Za-z0-9_+-]+)\.a\b", lines.read()))
layers = {a.removeprefix("textlambda_") for a in archives if a.startswith("textlambda_")}
serving = {"io", "text", "json", "encoding", "events", "features", "model", "lambda", "telemetry", "http", "protocol", "runtime"}
training = {"loop", "retrain", "store", "gate", "metrics", "train", "corpus", "archive", "stats",
            "aws", "tls", "signing"}
check("the layers of a function, and no tools", ({"loop", "train", "runtime"} if retrains else {"lambda", "model", "runtime"})
      <= layers <= (serving | training if retrains else serving), layers)
others = {a for a in archives if not a.startswith("textlambda_")}
check("no library but these", others <= {"c", "m", "mvec", "gcc", "gcc_eh", "stdc++", "z", "utf8proc", "pthread"}
      | ({"archive", "nettle", "zstd", "lzma", "bz2", "ssl", "crypto", "pugixml", "dl"} if retrains else set()), others)
print(f"{size} bytes")
sys.exit(1 if failures else 0)
