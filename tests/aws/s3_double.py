"""A double of Amazon S3 for tests, written from its API reference: objects, ranges, conditions, listings in pages, uploads
in parts. It takes signed requests only, and works the signature out anew with botocore, AWS's own library for Python.
https://docs.aws.amazon.com/AmazonS3/latest/API/  https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""
import base64
import collections
import datetime
import email.utils
import hashlib
import http.server
import ssl
import threading
import time
import urllib.parse
import uuid
import zlib
from xml.sax.saxutils import escape

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

KEY, SECRET, TOKEN = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""


class Refused(Exception):
    def __init__(self, status, code, message="", headers=None, **fields):
        super().__init__(code)
        self.status, self.headers = status, headers or {}
        inner = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in
                        {"Code": code, "Message": message, **fields, "RequestId": "7A62C49F347D9ABC"}.items())
        self.body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{inner}</Error>'.encode()


class Object:
    def __init__(self, content, headers, etag=None, composite=False):
        self.content = content
        self.etag = etag or f'"{hashlib.md5(content).hexdigest()}"'
        self.metadata = {name.lower(): value for name, value in headers.items() if name.lower().startswith("x-amz-meta-")}
        self.type = headers.get("Content-Type", "binary/octet-stream")
        self.modified = datetime.datetime.now(datetime.timezone.utc)
        self.sums = {} if composite else {
            "x-amz-checksum-crc32": base64.b64encode(zlib.crc32(content).to_bytes(4, "big")).decode()}


class S3Double(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, region="eu-central-1", page=1000, keys=None, certificate=None):
        super().__init__(("127.0.0.1", 0), Handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.region, self.page = region, page
        self.keys = keys or {KEY: (SECRET, TOKEN)}
        self.objects = {}   # (bucket, key) -> Object
        self.uploads = {}   # id -> (bucket, key, headers, {number: bytes})
        self.asked = []     # (method, path and query, headers) of every request that was let in
        self.connections = 0
        self.lock = threading.RLock()
        self.faults = collections.deque()
        self.url = f"https://localhost:{self.server_port}" if certificate else f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        """A client that is gone is nothing to tell."""

    # What becomes of the next `times` requests of a method ("" for any) whose target has `part` in it.
    def fail(self, action, method="", part="", times=1):
        with self.lock:
            self.faults.extend([(method, part, action)] * times)

    def fault_of(self, method, target):
        with self.lock:
            for index, (wanted, part, action) in enumerate(self.faults):
                if wanted in ("", method) and part in target:
                    del self.faults[index]
                    return action
        return None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self):
        super().setup()
        with self.server.lock:
            self.server.connections += 1

    def log_message(self, *arguments):
        """Nothing is said."""

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        try:
            self.check_signature(body)
            with self.server.lock:
                self.server.asked.append((self.command, self.path, dict(self.headers.items())))
            fault = self.server.fault_of(self.command, self.path)
            if fault and fault(self, body):
                return
            with self.server.lock:
                status, headers, content = self.answer(body)
        except Refused as refused:
            status, headers, content = refused.status, refused.headers, refused.body
        self.reply(status, headers, content)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_any

    def reply(self, status, headers, content=b""):
        self.send_response(status)
        self.send_header("x-amz-request-id", "7A62C49F347D9ABC")
        for name, value in headers.items():
            self.send_header(name, value)
        if status not in (204, 304) and "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def check_signature(self, body):
        header = self.headers.get("Authorization", "")
        if not header.startswith("AWS4-HMAC-SHA256 "):
            raise Refused(403, "AccessDenied", "Access Denied")
        parts = dict(part.strip().split("=", 1) for part in header[len("AWS4-HMAC-SHA256 "):].split(","))
        key, date, region, service, end = parts["Credential"].split("/")
        if key not in self.server.keys:
            raise Refused(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.")
        secret, token = self.server.keys[key]
        if self.headers.get("X-Amz-Security-Token", "") != token:
            raise Refused(400, "ExpiredToken", "The provided token has expired.")
        names = parts["SignedHeaders"].split(";")
        if region != self.server.region:
            raise Refused(400, "AuthorizationHeaderMalformed",
                          f"the region '{region}' is wrong; expecting '{self.server.region}'", Region=self.server.region)
        claimed = self.headers.get("X-Amz-Content-SHA256", "")
        if claimed != hashlib.sha256(body).hexdigest():
            raise Refused(400, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match")
        moment = datetime.datetime.strptime(self.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(
            tzinfo=datetime.timezone.utc)
        if abs((datetime.datetime.now(datetime.timezone.utc) - moment).total_seconds()) > 900:
            raise Refused(403, "RequestTimeTooSkewed", "The difference between the request time and the current time is "
                          "too large.", {"Date": email.utils.formatdate(usegmt=True)})
        request = AWSRequest(self.command, f"http://{self.headers['Host']}{self.path}", data=body,
                             headers={name: self.headers[name] for name in names})
        request.context["timestamp"] = self.headers["X-Amz-Date"]
        signer = botocore.auth.S3SigV4Auth(Credentials(key, secret), service, region)
        # Botocore's own way of a query leaves out nothing and encodes nothing: it is spelt as it should be already.
        wanted = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
        missing = {"host", "x-amz-date", "x-amz-content-sha256"} - set(names)
        if (service, end, date) != ("s3", "aws4_request", self.headers["X-Amz-Date"][:8]) or missing or \
                wanted != parts["Signature"]:
            raise Refused(403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature "
                          "you provided. Check your key and signing method.")

    def answer(self, body):
        parsed = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(parsed.query, keep_blank_values=True))
        bucket, _, key = urllib.parse.unquote(parsed.path[1:]).partition("/")
        if bucket == "missing":
            raise Refused(404, "NoSuchBucket", "The specified bucket does not exist")
        if not key:
            return self.list(bucket, query)
        name = (bucket, key)
        if "uploads" in query or "uploadId" in query:
            return self.in_parts(name, query, body)
        if self.command == "PUT":
            return self.put(name, body)
        if self.command == "DELETE":
            self.server.objects.pop(name, None)
            return 204, {}, b""
        return self.get(name)

    def get(self, name):
        found = self.server.objects.get(name)
        if found is None:
            raise Refused(404, "NoSuchKey", "The specified key does not exist.")
        headers = {"ETag": found.etag, "Content-Type": found.type, "Accept-Ranges": "bytes",
                   "Last-Modified": email.utils.format_datetime(found.modified, usegmt=True), **found.metadata}
        if self.headers.get("x-amz-checksum-mode", "").upper() == "ENABLED":
            headers.update(found.sums)
        if self.headers.get("If-None-Match") in (found.etag, "*"):
            return 304, headers, b""
        if self.headers.get("If-Match", found.etag) != found.etag:
            raise Refused(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
        content = found.content
        if self.command == "HEAD":
            return 200, {**headers, "Content-Length": str(len(content))}, b""
        if "Range" in self.headers:
            first, last = self.headers["Range"][len("bytes="):].split("-")
            begin, end = int(first), min(int(last or len(content)), len(content) - 1)
            if begin >= len(content):
                raise Refused(416, "InvalidRange", "The requested range is not satisfiable")
            headers["Content-Range"] = f"bytes {begin}-{end}/{len(content)}"
            return 206, headers, content[begin:end + 1]
        return 200, headers, content

    def check_conditions(self, name):
        found = self.server.objects.get(name)
        if self.headers.get("If-None-Match") == "*" and found is not None:
            raise Refused(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
        if "If-Match" in self.headers and found is None:
            raise Refused(404, "NoSuchKey", "The specified key does not exist.")
        if "If-Match" in self.headers and self.headers["If-Match"] != found.etag:
            raise Refused(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")

    def put(self, name, body):
        self.check_conditions(name)
        given = self.headers.get("x-amz-checksum-sha256")
        if given and given != base64.b64encode(hashlib.sha256(body).digest()).decode():
            raise Refused(400, "BadDigest", "The SHA256 you specified did not match the calculated checksum.")
        made = Object(body, dict(self.headers.items()))
        if given:
            made.sums = {"x-amz-checksum-sha256": given}
        self.server.objects[name] = made
        return 200, {"ETag": made.etag}, b""

    def list(self, bucket, query):
        if query.get("list-type") != "2":
            raise Refused(501, "NotImplemented", "ListObjectsV2 alone")
        prefix = query.get("prefix", "")
        keys = sorted(key for at, key in self.server.objects if at == bucket and key.startswith(prefix))
        after = base64.b64decode(query.get("continuation-token", "")).decode()
        keys = [key for key in keys if key.encode() > after.encode()] if after else keys
        page = keys[:self.server.page]
        spelt = urllib.parse.quote_plus if query.get("encoding-type") == "url" else escape
        contents = "".join(
            f"<Contents><Key>{spelt(key)}</Key><LastModified>{found.modified:%Y-%m-%dT%H:%M:%S.000Z}</LastModified>"
            f"<ETag>{escape(found.etag, {chr(34): '&quot;'})}</ETag><Size>{len(found.content)}</Size></Contents>"
            for key in page for found in [self.server.objects[bucket, key]])
        more = len(keys) > len(page)
        token = base64.b64encode(page[-1].encode()).decode() if more else ""
        body = (f'<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
                f"<Name>{bucket}</Name><IsTruncated>{str(more).lower()}</IsTruncated>"
                + (f"<NextContinuationToken>{token}</NextContinuationToken>" if more else "")
                + ("<EncodingType>url</EncodingType>" if query.get("encoding-type") == "url" else "")
                + f"<KeyCount>{len(page)}</KeyCount>{contents}</ListBucketResult>")
        return 200, {"Content-Type": "application/xml"}, body.encode()

    def in_parts(self, name, query, body):
        uploads = self.server.uploads
        if "uploads" in query:
            number = uuid.uuid4().hex + "+/="  # as opaque as S3's own
            uploads[number] = (name, dict(self.headers.items()), {})
            return 200, {}, (f"<InitiateMultipartUploadResult><UploadId>{number}</UploadId>"
                             "</InitiateMultipartUploadResult>").encode()
        number = query["uploadId"]
        if number not in uploads or uploads[number][0] != name:
            raise Refused(404, "NoSuchUpload", "The specified upload does not exist.")
        _, headers, parts = uploads[number]
        if self.command == "PUT":
            parts[int(query["partNumber"])] = body
            return 200, {"ETag": f'"{hashlib.md5(body).hexdigest()}"'}, b""
        if self.command == "DELETE":
            del uploads[number]
            return 204, {}, b""
        import xml.etree.ElementTree
        space = "{http://s3.amazonaws.com/doc/2006-03-01/}"
        listed = [(int(part.findtext(space + "PartNumber")), part.findtext(space + "ETag"))
                  for part in xml.etree.ElementTree.fromstring(body)]
        hashes = [hashlib.md5(parts[n]).digest() for n in sorted(parts)]
        if listed != [(n, f'"{hashes[i].hex()}"') for i, n in enumerate(sorted(parts))]:
            raise Refused(400, "InvalidPart", "One or more of the specified parts could not be found.")
        if any(len(parts[n]) < 5 << 20 for n in sorted(parts)[:-1]):
            raise Refused(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
        self.check_conditions(name)
        etag = f'"{hashlib.md5(b"".join(hashes)).hexdigest()}-{len(hashes)}"'
        self.server.objects[name] = Object(b"".join(parts[n] for n in sorted(parts)), headers, etag, composite=True)
        del uploads[number]
        return 200, {}, (f"<CompleteMultipartUploadResult><ETag>{escape(etag, {chr(34): '&quot;'})}</ETag>"
                         "</CompleteMultipartUploadResult>").encode()


# ---- faults, for S3Double.fail(): true where the request is answered already

def status(number, code="InternalError", **headers):
    def act(handler, body):
        raise Refused(number, code, "Please try again.", headers)
    return act


def hang_up(handler, body):
    handler.close_connection = True
    handler.connection.close()
    return True


# Says nothing, until whoever asked is gone.
def hang(handler, body):
    handler.connection.settimeout(120)
    try:
        handler.connection.recv(1)
    except OSError:
        pass
    return hang_up(handler, body)


# Gives out so many bytes a second.
def trickle(count):
    def act(handler, body):
        found_status, headers, content = handler.answer(body)
        handler.reply(found_status, {**headers, "Content-Length": str(len(content))}, b"")
        try:
            for at in range(0, len(content), count):
                handler.wfile.write(content[at:at + count])
                handler.wfile.flush()
                time.sleep(1)
        except OSError:
            pass
        handler.close_connection = True
        return True
    return act


# Does what is asked, and its answer is lost.
def lose_answer(handler, body):
    handler.answer(body)
    return hang_up(handler, body)


# Says the whole length, sends so many bytes, and is gone.
def break_behind(count):
    def act(handler, body):
        found_status, headers, content = handler.answer(body)
        handler.reply(found_status, {**headers, "Content-Length": str(len(content))}, content[:count])
        handler.wfile.flush()
        handler.close_connection = True
        return True
    return act


def damage(handler, body):
    found_status, headers, content = handler.answer(body)
    handler.reply(found_status, headers, content[:-1] + bytes([content[-1] ^ 1]))
    return True


def elsewhere(region):
    def act(handler, body):
        raise Refused(301, "PermanentRedirect", "The bucket you are attempting to access must be addressed using the "
                      "specified endpoint.", {"x-amz-bucket-region": region})
    return act
