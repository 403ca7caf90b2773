#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What may be tried again is, when it is time; connections are kept, and no
more requests are in flight than allowed; every time-out strikes."""
import os
import socket
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from drive import (CONTACTS, Server, ask, drive, ok, reply, run,  # noqa: E402
                   same)


def storms(fake):
    for form in ("seconds", "date"):
        fake.faults(f"storm=1:times=1,retry-after={form}")
        got, _, took = ask(fake, "GET", CONTACTS, "-J", 10)
        same([got[0].head, got[0].attempts],
             [["answered", "200", "ok"], 2], f"429, Retry-After a {form}")
        ok(0.9 < took < 4 or (form == "date" and took < 4),
           "it is waited for", took)
    fake.faults("storm=1:times=9")
    got, _, _ = ask(fake, "GET", CONTACTS, "-J", 20, "-A", 4)
    same([got[0].head, got[0].attempts],
         [["answered", "429", "retry"], 4], "so many attempts, no more")
    fake.faults("storm=30:times=9,retry-after=seconds")
    got, _, took = ask(fake, "GET", CONTACTS, "-P", 2000)
    ok(got[0].rc == "retry" and took < 2, "too long is not waited for",
       took, got)


def failures(fake):
    for spec in ("status=502", "drop-before-commit", "drop-mid-body",
                 "status=503"):
        fake.faults(spec + ":times=2")
        got, _, _ = ask(fake, "GET", CONTACTS, "-J", 10)
        same([got[0].head, got[0].attempts],
             [["answered", "200", "ok"], 3], f"{spec} twice: a third try")
    fake.faults("status=502")
    got, _, _ = ask(fake, "GET", CONTACTS, "-J", 10, "-A", 2)
    ok(got[0].words.startswith("HTTP 502: ") and "<" not in got[0].words,
       "a page of HTML says its title", got)


def tokens(fake):
    got, _, _ = ask(fake, "GET", CONTACTS, token="bad", next=fake.token)
    same([got[0].head, got[0].attempts], [["answered", "200", "ok"], 2],
         "a refused token is renewed once")
    got, _, _ = ask(fake, "GET", CONTACTS, token="bad", next="bad, too")
    same([got[0].head, got[0].attempts],
         [["answered", "401", "remote"], 2], "and no more than once")
    got, _, _ = ask(fake, "GET", CONTACTS, "-n", 4, "-c", 4, token="bad",
                    next=fake.token)
    same([one.head for one in got], [["answered", "200", "ok"]] * 4,
         "refused to four at a time, it is renewed once for all of them")


def kept(fake):
    got, connections, _ = ask(fake, "GET", CONTACTS, "-n", 50, "-c", 1)
    same([len(got), connections], [50, 1], "one connection serves fifty")
    got, connections, _ = ask(fake, "GET", CONTACTS, "-n", 60, "-c", 3)
    same(len(got), 60, "three serve sixty")
    ok(connections <= 3, "with three connections", connections)
    fake.faults("gzip=always")
    big, _, _ = ask(fake, "GET", CONTACTS)
    fake.faults("gzip=off")
    plain, _, _ = ask(fake, "GET", CONTACTS)
    same(big[0].bytes, plain[0].bytes, "gzip is undone")


def bounded(_):
    flying = most = 0
    lock = threading.Lock()

    def answer(handler):
        nonlocal flying, most
        with lock:
            flying += 1
            most = max(most, flying)
        time.sleep(0.02)
        with lock:
            flying -= 1
        reply(handler, 200)

    with Server(answer) as server:
        drive(server.url, "GET", "/", "-n", 40, "-c", 4)
    same(most, 4, "four at a time, no more and no less")


def stall(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"x")
    time.sleep(3)


def drip(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(30):
        handler.wfile.write(b"x")
        time.sleep(0.1)


def times(_):
    for answer, option, words in (
            (lambda h: time.sleep(3), "-F", "no answer in time"),
            (stall, "-S", "stalled"), (drip, "-W", "took too long")):
        with Server(answer) as server:
            got, _, took = drive(server.url, "GET", "/", option, 400, "-A",
                                 1)
            ok(got[0].outcome == "unknown" and got[0].rc == "retry" and
               words in got[0].words and 0.3 < took < 2,
               f"{option}: {words}", took, got)
    deaf = socket.create_server(("127.0.0.1", 0))  # TLS never answers
    got, _, took = drive(f"https://127.0.0.1:{deaf.getsockname()[1]}", "GET",
                         "/", "-C", 400, "-A", 1)
    ok(got[0].outcome == "unsent" and 0.3 < took < 2 and
       "connecting took too long" in got[0].words, "-C: unsent", took, got)


run(storms, failures, tokens, kept, bounded, times)
