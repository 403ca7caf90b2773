#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The token stays with the origin it is for: no redirect and no next-page link
takes it elsewhere, and plain http leaves this machine never."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from drive import Server, done, drive, ok, reply, same  # noqa: E402

SECRET = "token-of-ours"


def bearers(server):
    return [headers.get("Authorization") for _, _, headers in server.asked]


def elsewhere(status):
    """A redirect to another origin: its port differs, no more."""
    with Server(lambda h: reply(h, 200, b"mine")) as other:
        with Server(lambda h: reply(h, status, Location=other.url + "/y")
                    ) as server:
            got, _, _ = drive(server.url, "GET", "/x")
            same(got[0].head, ["answered", str(status), "remote"],
                 f"{status} elsewhere: it is not followed")
            same(bearers(server), ["Bearer " + SECRET],
                 "the token went to its own origin")
            same(other.asked, [], "nothing went to the other")


def answer_hops(handler):
    hop = int(handler.path.strip("/") or 0)
    if hop:
        reply(handler, 302, Location=str(hop - 1))
    else:
        reply(handler, 200, b"here")


def within():
    with Server(answer_hops) as server:
        got, _, _ = drive(server.url, "GET", "/3")
        same([got[0].head, got[0].bytes, len(server.asked)],
             [["answered", "200", "ok"], 4, 4],
             "three redirects within the origin are followed")
        same(set(bearers(server)), {"Bearer " + SECRET}, "with the token")
        got, _, _ = drive(server.url, "GET", "/4")
        same(got[0].head, ["answered", "302", "remote"], "a fourth is not")
        del server.asked[:]
        got, _, _ = drive(server.url, "POST", "/1", "-b", "{}")
        same([got[0].head, len(server.asked)],
             [["answered", "302", "remote"], 1],
             "what is no GET is not redirected")


def links():
    with Server(lambda h: reply(h, 200)) as server:
        with Server(lambda h: reply(h, 200)) as other:
            got, _, _ = drive(server.url, "GET", server.url + "/next?after=1")
            same([got[0].head, server.asked[0][1]],
                 [["answered", "200", "ok"], "/next?after=1"],
                 "a link within the origin is followed")
            for link in (other.url + "/next", "//127.0.0.1:1/next",
                         server.url.replace("http:", "https:"),
                         server.url.replace("127.0.0.1", "127.0.0.2"),
                         server.url.replace("//", "//127.0.0.1:80@"),
                         server.url + "#@evil.test/", "mailto:x", "next"):
                got, _, _ = drive(server.url, "GET", link)
                ok(got[0].outcome == "unsent" and got[0].rc in
                   ("remote", "config"), f"not asked: {link}", got[0])
            same([other.asked, len(server.asked)], [[], 1],
                 "and none was")
            got, _, _ = drive(server.url, "GET", other.url + "/x", "-x", 1)
            same([got[0].status, bearers(other)], [200, [None]],
                 "an anonymous one may go elsewhere, without the token")


def plain():
    for base in ("http://crm.test", "http://127.0.0.1.crm.test",
                 "ftp://127.0.0.1", "https://u:p@crm.test", "crm.test", "",
                 "https://crm.test?x", "https://crm.test#x"):
        got, _, _ = drive(base, "GET", "/")
        ok(len(got) == 1 and isinstance(got[0], str) and
           "https" in got[0] and "u:p" not in got[0],
           f"no base: \"{base}\"", got)
    with Server(lambda h: reply(h, 200)) as server:
        got, _, _ = drive(server.url, "GET", "http://crm.test/", "-x", 1)
        same(got[0].head, ["unsent", "0", "config"],
             "no plain http to elsewhere, without a token either")


def proxies():
    """What goes to this machine passes no proxy."""
    with Server(lambda h: reply(h, 200)) as server:
        with Server(lambda h: reply(h, 200)) as proxy:
            got, _, _ = drive(server.url, "GET", "/", env={
                "http_proxy": proxy.url, "all_proxy": proxy.url}.items())
            same([got[0].status, proxy.asked], [200, []],
                 "loopback is not asked for by a proxy")


def forged():
    with Server(lambda h: reply(h, 200)) as server:
        for options, token in ((("-H", "X: a\r\nY: b"), SECRET),
                               ((), SECRET + "\r\nX: y")):
            got, _, _ = drive(server.url, "GET", "/", *options, token=token)
            same(got[0].head, ["unsent", "0", "config"],
                 "a header that would be two is refused")
        same(server.asked, [], "before anything is sent")


for code in (301, 302, 303, 307, 308):
    elsewhere(code)
within()
links()
plain()
proxies()
forged()
done()
