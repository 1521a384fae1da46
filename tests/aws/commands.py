"""What the tests of the commands in this folder share: checks, and commands that run in a folder of their own, in nobody's
name but the test's. argv: FOLDER_OF_THE_COMMANDS DATA"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

COMMANDS, DATA = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
failures = []
scratch = tempfile.TemporaryDirectory()
folder = pathlib.Path(scratch.name)


def check(name, good, detail=""):
    print(f"{'ok  ' if good else 'FAIL'} {name}", flush=True)
    if not good:
        failures.append(name)
        print("     " + str(detail)[:2500].replace("\n", "\n     "), flush=True)


class Done:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err
        self.text = f"status {status}\n{out}\n{err}"

    @property
    def json(self):
        return json.loads(self.out)


class Started:
    def __init__(self, environment, command, *arguments):
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith("AWS_") and name not in ("CI", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY")}
        self.child = subprocess.Popen([COMMANDS / f"textlambda-{command}", *map(str, arguments)], cwd=folder, text=True,
                                      stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                      env={**kept, "HOME": str(folder), **environment})

    def done(self):
        out, err = self.child.communicate(timeout=300)
        return Done(self.child.returncode, out, err)


def run_parts(*parts):
    """Calls each, and ends with what came of the checks."""
    for part in parts:
        try:
            part()
        except Exception as error:  # one part's trouble does not hide the others'
            check(getattr(part, "__name__", "a part"), False, repr(error))
    print(f"{len(failures)} failures" if failures else "all passed")
    sys.exit(1 if failures else 0)
