#!/usr/bin/env python3
"""Answers that a function streams reach the caller as they come: stream_test.py EMULATE BOOTSTRAP MODEL

That a chunk came before the next was sent is known by a file that the function waits for, and its caller makes on having
the chunk.
"""
import base64
import http.client
import json
import os
import pathlib
import struct
import subprocess
import threading
import time
import zlib

from running import Emulator, check, folder, run_parts

STREAMER = str(pathlib.Path(__file__).with_name("streamer.py"))
number = 0


def a_file():
    global number
    number += 1
    return folder / f"gate{number}"


class Calling:
    """A request whose answer is read piece by piece."""

    def __init__(self, address, path, body, headers=None):
        self.connection = http.client.HTTPConnection(*address.split(":"), timeout=30)
        self.connection.request("POST", path, json.dumps(body), headers or {})
        self.response = self.connection.getresponse()
        self.rest = b""

    def more(self):
        piece = self.response.read1(1 << 20)
        self.rest += piece
        return piece

    def until(self, text):
        while text not in self.rest:
            if not self.more():
                raise RuntimeError(f"ended at {self.rest[-200:]!r}")

    def events(self):
        """The messages of the event stream to its end: (type, payload); what is left over has to be nothing."""
        while self.more():
            pass
        found, at = [], 0
        while at < len(self.rest):
            total, header_size, prelude_sum = struct.unpack_from(">III", self.rest, at)
            message = self.rest[at:at + total]
            if zlib.crc32(message[:8]) != prelude_sum or zlib.crc32(message[:-4]) != struct.unpack(">I", message[-4:])[0]:
                raise RuntimeError("a wrong sum")
            headers, where = {}, 12
            while where < 12 + header_size:
                name = message[where + 1:where + 1 + message[where]].decode()
                where += 1 + message[where] + 1
                size, = struct.unpack_from(">H", message, where)
                headers[name] = message[where + 2:where + 2 + size].decode()
                where += 2 + size
            found.append((headers[":event-type"], message[12 + header_size:-4]))
            at += total
        return found


def streamed(emulator, event, **headers):
    return Calling(emulator.address, "/2021-11-15/functions/streamer/response-streaming-invocations", event,
                   {k.replace("_", "-"): v for k, v in headers.items()})


def memory_of(pid):
    return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


def text_of(events):
    return b"".join(payload for kind, payload in events if kind == "PayloadChunk")


def hosted(*arguments, timeout="20"):
    return Emulator("--function", f"streamer={STREAMER}", "--timeout", timeout, *arguments)


def invoke_api():
    with hosted(timeout="3") as emulator:
        gate = a_file()
        call = streamed(emulator, {"type": "text/plain", "chunks": ["first", {"wait": str(gate)}, "second", {"sleep": 0.05}, "third"]},
                        X_Amz_Log_Type="Tail")
        call.until(b"first")
        check("the first chunk comes before the second is sent", b"second" not in call.rest
              and call.response.getheader("Content-Type") == "application/vnd.amazon.eventstream"
              and call.response.getheader("X-Amzn-Remapped-Content-Type") == "text/plain", call.rest)
        gate.touch()
        events = call.events()
        complete = json.loads(events[-1][1])
        check("then the others, and what became of it", text_of(events) == b"firstsecondthird" and len(events) >= 3
              and events[-1][0] == "InvokeComplete" and set(complete) == {"LogResult"}
              and "REPORT RequestId: " in base64.b64decode(complete["LogResult"]).decode(), events)
        events = streamed(emulator, {"chunks": []}).events()
        check("nothing at all", [kind for kind, _ in events] == ["InvokeComplete"] and events[0][1] == b"{}", events)
        events = streamed(emulator, {"whole": True}).events()
        check("an answer that is whole", text_of(events) == b'{"whole": true}' and events[-1] == ("InvokeComplete", b"{}"), events)
        told = {"errorType": "Torn", "errorMessage": "midway", "trace": []}
        trailers = {"Lambda-Runtime-Function-Error-Type": "Torn",
                    "Lambda-Runtime-Function-Error-Body": base64.b64encode(json.dumps(told).encode()).decode()}
        events = streamed(emulator, {"chunks": ["some"], "trailers": trailers}).events()
        complete = json.loads(events[-1][1])
        check("an error midway", text_of(events) == b"some" and complete["ErrorCode"] == "Torn"
              and json.loads(complete["ErrorDetails"]) == told, events)
        for what, wanted in (("exit", "Runtime.ExitError"), ("close", "Runtime.TruncatedResponse"), ("hang", "Sandbox.Timedout")):
            events = streamed(emulator, {"chunks": ["some", {"do": what}]}).events()
            check(f"midway: {what}", text_of(events) == b"some" and json.loads(events[-1][1])["ErrorCode"] == wanted, events)
        events = streamed(emulator, {"chunks": ["again"]}).events()
        check("and it goes on", text_of(events) == b"again", events)
        # Whole for who does not take it as it comes.
        status, headers, body = emulator.invoke({"chunks": ["one ", "two"]}, "streamer")
        check("whole over Invoke", (status, body) == (200, b"one two") and "x-amz-function-error" not in headers, body)
        status, headers, body = emulator.invoke({"chunks": ["some"], "trailers": trailers}, "streamer")
        check("whole, and an error midway", headers["x-amz-function-error"] == "Unhandled" and json.loads(body) == told, body)
        refused = Calling(emulator.address, "/2021-11-15/functions/nobody/response-streaming-invocations", {})
        check("no such function", refused.response.status == 404, refused.response.status)


def pressure():
    """Who reads nothing holds the function, and nothing but a little is kept meanwhile."""
    with hosted("--concurrency", "2", "--idle", "600") as emulator:
        streamed(emulator, {"chunks": [{"bytes": 4 << 20}]}).events()
        before = memory_of(emulator.child.pid)
        limit = (400 if os.environ.get("SANITIZED") else 24) << 20  # a sanitizer keeps freed memory for a while
        progress = a_file()
        call = streamed(emulator, {"chunks": [{"bytes": 50 << 20}], "progress": str(progress)})
        written, steady = -1, 0
        while steady < 5:
            time.sleep(0.1)
            now = int(progress.read_text() or 0) if progress.exists() else 0
            steady = steady + 1 if now == written and now > 0 else 0
            written = now
        check("the function waits for its reader", written < 30 << 20, written)
        check("and little is kept", memory_of(emulator.child.pid) - before < limit, (before, memory_of(emulator.child.pid)))
        total = 0
        while True:
            piece = call.response.read(1 << 20)
            if not piece:
                break
            total += len(piece)
        check("and all of it comes", total > 50 << 20, total)
        check("with no more memory", memory_of(emulator.child.pid) - before < limit, (before, memory_of(emulator.child.pid)))
        # A caller who leaves does not hold it.
        gate = a_file()
        call = streamed(emulator, {"chunks": ["first", {"bytes": 30 << 20}, {"wait": str(gate)}, "last"]})
        call.until(b"first")
        call.response.close()
        call.connection.close()
        gate.touch()
        until = time.monotonic() + 15
        while emulator.log().count("answered 202") < 3 and time.monotonic() < until:
            time.sleep(0.02)
        check("its caller left, and it came to its end", emulator.log().count("answered 202") == 3, emulator.log()[-800:])
        events = streamed(emulator, {"chunks": ["again"]}).events()
        check("and the next is served", text_of(events) == b"again", events)
        # 200 MB is the most.
        call = streamed(emulator, {"chunks": [{"bytes": (200 << 20) + 1}]})
        total, tail = 0, b""
        while True:
            piece = call.response.read1(1 << 20)
            if not piece:
                break
            total += len(piece)
            tail = (tail + piece)[-400:]
        check("200 MB and no more", total > 195 << 20 and b"Function.ResponseSizeTooLarge" in tail, (total, tail))


def url_of(emulator, mode):
    name = "streamer"
    path = f"/2021-10-31/functions/{name}/url"
    emulator.request("DELETE", path)
    status, _, body = emulator.request("POST", path, json.dumps({"AuthType": "NONE", "InvokeMode": mode}))
    assert status == 201, body
    return json.loads(body)["FunctionUrl"]


def function_url():
    with hosted(timeout="3") as emulator:
        url = url_of(emulator, "RESPONSE_STREAM")
        address = url.removeprefix("http://").rstrip("/")
        gate = a_file()
        metadata = {"statusCode": 201, "headers": {"Content-Type": "text/plain", "X-Mine": "yes"}, "cookies": ["a=1", "b=2"]}
        call = Calling(address, "/", {"metadata": metadata, "chunks": ["first", {"wait": str(gate)}, "second"]})
        call.until(b"first")
        response = call.response
        check("status and headers, and the first chunk before the second is sent", response.status == 201
              and response.getheader("X-Mine") == "yes" and response.getheader("Content-Type") == "text/plain"
              and response.headers.get_all("Set-Cookie") == ["a=1", "b=2"] and call.rest == b"first", (response.getheaders(), call.rest))
        gate.touch()
        while call.more():
            pass
        check("then the second", call.rest == b"firstsecond", call.rest)
        call = Calling(address, "/", {"type": "text/event-stream", "chunks": ["data: 1\n\n"]})
        call.until(b"data: 1\n\n")
        check("without metadata", call.response.status == 200 and call.response.getheader("Content-Type") == "text/event-stream")
        gate = a_file()
        client = subprocess.Popen(["curl", "-sN", "-i", "-d", json.dumps({"type": "text/plain", "chunks": ["one\n", {"wait": str(gate)}, "two\n"]}), url],
                                  stdout=subprocess.PIPE)
        seen = b""
        while b"one\n" not in seen:
            seen += client.stdout.read1(65536)
        check("curl has the first before the second is sent", b"two" not in seen and b"chunked" in seen.lower(), seen)
        gate.touch()
        rest = client.stdout.read()
        check("and then the second", rest == b"two\n" and client.wait() == 0, (rest, client.returncode))
        for what in ("exit", "hang"):
            call = Calling(address, "/", {"type": "text/plain", "chunks": ["some", {"do": what}]})
            try:
                while call.more():
                    pass
                cut = False
            except http.client.IncompleteRead:
                cut = True
            except (ConnectionError, http.client.HTTPException):
                cut = True
            check(f"an answer that breaks off is no whole one: {what}", cut and call.rest == b"some", call.rest)
        for event in ({"metadata": "{no JSON", "chunks": ["x"]}, {"metadata": {"statusCode": 99}, "chunks": ["x"]},
                      {"metadata": {"headers": {"X-Amzn-Remapped-Date": "1"}}, "chunks": ["x"]}):
            call = Calling(address, "/", event)
            check(f"metadata that is none: {event['metadata']}", call.response.status in (500, 502), call.response.status)
        call = Calling(address, "/", {"metadata": {"statusCode": 204}, "chunks": []})
        check("no body", call.response.status == 204 and not call.more())
        call = Calling(address, "/", {"whole": True, "statusCode": 418})
        check("what is not streamed is not interpreted", call.response.status == 200
              and json.loads(call.response.read()) == {"whole": True, "statusCode": 418})
        one_zero = subprocess.run(["curl", "-sN", "-0", "-d", json.dumps({"chunks": ["a", "b"]}), url], capture_output=True)
        check("HTTP/1.0 has no chunks", (one_zero.returncode, one_zero.stdout) == (0, b"ab"), one_zero)
        connection = http.client.HTTPConnection(*address.split(":"), timeout=30)
        for _ in range(2):
            connection.request("HEAD", "/", json.dumps({"chunks": ["a"]}), {"Content-Type": "application/json"})
            response = connection.getresponse()
            check("HEAD has no body", response.status == 200 and not response.read(), response.getheaders())
        # BUFFERED: whole.
        url = url_of(emulator, "BUFFERED")
        call = Calling(url.removeprefix("http://").rstrip("/"), "/", {"metadata": metadata, "chunks": ["first", "second"]})
        check("buffered: whole", call.response.status == 201 and call.response.getheader("Content-Length") == "11"
              and call.response.read() == b"firstsecond", call.response.getheaders())


def together():
    """Several at a time, some of which nobody reads for a while."""
    with hosted("--concurrency", "8") as emulator:
        wrong = []

        def one(n):
            for i in range(6):
                size = (n * 7919 + i * 104729) % 3_000_000
                call = streamed(emulator, {"chunks": [f"{n} {i} ", {"bytes": size}]})
                if (n + i) % 3 == 0:
                    time.sleep(0.05)
                events = call.events()
                if text_of(events) != f"{n} {i} ".encode() + b"s" * size or events[-1] != ("InvokeComplete", b"{}"):
                    wrong.append((n, i))

        threads = [threading.Thread(target=one, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        check("eight callers at a time", not wrong, wrong)
        stats = json.loads(emulator.request("GET", "/_textlambda/stats")[2])
        check("all are counted", stats["totals"]["invocations"] == 48 and stats["totals"]["succeeded"] == 48, stats["totals"])


run_parts(invoke_api, pressure, function_url, together)
