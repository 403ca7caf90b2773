#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The wire log says what was asked and answered, and never a secret."""
import os
import stat
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from drive import CONTACTS, Server, ask, done, drive, ok, reply, same  # noqa: E402,E501
from drive import QUICK, Fake  # noqa: E402

SECRET = "token-of-ours"
folder = tempfile.mkdtemp()
count = 0


def fresh():
    global count
    count += 1
    return os.path.join(folder, f"log{count}")


def text(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def said():
    log = fresh()
    fake = Fake(QUICK)
    ask(fake, "POST", CONTACTS, "-T", log, "-b",
        '{"properties":{"email":"ann@acme.test"}}')
    whole = text(log)
    ok(f"> POST {fake.said['url']}{CONTACTS}, 40 bytes" in whole and
       "< 201 in " in whole, "a call is there", whole)
    ok("> Authorization: ***" in whole and fake.token not in whole,
       "its token is not", whole)
    ok("acme" not in whole, "nor who it was about", whole)
    same(stat.S_IMODE(os.stat(log).st_mode), 0o600, "it is one's own")
    ask(fake, "POST", CONTACTS, "-T", log, "-V", 1, "-b",
        '{"properties":{"email":"bob@acme.test"}}')
    more = text(log)
    ok(more.startswith(whole), "a second program adds to it")
    ok('> {"properties":{"email":"***"}}' in more and '"id":"' in more and
       "acme" not in more, "bodies show their shape", more)
    ask(fake, "POST", CONTACTS, "-T", log, "-V", 2, "-b",
        '{"properties":{"email":"cy@acme.test","api_token":"of-cy"}}')
    more = text(log)
    ok('{"email":"cy@acme.test","api_token":"***"}' in more and
       "of-cy" not in more and fake.token not in more,
       "or, asked for, all but secrets", more)
    fake.end()


def refused():
    log = fresh()
    with open(log, "w", encoding="utf-8"):
        pass
    os.chmod(log, 0o640)
    link, pipe = fresh(), fresh()
    os.symlink(fresh(), link)
    os.mkfifo(pipe, 0o600)
    with Server(lambda h: reply(h, 200)) as server:
        for path in (log, link, pipe, folder, "/no/such/folder/log"):
            got, _, _ = drive(server.url, "GET", "/", "-T", path)
            ok(isinstance(got[0], str) and os.path.basename(path) in got[0],
               "no log: " + got[0] if isinstance(got[0], str) else "log")
        same(server.asked, [], "nothing is sent without the log")


def secrets():
    log = fresh()

    def answer(handler):
        reply(handler, 200, b'{"access_token":"the-new-one"}',
              Set_Cookie="sid=the-cookie", Content_Type="application/json")

    with Server(answer) as server:
        drive(server.url, "POST", "/oauth?code=the-code", "-T", log, "-V", 1,
              "-q", 1, "-t", "application/x-www-form-urlencoded", "-b",
              "refresh_token=the-old-one")
        drive(server.url, "POST", "/oauth?code=the-code", "-T", log, "-V", 1,
              "-t", "application/x-www-form-urlencoded", "-b",
              "refresh_token=the-old-one")
    whole = text(log)
    for secret in (SECRET, "the-code", "the-old-one", "the-new-one",
                   "the-cookie"):
        ok(secret not in whole, f"{secret} is not there", whole)
    ok("> refresh_token=***" in whole, "what is no secret call is")


def broken():
    log = fresh()
    with Server(lambda h: h.connection.close()) as server:
        url = server.url
        drive(url, "GET", "/", "-T", log, "-A", 1, "-F", 300)
    drive(url, "GET", "/", "-T", log, "-A", 1)
    whole = text(log)
    ok("! unknown after" in whole and "! unsent after" in whole,
       "what had no answer is there", whole)


said()
refused()
secrets()
broken()
done()
