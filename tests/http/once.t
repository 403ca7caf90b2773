#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is to be done once is asked for once, whatever becomes of the
connection: libcurl by itself sends a request again when a kept connection ends
before the first byte of an answer."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from drive import (CONTACTS, CREATE, Server, ask, created, drive,  # noqa: E402
                   ok, reply, run, same)


def lost(fake):
    """The second of three creates on one connection meets a fault."""
    for spec in ("drop-after-commit", "drop-before-commit",
                 "drop-mid-body", "drop-mid-body=0",
                 "status-after-commit=502"):
        fake.post("/_sandbox/reset", {})
        fake.faults(spec + ":on=create:n=2")
        got, _, _ = ask(fake, "POST", CONTACTS, "-r", "once", "-n", 3, "-c",
                        1, *CREATE)
        same([r.outcome for r in got], ["answered", "unknown", "answered"],
             f"{spec}: the outcome is unknown")
        same([r.rc for r in got], ["ok", "retry", "ok"], "and said to be")
        same(created(fake), 3, "three were asked for, not four")
        same(got[1].attempts, 1, "in one attempt")


def silent(fake):
    fake.faults("timeout-after-commit:on=create:n=1")
    got, _, took = ask(fake, "POST", CONTACTS, "-r", "once", "-F", 300,
                       *CREATE)
    same(got[0].head, ["unknown", "0", "retry"], "no answer: unknown")
    ok(took < 3 and "no answer in time" in got[0].words, "in time", got[0])
    same(created(fake), 1, "and not again")


def not_done(fake):
    """The server says that it did nothing: then also once is sent again."""
    fake.faults("storm=0:on=create:times=2,retry-after=seconds")
    got, _, _ = ask(fake, "POST", CONTACTS, "-r", "once", "-J", 20, *CREATE)
    same([got[0].head, got[0].attempts], [["answered", "201", "ok"], 3],
         "429 means not done: it is sent again")


def without_body(_):
    """A body that cannot be read again is what holds libcurl back; there may
    be none."""
    def answer(handler):
        if len(server.asked) == 2:
            handler.close_connection = True
            handler.connection.close()
        else:
            reply(handler, 200)

    for method in ("POST", "DELETE"):
        with Server(answer) as server:
            got, _, _ = drive(server.url, method, "/x", "-r", "once", "-n",
                              3, "-c", 1)
            same([r.outcome for r in got],
                 ["answered", "unknown", "answered"],
                 f"{method} without a body: unknown")
            same(len(server.asked), 3, "and asked for once")


def ended(_):
    """A kept connection has ended, which nobody said: what may be sent twice
    is, whole, without a failure of its own."""
    bodies = []

    def answer(handler):
        bodies.append(handler.rfile.read(int(
            handler.headers["Content-Length"])))
        if len(bodies) == 2:
            handler.close_connection = True
            handler.connection.close()
        else:
            reply(handler, 200)

    with Server(answer) as server:
        got, connections, _ = drive(server.url, "POST", "/x", "-r", "safe",
                                    "-n", 3, "-c", 1, "-A", 1, "-b", "body #")
        same([[r.outcome, r.attempts] for r in got], [["answered", 1]] * 3,
             "a body that may be sent twice: answered, in one attempt")
        same(bodies, [b"body 0", b"body 1", b"body 1", b"body 2"],
             "sent again whole")
        same(connections, 2, "over a connection of its own")


def silently(fake):
    """The same of the fake's connections: each ends after one answer.  One that
    ends while it is written to is not taken back: it is tried again."""
    fake.faults("keep-alive=1")
    got, connections, _ = ask(fake, "POST", CONTACTS + "/search", "-r",
                              "safe", "-n", 30, "-c", 3, "-A", 3, "-b", "{}",
                              "-t", "application/json")
    same({r.outcome for r in got}, {"answered"}, "none fails by it")
    same(connections, 30, "each has a new one")


def nobody_there(_):
    with Server(lambda handler: reply(handler, 200)) as server:
        url = server.url
    got, _, _ = drive(url, "POST", "/x", "-r", "once", "-b", "{}", "-A", 3,
                      "-J", 10)
    same([got[0].head, got[0].attempts], [["unsent", "0", "remote"], 3],
         "nothing left us: tried again, and safe to send")


run(lost, silent, not_done, without_body, ended, silently,
    nobody_there)
