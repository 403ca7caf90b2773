#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A forgotten record's values are nowhere in the home any more, the audit's
chain holds all the same, and nothing else is lost.
"""
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from world import World, done, ok  # noqa: E402

SECRET = "Schmidt-Quaddel"


def history():
    w = World(4)
    w.sync()
    w.sync()
    w.edit("a", 1, name=SECRET, phone="0301234")
    w.edit("a", 2, name="Other")
    w.sync()
    w.edit("b", 1, city=f"{SECRET}-City")
    w.edit("a", 1, city=f"{SECRET}-Town")
    w.sync()
    w.must("crm-state -q decide person a:person:1 city b;"
           " crm-load -q a --pending > r; crm-load -q b --pending > r")
    w.edit("a", 1, name=f"{SECRET}2")
    w.sync()
    os.makedirs(w.path(".crm/rejects"), exist_ok=True)
    w.write(".crm/rejects/r.ndjson", "".join(json.dumps(x) + "\n" for x in (
        {"type": "reject", "line": 1, "system": "a", "object": "person",
         "id": "1", "reason": "x", "input": {"id": "1", "name": SECRET}},
        {"type": "reject", "line": 2, "id": "1", "reason": "x",
         "input": {"name": SECRET}},
        {"type": "reject", "line": 3, "system": "b", "id": "1",
         "reason": "x", "input": "kept"},
        {"type": "reject", "line": 4, "system": "a", "id": "2",
         "reason": "x", "input": "kept"})).replace('": ', '":').replace(
             ', "', ',"'))
    return w


def holding(w, text):
    """Files of the home that have the text."""
    found = []
    for here, _, names in os.walk(w.path(".crm")):
        for name in names:
            with open(os.path.join(here, name), "rb") as file:
                if text.encode() in file.read():
                    found.append(name)
    return sorted(found)


def whole(w):
    ended = w.run("crm-state audit --verify")
    return ended.returncode == 0 and w.run("crm-state check").returncode == 0


def gone(w):
    """Deleted in a and, by the sync, archived in b; then in neither."""
    w.drop("a", 1)
    w.sync()
    w.must("crm-load -q b --pending > r", (0, 1))
    w.sync()


def forgets():
    w = history()
    ended = w.run("crm-state forget a:person:1")
    ok(ended.returncode == 2 and "it lives in a" in ended.stderr and
       SECRET in json.dumps(w.audit()),
       "what lives is not forgotten", ended.stderr)
    ok(w.run("crm-state forget nobody").returncode == 2,
       "nor what nobody knows")
    gone(w)
    sizes = os.path.getsize(w.day())
    before = w.audit("--uid a:person:2")
    w.minute += 1
    ended = w.run("crm-state forget a:person:1")
    ok(ended.returncode == 0 and whole(w), "a record that is gone is",
       ended.stderr, w.run("crm-state audit --verify").stderr,
       w.run("crm-state check").stderr)
    ok(holding(w, SECRET) in ([], ["data.mdb"]) and
       holding(w, "0301234") in ([], ["data.mdb"]),
       "no file says what it was (freed pages of the state may)",
       holding(w, SECRET))
    w.must("umask 077; crm-state dump > dump")
    ok(SECRET not in w.read("dump"), "no row does")
    ok(w.audit("--uid a:person:2") == before and
       w.audit("--uid a:person:1")[-1]["type"] == "forget" and
       all(line.get("values") is None for line in
           w.audit("--uid a:person:1")), "others' are as they were")
    ok(os.path.getsize(w.day()) > sizes, "nothing was moved")
    rejects = w.lines(".crm/rejects/r.ndjson")
    ok([x["input"] for x in rejects] == [None, None, "kept", "kept"],
       "inputs of its rejects are erased", rejects)
    shown = json.loads(w.must("crm-state show person a:person:1").stdout)
    ok(shown["life"] == "archived" and not shown["agreed"],
       "that it was there is still known", shown)
    again = w.run("crm-state forget a:person:1")
    ok(again.returncode == 0 and ": forgotten; 0 lines" in again.stderr and
       whole(w), "once more does no harm", again.stderr)
    undo = w.run("crm-state undo run-3 --uid a:person:1")
    ok(undo.returncode == 1 and "not kept" in undo.stderr,
       "and nothing of it can be undone", undo.stderr)
    w.sync()
    w.edit("a", 2, name="Go")
    w.sync()
    ok(w.people("b")["2"]["name"] == "Go" and whole(w), "a sync goes on")
    w.must("mkdir new && CRM_HOME=new/home crm-state -q restore dump")
    with open(w.path("new/home/state/data.mdb"), "rb") as file:
        ok(SECRET.encode() not in file.read(),
           "a home restored from a dump has not even freed pages of it")
    w.remove()


def returns():
    """It comes back: as the same record, with what it then shows."""
    w = history()
    gone(w)
    w.must("crm-state -q forget a:person:1")
    with open(w.path("a/person.ndjson"), "a", encoding="utf-8") as file:
        file.write('{"id":"1","name":"Back"}\n')
    w.minute += 5
    w.sync()
    w.must("crm-load -q b --pending > r", (0, 1))
    w.sync()
    both = [[x for x in w.lines(f"{s}/person.ndjson") if
             x.get("name") == "Back" and not x.get("archived")] for s in "ab"]
    ok([len(x) for x in both] == [1, 1] and whole(w),
       "a forgotten record that comes back is there once", both)
    w.remove()


def history_only():
    w = history()
    w.minute += 1
    w.must("crm-state -q forget --history a:person:1")
    ok(SECRET not in json.dumps(w.audit()) and
       w.people("b")["1"]["name"] == f"{SECRET}2" and whole(w),
       "its history alone can be erased")
    w.edit("a", 1, name="New")
    w.sync()
    ok(w.people("b")["1"]["name"] == "New", "and the record lives on")
    w.remove()


def left_behind():
    """Lines that never came to pass are erased too, torn ones as well."""
    w = history()
    gone(w)
    with open(w.day(), "r+b") as file:
        lines = file.read().splitlines(keepends=True)
        mine = [x for x in lines if SECRET.encode() in x][0]
        file.seek(0, os.SEEK_END)
        file.write(mine)
        file.write(mine[:mine.index(SECRET.encode()) + 20])
    w.minute += 1
    ended = w.run("crm-state forget a:person:1")
    ok(ended.returncode == 0 and whole(w) and
       holding(w, SECRET) in ([], ["data.mdb"]),
       "what never came to pass is erased too", ended.stderr,
       holding(w, SECRET))
    with open(w.day(), "r+b") as file:  # torn by a power failure
        text = file.read()
        at = text.index(b',"values":null')
        file.seek(at + 5)
        file.write(b'xx"' + SECRET.encode())
    w.run("crm-state forget a:person:1")
    ok(holding(w, SECRET) not in ([], ["data.mdb"]) or whole(w),
       "a torn line is found out or mended")
    w.remove()


def main():
    forgets()
    returns()
    history_only()
    left_behind()
    return done()


if __name__ == "__main__":
    sys.exit(main())
