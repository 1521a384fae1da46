#!/usr/bin/env python3
"""The library's S3 (s3_client) against the double, with boto3 as the other client of the same objects, and against servers
that are busy, break off, damage, or send elsewhere. S3_CLIENT with either library for TLS.

    s3_test.py S3_CLIENT
"""
import base64
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile

import boto3
from botocore.config import Config

import s3_double
from certificate import certificate, signed
from s3_double import S3Double

failures = []
LARGE, PARTS = (20 << 20) + 7, 3  # in parts of 8 MiB


def check(name, good, detail=""):
    print(f"{'ok  ' if good else 'FAIL'} {name}", flush=True)
    if not good:
        failures.append(name)
        print("     " + str(detail)[:1500], flush=True)


class Client:
    def __init__(self, double, region="eu-central-1", **environment):
        self.child = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            "HOME": "/nowhere", "AWS_ACCESS_KEY_ID": s3_double.KEY, "AWS_SECRET_ACCESS_KEY": s3_double.SECRET,
            "AWS_REGION": region, "AWS_ENDPOINT_URL_S3": double.url, **environment})

    def __call__(self, what, name, **fields):
        self.child.stdin.write(json.dumps({"do": what, "name": name, **fields}).encode() + b"\n")
        self.child.stdin.flush()
        return json.loads(self.child.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.child.stdin.close()
        self.child.wait(20)


def boto(double):
    return boto3.client("s3", endpoint_url=double.url, region_name=double.region, aws_access_key_id=s3_double.KEY,
                        aws_secret_access_key=s3_double.SECRET, config=Config(s3={"addressing_style": "path"}))


def pattern(count):
    return (bytes(range(251)) * (count // 251 + 1))[:count]


def is_content(answer, content):
    return answer.get("sha256") == hashlib.sha256(content).hexdigest()


def content_of(answer):
    return base64.b64decode(answer.get("base64", ""))


AWKWARD = ["plain.txt", "a b+c/ü&=?.txt", "x//y", "z%20z%2Fz", "~-_.'()*!", "退货/k", "./dot/../dots", "semi;colon,comma",
           "quote\"<>&amp;", "back\\slash", "tab\tkey", "$@:#[]{}|^`"]


def objects():
    with S3Double(page=3) as double, Client(double) as ours:
        other = boto(double)
        for key in AWKWARD:
            put = ours("put", f"s3://bucket/{key}", base64=base64.b64encode(key.encode()).decode())
            read = other.get_object(Bucket="bucket", Key=key)
            check(f"{key!r} put by us, read by boto3", read["Body"].read() == key.encode() and put["etag"] == read["ETag"], put)
            other.put_object(Bucket="bucket", Key=key, Body=b"by boto3 " + key.encode())
            got = ours("get", f"s3://bucket/{key}")
            check(f"{key!r} put by boto3, read by us", content_of(got) == b"by boto3 " + key.encode(), got)
        listed = [key for key, *_ in ours("list", "s3://bucket/")["keys"]]
        check("listed in pages, in order", listed == sorted(AWKWARD), listed)
        theirs = {o["Key"]: [o["Size"], o["ETag"]] for o in other.list_objects_v2(Bucket="bucket")["Contents"]}
        mine = {key: [size, etag] for key, size, etag, dated in ours("list", "s3://bucket/")["keys"] if dated}
        first = dict(list(theirs.items())[:3])
        check("sizes and ETags as boto3 lists them", all(mine[key] == value for key, value in first.items()), (mine, theirs))
        check("listed below a prefix", [k for k, *_ in ours("list", "s3://bucket/z%")["keys"]] == ["z%20z%2Fz"])
        head = ours("head", "s3://bucket/plain.txt")["object"]
        check("head", head["bytes"] == 18, head)
        check("head of nothing", ours("head", "s3://bucket/none")["object"] is None)
        ours("remove", "s3://bucket/plain.txt")
        check("removed", ours("head", "s3://bucket/plain.txt")["object"] is None)
        check("removed twice", "error" not in ours("remove", "s3://bucket/plain.txt"))
        none = ours("get", "s3://bucket/plain.txt")
        check("what is not there is told in S3's words", none["error"] == "s3://bucket/plain.txt: NoSuchKey: The specified "
              "key does not exist. (status 404, request 7A62C49F347D9ABC)", none)
        gone = ours("list", "s3://missing/x")
        check("a bucket that is not there", "s3://missing/x: NoSuchBucket: " in gone.get("error", ""), gone)
        empty = ours("put", "s3://bucket/empty", base64="")
        check("an empty object", content_of(ours("get", "s3://bucket/empty")) == b"" and empty["etag"], empty)
        check("one connection for all of it", double.connections <= 1 + 2, double.connections)  # and boto3's


def ranges_and_conditions():
    with S3Double() as double, Client(double) as ours:
        first = ours("put", "s3://bucket/key", bytes=1000)
        got = ours("get", "s3://bucket/key", range=[100, 50])
        check("a range", content_of(got) == pattern(1000)[100:150], got)
        same = ours("get", "s3://bucket/key", if_none_match=first["etag"])
        check("not if it is the same still", same["object"] is None and not content_of(same), same)
        check("if it is another", content_of(ours("get", "s3://bucket/key", if_none_match='"x"')) == pattern(1000))
        check("not if there is one", ours("put", "s3://bucket/key", bytes=10, if_absent=True)["etag"] is None)
        check("if there is none", ours("put", "s3://bucket/new", bytes=10, if_absent=True)["etag"])
        second = ours("put", "s3://bucket/key", bytes=20, if_match=first["etag"])
        check("if it is the one", second["etag"], second)
        late = ours("put", "s3://bucket/key", bytes=30, if_match=first["etag"])
        check("not if it is another by now", late["etag"] is None and len(double.objects["bucket", "key"].content) == 20, late)
        check("not if it is gone", ours("put", "s3://bucket/gone", bytes=1, if_match=first["etag"])["etag"] is None)
        linked = ours("put", "s3://bucket/link", bytes=3, link="models/x")
        check("a link is kept beside it", ours("head", "s3://bucket/link")["object"]["link"] == "models/x", linked)


def parts():
    size = LARGE
    with S3Double() as double, Client(double) as ours:
        put = ours("put", "s3://bucket/large", bytes=size, link="l")
        stored = double.objects["bucket", "large"]
        check("put in parts", put.get("etag", "").endswith(f'-{PARTS}"') and stored.content == pattern(size) and not double.uploads, put)
        check("its metadata too", stored.metadata == {"x-amz-meta-textlambda-link": "l"}, stored.metadata)
        check("read by boto3", boto(double).get_object(Bucket="bucket", Key="large")["Body"].read() == pattern(size))
        check("read by us", is_content(ours("get", "s3://bucket/large"), pattern(size)))
        check("in parts, not if there is one", ours("put", "s3://bucket/large", bytes=size, if_absent=True)["etag"] is None
              and not double.uploads)
        double.fail(s3_double.status(503, "SlowDown"), "PUT", "partNumber=2", times=2)
        again = ours("put", "s3://bucket/again", bytes=size)
        check("a part that is refused is sent again", again.get("etag") and again["slept"] == [500, 1000], again)
        double.fail(s3_double.status(403, "AccessDenied"), "PUT", f"partNumber={PARTS}")
        refused = ours("put", "s3://bucket/refused", bytes=size)
        check("an upload that fails is taken back", "AccessDenied" in refused.get("error", "") and not double.uploads, refused)

        for options in ({}, {"if_absent": True}):
            key = f"lost{len(options)}"
            double.fail(s3_double.lose_answer, "POST", "uploadId")
            lost = ours("put", f"s3://bucket/{key}", bytes=size, **options)
            check("an upload that was finished, and the answer lost", lost.get("etag") == double.objects["bucket", key].etag, lost)

        def abandoned(handler, body):
            handler.server.uploads.clear()
            return s3_double.hang_up(handler, body)
        double.fail(abandoned, "POST", "uploadId")
        gone = ours("put", "s3://bucket/large", bytes=size + 1)
        check("one that somebody took away is an error", "NoSuchUpload" in gone.get("error", "") and
              double.objects["bucket", "large"].content == pattern(size), gone)

        def half_done(handler, body):
            handler.reply(200, {}, b"<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message>"
                          b"</Error>")
            return True
        double.fail(half_done, "POST", "uploadId")
        failed = ours("put", "s3://bucket/half", bytes=size)
        check("status 200 with an error in it is an error", "InternalError" in failed.get("error", "") and
              ("bucket", "half") not in double.objects and not double.uploads, failed)


def trouble():
    with S3Double() as double, Client(double) as ours:
        content = random.Random(1).randbytes(300000)
        boto(double).put_object(Bucket="bucket", Key="key", Body=content)
        double.fail(s3_double.status(503, "SlowDown"), "GET", times=3)
        got = ours("get", "s3://bucket/key")
        check("a busy server is asked again, ever later", is_content(got, content) and got["slept"] == [500, 1000, 2000], got)
        double.fail(s3_double.status(500), "GET", times=9)
        busy = ours("get", "s3://bucket/key")
        check("and not for ever", "InternalError: Please try again. (status 500, request" in busy.get("error", "") and
              len(busy["slept"]) == 4, busy)
        double.faults.clear()
        double.fail(s3_double.status(409, "ConditionalRequestConflict"), "PUT", times=2)
        met = ours("put", "s3://bucket/contended", bytes=9, if_absent=True)
        check("of a conflict nothing is known: it is sent again", met.get("etag") == double.objects["bucket", "contended"].etag and
              met["slept"] == [500, 1000], met)
        for key in ("lost", "lost"):
            double.fail(s3_double.lose_answer, "PUT")
            lost = ours("put", f"s3://bucket/{key}", bytes=9, if_absent=True)
            check("written, and the answer lost", lost.get("etag") == double.objects["bucket", key].etag, lost)
            del double.objects["bucket", key]
        double.objects["bucket", "other"] = s3_double.Object(b"another's", {})
        double.fail(s3_double.hang_up, "PUT")
        there = ours("put", "s3://bucket/other", bytes=9, if_absent=True)
        check("another's is there", there["etag"] is None and double.objects["bucket", "other"].content == b"another's", there)
        double.fail(s3_double.hang_up, "GET")
        check("a connection that is cut", is_content(ours("get", "s3://bucket/key"), content))
        double.asked.clear()
        double.fail(s3_double.break_behind(100000), "GET", times=2)
        got = ours("get", "s3://bucket/key")
        ranges = [headers.get("Range") for _, _, headers in double.asked]
        check("a download goes on where it broke", is_content(got, content) and ranges[0] is None and
              ranges[1].startswith("bytes=") and len(ranges) == 3, (ranges, got.get("error")))

        def replaced(handler, body):
            s3_double.break_behind(1000)(handler, body)
            double.objects["bucket", "key"] = s3_double.Object(b"another", {})
            return True
        double.fail(replaced, "GET")
        torn = ours("get", "s3://bucket/key")
        check("never half of one and half of another", "was replaced while it was read" in torn.get("error", ""), torn)
        boto(double).put_object(Bucket="bucket", Key="key", Body=content)
        double.fail(s3_double.damage, "GET")
        damaged = ours("get", "s3://bucket/key")
        check("damage is found by the checksum", "is damaged: its CRC32 is another" in damaged.get("error", ""), damaged)
        ours("put", "s3://bucket/ours", bytes=50)
        double.fail(s3_double.damage, "GET")
        damaged = ours("get", "s3://bucket/ours")
        check("of our own by SHA-256", "is damaged: its SHA-256 is another" in damaged.get("error", ""), damaged)

        def silent_length(handler, body):
            handler.reply(200, {"Content-Length": "10"}, b"0123456789")
            return True
        double.fail(silent_length, "GET")
        check("without checksums the length has to do", content_of(ours("get", "s3://bucket/key")) == b"0123456789")


def elsewhere():
    with S3Double(region="ap-southeast-2") as double, Client(double, region="eu-central-1") as ours:
        put = ours("put", "s3://bucket/key", bytes=5)
        check("the bucket's own region is taken", put.get("etag") and
              "ap-southeast-2" in double.asked[-1][2]["Authorization"], put)
        double.asked.clear()
        check("and remembered", ours("head", "s3://bucket/key")["object"] and len(double.asked) == 1, double.asked)
    with S3Double() as double, Client(double) as ours:
        double.fail(s3_double.elsewhere("us-west-2"), times=2)
        sent = ours("get", "s3://bucket/key")
        check("a redirect that leads nowhere names the region", "s3://bucket/key: AuthorizationHeaderMalformed" in
              sent.get("error", "") or "the bucket is in the region" in sent.get("error", ""), sent)


def who_asks():
    with S3Double() as double:
        with Client(double, AWS_SECRET_ACCESS_KEY="wrong") as ours:
            wrong = ours("head", "s3://bucket/key")
            check("a wrong secret", "Forbidden (status 403" in wrong.get("error", ""), wrong)
            wrong = ours("get", "s3://bucket/key")
            check("and in S3's words", "SignatureDoesNotMatch: The request signature" in wrong.get("error", ""), wrong)
        with Client(double, AWS_SESSION_TOKEN="old") as ours:
            expired = ours("get", "s3://bucket/key")
            check("an expired token", "s3://bucket/key: ExpiredToken: The provided token has expired." in
                  expired.get("error", "") and not expired["slept"], expired)
        with Client(double, AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="") as ours:
            check("nobody", "no AWS credentials" in ours("get", "s3://bucket/key").get("error", ""))
        double.keys["TEMPORARY"] = ("S", "token/+=")
        with Client(double, AWS_ACCESS_KEY_ID="TEMPORARY", AWS_SECRET_ACCESS_KEY="S", AWS_SESSION_TOKEN="token/+=") as ours:
            check("a token that is good", ours("put", "s3://bucket/key", bytes=1).get("etag"))


def chains(folder):
    """Certificates that an authority has signed, as most are."""
    certificate(folder, "authority", "DNS:authority", "basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign")
    certificate(folder, "no-authority", "DNS:no-authority", "basicConstraints=critical,CA:FALSE")
    for name, by, is_good, extensions, days in (
            ("good", "authority", True, (), "2"), ("for servers", "authority", True, ("extendedKeyUsage=serverAuth",), "2"),
            ("for clients", "authority", False, ("extendedKeyUsage=clientAuth",), "2"),
            ("for lists", "authority", False, ("keyUsage=critical,cRLSign",), "2"), ("expired", "authority", False, (), "-1"),
            ("by nobody", "no-authority", False, (), "2")):
        signed(folder, name.replace(" ", "-"), by, days, "subjectAltName=DNS:localhost", *extensions)
        with S3Double(certificate=f"{folder}/{name.replace(' ', '-')}.pem") as double:
            with Client(double, AWS_CA_BUNDLE=f"{folder}/{by}.crt") as ours:
                put = ours("put", "s3://bucket/key", bytes=1)
                # One for lists is none that a server picks for itself, where it knows what the client can do.
                check(f"a certificate that is signed, {name}: {'good' if is_good else 'refused'}", put.get("etag") if is_good else
                      "TLS: " in put.get("error", "") and (name == "for lists" or "not to be trusted: " in put["error"] and
                                                           not put["slept"]), put)


def certificates():
    with tempfile.TemporaryDirectory() as folder:
        for name, alternative in (("localhost", "DNS:localhost"), ("example.com", "DNS:example.com"),
                                  ("wildcard", "DNS:*.localhost"), ("address", "DNS:example.com,IP:127.0.0.1"),
                                  ("other-address", "IP:127.0.0.2,IP:::1"), ("spelt", "DNS:127.0.0.1")):
            certificate(folder, name, alternative)
        with S3Double(certificate=f"{folder}/localhost.pem") as double:
            with Client(double, AWS_CA_BUNDLE=f"{folder}/localhost.crt") as ours:
                size = 3 << 20
                put = ours("put", "s3://bucket/key", bytes=size)
                check("over TLS", put.get("etag") and is_content(ours("get", "s3://bucket/key"), pattern(size)), put)
                check("one connection for both", double.connections == 1, double.connections)
            with Client(double, SSL_CERT_FILE=f"{folder}/localhost.crt") as ours:
                check("authorities of the process", is_content(ours("get", "s3://bucket/key"), pattern(size)))
            for what, environment in (("the system's authorities", {}), ("others", {"SSL_CERT_FILE": f"{folder}/example.com.crt"})):
                with Client(double, **environment) as ours:
                    stranger = ours("get", "s3://bucket/key")
                    check(f"a certificate that nobody vouches for: {what}", "TLS: its certificate is not to be trusted: " in
                          stranger.get("error", "") and not stranger["slept"], stranger)
            with Client(double, AWS_CA_BUNDLE=f"{folder}/none.crt") as ours:
                check("authorities that are not there", "none.crt: holds no certificates" in
                      ours("get", "s3://bucket/key").get("error", ""))
            with Client(double, AWS_CA_BUNDLE=f"{folder}/localhost.key") as ours:
                check("authorities that are none", "localhost.key: holds no certificates" in
                      ours("get", "s3://bucket/key").get("error", ""))
        chains(folder)
        for name, host, is_good in (("example.com", "localhost", False), ("wildcard", "localhost", False),
                                    ("address", "127.0.0.1", True), ("localhost", "127.0.0.1", False),
                                    ("other-address", "127.0.0.1", False), ("spelt", "127.0.0.1", False)):
            with S3Double(certificate=f"{folder}/{name}.pem") as double:
                double.url = double.url.replace("localhost", host)
                with Client(double, AWS_CA_BUNDLE=f"{folder}/{name}.crt") as ours:
                    put = ours("put", "s3://bucket/key", bytes=1)
                    check(f"a certificate of {name} for {host}: {'good' if is_good else 'refused'}",
                          put.get("etag") if is_good else "TLS: its certificate is not to be trusted: " in put.get("error", ""), put)


for part in (objects, ranges_and_conditions, parts, trouble, elsewhere, who_asks, certificates):
    part()
print(f"{len(failures)} failures" if failures else "all passed")
sys.exit(1 if failures else 0)
