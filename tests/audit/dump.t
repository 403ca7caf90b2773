#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A dump makes a home that knows what the old one knew, down to the byte, and
nothing is created or deleted from it before every system was read again.  What
is no whole dump makes no home.
"""
import json
import os
import random
import re
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from world import World, done, ok  # noqa: E402


def queue(w):
    """What is pending, but for the state's epoch: that is another one."""
    return [{**json.loads(line), "epoch": ""} for line in
            w.must("crm-state queue").stdout.splitlines()]


def history():
    w = World(6)
    w.sync()
    w.sync()
    w.edit("a", 1, name="Ann\u00e4 \"\\\n\t", phone="1" * 5000)
    w.edit("a", 0, city="Ulm")
    w.edit("b", 0, city="Jena")
    w.drop("a", 4)
    w.sync()
    w.edit("b", 2, name="Bea")
    w.minute += 1
    w.must("for s in a b; do crm-extract --full $s person -m person.$s |"
           " crm-map person.$s | crm-diff; done | crm-resolve -q person"
           " > plan")
    return w


def rows(w):
    return [line for line in w.lines("dump") if line["type"] == "row"]


def content(w):
    """Every row but those that a restore renews."""
    skip = ("epoch", "audit", "audit-base", "restored")
    return {(r["table"], r.get("key", r.get("key64"))):
            (r.get("text"), r.get("value")) for r in rows(w)
            if r["table"] != "checkpoint" and
            not (r["table"] == "meta" and r.get("key") in skip)}


def moved(w, command="crm-state -q restore ../dump"):
    """A copy of the world whose home is the dump's."""
    other = w.copy()
    shutil.move(other.path(".crm"), other.path("old"))
    os.makedirs(other.path("sub"))
    other.restored = other.run(command.replace("../", ""))
    return other


def same(w):
    w.must("crm-state dump > dump")
    first = content(w), w.read("dump").splitlines()[0]
    other = moved(w)
    ok(other.restored.returncode == 0 and
       other.read(".crm/systems.jq") == w.read(".crm/systems.jq"),
       "a dump makes a home", other.restored.stderr)
    other.must("crm-state dump > dump")
    ok(content(other) == first[0] and len(first[0]) > 40,
       "with the same rows", len(first[0]))
    ok(json.loads(other.read("dump").splitlines()[0])["epoch"] !=
       json.loads(first[1])["epoch"], "but another epoch")
    ok(other.must("crm-state check").stdout ==
       w.must("crm-state check").stdout and
       queue(other) == queue(w) and
       other.must("crm-state conflicts").stdout ==
       w.must("crm-state conflicts").stdout,
       "check, queue and conflicts say the same")
    for path in (".crm", ".crm/state", ".crm/systems.jq"):
        if os.stat(other.path(path)).st_mode & 0o077:
            ok(False, f"{path} is the owner's alone")
    shown = [r for r in rows(w) if r["table"] == "agreed" and
             r["shows"].get("name") == "Bea"]
    ok(len(shown) == 1, "and who reads the dump finds the values")
    return other


def old_plan(w, other):
    ended = other.run("crm-load a < plan > r")
    ok(ended.returncode == 2 and "restore" in ended.stderr,
       "a plan of before is refused", ended.stderr)
    ended = w.run("crm-load a < plan > r")
    ok(ended.returncode == 0, "by the restored home alone", ended.stderr)


def held(other):
    """Updates go on; creates and deletes wait for both systems."""
    other.drop("a", 5)
    with open(other.path("a/person.ndjson"), "a", encoding="utf-8") as file:
        file.write('{"id":"new","name":"New"}\n')
    other.minute += 1
    other.must("crm-extract --full a person -m person.a | crm-map person.a |"
               " crm-diff | crm-resolve -q person > plan")
    ended = other.run("crm-load b < plan > r; crm-load b --pending")
    said = [json.loads(x) for x in ended.stdout.splitlines()]
    ok("new" not in other.people("b") and
       not other.people("b")["5"].get("archived"),
       "nothing is created or deleted before both are read", said)
    ok([x["status"] for x in said if x["uid"] == "a:person:5"] == ["held"] and
       "until b person is read" in ended.stdout,
       "what waits says for what", ended.stdout)
    other.run("crm-load a --pending > r")
    ok(other.people("a")["2"]["name"] == "Bea", "updates go on")
    other.sync()
    other.must("crm-load -q a --pending > r; crm-load -q b --pending > r")
    ok("new" in other.people("b") and other.people("b")["5"].get("archived"),
       "once both were read, they go too")
    other.sync()
    ok(not [x for x in other.lines("plan") if x["type"] == "operation"],
       "and it comes to rest", other.read("plan"))
    verified = other.run("crm-state audit --verify")
    ok(verified.returncode == 0, "its audit begins where the old one ended",
       verified.stderr)
    shutil.copytree(other.path("old/audit"), other.path(".crm/audit"),
                    dirs_exist_ok=True)
    other.remove()


def lost_since():
    """Records made since the dump are found, not made twice."""
    w = history()
    w.must("crm-load -q a < plan > r; crm-load -q b < plan > r")
    w.must("crm-state dump > dump")
    with open(w.path("a/person.ndjson"), "a", encoding="utf-8") as file:
        file.write('{"id":"late","name":"Late"}\n')
    w.edit("b", 3, name="Cleo")
    w.sync()
    other = moved(w)
    for _ in range(3):
        other.sync()
        other.run("crm-load -q a --pending > r; crm-load -q b --pending > r")
    names = [sorted(x["name"] for x in other.lines(f"{s}/person.ndjson")
                    if not x.get("archived")) for s in "ab"]
    ok(names[0] == names[1] and names[0].count("Late") == 1 and
       "Cleo" in names[0], "what was made since the dump is not made twice",
       names)
    other.remove()
    w.remove()


def broken(w):
    """A dump that is not whole makes no home, and leaves nothing behind."""
    with open(w.path("dump"), "rb") as file:
        whole = file.read()
    lines = whole.splitlines(keepends=True)
    seed = random.Random(7)
    cases = [("empty", b""), ("no end", b"".join(lines[:-1])),
             ("cut", whole[:len(whole) // 2]), ("no begin",
                                                b"".join(lines[1:])),
             ("a line less", b"".join(lines[:9] + lines[10:])),
             ("a line twice", b"".join(lines[:9] + lines[8:])),
             ("lines swapped", b"".join(lines[:8] + [lines[9], lines[8]] +
                                        lines[10:])),
             ("more behind", whole + lines[3]), ("no JSON", b"lala\n" + whole),
             ("two", whole + whole),
             ("no table", whole.replace(b'"table":"link"',
                                        b'"table":"lunk"', 1)),
             ("newer", re.sub(rb'"format":\d+', b'"format":99', whole, 1)),
             ("no format", re.sub(rb'"format":(\d+)', rb'"format":"\1"', whole,
                                 1)),
             ("long key", whole.replace(b'"key":"', b'"key":"' + b"k" * 900,
                                        1)),
             ("other file", whole.replace(b"systems.jq", b"../../evil", 1))]
    for _ in range(60):
        at = seed.randrange(len(whole))
        cases.append((f"byte {at}", whole[:at] +
                      bytes([whole[at] ^ 1 << seed.randrange(8)]) +
                      whole[at + 1:]))
    wrong = []
    for name, data in cases:
        with open(w.path("broken"), "wb") as file:
            file.write(data)
        ended = w.run("crm-state restore broken", CRM_HOME="there")
        if ended.returncode != 2 or os.path.exists(w.path("there")):
            wrong.append((name, ended.returncode, ended.stderr))
    ok(not wrong, f"{len(cases)} broken dumps make no home", *wrong[:5])
    ended = w.run("crm-state restore dump")
    ok(ended.returncode == 2 and "already" in ended.stderr,
       "nor is a home overwritten", ended.stderr)
    ended = w.run("crm-state restore nothing", CRM_HOME="there")
    ok(ended.returncode == 2 and not os.path.exists(w.path("there")),
       "what is not there is said")
    ended = w.run("crm-state -q restore - < dump", CRM_HOME="there")
    ok(ended.returncode == 0, "a dump comes from stdin too", ended.stderr)


def main():
    w = history()
    other = same(w)
    old_plan(w, other)
    held(other)
    broken(w)
    w.remove()
    lost_since()
    return done()


if __name__ == "__main__":
    sys.exit(main())
