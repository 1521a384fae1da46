#!/usr/bin/env python3
"""bootstrap-s3 as a process: a model in S3 (the double) that another takes the place of, is damaged, or cannot be reached.

    serving_test.py FOLDER_OF_THE_COMMANDS DATA [FOLDER_OF_THE_PROGRAM [EMULATOR]]

EMULATOR runs it, where it is one for another processor.
"""
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "runtime"))
import s3_double
from certificate import certificate
from commands import COMMANDS, Started, check, folder, run_parts
from runtime_api import Process, RuntimeApi
from s3_double import S3Double

PROGRAMS = pathlib.Path(sys.argv[3]).resolve() if len(sys.argv) > 3 else COMMANDS
EMULATOR = sys.argv[4:]
POINTER = "s3://bucket/store/current"


def in_s3(double, **environment):
    return {"AWS_ACCESS_KEY_ID": s3_double.KEY, "AWS_SECRET_ACCESS_KEY": s3_double.SECRET, "AWS_REGION": double.region,
            "AWS_ENDPOINT_URL_S3": double.url, **environment}


def run(double, command, *arguments):
    done = Started(in_s3(double), command, *arguments).done()
    if done.status != 0:
        raise RuntimeError(done.text)
    return done


def retrain(double, name):
    run(double, "retrain", "--store", "s3://bucket/store", "--corpus", f"{name}.train.jsonl", "--test", f"{name}.test.jsonl", "-q")


def bootstrap(double, api, program="bootstrap-s3", **environment):
    return Process([*EMULATOR, str(PROGRAMS / program)], api.address, **{**in_s3(double), "TEXTLAMBDA_MODEL": POINTER,
                                                       "TEXTLAMBDA_METRICS": "off", **environment})


def ask(api, deadline=None):
    headers = {"Lambda_Runtime_Deadline_Ms": deadline} if deadline else {}
    return json.loads(api.invoke(json.dumps({"text": "the parcel came broken"}), **headers).body)


def soon(seconds):
    return str(int((time.time() + seconds) * 1000))


def init_error(api):
    delivery = api.delivery()
    return json.loads(delivery.body) if delivery.path.endswith("/init/error") else delivery.path


def log_of(process):
    _, out, _ = process.stop()
    return [line for line in map(json.loads, out.splitlines()) if "message" in line]


def corpora():
    """Of one text's words two labels: which model answers shows."""
    for name, label in (("first", "one"), ("second", "two")):
        for part, begin in (("train", 0), ("test", 100)):
            (folder / f"{name}.{part}.jsonl").write_text("".join(
                json.dumps({"text": f"{words} number {i}", "label": kind}) + "\n" for i in range(begin, begin + 40)
                for words, kind in (("the parcel came broken", label), ("my invoice is wrong", "other"))))


def swaps():
    with S3Double() as double, RuntimeApi() as api:
        for name in ("first", "second"):
            run(double, "train", f"{name}.train.jsonl", "-o", f"{name}.tlm", "-q")
        retrain(double, "first")
        with bootstrap(double, api, TEXTLAMBDA_MODEL_REFRESH="0") as process:
            check("the model that the pointer leads to", ask(api)["label"] == "one")
            before = len(double.asked)
            for _ in range(3):
                ask(api)
            looks = double.asked[before:]
            check("a look is one conditional GET", len(looks) == 3 and all(
                method == "GET" and path.endswith("/store/current") and headers.get("If-None-Match")
                for method, path, headers in looks), looks)
            retrain(double, "second")
            check("another takes its place", ask(api)["label"] == "two")
            run(double, "models", "s3://bucket/store", "--rollback", "-q")
            check("and is rolled back", ask(api)["label"] == "one")
            check("without being looked for again", ask(api)["label"] == "one")

            good = double.objects["bucket", "store/current"]
            for what, key, content in (("a pointer to nowhere", "store/current", s3_double.Object(
                    good.content, {"x-amz-meta-textlambda-link": "models/none.tlm"}, etag='"nowhere"')),
                    ("what is no model", "store/current", s3_double.Object(b"no model", {})),
                    ("none at all", "store/current", None)):
                double.objects["bucket", key] = content
                if content is None:
                    del double.objects["bucket", key]
                check(f"{what}: the one before goes on", [ask(api)["label"] for _ in range(2)] == ["one", "one"])
            double.objects["bucket", "store/current"] = good
            ask(api)
            log = log_of(process)
        said = [line["message"] for line in log if "the model is" in line["message"]]
        check("each change is in the log", len(said) == 2, log)
        refused = [line for line in log if line.get("errorType") == "Runtime.InvalidModel"]
        check("and what was refused, once", len(refused) == 2 and
              all("the model before goes on" in line["message"] for line in refused), refused)


def not_reached():
    with S3Double() as double:
        retrain(double, "first")
        with RuntimeApi() as api, bootstrap(double, api, TEXTLAMBDA_MODEL_REFRESH="0") as process:
            check("reached", ask(api)["label"] == "one")
            double.fail(s3_double.status(503, "SlowDown"), "GET", times=2)
            begin = time.monotonic()
            check("S3 is busy: the one before goes on", ask(api)["label"] == "one")
            before = len(double.asked)
            ask(api)
            check("and is left in peace for a while", len(double.asked) == before)
            log = log_of(process)
        with RuntimeApi() as api, bootstrap(double, api, TEXTLAMBDA_MODEL_REFRESH="0") as process:
            ask(api)
            double.fail(s3_double.hang, "GET")
            check("S3 is silent: the one before goes on", ask(api, soon(4))["label"] == "one")
            held_up = log_of(process)
        check("and a line says that, too", sum("no answer in time" in line["message"] for line in held_up) == 1, held_up)
        with RuntimeApi() as api, bootstrap(double, api, TEXTLAMBDA_MODEL_REFRESH="0") as process:
            ask(api)
            double.objects["bucket", "store/current"].etag = '"moved"'
            double.fail(s3_double.trickle(10), "GET", "/store/models/")
            check("a model that comes too slowly is not waited for", ask(api, soon(4))["label"] == "one")
            process.stop()
        check("one line says so", sum("SlowDown" in line["message"] for line in log) == 1, log)
        with RuntimeApi() as api, bootstrap(double, api) as process:
            labels, asked = [ask(api)["label"]], len(double.asked)
            labels.append(ask(api)["label"])
            check("without being told, no model is looked for", labels == ["one", "one"] and len(double.asked) == asked)
            process.stop()


def starts():
    with S3Double() as double:
        packaged = folder / "task"
        packaged.mkdir()
        (packaged / "model.tlm").write_bytes((folder / "second.tlm").read_bytes())
        with RuntimeApi() as api, bootstrap(double, api, TEXTLAMBDA_MODEL_REFRESH="0", LAMBDA_TASK_ROOT=str(packaged)) as process:
            check("until there is one, the one that came along", ask(api)["label"] == "two")
            retrain(double, "first")
            check("then the one that is there", ask(api)["label"] == "one")
            process.stop()
        with RuntimeApi() as api, bootstrap(double, api, TEXTLAMBDA_MODEL="s3://bucket/plain.tlm") as process:
            status, _, _ = process.end()
            check("no such object", status == 5 and "NoSuchKey" in init_error(api)["errorMessage"])
        double.objects["bucket", "plain.tlm"] = s3_double.Object((folder / "second.tlm").read_bytes(), {})
        with RuntimeApi() as api, bootstrap(double, api, TEXTLAMBDA_MODEL="s3://bucket/plain.tlm") as process:
            check("a model without a store", ask(api)["label"] == "two")
            process.stop()
        for name, environment, status, error_type, words in (
                ("no bucket", {"TEXTLAMBDA_MODEL": "s3://"}, 2, "Runtime.InvalidModel", "s3://"),
                ("a wrong secret", {"AWS_SECRET_ACCESS_KEY": "wrong"}, 5, "Runtime.InvalidModel", "SignatureDoesNotMatch"),
                ("no credentials", {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "HOME": "/nowhere"}, 5,
                 "Runtime.InvalidModel", "no AWS credentials")):
            with RuntimeApi() as api, bootstrap(double, api, **environment) as process:
                ended, _, _ = process.end()
                said = init_error(api)
                check(name, ended == status and said["errorType"] == error_type and words in said["errorMessage"], (ended, said))
        with RuntimeApi() as api, bootstrap(double, api, program="bootstrap") as process:
            ended, _, _ = process.end()
            said = init_error(api)
            check("the bootstrap without S3 says which has it", ended == 2 and "serve-s3" in said["errorMessage"], (ended, said))


def over_tls():
    certificate(folder, "localhost", "DNS:localhost")
    with S3Double(certificate=str(folder / "localhost.pem")) as double:
        double.objects["bucket", "plain.tlm"] = s3_double.Object((folder / "second.tlm").read_bytes(), {})
        with RuntimeApi() as api, bootstrap(double, api, TEXTLAMBDA_MODEL="s3://bucket/plain.tlm", TEXTLAMBDA_MODEL_REFRESH="0",
                                            SSL_CERT_FILE=str(folder / "localhost.crt")) as process:
            check("over TLS", [ask(api)["label"] for _ in range(3)] == ["two"] * 3)
            check("on one connection", double.connections == 1, double.connections)
            process.stop()
        with RuntimeApi() as api, bootstrap(double, api, TEXTLAMBDA_MODEL="s3://bucket/plain.tlm") as process:
            ended, _, _ = process.end()
            said = init_error(api)
            check("a certificate that nobody vouches for", ended == 5 and "not to be trusted" in said["errorMessage"], (ended, said))


run_parts(corpora, swaps, not_reached, starts, over_tls)
