#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Client credentials and JWT bearer (RFC 6749 4.4, RFC 7523), which HubSpot
has not: what is asked of a token address, when, and by how many processes.  The
other side is strict: what it does not expect it refuses, and says so here.
"""
import base64
import datetime
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from urllib.parse import parse_qsl, unquote

sys.dont_write_bytecode = True
TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TREE, "tests", "sandbox"))
from wire import done, ok, same  # noqa: E402

DRIVE = os.path.join(TREE, ".build", os.environ.get("CRM_VARIANT", "release"),
                     "helper", "grant_drive")
BIN = os.environ.get("CRM_BIN", os.path.join(TREE, "bin"))
START = 1763640000  # 2025-11-20T12:00:00Z
BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class Server:
    """A token address: each token is another, and lives ten minutes."""

    def __init__(self, check):
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.take(self, body.decode())

            def log_message(self, *_):
                pass

        self.check, self.asked, self.wrong = check, [], []
        self.answer, self.pause = None, 0
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
                                                      Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever,
                         kwargs={"poll_interval": 0.02}, daemon=True).start()

    def take(self, handler, body):
        form = dict(parse_qsl(body, strict_parsing=True))
        self.asked.append(form)
        time.sleep(self.pause)
        wrong = self.check(self, handler.headers, form)
        if handler.path != "/oauth2/token":
            wrong.append(handler.path)
        if handler.headers["Content-Type"] != \
                "application/x-www-form-urlencoded":
            wrong.append(handler.headers["Content-Type"])
        self.wrong += wrong
        status, text = self.answer or (200, {
            "access_token": f"token-{len(self.asked)}", "token_type":
            "Bearer", "expires_in": 600})
        if wrong:
            status, text = 400, {"error": "invalid_request"}
        text = json.dumps(text).encode()
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(text)))
        handler.end_headers()
        handler.wfile.write(text)


class Home:
    def __init__(self, kind, server):
        self.kind, self.server, self.now = kind, server, START
        self.top = tempfile.mkdtemp(prefix="grants.")
        self.folder = self.top + "/home"
        subprocess.run([BIN + "/crm-state", "-q", "init"], env=self.env(),
                       check=True)

    def env(self):
        at = datetime.datetime.fromtimestamp(self.now, datetime.timezone.utc)
        return {**os.environ, "CRM_HOME": self.folder,
                "CRM_NOW": at.strftime("%Y-%m-%dT%H:%M:%SZ")}

    def start(self, *words):
        return subprocess.Popen(
            [DRIVE, *words], cwd=self.top, env=self.env(), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def put(self, *words):
        child = self.start("put", self.kind, self.server.url, *words)
        said = child.communicate(timeout=60)
        same((child.returncode, said), (0, ("", "")), f"{self.kind}: kept")

    def token(self, after=0, stale=()):
        """What a program gets so many seconds later."""
        self.now += after
        child = self.start("token", self.kind, self.server.url, *stale)
        out, self.err = child.communicate(timeout=60)
        return child.returncode, out.strip()

    def end(self):
        self.server.server.shutdown()
        shutil.rmtree(self.top)


def life(home, name):
    """From the first token on, whatever the grant."""
    server = home.server
    same((home.token(), server.wrong), ((0, "token-1"), []),
         f"{name}: a token is asked for as it is to be")
    same(home.token(470), (0, "token-1"), "it is used for eight minutes")
    same(home.token(20), (0, "token-2"), "then renewed, ahead of its end")
    same(home.token(0, ["token-2"]), (0, "token-3"),
         "and so is one that was refused")
    home.now += 3600
    server.pause = 0.3
    children = [home.start("token", home.kind, server.url) for _ in range(5)]
    same({child.communicate()[0].strip() for child in children}, {"token-4"},
         "five find it ended at once: all get one")
    same((len(server.asked), server.wrong), (4, []), "asked for by one")
    server.pause = 0
    server.answer = 503, {}
    kept = open(home.folder + "/credentials", "rb").read()
    same(home.token(480), (0, "token-4"),
         "one that cannot be renewed now is used to its end")
    same(home.token(600)[0], 3, "then it is for later")
    server.answer = 400, {"error": "invalid_grant"}
    same(home.token()[0], 4, "no more: a person")
    ok("log in again: crm-auth login there" in home.err, "is told", home.err)
    server.answer = 401, {"error": "invalid_client"}
    same(home.token()[0], 2, "a client that is refused")
    same(open(home.folder + "/credentials", "rb").read(), kept,
         "and nothing is lost")
    server.answer = None
    number = len(server.asked) + 1
    same(home.token(), (0, f"token-{number}"), "later it goes on")
    server.answer = 200, {"access_token": "plain", "token_type": "Bearer"}
    same(home.token(3600), (0, "plain"), "no life is said")
    server.answer = None
    same(home.token(3600 - 310), (0, "plain"), "then it is the kind's")
    same(home.token(20), (0, f"token-{number + 2}"), "less the same margin")
    same(server.wrong, [], "all were asked for as the first")


# ---- the application for itself ----

def in_form(_, headers, form):
    wrong = [] if form == {
        "grant_type": "client_credentials", "scope": "read write",
        "client_id": "an app", "client_secret": "s&cret=1"} else [form]
    return wrong + [headers["Authorization"]] * ("Authorization" in headers)


def in_header(_, headers, form):
    wrong = [] if form == {"grant_type": "client_credentials",
                           "scope": "read write"} else [form]
    word, _, text = headers.get("Authorization", "").partition(" ")
    pair = base64.b64decode(text).decode().split(":")
    return wrong + ([] if word == "Basic" and [unquote(x) for x in pair] ==
                    ["an app", "s&cret=1"] else [word, pair])


def client(kind, check):
    home = Home(kind, Server(check))
    home.put("client")
    life(home, f"client credentials, {kind}")
    home.end()


# ---- a claim that is signed ----

def unpacked(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def signed(audience, folder, home):
    """Is the claim ours, now, for it, once, and by our key?"""
    seen = set()

    def check(_, headers, form):
        claim = form.pop("assertion", "..")
        head, body, signature = claim.split(".")
        wrong = [] if form == {"grant_type": BEARER, "client_id": "an app"} \
            else [form]
        wrong += [headers["Authorization"]] * ("Authorization" in headers)
        if json.loads(unpacked(head)) != {"alg": "RS256", "typ": "JWT"}:
            wrong.append(head)
        facts = json.loads(unpacked(body))
        if facts != {"iss": "an app", "sub": "ann@acme.test", "aud":
                     audience or home[0].server.url + "/oauth2/token",
                     "exp": home[0].now + 180}:
            wrong.append((facts, home[0].now))
        for name, data in (("signature", unpacked(signature)),
                           ("text", f"{head}.{body}".encode())):
            with open(f"{folder}/{name}", "wb") as file:
                file.write(data)
        proof = subprocess.run(
            ["openssl", "dgst", "-sha256", "-verify", folder + "/public",
             "-signature", folder + "/signature", folder + "/text"],
            capture_output=True, text=True, check=False)
        if proof.stdout.strip() != "Verified OK":
            wrong.append(proof)
        seen.add(claim)
        return wrong
    return check


def jwt(kind, audience):
    folder, homes = tempfile.mkdtemp(prefix="keys."), []
    key = folder + "/key"
    os.umask(0o077)
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True,
                   capture_output=True)
    subprocess.run(["openssl", "rsa", "-in", key, "-pubout", "-out",
                    folder + "/public"], check=True, capture_output=True)
    home = Home(kind, Server(signed(audience, folder, homes)))
    homes.append(home)
    home.put("jwt", key)
    with open(key, encoding="ascii") as file:
        pem = file.read().splitlines()[1]
    os.remove(key)
    kept = b"".join(open(os.path.join(home.folder, name), "rb").read()
                    for name in ("credentials", "key"))
    ok(pem.encode() not in kept, "the key is not to be read where it is kept")
    life(home, f"JWT bearer, {kind}")
    home.end()
    shutil.rmtree(folder)


client("form", in_form)
client("head", in_header)
jwt("form", None)
jwt("other", "https://login.test")
done()
