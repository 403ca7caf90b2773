# SPDX-License-Identifier: MIT
"""wire: a fake started for a test and spoken to over HTTP.

A test is a list of functions that take a Fake; run() gives each a fresh one.
"""
import http.client
import json
import os
import subprocess
import sys
from urllib.parse import urlencode

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import done, ok, same  # noqa: E402,F401

RUN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "run")
QUICK = "rate=off,search-rate=off,association-rate=off,lag=0"


class Reply:
    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in
                        response.getheaders()}
        self.bytes = response.read()

    @property
    def json(self):
        return json.loads(self.bytes)

    @property
    def lines(self):
        return [json.loads(line) for line in self.bytes.splitlines()]

    def __getitem__(self, name):
        return self.json[name]

    def __str__(self):
        return f"{self.status} {self.headers} {self.bytes[:800]!r}"


class Fake:
    def __init__(self, faults=QUICK, *more, kind="hubspot"):
        self.program = subprocess.Popen(
            [sys.executable, RUN, "--faults", faults, *more, kind],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.program.stdout.readline()
        self.said = json.loads(line)
        self.ready = self.program.stdout.readline()
        self.token = self.said["token"]
        self.host = self.said["url"].removeprefix("http://")
        self.connection = None

    def end(self):
        if self.connection:
            self.connection.close()
        self.program.stdin.close()
        return self.program.wait(20)

    def ask(self, method, path, body=None, headers=(), token=True,
            timeout=20, **query):
        """body: bytes as they are, else JSON.  A connection that breaks is an
        http.client.HTTPException or an OSError."""
        if query:
            path += "?" + urlencode(query, doseq=True)
        head = dict(headers)
        if token:
            head.setdefault("Authorization", "Bearer " + (
                self.token if token is True else token))
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            head.setdefault("Content-Type", "application/json")
        if not self.connection:
            self.connection = http.client.HTTPConnection(self.host,
                                                         timeout=timeout)
        self.connection.timeout = timeout
        if self.connection.sock:
            self.connection.sock.settimeout(timeout)
        try:
            self.connection.request(method, path, body, head)
            reply = Reply(self.connection.getresponse())
        except (http.client.HTTPException, OSError):
            self.connection.close()
            self.connection = None
            raise
        if reply.headers.get("connection") == "close":
            self.connection.close()
            self.connection = None
        return reply

    def get(self, path, **query):
        return self.ask("GET", path, **query)

    def post(self, path, body, **more):
        return self.ask("POST", path, body, **more)

    def form(self, path, **fields):
        return self.ask("POST", path, urlencode(fields).encode(), token=False,
                        headers={"Content-Type":
                                 "application/x-www-form-urlencoded"})

    def broken(self, *args, **more):
        """Does the connection break instead of an answer?"""
        try:
            self.ask(*args, **more)
        except (http.client.HTTPException, OSError):
            return True
        return False

    # by /_sandbox/

    def faults(self, spec):
        reply = self.ask("PUT", "/_sandbox/faults",
                         (QUICK + "," + spec).encode(), token=False)
        assert reply.status == 200, reply

    def clock(self, **wish):
        return self.post("/_sandbox/clock", wish)

    def edit(self, *changes):
        text = "\n".join(json.dumps(change) for change in changes)
        return self.ask("POST", "/_sandbox/edit", text.encode()).lines

    def dump(self):
        return self.get("/_sandbox/dump").lines

    def counters(self):
        return self.get("/_sandbox/counters").json


def run(*tests, faults=QUICK, more=()):
    for test in tests:
        print("#", test.__name__)
        fake = Fake(faults, *more)
        try:
            test(fake)
        finally:
            fake.end()
    done()
