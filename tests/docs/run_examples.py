#!/usr/bin/env python3
"""Runs the examples of pages: run_examples.py PROGRAMS [--update] PAGE ...

A block whose fence says file=NAME is written to that file. Of a console block each line that starts with "$ " is run by
bash in the same folder; the lines below it are its output, stdout and stderr together, to the letter. "…" alone in a
line stands for any further lines. The tree's data/ stands in that folder, with every page a fresh one; nobody says that it
is CI. --update writes what the commands print now into the page, but where "…" stands.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

FENCE = re.compile(r"^```(\S*)(?: file=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def matches(expected, actual):
    if not expected:
        return not actual
    if expected[0] == "…":
        return any(matches(expected[1:], actual[i:]) for i in range(len(actual) + 1))
    return bool(actual) and expected[0] == actual[0] and matches(expected[1:], actual[1:])


def steps(block):
    """(command, expected lines) of a console block."""
    found = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


class Shell:
    """Commands in one folder; $? is that of the command before."""

    def __init__(self, programs, folder):
        self.folder = folder
        self.status = 0
        self.environment = dict(os.environ, PATH=programs + os.pathsep + os.environ["PATH"], LC_ALL="C.UTF-8", TMPDIR=folder)
        self.environment.pop("CI", None)
        self.environment.pop("GITHUB_ACTIONS", None)

    def run(self, command):
        script = "(exit %d); %s" % (self.status, command)
        done = subprocess.run(["bash", "-c", script], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False)
        self.status = done.returncode
        return done.stdout.decode().splitlines()


def run_page(programs, page, update):
    with open(page, encoding="utf-8") as file:
        text = file.read()
    updated = text
    failures = 0
    commands = 0
    with tempfile.TemporaryDirectory() as folder:
        shell = Shell(os.path.abspath(programs), folder)
        shutil.copytree(os.path.join(os.path.dirname(__file__), "..", "..", "data"), os.path.join(folder, "data"))
        for kind, name, block in FENCE.findall(text):
            if name:
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write(block)
            if kind != "console":
                continue
            for command, expected in steps(block):
                commands += 1
                actual = shell.run(command)
                if update and "…" not in expected:
                    updated = updated.replace("\n".join(["$ " + command, *expected]) + "\n",
                                              "\n".join(["$ " + command, *actual]) + "\n", 1)
                elif not matches(expected, actual):
                    failures += 1
                    print("$ %s\n  the page says:\n    %s\n  it prints:\n    %s"
                          % (command, "\n    ".join(expected), "\n    ".join(actual)))
    if updated != text:
        with open(page, "w", encoding="utf-8") as file:
            file.write(updated)
    print("%s: %d commands, %d failed" % (os.path.basename(page), commands, failures))
    return failures == 0 and commands > 0


if __name__ == "__main__":
    PAGES = [page for page in sys.argv[2:] if page != "--update"]
    sys.exit(0 if all([run_page(sys.argv[1], page, "--update" in sys.argv) for page in PAGES]) else 1)
