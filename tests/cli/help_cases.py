"""The help of every command, and the completions that read it."""
import os
import pathlib
import re
import subprocess
import sys

BIN = pathlib.Path(sys.argv[1]).resolve()
COMPLETIONS = pathlib.Path(__file__).resolve().parents[2] / "apps" / "completions"
LINES, COLUMNS = 32, 100
# Of each command an option of every day, and one that --help has no room for where there is one.
COMMANDS = {"train": ("--output", "--inspect-bytes"), "evaluate": ("--baseline", "--anchor-max-drop"), "predict": ("--top", None),
            "inspect": ("--top", None), "topics": ("--groups", "--quotes"), "replay": ("--expect", "--warmup"), "package": ("--measure", None), "emulate": ("--function", "--settling"),
            "conform": ("--endpoint", None), "retrain": ("--store", None), "models": ("--ledger", None)}

CASES = []


def options(text):
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text.split("\nOptions:\n")[1]))


def every_command(folder, run, check):
    for name, (common, rare) in COMMANDS.items():
        short, full = (run([f"@{name}", flag], folder) for flag in ("--help", "--help-all"))
        check(f"{name}: help is no error", (short.returncode, full.returncode, short.stderr, full.stderr) == (0, 0, b"", b""))
        short, full = short.stdout.decode(), full.stdout.decode()
        lines = short.splitlines()
        check(f"{name}: --help begins with examples", lines[0].endswith(".") and lines[1] == ""
              and lines[2].startswith("  ") and f"textlambda-{name} " in lines[2], short)
        check(f"{name}: it fits a screen", len(lines) <= LINES and max(map(len, lines)) <= COLUMNS,
              f"{len(lines)} lines of up to {max(map(len, lines))}\n{short}")
        check(f"{name}: a line an option", all(line.count("--") < 2 for line in lines if line.startswith("  -")) and "{" not in short, short)
        check(f"{name}: --help-all has more", options(short) <= options(full) and {"--help", "--help-all", "--config", common} <= options(full)
              and common in options(short) and (rare is None or (rare in options(full) and rare not in options(short))), full)


def completion_in_bash(folder, run, check):
    script = 'source "$1"; shift; _textlambda "$@"; printf "%s\\n" "${COMPREPLY[@]}"'
    for name, (common, rare) in COMMANDS.items():
        for option in filter(None, (common, rare)):
            done = subprocess.run(["bash", "-c", script, "bash", COMPLETIONS / "textlambda.bash", f"textlambda-{name}", option[:-2], ""],
                                  cwd=folder, capture_output=True, timeout=60,
                                  env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"})
            check(f"{name}: bash completes {option[:-2]}", option in done.stdout.decode().split(), done)


TESTS = [every_command, completion_in_bash]
