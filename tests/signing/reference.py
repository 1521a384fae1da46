#!/usr/bin/env python3
"""Signs the requests of signature_v4_test.cpp with botocore, AWS's own library for Python (python3-botocore), and prints
the values that the test holds: a name and what was added to the request, a line each.

    tests/signing/reference.py
"""
import datetime

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

KEY = "AKIDEXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TOKEN = "FwoGZXIvYXdzEBYaDKexample//////////+token=="
HOST = "lambda.us-east-1.amazonaws.com"
INVOKE = "https://" + HOST + "/2015-03-31/functions/"
TYPE = {"Content-Type": "application/json"}

# name, signer, token, method, address, headers, body
CASES = [
    ("invoke", "SigV4Auth", None, "POST", INVOKE + "classify/invocations", TYPE, b'{"text":"charged twice"}'),
    ("empty-body", "SigV4Auth", None, "GET", INVOKE, {}, b""),
    ("session-token", "SigV4Auth", TOKEN, "POST", INVOKE + "classify/invocations", TYPE, b"{}"),
    ("encoded-path", "SigV4Auth", None, "POST",
     INVOKE + "arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Aclassify%3A%24LATEST/invocations", TYPE, b"{}"),
    ("query", "SigV4Auth", None, "POST", INVOKE + "classify/invocations?Qualifier=live&Z=1&A=2&A=1&empty=", TYPE, b"{}"),
    ("bytes", "SigV4Auth", None, "POST", INVOKE + "classify/invocations", TYPE,
     "{\"text\":\"\u9000\u8d27\"}".encode() + b"\x00\xff"),
    ("unsigned-payload", "SigV4Auth", None, "POST", INVOKE + "classify/invocations",
     {**TYPE, "X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"}, b"not looked at"),
    ("header-blanks", "SigV4Auth", None, "GET", INVOKE, {"X-Amz-Meta": "  a   b  c "}, b""),
    ("dots", "SigV4Auth", None, "GET", "https://" + HOST + "/a/./b//../c/", {}, b""),
    ("presigned", "SigV4QueryAuth", None, "GET", INVOKE + "classify?Qualifier=live", {}, b""),
    ("presigned-token", "SigV4QueryAuth", TOKEN, "GET", INVOKE + "classify", {}, b""),
]


class Clock(datetime.datetime):
    @classmethod
    def utcnow(cls):
        return datetime.datetime(2015, 8, 30, 12, 36, 0)


class Module:
    datetime = Clock


def main():
    botocore.auth.datetime = Module
    for name, signer, token, method, address, headers, body in CASES:
        request = AWSRequest(method=method, url=address, headers=headers, data=body)
        more = {"expires": 300} if signer == "SigV4QueryAuth" else {}
        getattr(botocore.auth, signer)(Credentials(KEY, SECRET, token), "lambda", "us-east-1", **more).add_auth(request)
        print(name, request.headers.get("Authorization", request.url), sep="\t")


if __name__ == "__main__":
    main()
