"""A Runtime API on the loopback interface, for tests: hands out given invocations, keeps what is delivered. Python's
standard library alone."""
import http.server
import os
import queue
import signal
import subprocess
import threading
import time
import uuid

PATIENCE = 60  # seconds: a broken test ends


class Delivery:
    def __init__(self, path, headers, body):
        self.path, self.headers, self.body = path, headers, body


class RuntimeApi:
    """invoke() hands an event to the process and returns its Delivery. `quirks` change how the API answers:
    no_content_type, close (after each answer), chunked, drop_next (closes the connection once, where a next comes over a kept one),
    refuse (status for /response). `prefix` is a path in front of all of the API's, as hosts of several functions have it."""

    def __init__(self, quirks=(), prefix=""):
        self.quirks = dict.fromkeys(quirks, True) if not isinstance(quirks, dict) else dict(quirks)
        self.work, self.deliveries = queue.Queue(), queue.Queue()
        self.connections = 0
        self.waiting, self.handed_out = threading.Semaphore(0), threading.Semaphore(0)
        self.closed = False
        api = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self):
                api.connections += 1
                self.answers = 0
                super().setup()

            def log_message(self, *arguments):
                pass

            def answer(self, status, body, headers):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if "no_content_type" not in api.quirks:
                    self.send_header("Content-Type", "application/json")
                if "close" in api.quirks:
                    self.send_header("Connection", "close")
                    self.close_connection = True
                if "chunked" in api.quirks:
                    self.send_header("Transfer-Encoding", "chunked")
                    self.end_headers()
                    for at in range(0, len(body), 100000):
                        part = body[at:at + 100000]
                        self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
                    self.wfile.write(b"0\r\n\r\n")
                else:
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                self.wfile.flush()
                self.answers += 1

            def do_GET(self):
                if self.path != prefix + "/2018-06-01/runtime/invocation/next":
                    return self.answer(404, b"{}", {})
                if self.answers and api.quirks.pop("drop_next", None):
                    self.close_connection = True
                    return None
                api.waiting.release()
                item = api.work.get()
                if item is None:
                    self.close_connection = True
                    return None
                if isinstance(item, int):
                    return self.answer(item, b'{"errorMessage":"no","errorType":"Extension.Crash"}', {})
                event, headers = item
                self.answer(200, event, headers)
                api.handed_out.release()
                return None

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                api.deliveries.put(Delivery(self.path, self.headers, body))
                refused = api.quirks.get("refuse") if self.path.endswith("/response") else None
                if refused:
                    return self.answer(refused, b'{"errorMessage":"Exceeded maximum allowed payload size",'
                                                b'"errorType":"RequestEntityTooLarge"}', {})
                return self.answer(202, b'{"status":"OK"}', {})

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, address):
                pass  # a client that was told to leave

        self.server = Server(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        if not self.closed:
            self.closed = True
            for _ in range(8):
                self.work.put(None)
            self.server.shutdown()
            self.server.server_close()

    def put(self, event, request_id=None, **headers):
        request_id = request_id or str(uuid.uuid4())
        named = {"Lambda-Runtime-Aws-Request-Id": request_id,
                 "Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + 60000),
                 "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:012345678912:function:test",
                 "Lambda-Runtime-Trace-Id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1"}
        named.update({name.replace("_", "-"): value for name, value in headers.items()})
        self.work.put((event.encode() if isinstance(event, str) else event,
                       {name: value for name, value in named.items() if value is not None}))
        return request_id

    def delivery(self):
        return self.deliveries.get(timeout=PATIENCE)

    def invoke(self, event, request_id=None, **headers):
        self.put(event, request_id, **headers)
        return self.delivery()

    def wait_for_next(self):
        if not self.waiting.acquire(timeout=PATIENCE):
            raise TimeoutError("the process asked for no work")


class Process:
    """The bootstrap, or what stands for it, with its output kept."""

    def __init__(self, command, address, **environment):
        command = command if isinstance(command, list) else [str(command)]
        variables = {"PATH": "/usr/bin:/bin", "TZ": ":UTC", "AWS_LAMBDA_FUNCTION_NAME": "test",
                     "AWS_LAMBDA_RUNTIME_API": address}
        # What a sanitizer needs to find its own tools and options.
        variables.update({k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")})
        variables.update(environment)
        self.child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                                      env={k: v for k, v in variables.items() if v is not None})

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait()

    def signal(self, number):
        os.kill(self.child.pid, number)

    def end(self):
        """Waits for the end: exit status, standard output, standard error."""
        out, err = self.child.communicate(timeout=PATIENCE)
        return self.child.returncode, out.decode(), err.decode()

    def stop(self):
        self.signal(signal.SIGTERM)
        return self.end()
