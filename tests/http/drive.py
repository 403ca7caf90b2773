# SPDX-License-Identifier: MIT
"""drive: requests through the engine (tests/helpers/http_drive.c), and
servers that behave as a test wants."""
import http.server
import os
import subprocess
import sys
import threading
import time

TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TREE, "tests", "sandbox"))
from wire import QUICK, Fake, done, ok, run, same  # noqa: E402,F401

VARIANT = os.environ.get("CRM_VARIANT", "release")
DRIVE = os.path.join(TREE, ".build", VARIANT, "helper", "http_drive")
CONTACTS = "/crm/v3/objects/contacts"
CREATE = ("-b", '{"properties":{"email":"f#@fault.test"}}')


class Result:
    """A line of http_drive."""

    def __init__(self, line):
        words = line.split(" ", 5) + [""]
        self.outcome, status, self.rc, attempts, size, self.words = words[:6]
        self.status, self.attempts = int(status), int(attempts)
        self.bytes = int(size)
        self.head = words[:3]

    def __repr__(self):
        return str(vars(self))


def drive(base, method, path, *options, token="token-of-ours", next=None,
          env=()):
    """Results, connections, seconds."""
    more = {**os.environ, **dict(env)}
    if token:
        more["HTTP_TOKEN"] = token
    if next:
        more["HTTP_TOKEN_NEXT"] = next
    start = time.monotonic()
    child = subprocess.run([DRIVE, *map(str, options), base, method, path],
                           env=more, stdout=subprocess.PIPE, text=True,
                           timeout=100, check=False)
    took = time.monotonic() - start
    lines = child.stdout.splitlines() or ["nothing was said"]
    if not lines[-1].endswith(" ms"):
        return lines, 0, took
    return ([Result(line) for line in lines[:-1]],
            int(lines[-1].split()[0]), took)


def ask(fake, method, path, *options, **more):
    more.setdefault("token", fake.token)
    return drive(fake.said["url"], method, path, *options, **more)


def created(fake):
    """How many creates of contacts the fake was asked for."""
    log = fake.get("/_sandbox/log").bytes.decode().splitlines()
    return sum("POST" in line and CONTACTS in line for line in log)


class Server:
    """`answer(handler)` for each request; asked: (method, path, headers)."""

    def __init__(self, answer, context=None):
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                outer.asked.append((self.command, self.path,
                                    dict(self.headers)))
                answer(self)

            do_GET = do_POST = do_PATCH = do_DELETE = handle_any

            def log_message(self, *_):
                pass

        self.asked = []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
                                                      Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None
        if context:
            self.server.socket = context.wrap_socket(self.server.socket,
                                                     server_side=True)
        self.port = self.server.server_address[1]
        self.url = f"http{'s' if context else ''}://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever,
                         kwargs={"poll_interval": 0.02}, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def reply(handler, status, body=b"", **headers):
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
