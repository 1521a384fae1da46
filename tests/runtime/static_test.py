#!/usr/bin/env python3
"""The program of a function needs nothing of its host, and holds nothing of the tools.

    static_test.py PROGRAM [STRIP]

What it is, its name says; the linker's map lies beside it. STRIP: the processor's own."""
import os
import pathlib
import re
import subprocess
import sys

program = pathlib.Path(sys.argv[1])
strip = sys.argv[2] if len(sys.argv) > 2 else "strip"
# Bytes at most, and what it is made of: layers of ours and libraries.
SERVING = {"io", "text", "json", "encoding", "events", "features", "model", "lambda", "telemetry", "http", "protocol", "runtime"}
S3 = {"signing", "tls", "aws"}
TRAINING = {"stats", "archive", "corpus", "train", "metrics", "gate", "store", "retrain", "loop"}
SYSTEM = {"c", "m", "mvec", "gcc", "gcc_eh", "stdc++", "z", "utf8proc", "pthread"}
S3_LIBRARIES = {"mbedtls", "mbedx509", "mbedcrypto", "nettle", "pugixml"}
most, allowed, libraries = {
    "bootstrap": (3_000_000, SERVING, SYSTEM),
    "bootstrap-s3": (6_000_000, SERVING | S3, SYSTEM | S3_LIBRARIES),
    "bootstrap-retrain": (8_000_000, SERVING | S3 | TRAINING, SYSTEM | S3_LIBRARIES | {"archive", "zstd", "lzma", "bz2"}),
}[program.name]
needed = {"bootstrap": {"lambda", "model", "runtime"}, "bootstrap-s3": {"lambda", "aws"},
          "bootstrap-retrain": {"loop", "train", "aws"}}[program.name]
failures = []


def check(name, good, detail=""):
    print(f"{'ok  ' if good else 'FAIL'} {name} {detail if not good else ''}")
    if not good:
        failures.append(name)


def readelf(*options):
    return subprocess.run(["readelf", "--wide", *options, program], capture_output=True, check=True, text=True).stdout


headers, dynamic = readelf("--program-headers"), readelf("--dynamic")
check("the headers were read", re.search(r"^ +LOAD ", headers, re.M), headers)
check("no interpreter", not re.search(r"INTERP", headers), headers)
check("no shared library", "NEEDED" not in dynamic, dynamic)

stripped = f"{program}.stripped"
subprocess.run([strip, "-o", stripped, program], check=True)
size = os.path.getsize(stripped)
os.unlink(stripped)
check(f"under {most:,} bytes stripped", size < most, size)

with open(f"{program}.map", encoding="utf-8", errors="replace") as lines:
    archives = set(re.findall(r"/lib([A-Za-z0-9_+-]+)\.a\b", lines.read()))
layers = {a.removeprefix("textlambda_") for a in archives if a.startswith("textlambda_")}
check("the layers of such a function, and no tools", needed <= layers <= allowed, layers)
others = {a for a in archives if not a.startswith("textlambda_")}
check("no library but these", others <= libraries, others - libraries)
NOTICE = (pathlib.Path(__file__).resolve().parents[2] / "NOTICE").read_text()
PACKAGES = {"z": "zlib1g-dev", "utf8proc": "libutf8proc-dev", "mbedtls": "libmbedtls-dev", "mbedx509": "libmbedtls-dev",
            "mbedcrypto": "libmbedtls-dev", "nettle": "nettle-dev", "pugixml": "libpugixml-dev", "archive": "libarchive-dev",
            "zstd": "libzstd-dev", "lzma": "liblzma-dev", "bz2": "libbz2-dev"}
for library in sorted(others & set(PACKAGES)):
    (place,) = re.findall(rf"^\S.* {PACKAGES[library]} +(.*)$", NOTICE, re.M) or [""]
    check(f"NOTICE says that {library} is in it", "functions" in place or program.name in re.split("[,;] *", place), place)
print(f"{size} bytes")
sys.exit(1 if failures else 0)
