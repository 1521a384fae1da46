#!/usr/bin/env python3
"""Runs textlambda-sagemaker as SageMaker runs a container. argv: SAGEMAKER TRAIN PREDICT"""
import concurrent.futures
import csv
import http.client
import io
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

SAGEMAKER, TRAIN, PREDICT = sys.argv[1:4]
DATA = pathlib.Path(__file__).resolve().parents[2] / "data"
failures = []
scratch = tempfile.TemporaryDirectory()


def check(name, good, detail=""):
    print(f"{'ok  ' if good else 'FAIL'} {name}", flush=True)
    if not good:
        failures.append(name)
        print("     " + str(detail)[:2000].replace("\n", "\n     "), flush=True)


class Job:
    number = 0

    def __init__(self, hyperparameters=None, channels=None):
        Job.number += 1
        self.root = pathlib.Path(scratch.name) / f"job{Job.number}"
        for name in ("input/config", "input/data", "model", "output"):
            (self.root / name).mkdir(parents=True)
        if hyperparameters is not None:
            self.config("hyperparameters", hyperparameters)
        if channels is not None:
            self.config("inputdataconfig", channels)

    def config(self, name, content):
        (self.root / f"input/config/{name}.json").write_text(json.dumps(content))

    def write(self, channel, name, content):
        path = self.root / "input/data" / channel / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    @property
    def model(self):
        return self.root / "model/model.tlm"

    def start(self):
        return subprocess.Popen([SAGEMAKER, "train", "--root", self.root], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def train(self):
        child = self.start()
        out, err = child.communicate(timeout=120)
        return child.returncode, out, err

    def failure(self):
        path = self.root / "output/failure"
        return path.read_text() if path.exists() else None


TRAINING = (DATA / "support.train.csv").read_bytes()
TEST = (DATA / "support.test.csv").read_bytes()


def metrics(out):
    return {line[1:].split(": ")[0]: float(line.split(": ")[1]) for line in out.splitlines() if line.startswith("#")}


# ---- training --------------------------------------------------------------------------------------------------------


def file_mode():
    job = Job({"seed": "3", "c": "\"4\""}, {"train": {"ContentType": "text/csv", "TrainingInputMode": "File"},
                                          "validation": {"TrainingInputMode": "File"}, "other": {}})
    job.write("train", "support.train.csv", TRAINING)
    job.write("validation", "support.test.csv", TEST)
    (job.root / "output/failure").write_text("of an earlier run")
    status, out, err = job.train()
    check("a training job in File mode", status == 0, err)
    check("no failure is left", job.failure() is None)
    alone = job.root / "alone.tlm"
    subprocess.run([TRAIN, DATA / "support.train.csv", "--seed", "3", "--c", "4", "-o", alone, "-q"], check=True)
    check("the model is that of textlambda-train, byte for byte", job.model.read_bytes() == alone.read_bytes())
    figures = metrics(out)
    check("metrics for the job's definitions",
          {"train_accuracy", "train_loss", "held_out_accuracy", "validation_accuracy"} <= set(figures), out)
    right = [label == truth["label"] for label, truth in zip(predictions(job.model), csv.DictReader(io.StringIO(TEST.decode())))]
    check("the accuracy on the validation channel is that of the predictions",
          abs(figures["validation_accuracy"] - sum(right) / len(right)) < 1e-4, figures)
    check("a channel that is not used is named", "channel other: not used" in err, err)


def predictions(model):
    done = subprocess.run([PREDICT, "--model", model, DATA / "support.test.csv"], capture_output=True, text=True, check=True)
    return [json.loads(line)["label"] for line in done.stdout.splitlines()]


def pipe_mode():
    plain = Job(None, {"train": {}})
    plain.write("train", "a.csv", TRAINING)
    plain.train()
    job = Job(None, {"train": {"TrainingInputMode": "Pipe", "RecordWrapperType": "None"}})
    os.mkfifo(job.root / "input/data/train_0")

    def feed():
        with open(job.root / "input/data/train_0", "wb") as pipe:
            for begin in range(0, len(TRAINING), 4096):
                pipe.write(TRAINING[begin:begin + 4096])
                pipe.flush()
                time.sleep(0.002)

    threading.Thread(target=feed, daemon=True).start()
    status, _, err = job.train()
    check("a training job in Pipe mode", status == 0, err)
    check("a pipe's model is the file's", job.model.read_bytes() == plain.model.read_bytes())


def blazing_text():
    rows = list(csv.DictReader(io.StringIO(TRAINING.decode())))
    lines = "".join(f"__label__{row['label']} {' '.join(row['text'].lower().split())}\n" for row in rows)
    settings = {"mode": "supervised", "epochs": "10", "min_count": "1", "learning_rate": "0.05", "vector_dim": "20",
                "early_stopping": "True", "patience": "4", "min_epochs": "5", "word_ngrams": "2"}
    job = Job(settings, {"train": {"ContentType": "text/plain"}, "validation": {"ContentType": "text/plain"}})
    job.write("train", "train.txt", lines)
    job.write("validation", "validation.txt", lines[:2000].rsplit("\n", 1)[0] + "\n")
    status, out, err = job.train()
    check("a BlazingText job", status == 0, err)
    check("BlazingText's metrics", {"train_accuracy", "validation_accuracy"} <= set(metrics(out)), out)
    check("what has no effect is said", "learning_rate" in err and "without effect" in err, err)
    manifest = Job({"mode": "supervised"}, {"train": {"ContentType": "application/jsonlines"}})
    manifest.write("train", "m.jsonl", "".join(json.dumps({"source": row["text"], "label": i % 3}) + "\n"
                                               for i, row in enumerate(rows)))
    status, _, err = manifest.train()
    check("a manifest with source and label", status == 0, err)
    return job


def failing_jobs():
    rows = [
        ("no channel", Job(), 5, "no channel \"train\""),
        ("a channel without files", Job(None, {"train": {}}), 5, "input/data/train"),
        ("an unknown hyperparameter", Job({"no_such": "1"}, {"train": {}}), 2, "no-such"),
        ("a bad value", Job({"c": "much"}, {"train": {}}), 2, "much"),
        ("not a hyperparameter", Job({"config": "/etc/passwd"}, {"train": {}}), 2, "config is no hyperparameter"),
        ("an option of the command", Job({"output": "/tmp/x"}, {"train": {}}), 2, "output"),
        ("word vectors", Job({"mode": "cbow"}, {"train": {}}), 2, "expected supervised"),
        ("settings that are no JSON", Job(), 5, "hyperparameters.json"),
    ]
    (rows[-1][1].root / "input/config/hyperparameters.json").write_text("{")
    for name, job, wanted, words in rows:
        status, out, err = job.train()
        check(f"{name}: status {wanted}", status == wanted, (status, err))
        check(f"{name}: the reason is in the failure file", words in (job.failure() or ""), (job.failure(), err))
        check(f"{name}: one line, no metric, no model",
              len(err.strip().splitlines()) == 1 and not out and not job.model.exists(), (out, err))
    missing = pathlib.Path(scratch.name) / "missing"
    subprocess.run([SAGEMAKER, "train", "--root", missing], capture_output=True)
    check("a folder that is not there is not made", not missing.exists())


def stopped():
    job = Job(None, {"train": {"TrainingInputMode": "Pipe"}})
    os.mkfifo(job.root / "input/data/train_0")
    child = job.start()
    with open(job.root / "input/data/train_0", "wb") as pipe:  # it waits for the rest
        pipe.write(TRAINING[:2000])
        pipe.flush()
        time.sleep(0.2)
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=30)
    check("SIGTERM ends a job at once", child.returncode == -signal.SIGTERM, child.returncode)
    check("and leaves no model, nor a part of one", not list((job.root / "model").iterdir()))


# ---- serving ---------------------------------------------------------------------------------------------------------


class Endpoint:
    def __init__(self, root, *arguments, **more):
        ready = pathlib.Path(scratch.name) / f"ready{time.monotonic_ns()}"
        self.child = subprocess.Popen([SAGEMAKER, "serve", "--root", root, "--host", "127.0.0.1", "--ready-file", ready,
                                       *arguments], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, **more)
        until = time.monotonic() + 30
        while not ready.exists():
            if self.child.poll() is not None or time.monotonic() > until:
                raise RuntimeError(self.child.stderr.read())
            time.sleep(0.01)
        self.address = ready.read_text().split()[1]

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        if self.child.poll() is None:
            self.child.terminate()
        self.child.wait(60)
        self.child.stderr.close()

    def request(self, method, path, body=None, content_type=None, accept=None):
        connection = http.client.HTTPConnection(*self.address.split(":"), timeout=60)
        headers = {k: v for k, v in (("Content-Type", content_type), ("Accept", accept)) if v}
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response.status, response.getheader("Content-Type"), content

    def ask(self, body, content_type, accept=None):
        return self.request("POST", "/invocations", body, content_type, accept)


def serving(job):
    texts = [row["text"] for row in csv.DictReader(io.StringIO(TEST.decode()))]
    expected = predictions(job.model)
    with Endpoint(job.root, "--port", "0") as endpoint:
        check("ping", endpoint.request("GET", "/ping") == (200, None, b""))
        check("a path that is none", endpoint.request("GET", "/")[0] == 404)
        check("a method that is none", endpoint.request("GET", "/invocations")[0] == 405)
        status, kind, body = endpoint.request("GET", "/execution-parameters")
        check("how a batch transform calls", status == 200 and json.loads(body)["BatchStrategy"] == "MULTI_RECORD", body)

        rows = io.StringIO()
        csv.writer(rows).writerows([text] for text in texts)
        status, kind, body = endpoint.ask(rows.getvalue().encode(), "text/csv")
        answers = list(csv.reader(io.StringIO(body.decode())))
        check("CSV: a row for each", [row[0] for row in answers] == expected and kind.startswith("text/csv"), body[:200])
        lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
        status, kind, body = endpoint.ask(lines.encode(), "application/jsonlines")
        check("JSON Lines: a line for each", [json.loads(line)["label"] for line in body.splitlines()] == expected)
        status, kind, body = endpoint.ask(json.dumps({"texts": texts}).encode(), "application/json")
        check("JSON: a prediction for each", [p["label"] for p in json.loads(body)["predictions"]] == expected)
        status, kind, body = endpoint.ask(json.dumps({"instances": texts, "configuration": {"k": 2}}).encode(), "application/json")
        blazing = json.loads(body)
        check("as BlazingText answers", [p["label"][0] for p in blazing] == ["__label__" + label for label in expected]
              and all(len(p["label"]) == len(p["prob"]) == 2 and p["prob"][0] >= p["prob"][1] for p in blazing), body[:300])
        status, _, body = endpoint.ask(b'{"source": "where is my parcel"}', "application/jsonlines")
        check("as BlazingText answers a line", set(json.loads(body)) == {"label", "prob"}, body)
        status, _, body = endpoint.ask(json.dumps({"text": "x", "k": 10**6}).encode(), "application/json")
        check("more labels than there are: all", len(json.loads(body)["scores"]) == 6, body)

        for name, body, kind, accept, wanted in [
                ("no media type", b"x", None, None, 415), ("another media type", b"x", "image/png", None, 415),
                ("another accepted", b"x", "text/csv", "image/png", 406), ("nothing", b"", "text/csv", None, 400),
                ("two columns", b"a,b\n", "text/csv", None, 400), ("no JSON", b"{", "application/json", None, 400),
                ("deep JSON", b"[" * 100000, "application/json", None, 400)]:
            status, _, answer = endpoint.ask(body, kind, accept)
            check(f"{name}: {wanted} with a reason", status == wanted and "error" in json.loads(answer), (status, answer[:200]))
        status, _, _ = endpoint.request("POST", "/invocations", b"x" * (101 << 20), "text/csv")
        check("more than 100 MB: 413", status == 413)

        # A large batch beside pings, each of which SageMaker waits 2 seconds for.
        batch = (lines * (20_000_000 // len(lines))).encode()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            large = [pool.submit(endpoint.ask, batch, "application/jsonlines") for _ in range(2)]
            pings = [pool.submit(endpoint.request, "GET", "/ping") for _ in range(20)]
            check("pings beside large batches", all(ping.result()[0] == 200 for ping in pings))
            check("large batches", all(answer.result()[2].count(b"\n") == batch.count(b"\n") for answer in large))
        boto3_asks(endpoint, texts, expected)

        # What is asked is answered before it ends: all of it is on its way, and takes longer to answer than to read.
        connection = http.client.HTTPConnection(*endpoint.address.split(":"), timeout=120)
        connection.request("POST", "/invocations", batch, {"Content-Type": "application/jsonlines"})
        time.sleep(0.5)
        endpoint.child.send_signal(signal.SIGTERM)
        check("SIGTERM lets an answer go out", connection.getresponse().read().count(b"\n") == batch.count(b"\n"))
        connection.close()
        check("and ends", endpoint.child.wait(60) == 0)

    # Also what has only begun to come.
    with Endpoint(job.root, "--port", "0") as endpoint, socket.create_connection(endpoint.address.split(":"), timeout=120) as half:
        body = lines.encode()
        half.sendall(b"POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: application/jsonlines\r\nContent-Length: %d\r\n\r\n"
                     % len(body) + body[:10])
        check("others are answered meanwhile", endpoint.request("GET", "/ping")[0] == 200)
        endpoint.child.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        half.sendall(body[10:])
        answer = b""
        while chunk := half.recv(65536):
            answer += chunk
        check("SIGTERM lets the rest of a request come", answer.startswith(b"HTTP/1.1 200 ") and
              b"label" in answer, answer[:300])
        check("and ends then", endpoint.child.wait(60) == 0)


def boto3_asks(endpoint, texts, expected):
    try:
        import boto3
    except ImportError:
        print("     boto3 is not here: not asked by it")
        return
    client = boto3.client("sagemaker-runtime", endpoint_url=f"http://{endpoint.address}", region_name="us-east-1",
                          aws_access_key_id="AKID", aws_secret_access_key="secret")
    answer = client.invoke_endpoint(EndpointName="tickets", ContentType="application/json", Accept="application/json",
                                    Body=json.dumps({"texts": texts}))
    got = [p["label"] for p in json.loads(answer["Body"].read())["predictions"]]
    check("boto3's sagemaker-runtime", got == expected and answer["ContentType"] == "application/json")


def starting(job):
    empty = Job()
    done = subprocess.run([SAGEMAKER, "serve", "--root", empty.root], capture_output=True, text=True, timeout=60)
    check("no model: one line, status 5", done.returncode == 5 and done.stderr.count("\n") == 1, done.stderr)
    (empty.model).write_bytes(job.model.read_bytes()[:-1])
    done = subprocess.run([SAGEMAKER, "serve", "--root", empty.root], capture_output=True, text=True, timeout=60)
    check("a model that is cut off: one line, status 5", done.returncode == 5 and done.stderr.count("\n") == 1, done.stderr)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run([SAGEMAKER, "serve", "--root", job.root, "--host", "127.0.0.1", "--port", port],
                              capture_output=True, text=True, timeout=60)
        check("a port that is taken: status 5", done.returncode == 5 and port in done.stderr, done.stderr)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    with Endpoint(job.root, env={**os.environ, "SAGEMAKER_BIND_TO_PORT": port}) as endpoint:
        check("the port that SageMaker names", endpoint.address.endswith(":" + port))
    done = subprocess.run([SAGEMAKER, "serve", "--root", job.root], capture_output=True, text=True, timeout=60,
                          env={**os.environ, "SAGEMAKER_BIND_TO_PORT": "many"})
    check("a port that is none: status 2", done.returncode == 2 and "SAGEMAKER_BIND_TO_PORT" in done.stderr, done.stderr)


def image():
    """The image's packages are those that the program's libraries come from, but for what any Debian has."""
    done = subprocess.run(["ldd", SAGEMAKER], capture_output=True, text=True)
    libraries = [os.path.realpath(line.split("=>")[1].split()[0]) for line in done.stdout.splitlines() if "=>" in line]
    try:
        owners = subprocess.run(["dpkg", "-S", *libraries], capture_output=True, text=True).stdout
    except FileNotFoundError:
        owners = ""
    needed = {line.split(":")[0] for line in owners.splitlines()} - {"libc6", "libgcc-s1", "libstdc++6"}
    if "libspdlog1.10" not in needed or any("san.so" in name for name in libraries):
        print("     not a program of Debian 12's libraries: the image is not looked at")
        return
    dockerfile = (DATA.parent / "deploy/sagemaker/Dockerfile").read_text()
    named = {word for word in dockerfile.split() if word.startswith("lib")}
    check("the image has the libraries, and no others", named == needed, (named, needed))


image()
file_mode()
pipe_mode()
blazing = blazing_text()
failing_jobs()
stopped()
serving(blazing)
starting(blazing)
print("all passed" if not failures else f"failed: {failures}")
sys.exit(1 if failures else 0)
