#!/usr/bin/env python3
"""Runs the examples of a page: run_examples.py PROGRAMS PAGE

A block whose fence says file=NAME is written to that file. Of a console block each line that starts with "$ " is run by
bash in the same folder; the lines below it are its output, stdout and stderr together, to the letter. "…" alone in a
line stands for any further lines.
"""
import os
import re
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

    def run(self, command):
        script = "(exit %d); %s" % (self.status, command)
        done = subprocess.run(["bash", "-c", script], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False)
        self.status = done.returncode
        return done.stdout.decode().splitlines()


def run_page(programs, page):
    with open(page, encoding="utf-8") as file:
        text = file.read()
    failures = 0
    commands = 0
    with tempfile.TemporaryDirectory() as folder:
        shell = Shell(os.path.abspath(programs), folder)
        for kind, name, block in FENCE.findall(text):
            if name:
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write(block)
            if kind != "console":
                continue
            for command, expected in steps(block):
                commands += 1
                actual = shell.run(command)
                if not matches(expected, actual):
                    failures += 1
                    print("$ %s\n  the page says:\n    %s\n  it prints:\n    %s"
                          % (command, "\n    ".join(expected), "\n    ".join(actual)))
    print("%s: %d commands, %d failed" % (os.path.basename(page), commands, failures))
    return failures == 0 and commands > 0


if __name__ == "__main__":
    sys.exit(0 if all([run_page(sys.argv[1], page) for page in sys.argv[2:]]) else 1)
