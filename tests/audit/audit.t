#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The audit says what was decided and done, and a line of it that was changed,
removed, moved or cut off is found and named.
"""
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from world import World, done, ok  # noqa: E402


def history():
    w = World()
    w.sync()
    w.sync()
    w.edit("a", 1, name="Anna")
    w.edit("b", 2, phone="77")
    w.edit("a", 0, city="Ulm")
    w.edit("b", 0, city="Jena")
    w.sync()
    return w


def shows(w):
    lines = w.audit()
    kinds = [line["type"] for line in lines]
    ok(kinds.count("created") == 3 and kinds.count("delivered") == 3,
       "what was created is there, and where", kinds)
    name = [line for line in w.audit("--uid a:person:1")
            if line["type"] == "decision"]
    ok(len(name) == 1 and name[0]["fields"]["name"]["rule"] == "changed" and
       name[0]["fields"]["name"]["from"] == "a" and
       name[0]["values"]["name"] == {"was": "Name1", "is": "Anna", "shown":
                                     {"a": "Anna", "b": "Name1"}},
       "a change with its rule, origin and values", name)
    city = [line for line in w.audit("--uid a:person:0")
            if line["type"] == "decision"]
    ok(city and city[0]["fields"]["city"]["rule"] == "manual" and
       city[0]["values"]["city"]["shown"] == {"a": "Ulm", "b": "Jena"},
       "a conflict with what each side shows", city)
    sent = [line for line in lines if line["type"] == "delivery"]
    ok([(s["system"], s["op"], s["status"], s["values"]) for s in sent] ==
       [("a", "update", "done", {"phone": {"sent": "77", "against": "02"}}),
        ("b", "update", "done", {"name": {"sent": "Anna",
                                          "against": "Name1"}})],
       "what was sent, and against what", sent)
    ok(len(w.audit("--run run-1")) == 6 and not w.audit("--run run-2") and
       len(w.audit("--run run-3")) == 5, "what one run did")
    ok(len(w.audit("--since 2026-11-20T12:03:00Z")) == 5 and
       len(w.audit("--since 2026-11-20")) == 11 and
       not w.audit("--since 2026-11-21"), "since a day or an instant")
    ok(w.run("crm-state audit --since 20/11").returncode == 2,
       "what is no day is refused")
    ok(os.stat(w.day()).st_mode & 0o777 == 0o600 and
       os.stat(os.path.dirname(w.day())).st_mode & 0o777 == 0o700,
       "for the owner's eyes only")


def verified(w):
    ended = w.run("crm-state audit --verify")
    said = json.loads(ended.stdout) if ended.stdout else {}
    return ended.returncode, said.get("problems"), ended.stderr


def tampered(w, name, change, want):
    """The lines changed so: problems are found, and named as they should."""
    trial = w.copy()
    with open(trial.day(), encoding="utf-8") as file:
        lines = file.read().splitlines(keepends=True)
    with open(trial.day(), "w", encoding="utf-8") as file:
        file.write("".join(change(list(lines))))
    status, problems, said = verified(trial)
    ok(status == 4 and problems and all(part in said for part in want), name,
       status, problems, said)
    trial.remove()


def replace(at, old, new):
    def change(lines):
        if old not in lines[at]:
            raise RuntimeError(f"no {old} in {lines[at]}")
        lines[at] = lines[at].replace(old, new)
        return lines
    return change


def move(lines):
    lines[1], lines[2] = lines[2], lines[1]
    return lines


def tampering(w):
    with open(w.day(), encoding="utf-8") as file:
        lines = file.read().splitlines()
    last, at = len(lines), "2026-11-20.ndjson: line "
    ok(verified(w)[:2] == (0, 0) and last == 7,
       "as it was written, it holds", verified(w), last)
    tampered(w, "a changed line is named", replace(0, '"from":"a"',
                                                   '"from":"b"'), [at + "1:"])
    tampered(w, "a changed last line too", replace(last - 1, "done", "lost"),
             [f"{at}{last}:"])
    tampered(w, "changed values too", replace(3, "Anna", "Anne"), [at + "4:"])
    tampered(w, "a removed line is missed", lambda x: x[:2] + x[3:],
             [at + "3:", "1 lines before"])
    tampered(w, "so are the first ones", lambda x: x[2:],
             [at + "1:", "2 lines before"])
    tampered(w, "lines that change places are named", move,
             [at + "2:", at + "3:"])
    tampered(w, "a line that stands twice too", lambda x: x[:3] + x[2:],
             [at + "4:", "out of order"])
    tampered(w, "the end cut off is missed", lambda x: x[:-2],
             ["2 lines are missing"])
    tampered(w, "all of it too", lambda x: [], [f"{last} lines are missing"])
    tampered(w, "half a line is named", lambda x: x[:-1] + [x[-1][:50]],
             [f"{at}{last}:"])
    tampered(w, "what is no JSON is named",
             lambda x: x[:2] + ["lalala\n"] + x[3:], [at + "3:"])
    tampered(w, "an added line is named", lambda x: x[:2] + ["{}\n"] + x[2:],
             [at + "3:"])
    trial = w.copy()
    os.remove(trial.day())
    ok(verified(trial)[0] == 4, "a removed file is missed")
    trial.remove()


def days(w):
    trial = w.copy()
    trial.edit("a", 2, name="Cora")
    trial.minute = 24 * 60 - 12 * 60 + 5  # the day after
    trial.must("crm-extract --full a person -m person.a | crm-map person.a |"
               " crm-diff | crm-resolve -q > plan;"
               " crm-load -q b < plan > receipts",
               CRM_NOW="2026-11-21T00:05:00Z")
    next_day = trial.path(".crm/audit/2026-11-21.ndjson")
    ok(os.path.exists(next_day) and verified(trial)[:2] == (0, 0),
       "a day has a file, and the chain goes on", verified(trial))
    for name, other in (("20", "19"), ("21", "22")):
        moved = trial.copy()
        os.rename(moved.path(f".crm/audit/2026-11-{name}.ndjson"),
                  moved.path(f".crm/audit/2026-11-{other}.ndjson"))
        ok(verified(moved)[0] == 4, "under another day's name it is missed",
           verified(moved))
        moved.remove()
    trial.edit("a", 2, name="Dora")
    trial.must("crm-extract --full a person -m person.a | crm-map person.a |"
               " crm-diff | crm-resolve -q > plan;"
               " crm-load -q b < plan > receipts",
               CRM_NOW="2026-11-20T23:00:00Z")
    ok(verified(trial)[:2] == (0, 0), "also when the clock is set back",
       verified(trial))
    os.remove(trial.day())
    ok(verified(trial)[0] == 4 and "7 lines before" in verified(trial)[2],
       "a day that is gone is missed", verified(trial))
    ok(trial.run("crm-state audit --verify --since 2026-11-21").returncode ==
       0, "unless one begins with a later")
    trial.remove()


def goes_on(w):
    """A damaged audit stops no sync, but stays found."""
    trial = w.copy()
    with open(trial.day(), "r+b") as file:
        file.truncate(100)
    trial.edit("a", 2, name="Cora")
    trial.sync()
    ok(verified(trial)[0] == 4 and trial.people("b")["2"]["name"] == "Cora",
       "a sync goes on, and what is missing stays missed", verified(trial))
    trial.remove()


def runs(w):
    lines = [json.loads(x) for x in w.must("crm-state runs").stdout
             .splitlines()]
    ok([(x["run"], x["program"], x.get("system")) for x in lines] ==
       [("run-1", "crm-load", "b"), ("run-1", "crm-resolve", None),
        ("run-2", "crm-resolve", None), ("run-3", "crm-load", "a"),
        ("run-3", "crm-load", "b"), ("run-3", "crm-resolve", None)] and
       lines[0]["created"] == 3 and lines[3]["updated"] == 1 and
       lines[1]["sections"][0]["stages"][0]["read"] == 3,
       "what each stage of each run did", lines)
    one = w.must("crm-state runs run-2").stdout
    ok(one.count("\n") == 1 and '"run-2"' in one and
       not w.must("crm-state runs run").stdout, "or of one run", one)
    trial = w.copy()
    trial.must("crm-extract --full a person -m person.a | crm-map person.a |"
               " crm-diff | crm-resolve -q > plan",
               CRM_RUN="20260701T000000Z-1", CRM_NOW="2026-11-20T14:00:00Z")
    ok(trial.must("crm-state runs 20260701T000000Z-1").stdout,
       "a run of long ago is put")
    trial.must("crm-extract --full a person -m person.a | crm-map person.a |"
               " crm-diff | crm-resolve -q > plan",
               CRM_RUN="20261120T000000Z-1", CRM_NOW="2026-11-20T14:01:00Z")
    ok(not trial.must("crm-state runs 20260701T000000Z-1").stdout and
       trial.must("crm-state runs run-1").stdout,
       "and gone with the next after 90 days")
    trial.remove()


def at_once(w):
    """Programs that append at the same time wait for each other."""
    trial = w.copy()
    for n in range(4):
        trial.edit("a", n % 3, name=f"N{n}", phone=f"{n}")
    trial.minute += 1
    trial.must("crm-extract --full a person -m person.a | crm-map person.a |"
               " crm-diff | crm-resolve -q --propose > plan")
    trial.must("for i in 1 2 3 4 5 6; do for k in 1 2 3 4 5; do"
               " crm-state -q approve b; done & done;"
               " for i in 1 2 3 4; do crm-load -q b --pending > r.$i &"
               " done; wait", (0, 1))
    # A loader may have ended before the last approval was given.
    trial.must("crm-load -q b --pending > r.5")
    lines = trial.audit()
    ok(verified(trial)[:2] == (0, 0) and
       [x["n"] for x in lines] == sorted(x["n"] for x in lines) and
       len([x for x in lines if x["type"] == "approve"]) >= 3 and
       trial.people("b")["2"]["name"] == "N2",
       "ten programs at once make one chain", verified(trial))
    trial.remove()


def digests(w):
    """A home may keep no values but their digests."""
    trial = w.copy()
    trial.minute += 1
    ok(trial.run("crm-state audit --keep nothing").returncode == 2,
       "values or digests are kept")
    trial.must("crm-state audit --keep digests")
    trial.edit("a", 2, name="Hidden")
    run = trial.sync()
    with open(trial.day(), encoding="utf-8") as file:
        text = file.read()
    ok("Hidden" not in text and "Anna" in text and
       trial.people("b")["2"]["name"] == "Hidden" and
       verified(trial)[:2] == (0, 0), "digests alone are kept, and hold",
       verified(trial))
    trial.minute += 1
    ended = trial.run(f"crm-state undo {run}")
    ok(ended.returncode == 1 and "not kept" in ended.stderr,
       "nothing can be undone then", ended.stderr)
    trial.must("crm-state audit --keep values")
    trial.edit("a", 2, name="Shown")
    trial.sync()
    ok("Shown" in json.dumps(trial.audit()) and
       verified(trial)[:2] == (0, 0), "until values are kept again")
    trial.remove()


def main():
    w = history()
    shows(w)
    digests(w)
    at_once(w)
    runs(w)
    tampering(w)
    days(w)
    goes_on(w)
    w.remove()
    return done()


if __name__ == "__main__":
    sys.exit(main())
