#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A loader is killed at each of its durable steps, among them those between a
system's taking a change and our noting it; then people go on editing there.
What they did stands, or they are asked; and where they did nothing nobody is
asked.
"""
import json
import os
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from killed import MOST, fresh, run  # noqa: E402
from tap import done, ok  # noqa: E402

ENTITY = """{entity: "org", deletes: "archive",
 fields: {name: {type: "text", required: true, rule: "latest"},
   city: {type: "text", rule: "latest"},
   note: {type: "text", rule: "latest"}}}
"""
SIDE = """{entity: "org", kind: "file", object: "org", id: "id",
 modified: "modified", uid: "uid",
 deleted: {from: "archived", value: "true"},
 fields: {name: {from: "name", dir: "both"}, city: {from: "city", dir: "both"},
   note: {from: "note", dir: "both"}}}
"""


class World:
    def __init__(self, folder):
        self.folder = folder

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def sh(self, command, now, die_at=0):
        return run(command, self.folder, now, "mappings", die_at)

    def resolve(self, now):
        read = "; ".join(
            f"crm-extract -q --full {s} org -m org.{s} | crm-map -q org.{s} |"
            " crm-diff -q" for s in ("app", "hub"))
        self.sh(f"{{ {read}; }} | crm-resolve -q org > plan", now)

    def sync(self, now):
        """A whole run, as cron does it."""
        self.resolve(now)
        for system in ("app", "hub"):
            self.sh(f"crm-load -q {system} < plan", now)
            self.sh(f"crm-load -q {system} --pending", now)

    def merge(self):
        """Another sync writes to the hub: what its journal has is seen."""
        self.write("else/org.ndjson", '{"id":"z","name":"Zed"}\n')
        self.write("mappings/org.else.jq", SIDE)
        read = "; ".join(
            f"crm-extract -q --full {s} org -m org.{s} | crm-map -q org.{s} |"
            " crm-diff -q" for s in ("else", "hub"))
        self.sh("export CRM_HOME=second; crm-state -q init; echo '"
                '{else: {kind: "file", path: "else"}, hub: {kind: "file",'
                ' path: "hub"}}\' > second/systems.jq;'
                f" {{ {read}; }} | crm-resolve -q org | crm-load -q hub",
                "12:25")

    def rows(self, system):
        with open(self.path(system, "org.ndjson"), encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def set_rows(self, system, rows):
        self.write(f"{system}/org.ndjson",
                   "".join(json.dumps(row) + "\n" for row in rows))

    def edit(self, system, now, change):
        rows = self.rows(system)
        for row in rows:
            if row["name"] == "Acme" and now:
                row.update(change, modified=f"2026-11-20T{now}:00Z")
        self.set_rows(system, rows)

    def acme(self, system):
        found = [r for r in self.rows(system) if r["name"] == "Acme"]
        return found[0] if len(found) == 1 else {"id": len(found)}

    def shows(self, system):
        """City and note, or None where it is archived or is not there."""
        row = self.acme(system)
        return None if row.get("archived") or "name" not in row else \
            (row.get("city"), row.get("note"))

    def conflicts(self):
        out = self.sh("crm-state -q conflicts", "20:00").stdout
        return [json.loads(line).get("field") for line in out.splitlines()]


def prepare(folder):
    """In step, with records beside it so that no ceiling trips."""
    w = World(folder)
    w.write("mappings/org.jq", ENTITY)
    w.sh("crm-state -q init", "12:00")
    w.write(".crm/systems.jq", '{app: {kind: "file", path: "app"},'
            ' hub: {kind: "file", path: "hub"}}\n')
    for system in ("app", "hub"):
        w.write(f"mappings/org.{system}.jq", SIDE)
        w.write(f"{system}/org.ndjson", "")
    w.set_rows("app", [{"id": str(n), "name": f"Other {n}",
                        "modified": "2026-11-19T10:00:00Z"}
                       for n in range(9)])
    w.sync("12:00")
    return w


def with_acme(w):
    w.set_rows("app", w.rows("app") + [
        {"id": "a", "name": "Acme", "city": "Bonn", "note": "n",
         "modified": "2026-11-19T10:00:00Z"}])


def told_city(w):
    """Ulm, to be told the hub, which has Bonn."""
    with_acme(w)
    w.sync("12:10")
    w.edit("app", "12:20", {"city": "Ulm"})
    w.resolve("12:21")


def told_all(w):
    """It is to be created in the hub."""
    with_acme(w)
    w.resolve("12:21")


# name, what is sent, what people do in the hub after; then what app and hub
# show and what a person is asked where it had arrived, and where it had not,
# or only the store's journal had it.
BONN, ULM, KOELN = ("Bonn", "n"), ("Ulm", "n"), ("Koeln", "n")
BARE, EDITED = (None, "n"), ("Ulm", "m")
MADE = [(BONN, BONN, [])]
CASES = [
    ("nobody does anything", told_city, lambda w: None,
     (ULM, ULM, []), [(ULM, ULM, [])]),
    ("it is set back", told_city,
     lambda w: w.edit("hub", "12:30", {"city": "Bonn"}),
     (ULM, BONN, ["city"]), [(ULM, ULM, [])]),
    ("it is set otherwise", told_city,
     lambda w: w.edit("hub", "12:30", {"city": "Koeln"}),
     (KOELN, KOELN, []), [(KOELN, KOELN, [])]),
    ("it is cleared", told_city,
     lambda w: w.edit("hub", "12:30", {"city": None}),
     (BARE, BARE, []), [(BARE, BARE, [])]),
    ("another field is edited", told_city,
     lambda w: w.edit("hub", "12:30", {"note": "m"}), (EDITED, EDITED, []),
     [(EDITED, EDITED, []), (EDITED, ("Bonn", "m"), ["city"])]),
    ("it is archived", told_city,
     lambda w: w.edit("hub", "12:30", {"archived": True}), (None, None, []),
     [(None, None, []), (ULM, ULM, []), (ULM, None, ["city"])]),
    ("the source takes it back", told_city,
     lambda w: w.edit("app", "12:30", {"city": "Bonn"}),
     (BONN, BONN, []), [(BONN, BONN, [])]),
    ("created: nobody does anything", told_all, lambda w: None,
     (BONN, BONN, []), MADE),
    ("created: a field is cleared", told_all,
     lambda w: w.edit("hub", "12:30", {"note": None}),
     (("Bonn", None), ("Bonn", None), []), MADE),
    ("created: it is edited", told_all,
     lambda w: w.edit("hub", "12:30", {"city": "Koeln"}),
     (KOELN, KOELN, []), MADE),
    ("created: it is archived", told_all,
     lambda w: w.edit("hub", "12:30", {"archived": True}),
     (None, None, []), MADE),
    ("created: it is edited and archived", told_all,
     lambda w: w.edit("hub", "12:30", {"archived": True, "note": "m"}),
     (None, None, []), MADE),
]


def killed(begun, top, die_at):
    """The hub's loader, at that step; None when it came to its end."""
    fresh(begun, top)
    w = World(top)
    ended = w.sh("exec crm-load -q hub < plan", "12:22", die_at)
    return w if ended.returncode == -9 else None


def settle(w, first):
    """Leases of ten minutes have run out by then."""
    if first == "load":
        w.sh("crm-load -q hub --pending", "12:50")
    for now in ("13:00", "13:10"):
        w.sync(now)
    return w.shows("app"), w.shows("hub"), w.conflicts()


def state_of(w, before):
    """What became of it, for who can look everywhere."""
    if w.shows("hub") == before:
        return "lost"
    queue = w.sh("crm-state -q queue", "12:50").stdout
    return "doubt" if '"hub"' in queue else "noted"


def try_step(top, case, first, step):
    _, _, people, arrived, lost = case
    w = killed(top + "/begun", top + "/work", step)
    if not w:
        return None, None, True
    w.merge()
    state = state_of(w, World(top + "/begun").shows("hub"))
    people(w)
    got = settle(w, first)
    if state == "lost":
        return state, got, got in lost
    if state == "noted" and got[2] == [] and arrived[2]:
        return state, got, True     # it was known: setting back is an edit
    return state, got, got == arrived


def try_case(top, case, first, steps):
    prepared = prepare(top + "/begun")
    case[1](prepared)
    bad, seen = [], []
    for step in steps:
        state, got, fine = try_step(top, case, first, step)
        seen.append(state)
        if not fine:
            bad.append(f"step {step}, {state}: {got}")
    shutil.rmtree(top + "/begun")
    ok(not bad and "doubt" in seen, f"{case[0]}, then {first}", seen, *bad)


def try_return(top):
    """It is to be deleted in the hub, whose loader is killed; then the source
    has it back, and the next run is before the loader's lease has run out."""
    w = prepare(top + "/begun")
    w.write("mappings/org.jq", ENTITY.replace('"archive"', '"delete"'))
    with_acme(w)
    w.sync("12:10")
    rows, bad, steps = w.rows("app"), [], 0
    w.set_rows("app", [row for row in rows if row["name"] != "Acme"])
    w.resolve("12:21")
    for step in range(1, MOST):
        w = killed(top + "/begun", top + "/work", step)
        if not w:
            break
        steps = step
        w.set_rows("app", rows)
        w.edit("app", "12:23", {})
        for now in ("12:24", "13:00", "13:10", "14:30"):
            w.sync(now)
        got = w.shows("app"), w.shows("hub"), w.conflicts()
        if got != (BONN, BONN, []):
            bad.append(f"step {step}: {got}")
    shutil.rmtree(top + "/begun")
    ok(steps and not bad, "deleted there, and back at its source", *bad)


def find_steps(top):
    """One where nothing left, all that leave it in doubt, one after."""
    case = CASES[0]
    case[1](prepare(top + "/begun"))
    found = {}
    for step in range(1, MOST):
        w = killed(top + "/begun", top + "/work", step)
        if not w:
            break
        w.merge()
        found.setdefault(state_of(w, World(top + "/begun").shows("hub")),
                         []).append(step)
    shutil.rmtree(top + "/begun")
    ok(len(found) == 3, "it is killed before, between and after", found)
    return found["lost"][-1:] + found["doubt"] + found["noted"][:1]


def main():
    with tempfile.TemporaryDirectory(prefix="flight.") as top:
        steps = find_steps(top)
        for case in CASES:
            for first in ("read", "load"):
                try_case(top, case, first, steps)
        try_return(top)
    done()


if __name__ == "__main__":
    main()
