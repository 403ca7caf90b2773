#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A server that cannot prove who it is gets nothing; one whose CA we were
given is trusted, for its own name, also behind a proxy."""
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

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


class Proxy:
    """Takes CONNECT, and leads to our own server, whatever it is called."""

    def __init__(self, port):
        self.asked = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.to = port
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self.lead, args=(client,),
                             daemon=True).start()

    def lead(self, client):
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(4096)
        self.asked.append(head.decode())
        server = socket.create_connection(("127.0.0.1", self.to))
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        threading.Thread(target=self.copy, args=(server, client),
                         daemon=True).start()
        self.copy(client, server)

    @staticmethod
    def copy(source, to):
        try:
            for data in iter(lambda: source.recv(65536), b""):
                to.sendall(data)
            to.shutdown(socket.SHUT_WR)
        except OSError:
            pass


with Server(lambda h: reply(h, 200, b"x"), make("DNS:crm.test")) as server:
    proxy, base = Proxy(server.port), f"https://crm.test:{server.port}"
    env = {"HTTPS_PROXY": proxy.url, "CRM_CA_FILE": cert,
           "SSL_CERT_FILE": key}.items()
    got, _, _ = drive(base, "GET", "/", env=env)
    same([got[0].head, len(proxy.asked)], [["answered", "200", "ok"], 1],
         "by a proxy, with the CA of the environment")
    ok(proxy.asked[0].startswith("CONNECT crm.test:") and
       "token-of-ours" not in proxy.asked[0],
       "which sees neither request nor token", proxy.asked)
    got, _, _ = drive(base, "GET", "/", "-C", 2000, "-A", 1, env=[
        *env, ("NO_PROXY", "crm.test")])
    same([got[0].outcome, len(proxy.asked)], ["unsent", 1],
         "NO_PROXY: past it")
    got, _, _ = drive(base, "GET", "/", env={
        "HTTPS_PROXY": proxy.url, "SSL_CERT_FILE": cert}.items())
    same(got[0].head, ["answered", "200", "ok"],
         "the CA may be named as others name it")
    got, _, _ = drive(base, "GET", "/", env=[("HTTPS_PROXY", proxy.url)])
    same(got[0].head, ["unsent", "0", "remote"], "without it: refused")
    got, _, _ = drive(server.url, "GET", "/", env=env)
    ok(len(proxy.asked) == 3, "this machine is asked without it", got)
done()
