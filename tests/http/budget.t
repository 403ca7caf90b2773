#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""All processes of a home keep to one budget, and leave a system alone that
fails or says so."""
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from drive import (CONTACTS, CREATE, TREE, Server, ask,  # noqa: E402
                   drive, ok, reply, run, same)

BIN = os.environ.get("CRM_BIN", os.path.join(TREE, "bin"))


def home():
    return (("CRM_HOME", tempfile.mkdtemp()),)


def limited(fake):
    """Two processes within a limit of five a second: none is refused."""
    fake.faults("search-rate=5")
    env = home()

    def search(_):
        return ask(fake, "POST", CONTACTS + "/search", "-L", 5, "-w", 1000,
                   "-n", 6, "-b", '{"limit":1}', env=env)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        both = list(pool.map(search, range(2)))
    results = both[0][0] + both[1][0]
    same([(r.status, r.attempts) for r in results], [(200, 1)] * 12,
         "no search was refused, none tried twice")
    took = max(both[0][2], both[1][2])
    ok(1.9 < took < 4.5, "twelve take two seconds", took)


def spent(fake):
    env = home()
    got, _, _ = ask(fake, "POST", CONTACTS, "-D", 5, "-n", 7, "-c", 1,
                    "-r", "once", *CREATE, env=env)
    same([r.head for r in got], [["answered", "201", "ok"]] * 5 +
         [["unsent", "0", "remote"]] * 2, "a day's calls, and no more")
    ok("there are more at" in got[6].words, "it says when", got[6])
    got, _, _ = ask(fake, "GET", CONTACTS, "-D", 5, env=env)
    same(got[0].rc, "remote", "nor by the next program")


def tool(*words, env):
    return subprocess.run([os.path.join(BIN, words[0]), *words[1:]],
                          env={**os.environ, **dict(env)}, check=False,
                          stdout=subprocess.PIPE, text=True).stdout


def broken(_):
    env = home()
    os.rmdir(env[0][1])
    tool("crm-state", "-q", "init", env=env)
    with open(os.path.join(env[0][1], "systems.jq"), "w",
              encoding="utf-8") as file:
        file.write('{crm: {kind: "hubspot"}}\n')
    with Server(lambda h: reply(h, 503)) as server:
        got, _, _ = drive(server.url, "GET", "/", "-n", 24, "-c", 1, "-A", 1,
                          env=env)
        same([r.head for r in got], [["unknown", "503", "retry"]] * 20 +
             [["unsent", "0", "remote"]] * 4, "twenty failures, then no more")
        drive(server.url, "GET", "/", env=env)
        same(len(server.asked), 20, "nor does the next program ask")
    said = tool("crm-status", "--check", env=env)
    ok("crm fails, and is not asked before 2" in said, "crm-status says so",
       said)
    said = json.loads(tool("crm-status", "--json", env=env))["network"]
    ok(said[0]["system"] == "crm" and said[0]["not_asked_before"] and
       said[0]["calls_left"] is None, "also to programs", said)
    ok('crm_not_asked{system="crm"} 1' in
       tool("crm-status", "--prometheus", env=env), "and to monitors")


def told(_):
    """Who is told to wait makes all wait."""
    env = home()
    with Server(lambda h: reply(h, 429, Retry_After="1")) as server:
        got, _, _ = drive(server.url, "GET", "/", "-A", 1, env=env)
        same(got[0].head, ["answered", "429", "retry"], "one is refused")
        got, _, _ = drive(server.url, "GET", "/", "-P", 300, env=env)
        same([got[0].head, len(server.asked)],
             [["unsent", "0", "remote"], 1], "another does not ask")
        _, _, took = drive(server.url, "GET", "/", "-A", 1, env=env)
        ok(len(server.asked) == 2 and took > 0.3, "before it is time")


run(limited, spent, broken, told)
