"""textlambda-package's command lines; cases.py says what a case is."""
import base64
import hashlib
import io
import json
import os
import struct
import zipfile


def elf(machine=62, interpreter=b""):
    """A 64-bit executable as far as its headers go: 62 is x86_64, 183 arm64."""
    segments = [(1, b"")] + ([(3, interpreter + b"\0")] if interpreter else [])
    header = struct.pack("<4sBBB9xHHIQQQIHHHHHH", b"\x7fELF", 2, 1, 1, 2, machine, 1, 0, 64, 0, 0, 64, 56, len(segments),
                         0, 0, 0)
    end = 64 + 56 * len(segments)
    table = b"".join(struct.pack("<IIQQQQQQ", kind, 0, end if data else 0, 0, 0, len(data), 0, 0)
                     for kind, data in segments)
    return header + table + interpreter + b"\0"


FILES = {
    "x86": elf(),
    "arm": elf(183),
    "dynamic": elf(interpreter=b"/lib64/ld-linux-x86-64.so.2"),
    "script": "#!/bin/sh\nexec true\n",
    "notes.txt": "notes\n",
}

PACK = ["@package", "--model", "m.tlm", "-o", "o.zip"]

CASES = [
    ("packed", [*PACK, "--bootstrap", "x86"],
     {"stdout": [r"^o\.zip +\d.* unpacked, limit 262 MB\) · provided\.al2023 x86_64 · same bytes every time\n",
                 r"bootstrap model\.tlm textlambda\.json", r"x86 · static", r"cold start +about 16 … 18 ms",
                 r"\ncreate +aws lambda create-function --function-name o --runtime provided\.al2023 --handler bootstrap"
                 r" --architectures x86_64 --role ROLE_ARN --zip-file fileb://o\.zip\n",
                 r"next +aws lambda update-function-code --function-name o --zip-file fileb://o\.zip\n$"]}),
    ("the one with models from S3", ["@package", "--model", "m.tlm", "-o", "o.zip", "--function", "serve-s3", "--allow-dynamic", "--json"],
     {"json": lambda j: j["function"] == "serve-s3" and j["bootstrap"].endswith("bootstrap-s3") and j["static"] is not None}),
    ("packed for arm64", [*PACK, "--bootstrap", "arm", "--arch", "arm64"], {"stdout": r"provided\.al2023 arm64"}),
    ("a zip in the place of what it packs", ["@package", "--model", "m.tlm", "--bootstrap", "x86", "-o", "./m.tlm"],
     {"status": 2, "stderr": r"--output would overwrite m\.tlm"}),
    ("a zip in the place of an added file", ["@package", "--model", "m.tlm", "--bootstrap", "x86", "--add", "notes.txt", "-o", "notes.txt"],
     {"status": 2, "stderr": r"--output would overwrite notes\.txt"}),
    ("packed in silence", [*PACK, "--bootstrap", "x86", "-q"], {"no_stdout": True, "stderr": r"^$"}),
    ("packed by way of S3", [*PACK, "--bootstrap", "x86", "--s3"], {"stdout": r"--s3-bucket BUCKET --s3-key o\.zip\n"}),
    ("added files", [*PACK, "--bootstrap", "x86", "--add", "notes.txt", "--add", "script=extensions/log", "--json"],
     {"json": lambda j: j["files"] == ["bootstrap", "extensions/log", "model.tlm", "notes.txt", "textlambda.json"]}),
    ("figures of a zip", [*PACK, "--bootstrap", "x86", "--json"],
     {"json": lambda j: j["architecture"] == "x86_64" and j["runtime"] == "provided.al2023" and j["static"] is True
      and 0 < j["zip_bytes"] and 0 < j["unpacked_bytes"] and j["zip_limit_bytes"] == 52428800
      and j["unpacked_limit_bytes"] == 262144000 and j["cold_start"]["measured"] is None and len(j["model"]["id"]) == 16}),
    ("dynamic, allowed", [*PACK, "--bootstrap", "dynamic", "--allow-dynamic"], {"stdout": r"dynamic: may not start there"}),
    ("figures beside a zip", ["@package", "--model", "m.tlm", "-o", "-", "--bootstrap", "x86", "--json"],
     {"status": 2, "no_stdout": True, "stderr": r"--json: standard output is the zip's"}),
    # what cannot be packed
    ("dynamic", [*PACK, "--bootstrap", "dynamic"],
     {"status": 5, "no_stdout": True, "stderr": r"^textlambda-package: dynamic: is linked dynamically .*glibc 2\.34.*--allow-dynamic\n$"}),
    ("other architecture", [*PACK, "--bootstrap", "x86", "--arch", "arm64"],
     {"status": 5, "stderr": r"x86: is an executable for x86_64, expected arm64"}),
    ("script", [*PACK, "--bootstrap", "script"], {"status": 5, "stderr": r"script: is a script, expected a static executable"}),
    ("model as bootstrap", [*PACK, "--bootstrap", "m.tlm"], {"status": 5, "stderr": r"m\.tlm: is not an executable"}),
    ("no such bootstrap", [*PACK, "--bootstrap", "none"], {"status": 5, "stderr": r"none: cannot open: No such file"}),
    ("damaged model packed", ["@package", "--model", "damaged.tlm", "-o", "o.zip", "--bootstrap", "x86"],
     {"status": 5, "stderr": r"damaged\.tlm: .*checksum"}),
    ("bootstrap as model", ["@package", "--model", "x86", "-o", "o.zip", "--bootstrap", "x86"], {"status": 5, "stderr": r"x86: "}),
    ("name taken", [*PACK, "--bootstrap", "x86", "--add", "notes.txt=bootstrap"], {"status": 2, "stderr": r'"bootstrap" cannot be a name'}),
    ("name outside", [*PACK, "--bootstrap", "x86", "--add", "notes.txt=../notes.txt"], {"status": 2, "stderr": r'has a part "\.\."'}),
    ("folder added", [*PACK, "--bootstrap", "x86", "--add", "."], {"status": 5, "stderr": r"is a directory"}),
    ("nothing added", [*PACK, "--bootstrap", "x86", "--add", "none.txt"], {"status": 5, "stderr": r"none\.txt: cannot open"}),
    ("unknown architecture", [*PACK, "--bootstrap", "x86", "--arch", "sparc"], {"status": 2, "stderr": r"--arch: .*sparc"}),
    ("runs of nothing", [*PACK, "--bootstrap", "x86", "--runs", "3"], {"status": 2, "stderr": r"--runs requires --measure"}),
    ("measured elsewhere", [*PACK, "--bootstrap", "arm" if os.uname().machine == "x86_64" else "x86", "--measure"],
     {"status": 2, "stderr": r"--measure: a bootstrap for \w+ does not run on this machine"}),
    ("measured, cannot start", [*PACK, "--bootstrap", "x86" if os.uname().machine == "x86_64" else "arm", "--measure"],
     {"status": 5, "stderr": r"bootstrap"}),
    ("no zip named", ["@package", "--model", "m.tlm"], {"status": 2, "stderr": r"--output is required"}),
    ("no model named", ["@package", "-o", "o.zip", "--bootstrap", "x86"], {"status": 2, "stderr": r"--model is required"}),
    ("the one that retrains, with a model", [*PACK, "--function", "retrain", "--bootstrap", "x86"], {"status": 2, "stderr": r"--model: the function that retrains"}),
    ("the one that retrains, measured", ["@package", "--function", "retrain", "-o", "o.zip", "--bootstrap", "x86", "--measure"],
     {"status": 2, "stderr": r"--measure: the function that retrains"}),
    ("the one that retrains", ["@package", "--function", "retrain", "-o", "o.zip", "--bootstrap", "x86", "--json"],
     {"json": lambda found: found["files"] == ["bootstrap", "textlambda.json"] and found["model"] is None and found["function"] == "retrain"}),
    ("no such function", [*PACK, "--function", "other"], {"status": 2, "stderr": r"--function: .*other"}),
    ("zip on a full disk", ["@package", "--model", "m.tlm", "-o", "/dev/full", "--bootstrap", "x86"],
     {"status": 5, "stderr": r"/dev/full: cannot write: No space left", "no_stdout": True}),
    ("package help", ["@package", "--help"], {"stdout": [r"\n  textlambda-package --model tickets\.tlm -o tickets\.zip\n", r"--measure"]}),
]


def same_zip_everywhere(folder, run, check):
    zips = set()
    for umask, environment in ((0o022, {}), (0o077, {"TZ": "Asia/Tokyo"}), (0o000, {"LC_ALL": "C.UTF-8", "TZ": "America/Lima"})):
        before = os.umask(umask)
        done = run([*PACK, "--bootstrap", "x86", "--add", "notes.txt"], folder, env={**os.environ, **environment})
        os.umask(before)
        os.utime(folder / "notes.txt", (umask, umask))
        zips.add((folder / "o.zip").read_bytes() if done.returncode == 0 else umask)
    check("the same zip in any time zone, locale and umask", len(zips) == 1)


def zip_as_others_read_it(folder, run, check):
    figures = json.loads(run([*PACK, "--bootstrap", "x86", "--json"], folder).stdout)
    data = (folder / "o.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        modes = {info.filename: info.external_attr >> 16 for info in packed.infolist()}
        unpacked = sum(info.file_size for info in packed.infolist())
        good = packed.testzip() is None and packed.read("model.tlm") == (folder / "m.tlm").read_bytes()
        good &= packed.read("bootstrap") == FILES["x86"] and {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    check("a zip to standard output", run(["@package", "--model", "m.tlm", "-o", "-", "--bootstrap", "x86"], folder).stdout == data)
    digest = hashlib.sha256(data)
    check("zip as Python reads it", good and modes == {"bootstrap": 0o100755, "model.tlm": 0o100644, "textlambda.json": 0o100644}, modes)
    check("figures as Python counts them", figures["unpacked_bytes"] == unpacked and figures["zip_bytes"] == len(data)
          and figures["sha256"] == digest.hexdigest()
          and figures["code_sha256"] == base64.b64encode(digest.digest()).decode(), figures)


def limits(folder, run, check):
    with open(folder / "random.bin", "wb") as file:  # does not compress: over the zip's limit, under the unpacked one
        file.write(os.urandom(52428800))
    with open(folder / "sparse.bin", "wb") as file:  # over the unpacked limit
        file.truncate(262144001)
    (folder / "o.zip").write_bytes(b"as it was")
    for name, file in (("zip limit", "random.bin"), ("unpacked limit", "sparse.bin")):
        done = run([*PACK, "--bootstrap", "x86", "--add", file], folder)
        number = b"52428800" if file == "random.bin" else b"262144000"
        check(name, done.returncode == 1 and number in done.stderr and not done.stdout
              and (folder / "o.zip").read_bytes() == b"as it was", done)
    done = run([*PACK, "--bootstrap", "x86", "--add", "random.bin", "--s3"], folder)
    check("the zip limit does not hold for S3", done.returncode == 0 and (folder / "o.zip").stat().st_size > 52428800, done)


TESTS = [same_zip_everywhere, zip_as_others_read_it, limits]
