"""A runner of composite actions, as far as actions of scripts need one: expressions, conditions, environment, outputs.

After https://docs.github.com/en/actions/reference/workflows-and-actions/expressions and …/contexts: a property that is not
there is the empty string, strings compare without regard to case, a condition without a status function is success() &&
(it). In a composite action's steps `github.action_ref` is empty, and hashFiles() looks into the workspace alone.
"""
import os
import pathlib
import re
import subprocess

TOKEN = re.compile(r"\s*(?:(?P<string>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][\w-]*)|(?P<sign>==|!=|&&|\|\||[!().,\[\]<>]))")


class ExpressionError(Exception):
    pass


class Expression:
    """Evaluates one expression, the text between ${{ and }} or of an `if`."""

    def __init__(self, text, contexts, succeeded, workspace):
        self.tokens, self.at = [], 0
        self.contexts, self.succeeded, self.workspace = contexts, succeeded, workspace
        self.asked_status = False
        text = text.strip()
        while text:
            found = TOKEN.match(text)
            if not found:
                raise ExpressionError(f"cannot read {text!r}")
            self.tokens.append((found.lastgroup, found.group(found.lastgroup)))
            text = text[found.end():].strip()

    def value(self):
        result = self.either()
        if self.at != len(self.tokens):
            raise ExpressionError(f"more than an expression: {self.tokens[self.at:]}")
        return result

    def peek(self, sign):
        return self.at < len(self.tokens) and self.tokens[self.at] == ("sign", sign)

    def take(self, sign):
        if not self.peek(sign):
            return False
        self.at += 1
        return True

    def either(self):
        left = self.both()
        while self.take("||"):
            right = self.both()
            left = left if truth(left) else right
        return left

    def both(self):
        left = self.comparison()
        while self.take("&&"):
            right = self.comparison()
            left = right if truth(left) else left
        return left

    def comparison(self):
        left = self.single()
        for sign, equal in (("==", True), ("!=", False)):
            if self.take(sign):
                return (fold(left) == fold(self.single())) == equal
        return left

    def single(self):
        if self.take("!"):
            return not truth(self.single())
        if self.take("("):
            result = self.either()
            if not self.take(")"):
                raise ExpressionError("a bracket is not closed")
            return result
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "string":
            return text[1:-1].replace("''", "'")
        if kind == "number":
            return float(text)
        if kind != "name":
            raise ExpressionError(f"unexpected {text}")
        if self.take("("):
            return self.call(text)
        if text in ("true", "false", "null"):
            return {"true": True, "false": False, "null": ""}[text]
        if text not in self.contexts:
            raise ExpressionError(f"there is no context {text}")
        value = self.contexts[text]
        while self.take("."):
            name = self.tokens[self.at][1]
            self.at += 1
            value = value.get(name, "") if isinstance(value, dict) else ""
        return value

    def call(self, name):
        arguments = []
        while not self.take(")"):
            arguments.append(self.either())
            self.take(",")
        if name in ("always", "success", "failure", "cancelled"):
            self.asked_status = True
            return {"always": True, "success": self.succeeded, "failure": not self.succeeded, "cancelled": False}[name]
        if name == "format":
            return re.sub(r"\{(\d+)\}", lambda found: string(arguments[int(found.group(1)) + 1]), arguments[0])
        if name == "hashFiles":
            for pattern in arguments:
                path = (self.workspace / pattern).resolve()
                if ".." in pathlib.PurePath(pattern).parts or not path.is_relative_to(self.workspace.resolve()):
                    raise ExpressionError(f"hashFiles({pattern!r}): not in the workspace")
            return ""
        raise ExpressionError(f"there is no function {name}")


def truth(value):
    return value not in ("", False, 0, None)


def fold(value):
    return value.casefold() if isinstance(value, str) else value


def string(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


class Runner:
    """Runs an action's steps in `workspace`. `scripts` replaces what a step does, by its name; a step that uses another
    action is not run but kept in `used` with what it was given."""

    def __init__(self, action, action_path, inputs, workspace, github=None, scripts=None, outputs=None):
        self.action, self.workspace = action, pathlib.Path(workspace)
        self.scripts, self.used_outputs = scripts or {}, outputs or {}
        defaults = {name: entry.get("default", "") for name, entry in action["inputs"].items()}
        self.contexts = {
            "inputs": {**defaults, **inputs},
            "github": {"action_path": str(action_path), "action_ref": "", "workspace": str(workspace), **(github or {})},
            "runner": {"os": "Linux", "arch": "X64", "temp": str(self.workspace)},
            "steps": {},
        }
        self.succeeded = True
        self.ran, self.used, self.results = [], {}, {}

    def substituted(self, text):
        return re.sub(r"\$\{\{(.*?)\}\}", lambda found: string(self.expression(found.group(1)).value()), str(text))

    def expression(self, text):
        return Expression(text, self.contexts, self.succeeded, self.workspace)

    def wanted(self, step):
        expression = self.expression(str(step.get("if", "success()")))
        value = truth(expression.value())
        return value and (expression.asked_status or self.succeeded)

    def run(self):
        for step in self.action["runs"]["steps"]:
            name = step["name"]
            environment = {key: self.substituted(value) for key, value in step.get("env", {}).items()}
            given = {key: self.substituted(value) for key, value in step.get("with", {}).items()}
            if not self.wanted(step):
                continue
            self.ran.append(name)
            if "uses" in step:
                self.used[name] = given
                outputs = self.used_outputs.get(name, {})
            else:
                outputs = self.run_script(name, self.scripts.get(name, step["run"]), environment)
            if "id" in step:
                self.contexts["steps"][step["id"]] = {"outputs": outputs}
        return self

    def run_script(self, name, script, environment):
        output = self.workspace / ".output"
        output.write_text("")
        done = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script], cwd=self.workspace,
                              env={**os.environ, **environment, "GITHUB_OUTPUT": str(output), "GITHUB_ACTIONS": "true",
                                   "GITHUB_STEP_SUMMARY": str(self.workspace / ".summary.md"), "CI": "true"},
                              capture_output=True, text=True, timeout=120)
        self.results[name] = done
        self.succeeded = self.succeeded and done.returncode == 0
        return dict(line.split("=", 1) for line in output.read_text().splitlines())

    def outputs(self):
        return {name: self.substituted(entry["value"]) for name, entry in self.action["outputs"].items()}
