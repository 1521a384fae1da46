#!/usr/bin/env python3
"""A function that streams its answer over a bare socket: a chunk for each of its event's "chunks", each after a pause.

{"chunks": ["text", {"wait": FILE}, {"bytes": N}, {"sleep": SECONDS}, {"do": "exit" | "hang" | "close"}], "type": its
content type, "trailers": {…}, "metadata": for an HTTP client, "whole": true for one that is not streamed}. A file is waited
for, and so is the reader of what is written: what could be written so far is in the file of "progress".
"""
import base64
import http.client
import json
import os
import pathlib
import socket
import sys
import time

host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
connection = http.client.HTTPConnection(host, int(port))


def answer(request_id, event):
    """The status of the answer."""
    wire = socket.create_connection((host, int(port)))
    trailers = event.get("trailers", {})
    head = [f"POST /2018-06-01/runtime/invocation/{request_id}/response HTTP/1.1", f"Host: {host}:{port}",
            "Transfer-Encoding: chunked", "Lambda-Runtime-Function-Response-Mode: streaming"]
    if "type" in event or "metadata" in event:
        head.append("Content-Type: " + event.get("type", "application/vnd.awslambda.http-integration-response"))
    if trailers:
        head.append("Trailer: " + ", ".join(trailers))
    wire.sendall(("\r\n".join(head) + "\r\n\r\n").encode())

    def chunk(data):
        wire.sendall(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    if "metadata" in event:
        text = event["metadata"] if isinstance(event["metadata"], str) else json.dumps(event["metadata"])
        for letter in text.encode() + bytes(8):  # each alone
            chunk(bytes([letter]))
    for one in event.get("chunks", []):
        if isinstance(one, str):
            chunk(one.encode())
        if "wait" in one and isinstance(one, dict):
            while not os.path.exists(one["wait"]):
                time.sleep(0.002)
        elif "bytes" in one and isinstance(one, dict):
            for sent in range(0, one["bytes"], 65536):
                chunk(b"s" * min(65536, one["bytes"] - sent))
                if "progress" in event:
                    pathlib.Path(event["progress"]).write_text(str(sent + 65536))
        elif "sleep" in one and isinstance(one, dict):
            time.sleep(one["sleep"])
        elif "do" in one and isinstance(one, dict):
            if one["do"] == "exit":
                sys.exit(3)
            if one["do"] == "hang":
                time.sleep(600)
            if one["do"] == "close":
                wire.close()
                return None
    wire.sendall(b"0\r\n" + "".join(f"{k}: {v}\r\n" for k, v in trailers.items()).encode() + b"\r\n")
    response = http.client.HTTPResponse(wire)
    response.begin()
    response.read()
    wire.close()
    return response.status


while True:
    connection.request("GET", "/2018-06-01/runtime/invocation/next")
    response = connection.getresponse()
    event = json.loads(response.read())
    if "requestContext" in event:  # from a function URL: what it does is in its body
        body = event.get("body", "{}")
        event = json.loads(base64.b64decode(body) if event["isBase64Encoded"] else body)
    request_id = response.getheader("Lambda-Runtime-Aws-Request-Id")
    if event.get("whole"):
        connection.request("POST", f"/2018-06-01/runtime/invocation/{request_id}/response", json.dumps(event))
        connection.getresponse().read()
        continue
    print("answered", answer(request_id, event), flush=True)
