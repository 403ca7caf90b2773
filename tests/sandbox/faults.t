#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every fault that can be switched on: that it does what it says, that what was
asked is done or not done as it says, and that by one seed it strikes the same.
"""
import gzip
import os
import socket
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wire import QUICK, Fake, ok, run, same  # noqa: E402

CONTACTS = "/crm/v3/objects/contacts"
SEARCH = CONTACTS + "/search"


def person(number):
    return {"properties": {"email": f"f{number}@fault.test"}}


def there(fake, number):
    return fake.get(f"{CONTACTS}/f{number}@fault.test",
                    idProperty="email").status == 200


def breaks(fake):
    for number, (spec, done) in enumerate((
            ("drop-before-commit", False), ("drop-after-commit", True),
            ("drop-mid-body", True), ("drop-mid-body=0", True),
            ("timeout-before-commit", False),
            ("timeout-after-commit", True))):
        fake.faults(spec + ":on=create:n=1")
        ok(fake.broken("POST", CONTACTS, person(number), timeout=0.4),
           f"{spec}: no answer")
        same(there(fake, number), done,
             f"{spec}: {'done' if done else 'not done'} all the same")
        same(fake.post(CONTACTS, person(number)).status,
             409 if done else 201, f"{spec}: and not again")
    fake.faults("timeout-after-commit=0.2")
    start = time.monotonic()
    ok(fake.broken("GET", CONTACTS) and time.monotonic() - start < 5,
       "a time-out may end with the connection")


def late(fake):
    fake.faults("commit-late=0.4:on=create:n=1")
    ok(fake.broken("POST", CONTACTS, person(1), timeout=0.1),
       "commit-late: no answer")
    ok(not there(fake, 1), "and nothing done")
    time.sleep(0.6)
    ok(there(fake, 1), "but a little later it is")
    fake.faults("commit-late=0.4+0.1:on=create:n=1")
    start = time.monotonic()
    ok(fake.broken("POST", CONTACTS, person(2)) and not there(fake, 2) and
       time.monotonic() - start < 5, "the connection may end before it")
    time.sleep(0.8)
    ok(there(fake, 2), "which makes it no less done")


def statuses(fake):
    for spec, done in (("status=503", False), ("status=500", False),
                       ("status-after-commit=504", True)):
        fake.faults(spec + ":on=write:n=1")
        reply = fake.post(CONTACTS, person(spec))
        ok(reply.status == int(spec[-3:]) and b"<html>" in reply.bytes and
           reply.headers["content-type"].startswith("text/html"),
           f"{spec}: a page of HTML", reply)
        same(there(fake, spec), done, f"{spec}: done? {done}")
    fake.faults("status=477:n=1")
    reply = fake.get(CONTACTS)
    same((reply.status, reply.headers["retry-after"]), (477, "2"),
         "477: a move, and its seconds")
    fake.faults("status=423:n=1")
    same(fake.get(CONTACTS).status, 423, "423: locked")


def slow(fake):
    fake.faults("delay=0.3:n=1")
    start = time.monotonic()
    fake.get(CONTACTS)
    ok(0.3 <= time.monotonic() - start < 5, "delay: answered late")
    fake.faults("trickle=0.01:n=1")
    start = time.monotonic()
    reply = fake.get(CONTACTS, limit=5)
    ok(time.monotonic() - start > 0.1 and len(reply["results"]) == 5,
       "trickle: slowly, and whole")


def disorder(fake):
    straight = [one["id"] for one in fake.get(CONTACTS, limit=20)["results"]]
    fake.faults("reorder")
    rows = [one["id"] for one in fake.get(CONTACTS, limit=20)["results"]]
    ok(rows != straight and sorted(rows) == straight,
       "reorder: a page in any order", rows)
    rows = [one["id"] for one in fake.post(SEARCH, {"limit": 20})["results"]]
    ok(rows != straight and sorted(rows) == straight, "of a search, too")
    rows = fake.post(CONTACTS + "/batch/create", {
        "inputs": [person(n) for n in range(20)]})["results"]
    emails = [one["properties"]["email"] for one in rows]
    ok(emails != [person(n)["properties"]["email"] for n in range(20)],
       "and of a batch", emails)
    fake.faults("duplicate-rows=2")
    first = [one["id"] for one in fake.get(CONTACTS, limit=4)["results"]]
    second = [one["id"] for one in fake.get(CONTACTS, limit=4, after="9005")
              ["results"]]
    same((first, second), (["9001", "9002", "9003", "9004"],
                           ["9003", "9004", "9005", "9006", "9007", "9008"]),
         "duplicate-rows: a page repeats the last of the one before")
    second = [one["id"] for one in fake.post(SEARCH, {"limit": 4, "after":
                                                      "4"})["results"]]
    same(second[:3], ["9003", "9004", "9005"], "of a search, too")


def late_lists(fake):
    fake.clock(now="2026-11-20T12:00:00Z", stop=True)
    fake.faults("late-list=3")
    fake.post(CONTACTS, person(1))
    fake.ask("DELETE", CONTACTS + "/9001")
    ids = [one["id"] for one in fake.get(CONTACTS, limit=100)["results"]]
    same((len(ids), ids[0]), (40, "9001"),
         "late-list: neither what is new nor what is gone is seen")
    fake.clock(advance=3)
    ids = [one["id"] for one in fake.get(CONTACTS, limit=100)["results"]]
    same((len(ids), ids[0]), (40, "9002"), "until later")


def cursors(fake):
    fake.faults("expire-cursor:n=2")
    same([fake.get(CONTACTS, after=after).status for after in
          ("9002", "9003", "9004")], [200, 400, 200],
         "expire-cursor: one has expired")
    fake.faults("cursor-life=60")
    after = fake.get(CONTACTS)["paging"]["next"]["after"]
    same(fake.get(CONTACTS, after=after).status, 200, "cursor-life: in time")
    fake.clock(advance=61)
    same(fake.get(CONTACTS, after=after).status, 400, "and too late")
    same(fake.get(CONTACTS).status, 200, "from the start it is good")


def encodings(fake):
    accept = {"Accept-Encoding": "gzip"}
    reply = fake.ask("GET", CONTACTS, headers=accept)
    ok(reply.headers.get("content-encoding") == "gzip" and
       b"results" in gzip.decompress(reply.bytes), "gzip, if accepted")
    ok("content-encoding" not in fake.get(CONTACTS).headers, "and only then")
    fake.faults("gzip=always")
    same(fake.get(CONTACTS).headers.get("content-encoding"), "gzip",
         "gzip=always")
    fake.faults("gzip=off")
    ok("content-encoding" not in fake.ask(
        "GET", CONTACTS, headers=accept).headers, "gzip=off")
    fake.faults("chunked")
    reply = fake.get(CONTACTS)
    ok(reply.headers["transfer-encoding"] == "chunked" and
       len(reply["results"]) == 10, "chunked")
    fake.faults("chunked,drop-mid-body:n=1")
    ok(fake.broken("GET", CONTACTS), "chunked, and broken off in the middle")
    fake.faults("drop-mid-body:n=1,gzip=always")
    ok(fake.broken("GET", CONTACTS), "gzip, and broken off in the middle")
    fake.faults("reformat")
    fake.ask("PATCH", "/crm/v3/objects/companies/9001", {"properties": {
        "phone": "(030) 12-34", "annualrevenue": "1500.00"}})
    found = fake.get("/crm/v3/objects/companies/9001", properties="phone,"
                     "annualrevenue")["properties"]
    same((found["phone"], found["annualrevenue"]), ("+0301234", "1500"),
         "reformat: what comes back is not what was sent")
    fake.faults("short-times")
    found = fake.get("/crm/v3/objects/deals/9001", properties="closedate")
    same((found["createdAt"], found["properties"]["closedate"]),
         ("2025-01-06T08:00:00Z", "2025-01-06T08:00:00Z"), "short-times")


def closes(fake):
    fake.faults("keep-alive=2")
    statuses = [fake.get(CONTACTS + "/9001") for _ in "12"]
    ok(all("connection" not in reply.headers for reply in statuses) and
       fake.broken("GET", CONTACTS), "keep-alive: a kept connection ends")
    same(fake.get(CONTACTS).status, 200, "and another one is good")


def aims(fake):
    def statuses(spec, *paths):
        fake.faults(spec)
        return [fake.get(path).status for path in paths]
    other = "/crm/v3/objects/deals"
    same(statuses("status:on=deals", CONTACTS, other, CONTACTS),
         [200, 503, 200], "on a type")
    same(statuses("status:on=/crm/v3/objects/deals|/crm/v3/owners", CONTACTS,
                  other, "/crm/v3/owners"), [200, 503, 503], "on paths")
    same(statuses("status:on=list:every=2", *[other] * 4),
         [200, 503, 200, 503], "every second one")
    same(statuses("status:on=write", other), [200], "not on others")
    fake.faults("reorder=off,chunked=off")
    ok("transfer-encoding" not in fake.get(other).headers, "a flag that is "
       "off")
    same(statuses("status=500:n=1,status=502:n=2", other, other, other),
         [500, 502, 200], "two of one name")
    for bad in ("foo", "status:foo=1", "status:p=x", "lag=1:on=read",
                "lag=x", "lag=1-", "rate=x", "consent=maybe", "rotate=1", "token-life=off",
                "status=x", "drop-after-commit=1", "delay="):
        same(fake.ask("PUT", "/_sandbox/faults", bad.encode()).status, 400,
             f"not understood: {bad}")


def seeds():
    """The same seed, the same faults and records; another, others."""
    def history(seed):
        fake = Fake(QUICK + ",status:p=30%", "--seed", seed)
        found = [fake.get(CONTACTS).status for _ in range(40)]
        said = {name: value for name, value in fake.said.items()
                if name != "url"}
        dump = fake.dump()
        fake.end()
        return found, said, dump
    one, same_one, other = history("7"), history("7"), history("8")
    same(one, same_one, "by the same seed all is the same")
    ok(all(a != b for a, b in zip(one, other)), "and by another it is not")
    ok(4 <= one[0].count(503) <= 22, "about as often as was said", one[0])


def requests(fake):
    """Connections as they may be spoken to."""
    host, port = fake.host.split(":")

    def say(data, pieces=1):
        with socket.create_connection((host, int(port)), 10) as line:
            size = len(data) // pieces + 1
            for start in range(0, len(data), size):
                line.sendall(data[start:start + size])
                time.sleep(0.01 * (pieces > 1))
            line.shutdown(socket.SHUT_WR)
            found = b""
            while True:
                part = line.recv(65536)
                if not part:
                    return found
                found += part
    head = f"Host: x\r\nAuthorization: Bearer {fake.token}\r\n".encode()
    get = b"GET /crm/v3/objects/contacts/9001 HTTP/1.1\r\n" + head + b"\r\n"
    post = b"POST /crm/v3/objects/contacts HTTP/1.1\r\n" + head + \
        b"Content-Type: application/json\r\n"
    body = b'{"properties":{"lastname":"X"}}'
    same(say(get * 3).count(b"HTTP/1.1 200"), 3, "three at once")
    same(say(get, 20).count(b"HTTP/1.1 200"), 1, "one in twenty pieces")
    same(say(post + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n"
             % (len(body), body)).count(b"HTTP/1.1 201"), 1, "chunked")
    small = gzip.compress(body)
    same(say(post + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b"
             % (len(small), small)).count(b"HTTP/1.1 201"), 1, "gzip")
    found = say(post + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n"
                % len(body) + body, 12)
    ok(b"100 Continue" in found and b"201" in found, "Expect", found)
    for bad, status in ((b"GET\r\n\r\n", 400), (b"GET / HTTP/2\r\n\r\n", 400),
                        (b"GET / HTTP/1.1\r\nA\r\n\r\n", 400),
                        (b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
                        (post + b"Content-Encoding: gzip\r\n"
                         b"Content-Length: 1\r\n\r\nx", 400)):
        ok(say(bad).startswith(b"HTTP/1.1 %d" % status), f"{bad[:30]}")
    same(fake.get(CONTACTS).status, 200, "and it lives on")


seeds()
run(breaks, late, statuses, slow, disorder, late_lists, cursors, encodings,
    closes, aims, requests)
