#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How it starts and ends, what it prints, and /_sandbox/... for tests."""
import itertools
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from types import SimpleNamespace

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]
from sandbox.clock import Clock  # noqa: E402
from sandbox.control import Control  # noqa: E402
from sandbox.exchange import Request  # noqa: E402
from wire import QUICK, RUN, Fake, ok, run, same  # noqa: E402

ONE = "/crm/v3/objects/contacts/9001"


def life():
    fake = Fake()
    same((list(fake.said), fake.ready),
         (["kind", "url", "token", "client_id", "client_secret",
           "refresh_token"], "ready\n"), "a line, then ready")
    same(fake.end(), 0, "it ends with its standard input")
    fake = Fake()
    fake.program.send_signal(signal.SIGTERM)
    same(fake.program.wait(20), 0, "or at SIGTERM")
    fake = Fake(QUICK, "--records", "3")
    same(len(fake.get("/crm/v3/objects/companies")["results"]), 3,
         "--records")
    taken = fake.host.split(":")[1]
    for more in (["--port", taken, "hubspot"], ["nothing"], [],
                 ["--faults", "foo", "hubspot"], ["--seed", "x", "hubspot"]):
        found = subprocess.run([sys.executable, RUN, *more],
                               stdin=subprocess.DEVNULL, capture_output=True,
                               check=False, text=True, timeout=20)
        ok(found.returncode == 2 and found.stderr and not found.stdout,
           f"refused: {more}", found)
    fake.end()
    found = subprocess.run([sys.executable, RUN, "-h"], capture_output=True,
                           check=True, text=True).stdout
    ok("timeout-after-commit" in found and "daily-left" in found and
       "counters" in found, "-h tells of it all")


def several():
    fake = Fake(QUICK, "hubspot")
    other = json.loads(fake.ready)
    same(fake.program.stdout.readline(), "ready\n", "two at once")
    ok(other["url"] != fake.said["url"], "each with its own port")
    with urllib.request.urlopen(other["url"] + "/_sandbox/clock") as reply:
        same(reply.status, 200, "both answer")
    fake.end()


def beside():
    """with: a command that knows where they are."""
    def call(*words):
        return subprocess.run(
            [sys.executable, os.path.join(os.path.dirname(RUN), "with"),
             *words], capture_output=True, check=False, text=True, timeout=20)
    found = call("--records", "2", "hubspot", "--", "sh", "-c",
                 'echo "$SANDBOX_URL $SANDBOX_HUBSPOT_TOKEN"; exit 7')
    ok(found.returncode == 7 and found.stdout.startswith("http://127.0.0.1:")
       and "pat-na1-" in found.stdout, "with: a command's own status", found)
    same(call("nothing", "--", "true").returncode, 2, "or that of run")
    same(call("hubspot", "--", "./none").returncode, 127, "or that of sh")
    same(call("hubspot").returncode, 1, "a command it must have")


def looks(fake):
    rows = fake.dump()
    ok(len([row for row in rows if row["type"] == "companies"]) == 20 and
       len([row for row in rows if row["type"] == "contacts"]) == 40,
       "dump: every record")
    same(rows[0]["associations"]["companies"], {"9001": [1, 279]},
         "with its associations")
    fake.get(ONE)
    fake.ask("PATCH", ONE, {"properties": {"city": "X"}})
    fake.get("/none")
    counters = fake.counters()
    same([counters.get(name) for name in (
        "all", "contacts", "read", "update", "unknown", "status 200")],
        [3, 2, 1, 1, 1, 2], "counters")
    log = fake.get("/_sandbox/log", bodies="1").lines
    same([(entry["method"], entry["target"], entry["status"], entry["n"])
          for entry in log], [("GET", ONE, 200, 1), ("PATCH", ONE, 200, 2),
                              ("GET", "/none", 404, 3)], "log")
    same(json.loads(log[1]["body"]), {"properties": {"city": "X"}},
         "with bodies")
    ok("body" not in fake.get("/_sandbox/log").lines[0], "if asked for")
    fake.ask("DELETE", "/_sandbox/log")
    same(fake.counters(), {}, "forgotten")
    fake.faults("drop-after-commit:n=1")
    fake.broken("GET", ONE)
    same((fake.get("/_sandbox/log").lines[0]["fault"],
          fake.counters()["fault drop-after-commit"]),
         ("drop-after-commit", 1), "what struck is there")
    same(fake.get("/_sandbox/faults")["strikes"],
         [{"name": "drop-after-commit", "seen": 1, "hits": 1}],
         "and how often")
    same(fake.get("/_sandbox/credentials").json, {
        name: value for name, value in fake.said.items()
        if name not in ("kind", "url")}, "credentials")
    same(fake.get("/_sandbox/foo").status, 404, "nothing else")


def ticks():
    """A clock set and stopped at once: no moment passes between the two,
    even where every look at the machine's finds it a millisecond on."""
    machine = itertools.count(1790000000 * 10**9, 10**6)
    control = Control(SimpleNamespace(clock=Clock()))
    was, time.time_ns = time.time_ns, lambda: next(machine)
    try:
        reply = control.answer(Request("POST", "/_sandbox/clock", {}, b"""
            {"now": "2026-11-20T12:00:00Z", "stop": true}"""))
    finally:
        time.time_ns = was
    same(json.loads(reply.body)["now"], "2026-11-20T12:00:00.000Z",
         "set and stopped at once")


def meddles(fake):
    same(fake.clock(now="2026-11-20T12:00:00Z", stop=True).json,
         {"now": "2026-11-20T12:00:00.000Z", "stopped": True}, "the clock")
    same(fake.clock(advance=1.5)["now"], "2026-11-20T12:00:01.500Z",
         "advanced")
    fake.clock(stop=False)
    time.sleep(0.05)
    ok("12:00:01.5" < fake.get("/_sandbox/clock")["now"][11:] < "12:01",
       "and running again")
    for bad in ({"now": "20.11.2026"}, {"now": "2026-02-30"},
                {"advance": "x"}):
        same(fake.clock(**bad).status, 400, f"not {bad}")
    fake.clock(now="2026-11-21T08:00:00Z", stop=True)
    row = fake.edit({"type": "contacts", "id": "9001",
                     "properties": {"city": "Ulm"}})[0]
    same((row["properties"]["city"], row["updated"]),
         ("Ulm", "2026-11-21T08:00:00.000Z"), "a person's edit")
    made = fake.edit({"type": "companies", "create": {"name": "N"}},
                     {"type": "companies", "id": "9001", "archive": True},
                     {"type": "companies", "id": "9002", "merge": "9003"},
                     {"type": "contacts", "id": "9001", "associate": {
                         "type": "companies", "id": "9005", "label": 1}},
                     {"type": "contacts", "id": "9002", "purge": True})
    same([row["id"] for row in made], ["9021", "9001", "9022", "9001",
                                       "9002"], "several")
    same(fake.get(ONE, properties="associatedcompanyid")["properties"]
         ["associatedcompanyid"], "9005", "all done")
    same(fake.ask("POST", "/_sandbox/edit", json.dumps(
        {"type": "contacts", "id": "9001", "properties": {"foo": "x"}})
        .encode()).status, 400, "a person cannot do what cannot be")
    same(fake.counters().get("contacts"), 1, "a person counts for nothing")


def resets(fake):
    before = fake.dump()
    fake.faults("status")
    fake.clock(now="2026-11-20T12:00:00Z", stop=True)
    fake.edit({"type": "contacts", "id": "9001", "properties": {"city": "U"}})
    reply = fake.post("/_sandbox/reset", {})
    same((reply["token"], fake.dump() == before, fake.get(ONE).status,
          fake.get("/_sandbox/clock")["stopped"]),
         (fake.token, True, 200, False), "reset: all is as at the start")
    fake.post("/_sandbox/reset", {"records": 2, "seed": 5})
    same((len([row for row in fake.dump() if row["type"] == "companies"]),
          fake.get(ONE).status), (2, 401), "or as from another seed")


life()
several()
beside()
ticks()
run(looks, meddles, resets)
