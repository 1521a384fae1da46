"""What a careless or a hostile user does to the commands: outputs over inputs, standard streams that are closed or full,
signals that are ignored, limits of the system, files that change meanwhile, names and labels that a terminal obeys, files of
options that are none. The runner is told of in run.py."""
import json
import os
import pathlib
import re
import resource
import shlex
import signal
import subprocess
import sys
import threading
import time

BIN = pathlib.Path(sys.argv[1]).resolve()
ESCAPE = "\x1b]0;owned\x07\x1b[31m"
RLO = "\u202e"
PLAIN = {key: value for key, value in os.environ.items() if key not in ("CI", "GITHUB_ACTIONS", "TMPDIR")}


def rows(count, labels=("billing", "delivery"), seed=0):
    words = (("invoice", "charged", "card"), ("parcel", "courier", "lost"))
    return "".join(json.dumps({"text": f"{words[i % 2][(i + seed) % 3]} {words[i % 2][i // 2 % 3]} number {i * 7 % 101 + seed}",
                               "label": labels[i % 2]}) + "\n" for i in range(count))


FILES = {
    "corpus.jsonl": rows(60),
    "held.jsonl": rows(40, seed=3),
    "words.txt": "the of\n",
    "seed.toml": "seed = 7\n",
    "event.json": '{"text": "my invoice"}\n',
    "events.jsonl": "".join('{"event": {"text": "parcel %d"}}\n' % i for i in range(50)),
}

CASES = [
    # numbers
    ("a seed below 0", ["@train", "rows.jsonl", "-o", "o.tlm", "--seed", "-1"],
     {"status": 2, "stderr": r'^textlambda-train: --seed: "-1" given, expected a whole number from 0 on'}),
    ("a budget below 0", ["@train", "rows.jsonl", "-o", "o.tlm", "--inspect-bytes=-5"], {"status": 2, "stderr": r'--inspect-bytes: "-5"'}),
    ("a count below 0", ["@predict", "--model", "m.tlm", "--top", "-1"], {"status": 2, "stderr": r'--top: "-1"'}),
    ("a count with a sign", ["@inspect", "m.tlm", "--top", "+3"], {"status": 2, "stderr": r'--top: "\+3"'}),
    ("a count that is none", ["@inspect", "m.tlm", "--top", "3x"], {"status": 2, "stderr": r'--top: "3x"'}),
    ("a count beyond any number", ["@inspect", "m.tlm", "--top", "99999999999999999999999"],
     {"status": 2, "stderr": r'--top: "9+" given, expected a whole number from 0 on'}),
    ("jobs below 0", ["@replay", "--model", "m.tlm", "event.json", "--jobs", "-2"], {"status": 2, "stderr": r'--threads: "-2"'}),
    ("decimal, whatever it begins with", ["@train", "rows.jsonl", "-o", "o.tlm", "--seed", "010", "--json"],
     {"json": lambda j: j["options"]["seed"] == 10}),
    # what is empty or gone
    ("an empty --config", ["@train", "rows.jsonl", "-o", "o.tlm", "--config", ""], {"status": 2, "stderr": r"--config: .*empty"}),
    ("a folder as --config", ["@train", "rows.jsonl", "-o", "o.tlm", "--config", "."], {"status": 5, "stderr": r"\.: is a directory"}),
    ("an empty --baseline", ["@evaluate", "--model", "m.tlm", "--test", "rows.jsonl", "--baseline", "", "--report", "json=o"],
     {"status": 5, "stderr": r"the name of the baseline is empty"}),
    ("an empty baseline to update", ["@evaluate", "--model", "m.tlm", "--test", "rows.jsonl", "--baseline", "",
                                     "--update-baseline", "--allow-update-in-ci"],
     {"status": 5, "stderr": r"the name of the baseline is empty"}),
    ("empty baselines to compare", ["@evaluate", "--compare", "", "", "--report", "json=o"],
     {"status": 5, "stderr": r"the name of the baseline is empty"}),
    ("an empty --output", ["@train", "rows.jsonl", "-o", ""], {"status": 2, "stderr": r"output"}),
]


def finished(check, name, done, status, stderr=None):
    text = done.stderr.decode(errors="replace")
    check(name, done.returncode == status and (stderr is None or re.search(stderr, text)) and "internal error" not in text
          and "terminate" not in text, (done.returncode, text, done.stdout[:300]))


def shell(folder, line, **more):
    env = {**PLAIN, "PATH": f"{BIN}:{os.environ['PATH']}"}
    return subprocess.run(["bash", "-c", line], cwd=folder, capture_output=True, timeout=120, env=more.pop("env", env), **more)


def outputs_over_inputs(folder, run, check):
    run(["@train", "corpus.jsonl", "-o", "m.tlm", "-q"], folder)
    evaluate = ["@evaluate", "--model", "m.tlm", "--test", "held.jsonl"]
    run([*evaluate, "--baseline", "b.json", "--update-baseline", "-q"], folder, env=PLAIN)
    run([*evaluate, "--baseline", "pinned.json", "--update-baseline", "-q"], folder, env=PLAIN)
    baseline_rows = next(folder.glob("b.rows.*")).name
    (folder / "one").mkdir()
    (folder / "one" / "e.json").write_text('{"text": "my invoice"}\n')
    run(["@replay", "--model", "m.tlm", "one", "--update", "-q"], folder)
    os.symlink("corpus.jsonl", folder / "soft.jsonl")
    os.symlink("soft.jsonl", folder / "softer.jsonl")
    os.link(folder / "corpus.jsonl", folder / "hard.jsonl")
    train = ["@train", "corpus.jsonl", "--stop-words", "words.txt", "--config", "seed.toml", "-q", "-o"]
    replay = ["@replay", "--model", "m.tlm", "one", "--config", "quiet.toml"]
    (folder / "quiet.toml").write_text("quiet = true\n")
    cases = [
        *((train, name, "corpus.jsonl") for name in ("corpus.jsonl", "./corpus.jsonl", str(folder / "corpus.jsonl"), "one/../corpus.jsonl",
                                                     "soft.jsonl", "softer.jsonl", "hard.jsonl")),
        (train, "words.txt", "words.txt"), (train, "./seed.toml", "seed.toml"),
        (["@package", "--model", "m.tlm", "--config", "quiet.toml", "-o"], "quiet.toml", "quiet.toml"),
        (["@package", "--model", "m.tlm", "--add", "words.txt", "-o"], "one/../words.txt", "words.txt"),
        ([*evaluate, "--config", "quiet.toml", "--report"], "md=quiet.toml", "quiet.toml"),
        ([*evaluate, "--baseline", "b.json", "--report"], f"md=./{baseline_rows}", baseline_rows),
        ([*evaluate, "--anchor", "b.json", "--report"], f"md={baseline_rows}", baseline_rows),
        (["@evaluate", "--compare", "b.json", "pinned.json", "--report"], f"md={baseline_rows}", baseline_rows),
        ([*evaluate, "--update-baseline", "--anchor", "pinned.json", "--baseline"], "./pinned.json", "pinned.json"),
        ([*evaluate, "--target-precision", "0.9", "--store-threshold"], "./held.jsonl", "held.jsonl"),
        ([*replay, "--out"], "one/e.expected.json", "one/e.expected.json"),
        ([*replay, "--expect", "--report"], "junit=./one/e.expected.json", "one/e.expected.json"),
        ([*replay, "--out"], "quiet.toml", "quiet.toml"),
        ([*replay, "--out"], "one/e.json", "one/e.json"),
    ]
    for arguments, output, kept in cases:
        before = (folder / kept).read_bytes()
        done = run([*arguments, output], folder, env=PLAIN)
        check(f"adverse: {arguments[0]} … {output} is refused", done.returncode == 2 and b"would overwrite" in done.stderr
              and (folder / kept).read_bytes() == before, done)
    for line in (f"{BIN}/textlambda-train corpus.jsonl -q -o /dev/stdout >> corpus.jsonl",
                 f"{BIN}/textlambda-train corpus.jsonl -q -o - >> corpus.jsonl",
                 f"{BIN}/textlambda-replay --model m.tlm events.jsonl --out - >> events.jsonl"):
        before = {name: (folder / name).read_bytes() for name in ("corpus.jsonl", "events.jsonl")}
        done = shell(folder, line)
        check(f"adverse: {line.split('textlambda-')[1]} is refused", done.returncode == 2
              and all((folder / name).read_bytes() == content for name, content in before.items()), done)
    for arguments in (["--out", "o", "--report", "junit=./o"], ["--report", "junit=o", "--report", "junit=one/../o"],
                      ["--out", "-", "--report", "junit=/dev/stdout"]):
        done = run(["@replay", "--model", "m.tlm", "events.jsonl", *arguments], folder)
        check(f"adverse: two outputs in one, {' '.join(arguments)}", done.returncode == 2 and not (folder / "o").exists(), done)
    done = run([*evaluate, "--report", "md=/dev/null", "--report", "json=/dev/null"], folder)
    check("adverse: any number of outputs to /dev/null", done.returncode == 0, done)


def outputs_to_descriptors(folder, run, check):
    run(["@train", "corpus.jsonl", "-o", "m.tlm", "-q"], folder)
    model = (folder / "m.tlm").read_bytes()
    for name in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "-"):
        (folder / "log").write_text("before\n")
        done = shell(folder, f"textlambda-train corpus.jsonl -o {name} >> log")
        check(f"adverse: -o {name} is appended where the shell appends", (folder / "log").read_bytes() == b"before\n" + model, done)
    (folder / "log").write_text("before\n")
    done = shell(folder, "textlambda-replay --model m.tlm events.jsonl -q --out /dev/fd/5 5>> log")
    check("adverse: --out /dev/fd/5", done.returncode == 0 and (folder / "log").read_text().startswith("before\n{")
          and (folder / "log").read_text().count("\n") == 51, done)
    done = shell(folder, "textlambda-package --allow-dynamic --model m.tlm -o /dev/stdout > f.zip && python3 -m zipfile -t f.zip")
    check("adverse: a zip on /dev/stdout is nothing but the zip", done.returncode == 0 and not done.stderr, done)
    os.symlink("later.tlm", folder / "link.tlm")
    run(["@train", "corpus.jsonl", "-o", "link.tlm", "-q"], folder)
    check("adverse: a link to nothing leads to the file", (folder / "link.tlm").is_symlink() and (folder / "later.tlm").read_bytes() == model)
    long = "n" * 251 + ".tlm"
    done = run(["@train", "corpus.jsonl", "-o", long, "-q"], folder)
    check("adverse: a name of 255 bytes", done.returncode == 0 and (folder / long).read_bytes() == model, done)
    finished(check, "adverse: a name of 256 bytes", run(["@train", "corpus.jsonl", "-o", "n" + long, "-q"], folder), 5, r"File name too long")


def private_files(folder, run, check):
    run(["@train", "corpus.jsonl", "-o", "m.tlm", "-q"], folder)
    mode = lambda name: (folder / name).stat().st_mode & 0o777
    before = os.umask(0o022)
    try:
        (folder / "event.json").chmod(0o600)
        run(["@replay", "--model", "m.tlm", "event.json", "--update", "-q"], folder)
        check("adverse: a response is as private as its event", mode("event.expected.json") == 0o600, oct(mode("event.expected.json")))
        evaluate = ["@evaluate", "--model", "m.tlm", "--test", "held.jsonl", "--baseline", "b.json", "--update-baseline", "-q"]
        run(evaluate, folder, env=PLAIN)
        check("adverse: a new baseline has the umask's mode", mode("b.json") == 0o644 and mode(next(folder.glob("b.rows.*")).name) == 0o644)
        (folder / "b.json").chmod(0o600)
        run(["@train", "held.jsonl", "-o", "m.tlm", "-q"], folder)
        run(evaluate, folder, env=PLAIN)
        check("adverse: the rows of a private baseline are private", mode("b.json") == 0o600
              and [mode(path.name) for path in folder.glob("b.rows.*")] == [0o600], [oct(mode(p.name)) for p in folder.glob("b.*")])
    finally:
        os.umask(before)


def closed_and_full_streams(folder, run, check):
    run(["@train", "corpus.jsonl", "-o", "m.tlm", "-q"], folder)
    gate = "textlambda-evaluate --model m.tlm --test held.jsonl --min accuracy=0.999999"
    (folder / "wrong.jsonl").write_text((folder / "held.jsonl").read_text().replace("delivery", "billing"))
    bad = "textlambda-evaluate --model m.tlm --test wrong.jsonl --min accuracy=0.999999"
    env = {**PLAIN, "PATH": f"{BIN}:{os.environ['PATH']}", "GITHUB_ACTIONS": "true"}
    for stream in ("2>/dev/full", "2>&-", "0>&- 2>&-"):
        for line, status in ((gate, 0), (bad, 1)):
            done = shell(folder, f"{line} {stream}", env=env)
            check(f"adverse: the verdict {status} stands under {stream}", done.returncode == status and b"accuracy" in done.stdout, done)
        done = shell(folder, f"textlambda-replay --model m.tlm events.jsonl --out - {stream}")
        check(f"adverse: responses come under {stream}", done.returncode == 0 and done.stdout.count(b"\n") == 50, done)
        check(f"adverse: a complaint nobody hears, {stream}", shell(folder, f"textlambda-inspect none.tlm {stream}").returncode == 5)
    for stream in (">/dev/full", ">&-", "0>&- >&- 2>&-"):
        done = shell(folder, f"textlambda-inspect m.tlm {stream}")
        check(f"adverse: what cannot be printed is an error, {stream}", done.returncode == 5, done)
    check("adverse: closed standard input", shell(folder, "textlambda-predict --model m.tlm <&-").returncode == 5)


def ignored_signals(folder, run, check):
    for name in ("HUP", "INT", "QUIT"):
        os.mkfifo(folder / "pipe")
        process = subprocess.Popen(["bash", "-c", f"trap '' {name}; exec {shlex.quote(str(BIN / 'textlambda-train'))} pipe -o s.tlm -q"],
                                   cwd=folder, stderr=subprocess.PIPE)
        with open(folder / "pipe", "w") as pipe:  # opened once the command reads it
            time.sleep(0.2)
            process.send_signal(getattr(signal, f"SIG{name}"))
            time.sleep(0.1)
            pipe.write(FILES["corpus.jsonl"])
        check(f"adverse: SIG{name} that is ignored stays ignored", process.wait(60) == 0, process.stderr.read())
        process.stderr.close()
        os.remove(folder / "pipe")


def killed(folder, run, check):
    run(["@train", "corpus.jsonl", "-o", "m.tlm", "-q"], folder)
    before = sorted(path.name for path in folder.iterdir())
    for number in (signal.SIGKILL, signal.SIGQUIT, signal.SIGTERM):
        for wait in (0.01, 0.03, 0.06, 0.1):
            process = subprocess.Popen([BIN / "textlambda-package", "--allow-dynamic", "--model", "m.tlm", "-o", "o.zip", "-q"], cwd=folder)
            time.sleep(wait)
            process.send_signal(number)
            process.wait(60)
    run(["@package", "--allow-dynamic", "--model", "m.tlm", "-o", "o.zip", "-q"], folder)
    after = sorted(path.name for path in folder.iterdir() if not path.name.startswith("core"))
    check("adverse: runs that are killed leave no file", after == sorted([*before, "o.zip"]), after)


def limits(folder, run, check):
    (folder / "many.jsonl").write_text(rows(3000))
    run(["@train", "many.jsonl", "-o", "m.tlm", "-q"], folder)
    small = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    for name, arguments in (("train", ["@train", "many.jsonl", "-o", "o.tlm", "-q"]), ("package", ["@package", "--allow-dynamic", "--model", "m.tlm", "-o", "o.zip", "-q"]),
                            ("replay", ["@replay", "--model", "m.tlm", "events.jsonl", "--out", "o.jsonl", "-q"])):
        finished(check, f"adverse: {name} where files may not grow", run(arguments, folder, preexec_fn=small), 5, "File too large")
    check("adverse: and nothing is left", not list(folder.glob("o.*")) and not list(folder.glob(".textlambda*")))
    if os.environ.get("SANITIZED"):
        print("     little memory is left out: sanitizers reserve terabytes of addresses")
        return
    for name, arguments in (("package", ["@package", "--allow-dynamic", "--model", "m.tlm", "-o", "o.zip", "-q"]),
                            ("train", ["@train", "many.jsonl", "-o", "o.tlm", "-q", "--threads", "8"]),
                            ("replay", ["@replay", "--model", "m.tlm", "events.jsonl", "--out", "o.jsonl", "-q", "--jobs", "8"]),
                            ("evaluate", ["@evaluate", "--model", "m.tlm", "--test", "many.jsonl", "-q", "--threads", "8"])):
        ends = set()
        for megabytes in (24, 32, 40, 48, 64, 96, 160):
            memory = lambda: resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
            ends.add(run(arguments, folder, preexec_fn=memory).returncode)
        # 127: the loader had no memory for the libraries.
        check(f"adverse: {name} with little memory ends by itself", ends <= {0, 5, 127}, ends)


def little_memory(folder, run, check):
    """--memory: as much as it says it takes, in a folder of its own for what goes to files."""
    (folder / "many.jsonl").write_text(rows(20000))
    (folder / "scratch").mkdir()
    env = {**PLAIN, "TMPDIR": str(folder / "scratch")}
    train = ["@train", "many.jsonl", "-q", "--threads", "2"]
    for size, reason in (("12", "a size such as 512MiB"), ("1 GiB", "a size"), ("-1GiB", "a size"), ("99999999999GiB", "a size"), ("0KiB", "a size")):
        finished(check, f"adverse: --memory {size}", run([*train, "-o", "o.tlm", f"--memory={size}"], folder), 2, f"--memory: .*given, expected {reason}")
    finished(check, "adverse: --memory and --unlabelled", run([*train, "-o", "o.tlm", "--memory", "1GiB", "--unlabelled", "many.jsonl"], folder), 2, "--memory")
    size = "1MiB"
    for _ in range(5):
        done = run([*train, "-o", "o.tlm", "--memory", size], folder, env=env)
        wanted = re.search(rb"given, this corpus takes at least ([\d,]+) MiB", done.stderr)
        if not wanted:
            break
        size = wanted[1].decode().replace(",", "") + "MiB"
    run([*train, "-o", "m.tlm"], folder)
    check("adverse: as little memory as training says it takes makes the same model", done.returncode == 0
          and (folder / "o.tlm").read_bytes() == (folder / "m.tlm").read_bytes(), done)
    finished(check, "adverse: no folder for what does not fit", run([*train, "-o", "o.tlm", "--memory", size], folder, env={**PLAIN, "TMPDIR": "/nowhere/at/all"}), 5,
             "/nowhere/at/all: cannot keep .* in TMPDIR: No such file")
    full = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
    finished(check, "adverse: no room for what does not fit", run([*train, "-o", "o.tlm", "--memory", size], folder, env=env, preexec_fn=full), 5,
             "cannot keep .*: File too large")

    used = left = 0
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        process = subprocess.Popen([BIN / "textlambda-train", *train[1:], "-o", "k.tlm", "--memory", size], cwd=folder, env=env)
        deadline = time.time() + 20
        while process.poll() is None and time.time() < deadline:
            try:
                held = [os.readlink(entry) for entry in pathlib.Path(f"/proc/{process.pid}/fd").iterdir()]
            except OSError:
                continue
            if any(name.startswith(env["TMPDIR"]) for name in held):
                used += 1
                process.send_signal(number)
                break
        process.wait(60)
        left += len(list((folder / "scratch").iterdir()))
    check("adverse: Ctrl-C or worse leaves nothing of what was on the disk", used == 3 and left == 0 and not (folder / "k.tlm").exists(), (used, left))
    if os.environ.get("SANITIZED"):
        return
    addresses = lambda: resource.setrlimit(resource.RLIMIT_AS, (256 << 20, 256 << 20))
    done = run([*train, "-o", "o.tlm"], folder, env=env, preexec_fn=addresses)
    check("adverse: a limit on addresses is kept without being told", done.returncode == 0 and (folder / "o.tlm").read_bytes() == (folder / "m.tlm").read_bytes(), done)


def changed_meanwhile(folder, run, check):
    run(["@train", "corpus.jsonl", "-o", "m.tlm", "-q"], folder)
    (folder / "long.jsonl").write_text(rows(20000))
    os.mkfifo(folder / "pipe")
    process = subprocess.Popen([BIN / "textlambda-train", "long.jsonl", "pipe", "-o", "o.tlm", "-q"], cwd=folder, stderr=subprocess.PIPE)
    with open(folder / "pipe", "w") as pipe:  # the first file is mapped by now
        os.truncate(folder / "long.jsonl", 100)
        pipe.write(FILES["corpus.jsonl"])
    said = process.stderr.read()
    process.stderr.close()
    check("adverse: an input that is cut off while it is read", process.wait(60) == 5 and said.count(b"\n") == 1
          and b"long.jsonl" in said and not (folder / "o.tlm").exists(), (process.returncode, said))

    events = FILES["events.jsonl"] * 40
    for name, change in (("appended to", lambda path: open(path, "a").write('{"event": {"text": "late"}}\n')),
                         ("replaced", lambda path: (path.with_suffix(".new").write_text(events), os.replace(path.with_suffix(".new"), path)))):
        path = folder / "live.jsonl"
        path.write_text(events)
        os.remove(folder / "pipe")
        os.mkfifo(folder / "pipe")
        process = subprocess.Popen([BIN / "textlambda-replay", "--model", "m.tlm", "live.jsonl", "--update", "-q", "--report", "junit=pipe", "--repeat", "20"],
                                   cwd=folder, stderr=subprocess.PIPE)
        time.sleep(0.3)
        change(path)
        after = path.read_bytes()
        reader = threading.Thread(target=lambda: open(folder / "pipe").read(), daemon=True)
        reader.start()
        said = process.stderr.read()
        process.stderr.close()
        status = process.wait(60)
        # Where the change came too late, or too soon, it is all there as well.
        kept = path.read_bytes() == after if status == 5 else path.read_text().count("\n") == after.count(b"\n")
        check(f"adverse: recordings that are {name} while they are updated are kept", kept and status in (0, 5), (status, said))
        if reader.is_alive():
            os.close(os.open(folder / "pipe", os.O_WRONLY | os.O_NONBLOCK))


def two_updates(folder, run, check):
    run(["@train", "corpus.jsonl", "-o", "one.tlm", "-q"], folder)
    run(["@train", "held.jsonl", "-o", "two.tlm", "-q"], folder)
    evaluate = lambda model: [str(BIN / "textlambda-evaluate"), "--model", model, "--test", "held.jsonl", "--baseline", "b.json"]
    run([*evaluate("one.tlm"), "--update-baseline", "-q"], folder, env=PLAIN)
    broken = []
    for _ in range(8):
        writers = [subprocess.Popen([*evaluate(model), "--update-baseline", "-q"], cwd=folder, env=PLAIN, stdout=subprocess.DEVNULL,
                                    stderr=subprocess.PIPE) for model in ("one.tlm", "two.tlm", "one.tlm")]
        reader = run([*evaluate("one.tlm"), "--on-inconclusive", "pass", "--exit-zero"], folder, env=PLAIN)
        for writer in writers:
            said = writer.communicate(timeout=60)[1]
            if writer.returncode:
                broken.append((writer.returncode, said))
        if reader.returncode:
            broken.append((reader.returncode, reader.stderr))
        named = json.loads((folder / "b.json").read_text())["rows"]["file"]
        if [path.name for path in folder.glob("b.rows.*")] != [named]:
            broken.append((named, list(folder.glob("b.rows.*"))))
    check("adverse: baselines that are updated at the same time", not broken, broken[:3])
    # A copy kept as an anchor goes on naming the rows of the first.
    (folder / "anchor.json").write_bytes((folder / "b.json").read_bytes())
    model = "two.tlm" if json.loads((folder / "b.json").read_text())["model"]["sha256"] == json.loads(
        run(["@inspect", "one.tlm", "--json"], folder).stdout)["sha256"] else "one.tlm"
    run([*evaluate(model), "--update-baseline", "-q"], folder, env=PLAIN)
    done = run([*evaluate(model), "--anchor", "anchor.json", "--exit-zero"], folder, env=PLAIN)
    check("adverse: a copied baseline keeps its rows", done.returncode == 0, done)


def deep_card(folder, run, check):
    if "WRITE_SAMPLES" not in os.environ:
        print("     deep_card is left out: WRITE_SAMPLES names no program")
        return
    subprocess.run([os.environ["WRITE_SAMPLES"], folder, "--deep-card"], check=True)
    for more in ([], ["--json"]):
        finished(check, f"adverse: a card nested without end {more}", run(["@inspect", "deep_card.tlm", *more], folder), 5, r"deep_card\.tlm: .*levels deep")
    finished(check, "adverse: which others need not read", run(["@predict", "--model", "deep_card.tlm"], folder, "x\n"), 0)
    done = run(["@evaluate", "--model", "deep_card.tlm", "--test", "held.jsonl", "--allow-unknown-labels", "--min", "accuracy=0"], folder)
    finished(check, "adverse: nor a gate", done, 0)


def is_clean(output):
    text = output.decode(errors="replace")
    raw = re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]", text)
    return not raw and not re.search(r"(?m)^\s*::|##[a-zA-Z]*\[", text)


def names_and_labels(folder, run, check):
    labels = (f"a{ESCAPE}\n::error::forged", f"##[error]{RLO}b\u009b31m")
    (folder / "l.jsonl").write_text(rows(60, labels))
    hostile = f"::error::{ESCAPE}\u2028x"
    (folder / f"{hostile}.jsonl").write_text(rows(60, labels))
    (folder / f"{hostile}.events.jsonl").write_text(FILES["events.jsonl"] + "no event\n")
    run(["@train", "l.jsonl", "-o", "l.tlm", "-q"], folder)
    (folder / f"{hostile}.tlm").write_bytes((folder / "l.tlm").read_bytes())
    (folder / "other.jsonl").write_text(rows(40, (f"new{ESCAPE}", f"::warning::{RLO}")))
    (folder / "only.txt").write_text(f"__label__on{ESCAPE} a\n__label__on{ESCAPE} b\n")
    commands = [
        ["@train", f"{hostile}.jsonl", "-o", f"{hostile}.o.tlm", "-v"],
        ["@train", "only.txt", "-o", "o.tlm"],
        ["@train", hostile, "-o", "o.tlm"],
        ["@train", f"--{hostile}"],
        ["@train", "l.jsonl", "-o", "o.tlm", "--words", hostile],
        ["@train", "l.jsonl", "-o", "o.tlm", "--label-weight", f"{hostile}=2"],
        ["@train", "l.jsonl", "-o", "o.tlm", "--text", hostile],
        ["@train", "l.jsonl", "-o", f"{hostile}/o.tlm"],
        ["@train", "l.jsonl", "-o", "o.tlm", "--config", hostile],
        ["@inspect", f"{hostile}.tlm"],
        ["@inspect", hostile],
        ["@predict", "--model", "l.tlm", "--plain", "l.jsonl"],
        ["@predict", "--model", "l.tlm", "--plain", "--explain", "l.jsonl"],
        ["@predict", "--model", hostile],
        ["@package", "--model", f"{hostile}.tlm", "-o", f"{hostile}.zip"],
        ["@package", "--model", "l.tlm", "-o", "o.zip", "--add", f"l.jsonl={hostile}"],
        ["@evaluate", "--model", f"{hostile}.tlm", "--test", f"{hostile}.jsonl", "-v"],
        ["@evaluate", "--model", "l.tlm", "--test", "other.jsonl"],
        ["@evaluate", "--model", "l.tlm", "--test", "other.jsonl", "--allow-unknown-labels", "--min", "accuracy=0.9"],
        ["@evaluate", "--model", "l.tlm", "--test", "l.jsonl", "--min", f"recall[{hostile}]=0.9"],
        ["@evaluate", "--model", "l.tlm", "--test", "l.jsonl", "--report", hostile],
        ["@evaluate", "--model", "l.tlm", "--unlabelled", f"{hostile}.jsonl"],
        ["@evaluate", "--model", "l.tlm", "--test", "l.jsonl", "--target-precision", "0.9", "--store-threshold", f"{hostile}.s.tlm"],
        ["@replay", "--model", f"{hostile}.tlm", f"{hostile}.events.jsonl", "--expect"],
        ["@replay", "--model", "l.tlm", hostile],
        ["@replay", "--endpoint", f"http://127.0.0.1:1/{hostile}", "--function", hostile, "events.jsonl"],
    ]
    for arguments in commands:
        done = run(arguments, folder, env=PLAIN)
        shown = " ".join(arguments).replace(hostile, "HOSTILE")
        check(f"adverse: nothing but text, {shown}", is_clean(done.stdout) and is_clean(done.stderr) and done.returncode in (0, 1, 2, 4, 5)
              and b"internal error" not in done.stderr, done)
    done = run(["@inspect", "l.tlm", "--json"], folder)
    check("adverse: JSON has the labels as they are", {item["label"] for item in json.loads(done.stdout)["labels"]} == set(labels), done)


def options_of_a_file(folder, run, check):
    def with_config(content, *more):
        (folder / "c.toml").write_bytes(content if isinstance(content, bytes) else content.encode())
        return run(["@train", "corpus.jsonl", "-o", "o.tlm", "--json", "--config", "c.toml", *more], folder)

    good = ['seed = 7\n', 'seed=7', '# a comment\n\n  seed = 7 # why\n', '"seed" = "7"\n', "seed = '7'\r\n", '[default]\nseed = 7\n', '\ufeffseed = 7\n']
    for content in good:
        done = with_config(content)
        check(f"adverse: options {content!r}", done.returncode == 0 and json.loads(done.stdout)["options"]["seed"] == 7, done)
    for content in ('label-weight = ["billing=2", "delivery=3"]\n', 'label-weight = [ # two\n  "billing=2",\n  "delivery=3", # the last\n]\n',
                    "label-weight = billing=2, delivery=3\n", 'label-weight = "billing=2"\nlabel-weight = "delivery=3"\n', 'label-weight = billing=2 delivery=3\n',
                    'label-weight = ["bill\\u0069ng=2", \'delivery=3\']\n'):
        done = with_config(content)
        weights = json.loads(done.stdout)["options"]["label_weights"] if done.returncode == 0 else None
        check(f"adverse: options {content!r}", weights == {"billing": 2, "delivery": 3}, done)
    done = with_config("balance-labels = true\n")
    check("adverse: a flag", done.returncode == 0 and json.loads(done.stdout)["options"]["balance_labels"] is True, done)
    done = with_config("balance-labels\n")
    check("adverse: a flag by its name", done.returncode == 0 and json.loads(done.stdout)["options"]["balance_labels"] is True, done)
    done = with_config("seed = 7\n", "--seed", "9")
    check("adverse: the command line goes first", done.returncode == 0 and json.loads(done.stdout)["options"]["seed"] == 9, done)
    bad = [
        ("seed = 7\nsede = 8\n", r"c\.toml:2: sede: no such option; did you mean --seed\?"),
        ("\n\nconfig = \"x\"\n", r"c\.toml:3: config: no such option"),
        ("seed = 7\nwhat is this\n", r'c\.toml:2: "what is this" found, expected OPTION = VALUE'),
        ("nonsense\n", r"c\.toml:1: nonsense: no such option"),
        ("= 7\n", r"c\.toml:1: .*expected OPTION = VALUE"),
        ("seed =\n", r"c\.toml:1: seed: expected a value"),
        ("seed = # nothing\n", r"c\.toml:1: seed: expected a value"),
        ("words = \"1-2\" trailing\n", r'c\.toml:1: "trailing" found, expected the end of the line'),
        ("words = \"1-2\nseed = 7\n", r"c\.toml:1: words: a string without its end"),
        ("label-weight = [\"a=1\"\nseed = 7\n", r'c\.toml:2: label-weight: "seed = 7" found in a list'),
        ("label-weight = [\"a=1\",", r"c\.toml:1: label-weight: a list without its end"),
        ("words = \"\\q\"\n", r"c\.toml:1: words: an escape that TOML does not know"),
        ("[train]\nseed = 7\n", r'c\.toml:1: "\[train\]" found, but options are in no table'),
        ("\nseed = -1\n", r'c\.toml:2: --seed: "-1" given, expected a whole number'),
        ("seed = 7\nseed = 8\n", r"c\.toml:2: --seed: given twice"),
        ("epochs = many\n", r"c\.toml:1: .*--epochs"),
        (b"\x00\x01\x02 binary\n", r"c\.toml:1: "),
        (b"\x1f\x8b\x08", r"c\.toml:1: "),
        (f"{ESCAPE} = 1\n", r"c\.toml:1: .*u001b"),
        ("x" * (1 << 21), r"c\.toml: is larger than 1048576 bytes"),
    ]
    for content, reason in bad:
        done = with_config(content)
        finished(check, f"adverse: no options {content[:40]!r}", done, 2, reason)
    finished(check, "adverse: options without an end", run(["@train", "corpus.jsonl", "-o", "o.tlm", "--config", "/dev/zero"], folder), 2, "is larger than")
    seconds = []
    for size in (100000, 1000000):
        began = time.monotonic()
        with_config("label-weight = [" + ",".join(["billing=1"] * (size // 10)) + "]\n")
        with_config("words = \"" + "x" * size + "\"\n")
        with_config("words = " + "x " * (size // 2) + "\n")
        with_config("x" * size + "\n")
        seconds.append(time.monotonic() - began)
    check("adverse: a long line of options takes no more than its length", seconds[1] < 20 * seconds[0] + 5, seconds)


def users_errors(folder, run, check):
    run(["@train", "corpus.jsonl", "-o", "m.tlm", "-q"], folder)
    finished(check, "adverse: TMPDIR is nowhere", run(["@package", "--allow-dynamic", "--model", "m.tlm", "-o", "o.zip", "--measure", "--runs", "1"], folder,
                                                      env={**PLAIN, "TMPDIR": "/nowhere/at/all"}), 5, r"/nowhere/at/all: is no folder, but TMPDIR names it")
    (folder / "gone").mkdir()
    for line in (f"textlambda-replay --model {folder}/m.tlm {folder}/events.jsonl --out o.jsonl -q",
                 f"textlambda-train {folder}/corpus.jsonl -o o.tlm -q",
                 f"textlambda-evaluate --model {folder}/m.tlm --test {folder}/held.jsonl --report md=o.md -q"):
        finished(check, f"adverse: in a folder that is gone, {line.split()[0]}", shell(folder, f"mkdir -p gone; cd gone; rmdir {folder}/gone; {line}"), 5)
    done = run(["@package", "--allow-dynamic", "--model", "m.tlm", "-o", "it's $(here).zip"], folder)
    check("adverse: the next command can be pasted", done.returncode == 0 and b"""--function-name 'it'\\''s $(here)'""" in done.stdout, done)


TESTS = [outputs_over_inputs, outputs_to_descriptors, private_files, closed_and_full_streams, ignored_signals, killed, limits, little_memory, changed_meanwhile,
         two_updates, deep_card, names_and_labels, options_of_a_file, users_errors]
