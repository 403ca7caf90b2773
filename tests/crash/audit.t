#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Killed at every durable step (between the audit's sync and the commit too),
run again: the audit holds, what never came to pass is said to be void, and
what was decided and delivered is in it once.
"""
import collections
import os
import sys

sys.dont_write_bytecode = True
TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TREE, "tests/audit"))
from world import World, done, ok  # noqa: E402

MOST = 100
READ = ("{ for s in a b; do crm-extract --full $s person -m person.$s |"
        " crm-map person.$s | crm-diff; done; } > changes")
STAGES = ["exec crm-resolve -q person < changes > plan",
          "exec crm-load -q a < plan > r", "exec crm-load -q b < plan > r"]
COMMANDS = ["exec crm-state undo run-3 > undo",
            "exec crm-state forget a:person:4 2> said"]


def begun():
    """Two stores in step, edited on both sides since."""
    w = World(5, os.path.join(TREE, ".build/fault/bin"))
    w.sync()
    w.sync()
    w.edit("a", 1, name="Anna")
    w.edit("b", 2, phone="22")
    w.drop("a", 4)
    w.sync()
    w.must("crm-load -q b --pending > r", (0, 1))
    w.sync()
    w.edit("a", 1, name="Berta")
    w.edit("b", 3, name="Cora", phone="33")
    with open(w.path("a/person.ndjson"), "a", encoding="utf-8") as file:
        file.write('{"id":"new","name":"New"}\n')
    w.minute += 1
    w.must(READ)
    return w


def wrong(w, count):
    """What is wrong with the audit once all was run again, or None."""
    w.minute += 60
    for _ in range(2):
        w.sync()
        w.must("crm-load -q a --pending > r; crm-load -q b --pending > r",
               (0, 1))
    ended = w.run("crm-state audit --verify")
    if ended.returncode:
        return ended.stderr
    told = collections.Counter()
    for line in w.audit():
        count[line["type"]] += 1
        if line["type"] in ("created", "decision"):
            told[line["uid"], line["version"] if "version" in line else 1] += 1
    twice = [key for key, n in told.items() if n > 1]
    if twice:
        return f"decided twice: {twice}"
    new = w.audit("--uid a:person:new")
    # a delivery that was not acknowledged is seen when it is read
    if new[0]["type"] != "created" or not [
            x for x in new[1:] if x.get("status") == "done" or
            "b" in x.get("systems", {})]:
        return f"not told: {new}"
    return None


def sweep(w, name, before):
    """Killed at each step of one command."""
    bad, count, step = [], collections.Counter(), 0
    for step in range(1, MOST):
        trial = w.copy()
        for command in before:
            trial.run(command)
        ended = trial.run(name, CRM_DIE_AT=str(step))
        if ended.returncode != -9:
            trial.remove()
            break
        trial.minute += 1
        trial.run(name)
        why = wrong(trial, count)
        if why:
            bad.append(f"CRM_DIE_AT={step} {name}: {why}")
        trial.remove()
    name = " ".join(name.split()[1:3])
    print(f"# {name}: {step - 1} points hit, {count['void']} void lines")
    ok(not bad and 3 < step < MOST and count["void"],
       f"{name}: killed at each of its {step - 1} durable steps", *bad[:3])


def main():
    w = begun()
    for i in (0, 2):
        sweep(w, STAGES[i], STAGES[:i])
    for command in COMMANDS:
        sweep(w, command, STAGES)
    w.remove()
    return done()


if __name__ == "__main__":
    sys.exit(main())
