#!/usr/bin/env python3
"""Event source mappings that are made over the API, fed from the queues of --queue: mapping_test.py EMULATE BOOTSTRAP MODEL"""
import collections
import json
import pathlib
import subprocess
import time

from running import EMULATE, Emulator, check, folder, run_parts

BATCHER = str(pathlib.Path(__file__).with_name("batcher.py"))
PATH = "/2015-03-31/event-source-mappings/"
ARN = "arn:aws:sqs:us-east-1:012345678912:"
number = 0


class Fed:
    """An emulator with a function and queues, and what the function was handed."""

    def __init__(self, queues, *arguments, **environment):
        global number
        number += 1
        self.batches_file = folder / f"batches{number}"
        self.hold = folder / f"hold{number}"
        words = [f"BATCHES={self.batches_file}", f"HOLD={self.hold}", *(f"{k}={v}" for k, v in environment.items())]
        options = [word for text in queues for word in ("--queue", text)]
        self.emulator = Emulator("--function", f"batcher={BATCHER}", "--timeout", "20", *options,
                                 *[word for one in words for word in ("--env", one)], *arguments)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.hold.unlink(missing_ok=True)
        self.emulator.__exit__(*exception)

    def call(self, method, path, body=None):
        status, _, answer = self.emulator.request(method, path, b"" if body is None else json.dumps(body))
        return status, json.loads(answer) if answer else None

    def make(self, queue, **more):
        body = {"FunctionName": "batcher", "EventSourceArn": ARN + queue, "FunctionResponseTypes": ["ReportBatchItemFailures"], **more}
        return self.call("POST", PATH, body)

    def state(self, uuid):
        return self.call("GET", PATH + uuid)[1]["State"]

    def batches(self):
        return [json.loads(line) for line in self.batches_file.read_text().splitlines()] if self.batches_file.exists() else []

    def bodies(self):
        return [record["body"] for batch in self.batches() for record in batch["records"]]

    def until(self, good, seconds=20):
        end = time.monotonic() + seconds
        while not good() and time.monotonic() < end:
            time.sleep(0.02)
        return good()


def queue_of(*texts):
    global number
    number += 1
    path = folder / f"queue{number}.jsonl"
    path.write_text("".join(json.dumps(text) + "\n" for text in texts))
    return path


def fed():
    texts = [f"text {i}" for i in range(22)] + ["bad one"]
    with Fed([f"texts={queue_of(*texts)},visibility=20", "others=" + str(queue_of("other"))], "--time-scale", "0.1") as it:
        status, made = it.make("texts", BatchSize=5)
        check("a mapping is made", status == 202 and made["State"] == "Creating", made)
        uuid = made["UUID"]
        check("every message comes, and what failed until it does not", it.until(lambda: len(it.bodies()) == 25), it.bodies())
        counts = collections.Counter(it.bodies())
        check("once each, but for the bad one", counts == {**{text: 1 for text in texts}, "bad one": 3}, counts)
        batches = it.batches()
        check("in batches of its size", max(len(batch["records"]) for batch in batches) == 5, [len(b["records"]) for b in batches])
        record = batches[0]["records"][0]
        check("of the queue that the mapping names", record["eventSourceARN"] == ARN + "texts" and record["awsRegion"] == "us-east-1", record)
        shown = it.call("GET", PATH + uuid)[1]
        check("shown as it is", (shown["State"], shown["StateTransitionReason"], shown["LastProcessingResult"]) == ("Enabled", "USER_INITIATED", "OK"), shown)
        unfed = it.make("unknown")[1]
        shown = it.call("GET", PATH + unfed["UUID"])[1]
        check("and one that nothing feeds says so", shown["State"] == "Enabled" and "--queue" in shown["StateTransitionReason"]
              and shown["LastProcessingResult"] == "No records processed", shown)
        it.emulator.child.terminate()
        it.emulator.child.wait(20)
        log = it.emulator.log()
        check("the books balance", it.emulator.child.returncode == 0 and "batcher sqs" in log and " 23 " in log.split("batcher sqs")[1], log[-900:])


def held():
    """Disabling lets what was handed out come to its end, and hands out no more; enabling goes on with the rest."""
    texts = [f"text {i}" for i in range(40)]
    with Fed([ARN + "texts=" + str(queue_of(*texts))], "--concurrency", "2") as it:
        it.hold.touch()
        uuid = it.make("texts", BatchSize=4, ScalingConfig={"MaximumConcurrency": 2})[1]["UUID"]
        check("two batches at a time", it.until(lambda: len(it.batches()) == 2), it.batches())
        status, put = it.call("PUT", PATH + uuid, {"Enabled": False})
        check("disabling takes until they are answered", status == 202 and put["State"] == "Updating" and it.state(uuid) == "Updating", put)
        it.hold.unlink()
        check("then it is", it.until(lambda: it.state(uuid) == "Disabled"), it.state(uuid))
        time.sleep(0.3)
        check("and nothing comes any more", len(it.bodies()) == 8, it.bodies())
        it.call("PUT", PATH + uuid, {"Enabled": True, "BatchSize": 10})
        check("then the rest", it.until(lambda: len(it.bodies()) == 40) and collections.Counter(it.bodies()) == collections.Counter(texts)
              and it.state(uuid) == "Enabled", it.bodies())
        check("in larger batches", max(len(batch["records"]) for batch in it.batches()) == 10)


def gone():
    """Deleting ends it too; a new mapping, of an alias, has what is left."""
    with Fed(["texts=" + str(queue_of(*[f"text {i}" for i in range(30)]))], "--concurrency", "1") as it:
        it.hold.touch()
        uuid = it.make("texts", BatchSize=3, ScalingConfig={"MaximumConcurrency": 2})[1]["UUID"]
        it.until(lambda: it.batches())
        check("deleted", it.call("DELETE", PATH + uuid)[1]["State"] == "Deleting" and it.call("GET", PATH + uuid)[0] == 404)
        it.hold.unlink()
        time.sleep(0.5)
        before = len(it.bodies())
        check("nothing comes any more", 3 <= before <= 6, it.bodies())
        it.call("POST", "/2015-03-31/functions/batcher/versions", {})
        it.call("POST", "/2015-03-31/functions/batcher/aliases", {"Name": "live", "FunctionVersion": "1"})
        again = it.make("texts", FunctionName="batcher:live")[1]["UUID"]
        check("the rest goes to the alias", it.until(lambda: len(it.bodies()) == 30) and it.batches()[-1]["version"] == "1", it.batches()[-1:])
        second = it.make("texts")[1]["UUID"]
        shown = it.call("GET", PATH + second)[1]
        check("a second mapping of a queue says that it is not fed", "--queue" in shown["StateTransitionReason"], shown)
        it.call("DELETE", PATH + again)
        check("until it is", it.until(lambda: it.call("GET", PATH + second)[1]["StateTransitionReason"] == "USER_INITIATED"))


def appended():
    queue = queue_of()
    with Fed([f"texts={queue},visibility=20"], "--time-scale", "0.1") as it:
        with open(queue, "a") as file:
            file.write("before there is a mapping\n")
        time.sleep(0.5)
        uuid = it.make("texts")[1]["UUID"]
        check("what came before there is a mapping", it.until(lambda: it.bodies() == ["before there is a mapping"]), it.bodies())
        with open(queue, "a") as file:
            file.write('bad {"one"}\n"two"\n')
        check("what is appended", it.until(lambda: len(it.bodies()) == 5), it.bodies())
        it.call("PUT", PATH + uuid, {"Enabled": False})
        it.until(lambda: it.state(uuid) == "Disabled")
        with open(queue, "a") as file:
            file.write("while it is disabled\n")
        time.sleep(0.5)
        counts = collections.Counter(it.bodies())
        check("nothing to who is disabled, and what failed comes again", counts == {"before there is a mapping": 1, 'bad {"one"}': 3, "two": 1}, counts)
        it.call("PUT", PATH + uuid, {"Enabled": True})
        check("until it is not", it.until(lambda: "while it is disabled" in it.bodies()), it.bodies())
        with open(queue, "a") as file:
            file.write('{"body": \n')
        it.until(lambda: "queue texts: " in it.emulator.log())
        check("a line that is none is told", "queue texts: " in it.emulator.log() and it.state(uuid) == "Enabled", it.emulator.log()[-300:])


def failing():
    lost = folder / "dead.jsonl"
    with Fed([f"texts={queue_of('a', 'b')},visibility=20,max-receive=2,dead-letters={lost}"], "--time-scale", "0.1", FAIL="yes") as it:
        uuid = it.make("texts", FilterCriteria={"Filters": [{"Pattern": json.dumps({"body": ["a", "b", "c"]})}]})[1]["UUID"]
        check("dead letters", it.until(lambda: lost.exists() and len(lost.read_text().splitlines()) == 2), it.emulator.log()[-500:])
        shown = it.call("GET", PATH + uuid)[1]
        check("a problem is shown", shown["LastProcessingResult"] == "PROBLEM: Function call failed", shown)
    with Fed(["texts=" + str(queue_of("keep this", "leave that"))]) as it:
        it.make("texts", FilterCriteria={"Filters": [{"Pattern": json.dumps({"body": [{"prefix": "keep"}]})}]})
        it.until(lambda: it.bodies())
        time.sleep(0.3)
        check("filters", it.bodies() == ["keep this"], it.bodies())
    jobs = queue_of({"body": "1", "group": "g"}, {"body": "2", "group": "g"})
    with Fed([f"jobs.fifo={jobs}"]) as it:
        it.make("jobs.fifo", BatchSize=1)
        check("a FIFO queue, in order", it.until(lambda: len(it.bodies()) == 2) and it.bodies() == ["1", "2"], it.batches())
        with open(jobs, "a") as file:
            file.write('"of no group"\n{"body": "3", "group": "h"}\n')
        check("with what is appended, but for what has no group", it.until(lambda: it.bodies() == ["1", "2", "3"])
              and "MessageGroupId" in it.emulator.log(), it.bodies())


def kept():
    """Between runs."""
    state = folder / "state"
    queue = f"texts={queue_of('one', 'two')}"
    with Fed([queue], "--state", str(state)) as it:
        it.make("texts", Enabled=False)
        time.sleep(0.2)
        check("made disabled", not it.bodies() and it.call("GET", PATH)[1]["EventSourceMappings"][0]["State"] == "Disabled", it.bodies())
    with Fed([queue], "--state", str(state), "--settling", "0.5") as it:
        mapping = it.call("GET", PATH)[1]["EventSourceMappings"][0]
        it.call("PUT", PATH + mapping["UUID"], {"Enabled": True})
        check("it settles", it.state(mapping["UUID"]) == "Updating" and it.until(lambda: it.state(mapping["UUID"]) == "Enabled"))
        check("enabled in a later run", it.until(lambda: sorted(it.bodies()) == ["one", "two"]), it.bodies())


def refusals():
    for text, word in (("texts", "NAME=FILE"), ("texts=/nowhere.jsonl", "/nowhere.jsonl"), (f"texts={queue_of('a')},batch=3", "batch"),
                       (f"texts={queue_of('a')},shards=3", "shards")):
        done = subprocess.run([EMULATE, "--function", f"batcher={BATCHER}", "--port", "0", "--queue", text], capture_output=True, timeout=20)
        check(f"refused: {text}", done.returncode in (2, 5) and word in done.stderr.decode(), done)


run_parts(fed, held, gone, appended, failing, kept, refusals)
