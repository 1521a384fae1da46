#!/usr/bin/env python3
"""textlambda-conform against textlambda-emulate: conform_test.py EMULATE CONFORM PROBE

Python's standard library alone, and openssl for a certificate. KNOWN names the rows that do not pass yet, each with why:
a row that passes has to leave the list, one that fails has to be looked at.
"""
import http.client
import http.server
import json
import os
import pathlib
import shutil
import signal
import ssl
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "emulator"))
from running import Emulator, check, folder, run_parts  # noqa: E402

CONFORM, PROBE = (str(pathlib.Path(path).resolve()) for path in sys.argv[2:4])
SANITIZED = bool(os.environ.get("SANITIZED"))
CONCURRENCY = "4"
# Rows of today's emulator that fail.
KNOWN = {}
MANAGED = ("functions.", "versions.", "faces.")
KNOWN_MANAGED = set()



def hosted(*arguments):
    # Sanitizers need memory of their own, and time to fill it: a timeout must not come before the end that the memory's
    # row waits for.
    limits = ("--memory", "256", "--timeout", "6", "--env", "ASAN_OPTIONS=quarantine_size_mb=8") if SANITIZED else ("--memory", "128")
    return Emulator("-q", "--function", f"probe={PROBE}", "--concurrency", CONCURRENCY, "--time-scale", "0.01", *limits, *arguments)


def conform(*arguments, **environment):
    return subprocess.run([CONFORM, *map(str, arguments)], cwd=folder, capture_output=True, text=True, timeout=500,
                          env={**os.environ, **environment})


def the_whole_of_it():
    queue = folder / "queue.jsonl"
    queue.touch()
    arn = "arn:aws:sqs:us-east-1:012345678912:queue"
    with hosted("--queue", f"{arn}={queue},visibility=200") as emulator:
        mapping = {"FunctionName": "probe", "EventSourceArn": arn, "FunctionResponseTypes": ["ReportBatchItemFailures"]}
        status, _, body = emulator.request("POST", "/2015-03-31/event-source-mappings/", json.dumps(mapping))
        check("the probe has a queue", status == 202, body)
        endpoint = ("--endpoint", f"http://{emulator.address}", "--function", "probe", "--concurrency", CONCURRENCY, "--timeout", "20")
        done = conform(*endpoint, "--json", "--deploy", "--queue", arn, "--feed", f"{{ cat; echo; }} >> {queue}",
                       "--report", "html=card.html", "--report", "junit=card.xml", "--report", "json=card.json")
        card = json.loads(done.stdout)
        rows = {row["id"]: row for row in card["rows"]}
        told = {name: (row["verdict"], row.get("got") or row.get("reason"), row.get("expected")) for name, row in rows.items() if row["verdict"] != "pass"}
        unmanaged = {name for name in told if not name.startswith(MANAGED)}
        unforeseen = {name: told[name] for name in unmanaged ^ set(KNOWN) if name in told}
        check("the rows that do not pass are the known ones", not unforeseen, json.dumps(unforeseen, indent=1, ensure_ascii=False))
        check("no known one has begun to pass", not set(KNOWN) - set(told), set(KNOWN) - set(told))
        managed = {name for name in told if name.startswith(MANAGED) and told[name][0] == "fail"}
        check("function management likewise", managed == KNOWN_MANAGED, {name: told[name] for name in managed ^ KNOWN_MANAGED if name in told})
        check("the status says that all pass", done.returncode == 0 and card["passed"] is True and done.stderr == "", done)
        check("the sums are those of the rows", card["counts"]["rows"] == len(rows) > 150
              and card["counts"]["pass"] + card["counts"]["fail"] + card["counts"]["skipped"] + card["counts"]["not_applicable"] == len(rows), card["counts"])
        suite = xml.etree.ElementTree.parse(folder / "card.xml").getroot()
        check("reports", int(suite.get("failures")) == card["counts"]["fail"] and json.loads((folder / "card.json").read_text())["counts"] == card["counts"]
              and "crashes.exit_127" in (folder / "card.html").read_text(), suite.attrib)

        done = conform(*endpoint, "--only", "http", "runtime")
        lines = done.stdout.splitlines()
        check("for people", done.returncode == 0 and lines[0] == "http" and lines[1].startswith("  PASS  http.keep_alive ")
              and lines[-1] == f"{sum(name.startswith(('http.', 'runtime.')) for name in rows)} rows: 18 passed, 0 failed, 0 skipped", done)


def refusals():
    with hosted() as emulator:
        url = f"http://{emulator.address}"
        for what, done, status, word in (
                ("no such function", conform("--endpoint", url, "--function", "other"), 5, "other is not the probe: 404 ResourceNotFoundException"),
                ("nothing to ask", conform("--endpoint", url), 2, "--function NAME is required, or --deploy"),
                ("no endpoint", conform("--function", "probe"), 2, "--endpoint URL is required"),
                ("no such group", conform("--endpoint", url, "--function", "probe", "--only", "wire"), 2, "--only wire: expected one of invoke, streaming, http"),
                ("no such report", conform("--endpoint", url, "--function", "probe", "--report", "xml=x"), 2, "expected KIND=PATH, KIND one of json"),
                ("no seconds", conform("--endpoint", url, "--function", "probe", "--timeout", "0"), 2, "--timeout 0: expected seconds"),
                ("TLS where there is none", conform("--endpoint", f"https://{emulator.address}", "--function", "probe"), 5, "TLS: "),
                ("no probe to deploy", conform("--endpoint", url, "--deploy", "--probe", "none"), 5, "none: ")):
            check(what, done.returncode == status and word in done.stderr and done.stderr.count("\n") <= 1, done)
    with hosted("--access-key", "AKID:SECRET", "--require-sigv4") as emulator:
        refused = conform("--endpoint", f"http://{emulator.address}", "--deploy", "--only", "http", "functions")
        check("a deployment that is refused", refused.returncode == 1 and "MissingAuthenticationToken" in refused.stdout, refused)
        os.environ.update(AWS_ACCESS_KEY_ID="AKID", AWS_SECRET_ACCESS_KEY="SECRET")
        signed = conform("--endpoint", f"http://{emulator.address}", "--deploy", "--only", "http", "functions")
        del os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
        check("and one that is signed", signed.returncode == 0 and " 0 failed" in signed.stdout, signed)
    done = conform("--endpoint", url, "--function", "probe")
    check("nobody there", done.returncode == 5 and "cannot connect" in done.stderr, done)


class Proxy(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    address = ""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        connection = http.client.HTTPConnection(*self.address.split(":"), timeout=30)
        connection.request("POST", self.path, body, {name: value for name, value in self.headers.items() if name.lower().startswith("x-amz")})
        response = connection.getresponse()
        answer = response.read()
        self.send_response(response.status)
        for name, value in response.getheaders():
            if name.lower() not in ("content-length", "connection"):
                self.send_header(name, value)
        if response.status != 204:
            self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments):
        pass


def over_tls():
    if shutil.which("openssl") is None:
        print("no openssl: TLS is left out")
        return
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "certificate.pem", "-days", "2",
                    "-subj", "/CN=textlambda", "-addext", "subjectAltName=IP:127.0.0.1"], cwd=folder, check=True, capture_output=True)
    with hosted() as emulator:
        Proxy.address = emulator.address
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        arguments = ("--function", "probe", "--only", "environment", "--timeout", "20")
        done = conform("--endpoint", f"https://127.0.0.1:{port}", *arguments, SSL_CERT_FILE=str(folder / "certificate.pem"))
        check("over TLS", done.returncode == 0, done)
        done = conform("--endpoint", f"https://127.0.0.1:{port}", *arguments)
        check("a certificate that nobody vouches for", done.returncode == 5 and "certificate is not to be trusted" in done.stderr, done)
        done = conform("--endpoint", f"https://localhost:{port}", *arguments, SSL_CERT_FILE=str(folder / "certificate.pem"))
        check("a certificate of another name", done.returncode == 5 and "certificate is not to be trusted" in done.stderr, done)
        server.shutdown()


def an_interrupt():
    with hosted() as emulator:
        child = subprocess.Popen([CONFORM, "--endpoint", f"http://{emulator.address}", "--function", "probe"], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True)
        child.stdout.readline()
        child.send_signal(signal.SIGINT)
        _, told = child.communicate(timeout=60)
        check("an interrupt ends it in order", child.returncode == 5 and "interrupted; what was made is deleted" in told, (child.returncode, told))


run_parts(the_whole_of_it, refusals, over_tls, an_interrupt)
