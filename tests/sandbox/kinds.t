#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is not a kind's own knows of no kind: the smallest one there can be is
served, with faults and a clock.
"""
import glob
import os
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]
from sandbox.exchange import Answer, Request, as_json  # noqa: E402
from sandbox.world import World  # noqa: E402
from wire import done, ok, same  # noqa: E402

NAMES = ("hubspot", "salesforce", "pipedrive", "dynamics", "supabase")


class Kind:
    """One number, read and set."""
    DEFAULTS = {"lag": "0"}

    def __init__(self, world):
        self.world, self.number, self.url = world, world.records, ""

    def credentials(self):
        return {"token": "t"}

    def find(self, request):
        if request.path != "/number":
            return None
        if request.method == "GET":
            return ("read",), lambda: as_json(200, self.number)
        return ("write",), lambda: self.set(request.json())

    def set(self, number):
        self.number = number
        return Answer(204)

    def admit(self, request, _):
        good = request.headers.get("authorization") == "Bearer t"
        return None if good else Answer(401)

    def finish(self, _, tags, answer):
        answer.headers.append(("Tags", " ".join(tags)))

    def unknown(self, _):
        return Answer(404)

    def gateway(self, status):
        return Answer(status)

    def storm(self, request, tags, seconds):
        return Answer(429, headers=[("Retry-After", str(seconds))])

    def state(self):
        yield {"number": self.number}

    def edit(self, change):
        self.number = change["number"]
        return {"number": self.number}


world = World("smallest", Kind, "status=503:on=write:n=2", 1, 7, False)


def ask(method, path, body=b"", token="t"):
    answer = world.serve(Request(method, path, {
        "authorization": "Bearer " + token}, body))
    return answer.status, answer.body


same(ask("GET", "/number"), (200, b"7"), "read")
same(ask("POST", "/number", b"8")[0], 204, "written")
same(ask("POST", "/number", b"9")[0], 503, "a fault")
same(ask("GET", "/number"), (200, b"8"), "and nothing was done")
same(ask("GET", "/number", token="x")[0], 401, "a wrong token")
same(ask("GET", "/x")[0], 404, "no such path")
same(ask("GET", "/_sandbox/dump")[1], b'{"number": 8}\n', "the dump")
same(ask("POST", "/_sandbox/edit", b'{"number": 5}')[0], 200, "an edit")
same(ask("POST", "/_sandbox/reset")[0], 200, "a reset")
same(ask("GET", "/number"), (200, b"7"), "as at the start")
for path in sorted(glob.glob(os.path.join(HERE, "*.py"))) + \
        [os.path.join(HERE, "run")]:
    with open(path, encoding="utf-8") as file:
        text = file.read().lower()
    if os.path.basename(path) in ("__init__.py", "wire.py"):
        continue  # the tour, and what tests start
    found = [name for name in NAMES if name in text]
    ok(not found, f"{os.path.basename(path)} names no CRM", found)
done()
