#!/usr/bin/env python3
"""A function of a queue: writes down every batch, a line of JSON each, in the file BATCHES, and says which failed: those whose
text begins with "bad" until they have come three times. With the file HOLD it waits until that is gone."""
import http.client
import json
import os
import time

host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
connection = http.client.HTTPConnection(host, int(port))
while True:
    connection.request("GET", "/2018-06-01/runtime/invocation/next")
    response = connection.getresponse()
    event = json.loads(response.read())
    failed = []
    for record in event["Records"]:
        if record["body"].startswith("bad") and int(record["attributes"]["ApproximateReceiveCount"]) < 3:
            failed.append({"itemIdentifier": record["messageId"]})
    with open(os.environ["BATCHES"], "a") as file:
        file.write(json.dumps({"version": os.environ["AWS_LAMBDA_FUNCTION_VERSION"], "records": event["Records"]}) + "\n")
    while os.path.exists(os.environ.get("HOLD", "")):
        time.sleep(0.005)
    if os.environ.get("FAIL"):
        body, verb = {"errorType": "Broken", "errorMessage": "as asked"}, "error"
    else:
        body, verb = {"batchItemFailures": failed}, "response"
    connection.request("POST", f"/2018-06-01/runtime/invocation/{response.getheader('Lambda-Runtime-Aws-Request-Id')}/{verb}", json.dumps(body))
    connection.getresponse().read()
