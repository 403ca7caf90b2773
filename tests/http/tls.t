#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A server that cannot prove who it is gets nothing; one whose CA we were
given is trusted, for its own name."""
import os
import ssl
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from drive import Server, done, drive, ok, reply, same  # noqa: E402

folder = tempfile.mkdtemp()
key, cert = os.path.join(folder, "key"), os.path.join(folder, "cert")


def make(name):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048",
                    "-nodes", "-keyout", key, "-out", cert, "-days", "30",
                    "-subj", "/CN=test", "-addext", "subjectAltName=" + name],
                   check=True, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


with Server(lambda h: reply(h, 200, b"x"), make("IP:127.0.0.1")) as server:
    got, _, took = drive(server.url, "GET", "/")
    same(got[0].head, ["unsent", "0", "remote"], "self-signed: refused")
    ok("certificate" in got[0].words, "and said to be", got)
    ok(took < 5, "at once: trying again would not help", took)
    got, _, _ = drive(server.url, "POST", "/", "-b", "{}", "-r", "once")
    same([got[0].outcome, server.asked], ["unsent", []],
         "nothing was said to it")
    got, _, _ = drive(server.url, "GET", "/", "-a", cert)
    same(got[0].head, ["answered", "200", "ok"], "trusted with its CA")
    got, _, _ = drive(server.url, "GET", "/", "-a", key)
    ok(got[0].outcome == "unsent" and got[0].rc in ("config", "remote"),
       "a CA file that is none trusts nobody", got)
    got, connections, _ = drive(server.url, "GET", "/", "-n", 20, "-c", 1,
                                "-a", cert)
    same([len(got), connections], [20, 1], "its connection is kept")
with Server(lambda h: reply(h, 200), make("DNS:other.test")) as server:
    got, _, _ = drive(server.url, "GET", "/", "-a", cert)
    same([got[0].head, server.asked], [["unsent", "0", "remote"], []],
         "a certificate of another name is refused")
done()
