#!/usr/bin/env python3
"""Models that take each other's place under load: swap_test.py EMULATE BOOTSTRAP MODEL TRAIN [--swaps N]. Eight clients ask the
function's URL all the while; every answer has to be whole, of one model, and at last of the new one."""
import http.client
import json
import os
import subprocess
import sys
import threading
import time

from running import BOOTSTRAP, Emulator, check, folder, run_parts

TRAIN = sys.argv[4]
SWAPS = int(sys.argv[sys.argv.index("--swaps") + 1]) if "--swaps" in sys.argv else 10 if os.environ.get("SANITIZED") else 25
CLIENTS = 8
TEXTS = ["invoice card charged", "parcel courier late", "card charged twice", "where is the courier"]


def model(name, first, second):
    rows = "".join(json.dumps({"text": f"{words} number {i}", "label": label}) + "\n" for i in range(40)
                   for words, label in (("invoice card charged", first), ("parcel courier late", second)))
    (folder / f"{name}.jsonl").write_text(rows)
    done = subprocess.run([TRAIN, folder / f"{name}.jsonl", "-o", folder / f"{name}.tlm", "--json", "--quiet"], check=True, timeout=120,
                          capture_output=True)
    return json.loads(done.stdout)


def swaps():
    model("one", "billing", "delivery")
    model("two", "money", "post")
    wanted = {"one": ["billing", "delivery", "billing", "delivery"], "two": ["money", "post", "money", "post"]}
    current = folder / "current"

    def point_to(name):
        (folder / "next").symlink_to(folder / f"{name}.tlm")
        (folder / "next").rename(current)

    point_to("one")
    stop, wrong, counts, of_model = threading.Event(), [], [0] * CLIENTS, {}
    with Emulator("--function", f"classify={BOOTSTRAP}", "--http", "127.0.0.1:0", "--concurrency", "4", "--model", str(current),
                  "--env", "TEXTLAMBDA_MODEL_REFRESH=0", "--env", "TEXTLAMBDA_METRICS=off", "--timeout", "60") as emulator:
        address = next(line.split()[1] for line in emulator.ready.read_text().splitlines() if line.startswith("http "))

        def ask(connection):
            connection.request("POST", "/", json.dumps(TEXTS), {"Content-Type": "application/json"})
            response = connection.getresponse()
            return response.status, response.read()

        def client(number):
            connection = http.client.HTTPConnection(*address.split(":"), timeout=60)
            while not stop.is_set():
                try:
                    status, body = ask(connection)
                    if status == 429:  # eight ask four environments
                        time.sleep(0.002)
                        continue
                    answers = json.loads(body)
                    ids, labels = {answer["model"] for answer in answers}, [answer["label"] for answer in answers]
                    good = status == 200 and len(ids) == 1 and labels in wanted.values()
                    known = good and of_model.setdefault(next(iter(ids)), labels) == labels
                    if not known:
                        wrong.append((status, body[:300]))
                    counts[number] += 1
                except Exception as error:  # a failed request is what this looks for
                    wrong.append(repr(error))
                    connection = http.client.HTTPConnection(*address.split(":"), timeout=60)

        threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for swap in range(SWAPS):
            before = sum(counts)
            point_to("two" if swap % 2 == 0 else "one")
            until = time.monotonic() + 60
            while sum(counts) < before + 4 * CLIENTS and time.monotonic() < until:
                time.sleep(0.002)
        stop.set()
        for thread in threads:
            thread.join(60)
        point_to("two")
        connection = http.client.HTTPConnection(*address.split(":"), timeout=60)
        last = [answer["label"] for answer in json.loads(ask(connection)[1])]
        check("no answer failed, was mixed, or of another model than it says", not wrong, wrong[:5])
        check("every client was answered, by both", min(counts) > 0 and len(of_model) == 2, (counts, of_model))
        check("and now by the last", last == wanted["two"], last)
        print(f"     {SWAPS} swaps, {CLIENTS} clients, {sum(counts)} answers", flush=True)


run_parts(swaps)
