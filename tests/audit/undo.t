#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a run decided is set back where it still stands, in all systems; what
changed since is refused and named; what was created goes only when approved.
"""
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from world import World, done, ok  # noqa: E402


def begun():
    w = World(4)
    w.sync()
    w.sync()
    return w


def plan_of(ended):
    return [json.loads(line) for line in ended.stdout.splitlines()]


def operations(ended):
    return sorted((line["system"], line["op"], line["uid"].split(":")[-1],
                   json.dumps(line.get("fields")))
                  for line in plan_of(ended) if line["type"] == "operation")


def at_rest(w):
    """One more run does nothing."""
    before = w.people("a"), w.people("b")
    w.sync()
    return (w.people("a"), w.people("b")) == before and not [
        line for line in w.lines("plan") if line["type"] == "operation"]


def edits():
    w = begun()
    w.edit("a", 1, name="Anna", phone="1")
    w.edit("b", 2, phone="2")
    run = w.sync()
    w.edit("b", 1, phone="3")
    w.sync()
    w.minute += 1
    dry = w.run(f"crm-state undo {run} --dry-run")
    ok(dry.returncode == 1 and operations(dry) ==
       [("a", "update", "1", '{"name": "Name1"}'),
        ("a", "update", "2", '{"phone": "02"}'),
        ("b", "update", "1", '{"name": "Name1"}'),
        ("b", "update", "2", '{"phone": "02"}')] and
       plan_of(dry)[0].get("dry_run"), "a dry run shows what it would be",
       dry.stdout, dry.stderr)
    ok("field phone: not undone: it changed since" in dry.stderr,
       "a field that changed since is refused, and named", dry.stderr)
    w.write("undo", dry.stdout)
    ok(w.run("crm-load a < undo").returncode == 2 and
       w.people("a")["1"]["name"] == "Anna", "which no loader sends")
    lines = len(w.audit())
    one = w.run(f"crm-state undo {run} --uid a:person:2 > undo")
    ok(one.returncode == 0 and len(w.audit()) == lines + 1,
       "one record alone", one.stderr)
    w.must("crm-load a < undo > r; crm-load b < undo >> r")
    ok(w.people("a")["2"]["phone"] == w.people("b")["2"]["phone"] == "02" and
       w.people("a")["1"]["name"] == "Anna", "the plan sets it back in both")
    w.minute += 1
    again = w.run(f"crm-state undo {run}")
    ok(again.returncode == 1 and again.stderr.count("changed since") == 2 and
       len(operations(again)) == 2, "what is set back already is refused",
       again.stderr)
    w.must("crm-load a --pending > r; crm-load b --pending >> r")
    ok(w.people("a")["1"]["name"] == w.people("b")["1"]["name"] == "Name1" and
       w.people("a")["1"]["phone"] == w.people("b")["1"]["phone"] == "3",
       "so does --pending, and a later edit stands")
    ok(at_rest(w), "and it comes to rest")
    last = w.audit("--uid a:person:2")
    ok([x for x in last if x.get("by") == "undo" and x["of"] == run],
       "the audit says that it was undone", last)
    undone = [x["run"] for x in last if x.get("by") == "undo"][-1]
    w.minute += 1
    w.must(f"crm-state undo {undone} > undo")
    w.must("crm-load a < undo > r; crm-load b < undo >> r")
    ok(w.people("a")["2"]["phone"] == w.people("b")["2"]["phone"] == "2",
       "an undo can be undone")
    ok(w.run("crm-state audit --verify").returncode == 0, "the chain holds")
    w.remove()


def unseen():
    """What was edited since, and nobody read yet, stands too."""
    w = begun()
    w.edit("a", 1, name="Anna", phone="1")
    run = w.sync()
    w.minute += 1
    w.edit("b", 1, phone="3", modified=f"2026-11-20T12:{w.minute:02}:00Z")
    w.minute += 1
    w.must(f"crm-state undo {run} > undo")
    ended = w.run("crm-load a < undo > r; crm-load b < undo >> r")
    ok("has moved there" in ended.stderr and
       w.people("b")["1"]["phone"] == "3", "nothing is overwritten",
       ended.stderr)
    for _ in range(2):
        w.sync()
    both = [w.people(side)["1"] for side in "ab"]
    ok([(p["name"], p["phone"]) for p in both] == [("Name1", "3")] * 2,
       "and the edit stands in both", both)
    w.remove()


def creates():
    w = begun()
    w.minute += 1
    shown = w.run("crm-state undo run-1 --dry-run")
    ok([(x[0], x[1]) for x in operations(shown)] == [("b", "archive")] * 4
       and shown.returncode == 0 and "4 were there before" in shown.stderr,
       "undoing what was created would delete it where it was made",
       shown.stdout, shown.stderr)
    w.edit("a", 3, name="Other")
    w.sync()
    w.minute += 1
    ended = w.run("crm-state undo run-1 > undo")
    ok(ended.returncode == 1 and not [
        1 for x in w.lines("undo") if x["type"] == "operation"] and
       "changed since it was created" in ended.stderr and
       "3 deletions wait" in ended.stderr,
       "it waits for approval, and what changed since is refused",
       ended.stderr)
    w.run("crm-load a < undo > r; crm-load b < undo >> r;"
          " crm-load a --pending >> r; crm-load b --pending >> r")
    ok(not [1 for side in "ab" for x in w.people(side).values()
            if x.get("archived")], "nothing is deleted before")
    trial = w.copy()
    trial.must("crm-state dump > dump; mv .crm old; crm-state -q restore dump")
    for _ in range(3):
        trial.sync()
    trial.run("crm-load a --pending > r; crm-load b --pending > r")
    ok(not [1 for side in "ab" for x in trial.people(side).values()
            if x.get("archived")], "nor once all is read again",
       trial.people("b"), trial.must("crm-state queue").stdout)
    trial.remove()
    again_decided(w.copy())
    w.must("crm-state -q approve b a:person:0 a:person:1")
    w.must("crm-load b --pending > r", (0, 1))
    ok(gone(w) == {"a": [], "b": ["0", "1"]},
       "but then, where it was approved", gone(w))
    ok([x["type"] for x in w.audit("--uid a:person:0")].count("approve") == 1,
       "which the audit says")
    w.remove()


def gone(w):
    return {side: [n for n, x in w.people(side).items() if x.get("archived")]
            for side in "ab"}


def new_field(w):
    """Every record is decided again."""
    for name in "person", "person.file":
        text = w.read(f"mappings/{name}.jq")
        w.write(f"mappings/{name}.jq", text.replace(
            " phone: {", ' fax: {type: "text"}, phone: {' if "type" in text
            else ' fax: {from: "fax", dir: "both"}, phone: {'))


def again_decided(w):
    new_field(w)
    w.sync()
    w.run("crm-load a --pending > r; crm-load b --pending > r")
    ok(gone(w) == {"a": [], "b": []} and "fax" in w.must(
        "crm-state dump").stdout, "no run approves it", gone(w))
    w.edit("a", 0, city="Ulm")
    w.sync()
    ok(gone(w) == {"a": [], "b": []} and
       w.people("b")["0"]["city"] == "Ulm",
       "what is edited where it stayed lives", w.people("b"))
    w.must("crm-state -q approve --all")
    w.run("crm-load a --pending > r; crm-load b --pending > r")
    ok(gone(w) == {"a": [], "b": ["1", "2"]},
       "approving all removes what was made, not what was found", gone(w))
    w.sync()
    ok(at_rest(w), "and it comes to rest")
    w.must("crm-state -q retry a a:person:1")
    w.must("crm-state -q approve a a:person:1")
    w.must("crm-load a --pending > r", (0, 1))
    ok(gone(w) == {"a": ["1"], "b": ["1", "2"]},
       "unless it is named, twice", gone(w))
    w.remove()


def found():
    """What both had is nobody's creation."""
    w = World(2)
    for name in "person", "person.file":
        text = w.read(f"mappings/{name}.jq")
        w.write(f"mappings/{name}.jq",
                text.replace("match: []", 'match: [["name"]]'))
    w.write("b/person.ndjson", '{"id": "9", "name": "Name1"}\n')
    w.sync()
    w.minute += 1
    shown = w.run("crm-state undo run-1")
    ok(shown.returncode == 1 and not operations(shown) and
       "all systems had it before" in shown.stderr and
       "1 deletions wait" in shown.stderr,
       "what was only linked is not undone", shown.stdout, shown.stderr)
    w.must("crm-state -q approve --all")
    w.run("crm-load a --pending > r; crm-load b --pending > r")
    ok(gone(w) == {"a": [], "b": ["0"]}, "nor removed", gone(w))
    w.remove()


def skipped():
    w = begun()
    w.drop("a", 1)
    w.drop("a", 2)
    w.minute += 1
    w.must("for s in a b; do crm-extract --full $s person -m person.$s |"
           " crm-map person.$s | crm-diff; done | crm-resolve -q > plan")
    w.must("crm-state -q skip b a:person:1; crm-load b < plan", (0, 1))
    new_field(w)
    w.sync()
    ok(gone(w)["b"] == ["2"], "a deletion that is skipped stays so", gone(w))
    w.must("crm-state -q retry b; crm-load b --pending > r")
    ok(gone(w)["b"] == ["1", "2"], "until it is taken back", gone(w))
    ok(at_rest(w), "and it comes to rest")
    w.remove()


def deletions():
    w = begun()
    w.drop("a", 1)
    run = w.sync()
    ok(w.people("b")["1"].get("archived"), "a deletion archives the other")
    w.minute += 1
    w.must(f"crm-state undo {run} > undo")
    w.must("crm-load a < undo > r; crm-load b < undo >> r")
    ok(not w.people("b")["1"].get("archived") and
       w.people("a")["1"]["name"] == "Name1", "undone, both have it again",
       w.people("a"), w.people("b"))
    ok(at_rest(w), "and it comes to rest")
    w.remove()


def conflicts():
    w = begun()
    w.edit("a", 0, city="Ulm")
    w.edit("b", 0, city="Jena")
    run = w.sync()
    w.minute += 1
    ended = w.run(f"crm-state undo {run}")
    ok(ended.returncode == 0 and not operations(ended),
       "what is in review has nothing to undo", ended.stderr)
    w.must("crm-state -q decide person a:person:0 city b")
    decided = f"run-{w.minute}"
    w.must("crm-load a --pending > r")
    w.minute += 1
    w.must(f"crm-state undo {decided} > undo")
    w.must("crm-load a < undo > r; crm-load b < undo >> r")
    ok(w.people("a")["0"]["city"] == w.people("b")["0"]["city"] == "Bonn",
       "a person's decision can be undone", w.people("a"), w.people("b"))
    ok(at_rest(w), "and it comes to rest")
    w.remove()


def unknown():
    w = begun()
    ended = w.run("crm-state undo no-such-run")
    ok(ended.returncode == 2 and not ended.stdout,
       "a run that decided nothing is refused", ended.stderr)
    ended = w.run("crm-state undo run-1 --uid nobody")
    ok(ended.returncode == 2, "so is a record it did not decide")
    w.remove()


def main():
    edits()
    unseen()
    creates()
    found()
    skipped()
    deletions()
    conflicts()
    unknown()
    return done()


if __name__ == "__main__":
    sys.exit(main())
