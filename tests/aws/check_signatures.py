#!/usr/bin/env python3
"""Random requests as sign_samples has signed them, signed again by botocore, AWS's own library for Python.

    check_signatures.py SIGN_SAMPLES [SEED]
"""
import base64
import json
import subprocess
import sys

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

COUNT = 200


def signed_by_botocore(sample):
    headers = dict(sample["headers"])
    request = AWSRequest(sample["method"], f"https://{headers['Host']}{sample['target']}",
                         headers=headers, data=base64.b64decode(sample["body"]))
    request.context["timestamp"] = sample["added"]["X-Amz-Date"]
    request.headers["X-Amz-Date"] = sample["added"]["X-Amz-Date"]
    if sample["token"]:
        request.headers["X-Amz-Security-Token"] = sample["token"]
    signer = {"s3": botocore.auth.S3SigV4Auth, "lambda": botocore.auth.SigV4Auth}[sample["service"]](
        Credentials(sample["key"], sample["secret"], sample["token"] or None), sample["service"], sample["region"])
    canonical = signer.canonical_request(request)
    names = signer.signed_headers(signer.headers_to_sign(request))
    signature = signer.signature(signer.string_to_sign(request, canonical), request)
    return f"AWS4-HMAC-SHA256 Credential={signer.scope(request)}, SignedHeaders={names}, Signature={signature}", canonical


def main():
    seed = sys.argv[2] if len(sys.argv) > 2 else "1"
    output = subprocess.run([sys.argv[1], str(COUNT), seed], check=True, capture_output=True).stdout
    samples = [json.loads(line) for line in output.splitlines()]
    assert len(samples) == COUNT, len(samples)
    services = {sample["service"] for sample in samples}
    assert services == {"s3", "lambda"}, services
    wrong = 0
    for sample in samples:
        wanted, canonical = signed_by_botocore(sample)
        if sample["added"]["Authorization"] != wanted:
            wrong += 1
            print(json.dumps(sample), canonical, wanted, sep="\n", end="\n\n")
    print(f"{COUNT - wrong} of {COUNT} signatures are botocore's")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
