#!/usr/bin/env python3
"""Functions that do everything wrong, under load: chaos_test.py EMULATE BOOTSTRAP MODEL [SECONDS [SEED]]

Every call has to get the one answer that its event earns; afterwards no process and no descriptor is left, the memory is
about where it was, and the emulator's own count of calls is the clients'.
"""
import concurrent.futures
import http.client
import json
import os
import pathlib
import random
import re
import sys
import time

from running import PROBE, Emulator, check, folder, run_parts

SECONDS = float(sys.argv[4]) if len(sys.argv) > 4 else 3
SEED = int(sys.argv[5]) if len(sys.argv) > 5 else 1
TIMEOUT = 1.5

# What an event asks for, and the type of the error that it earns; None: the event comes back.
KINDS = (
    (40, {"do": "echo"}, None),
    (4, {"do": "error"}, "Told"),
    (4, {"do": "crash", "status": 3}, "Runtime.ExitError"),
    (4, {"do": "crash", "status": 0}, "Runtime.ExitError"),
    (4, {"do": "kill"}, "Runtime.ExitError"),
    (1, {"do": "hang"}, "Sandbox.Timedout"),
    (2, {"do": "memory"}, "Runtime.ExitError"),
    (3, {"do": "fork", "file": "/dev/null"}, None),
    (1, {"do": "print", "bytes": 100_000_000}, None),
    (4, {"do": "print", "bytes": 100_000}, None),
    (4, {"do": "twice"}, None),
    (4, {"do": "other_id"}, None),
    (2, {"do": "large", "bytes": 6291557}, "Function.ResponseSizeTooLarge"),
    (4, {"do": "next"}, None),
)
WEIGHTS = [weight for weight, _, _ in KINDS]


def resident(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1)) / 1024


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def children(pid):
    return [int(child) for task in pathlib.Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]


def settled(emulator):
    until = time.monotonic() + 30
    while children(emulator.child.pid) and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(0.3)
    return children(emulator.child.pid)


def client(emulator, number, until):
    """The calls made, the throttled ones, and what was wrong."""
    chance = random.Random(f"{SEED} {number}")
    made = throttled = i = 0
    wrong = []
    connection = http.client.HTTPConnection(*emulator.address.split(":"), timeout=60)
    while time.monotonic() < until:
        _, event, expected = chance.choices(KINDS, WEIGHTS)[0]
        i += 1
        event = {**event, "client": number, "call": i}
        while True:
            connection.request("POST", "/2015-03-31/functions/probe/invocations", json.dumps(event))
            response = connection.getresponse()
            body = response.read()
            if response.status != 429:
                break
            throttled += 1
            time.sleep(0.02)
        made += 1
        answer = json.loads(body)
        error = answer.get("errorType") if isinstance(answer, dict) and response.getheader("X-Amz-Function-Error") else None
        timed_out = error == "Sandbox.Timedout" and event["do"] in ("print", "memory", "large")  # two busy cores may need longer
        if response.status != 200 or not (error == expected or timed_out) or (error is None and answer["event"] != event):
            wrong.append((event, response.status, body[:200]))
    connection.close()
    return made, throttled, wrong


def chaos():
    with Emulator("--function", f"probe={PROBE}", "--timeout", str(TIMEOUT), "--concurrency", "8", "--idle", "0.5", "-q") as emulator:
        pid = emulator.child.pid
        with concurrent.futures.ThreadPoolExecutor(12) as pool:  # once around, so that every buffer has been made
            first = list(pool.map(lambda n: client(emulator, f"first {n}", time.monotonic() + SECONDS / 4), range(12)))
        settled(emulator)
        before = resident(pid), descriptors(pid)
        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            until = time.monotonic() + SECONDS
            results = list(pool.map(lambda n: client(emulator, n, until), range(12)))
        left = settled(emulator)
        after = resident(pid), descriptors(pid)
        made, wrong = sum(r[0] for r in results), [w for r in results for w in r[2]]
        counted = json.loads(emulator.request("GET", "/_textlambda/stats")[2])["totals"]
        all_made, all_throttled = (sum(r[i] for r in first + results) for i in (0, 1))
        print(f"{made} calls in {SECONDS:g} s, {sum(r[1] for r in results)} throttled; {before[0]:.0f} MB before, {after[0]:.0f} MB after")
        check("every call has the answer that it earns", made > (1 if os.environ.get("SANITIZED") else 10) * SECONDS and not wrong, wrong[:5])
        check("the emulator has counted as many", (counted["invocations"], counted["throttled"]) == (all_made, all_throttled)
              and counted["in_flight"] == 0 and counted["environments"]["started"] == sum(counted["environments"]["ended"].values()),
              (all_made, all_throttled, counted))
        check("no process is left", not left, left)
        check("no descriptor is left", after[1] <= before[1] + 1, (before, after))
        limit = 400 if os.environ.get("SANITIZED") else 24  # a sanitizer keeps freed memory for a while
        check("memory is where it was", after[0] < before[0] + limit, (before, after))


def many_clients():
    """64 clients on 8 environments: each call is answered once, with its own payload."""
    calls = int(min(20000, 1000 * SECONDS))
    with Emulator("--function", f"probe={PROBE}", "--timeout", "20", "--concurrency", "8", "-q") as emulator:
        def one(number):
            good = 0
            connection = http.client.HTTPConnection(*emulator.address.split(":"), timeout=60)
            for i in range(calls // 64 + 1):
                payload = {"client": number, "i": i}
                while True:
                    connection.request("POST", "/2015-03-31/functions/probe/invocations", json.dumps(payload))
                    response = connection.getresponse()
                    body = response.read()
                    if response.status != 429:
                        break
                    time.sleep(0.004)
                good += json.loads(body)["event"] == payload
            connection.close()
            return good

        with concurrent.futures.ThreadPoolExecutor(64) as pool:
            good = sum(pool.map(one, range(64)))
        check(f"{64 * (calls // 64 + 1)} calls of 64 clients, each its own answer", good == 64 * (calls // 64 + 1), good)


run_parts(chaos, many_clients)
