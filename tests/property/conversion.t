#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random histories of leads: two stores enter and edit leads, convert them into
contacts, one of them or both, and enter deals that refer to either; now and
then a program is killed.  At rest nothing is lost, nothing stands twice,
nothing was deleted, references mean what was meant, and one run more changes
nothing.

usage: conversion.t [N [SEED]]; without: some, and those that found something
"""
import json
import os
import random
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "crash"))
from killed import TREE, run  # noqa: E402
from tap import done, ok  # noqa: E402

MAPPINGS = os.path.join(TREE, "tests/golden/sync/conversion")
SYSTEMS = ("crm", "app")
ENTITIES = ("lead", "contact", "deal")
ROUNDS, REST = 5, 8
# a lead was deleted where a killed loader had had it in hand; a conversion
# waited for ever for what that loader had left
FOUND = [22, 170]
MAPS = " ".join(f"{e}.{s}" for s in SYSTEMS for e in ENTITIES)


class History:
    """A home, what people did in it, and the clock."""

    def __init__(self, work, seed):
        self.work, self.random = work, random.Random(seed)
        self.policy = self.random.choice(["review", "tell"])
        self.minute, self.second, self.count, self.said = 0, 0, 0, []
        self.in_conflict = self.twice = set()
        self.leads = {}    # mail -> where it was entered
        self.uids = {}     # mail -> uid
        self.edits = {}    # (system, mail) -> the last value given there
        self.closed = set()  # (system, mail)
        self.deals = {}    # name -> {"lead": mail, "contact": mail}
        shutil.copytree(MAPPINGS, work + "/maps")
        self.sh("sed -i 's/\"CONVERTS\"/\"%s\"/' maps/lead.jq; "
                "crm-state -q init" % self.policy)
        with open(work + "/.crm/systems.jq", "w", encoding="utf-8") as file:
            file.write("{%s}\n" % ", ".join(
                f'{s}: {{kind: "file", path: "{s}"}}' for s in SYSTEMS))
        for system in SYSTEMS:
            os.makedirs(f"{work}/{system}", exist_ok=True)
            for entity in ENTITIES:
                self.put(system, entity, [])

    # ---- the stores, and the programs ----

    def now(self):
        return f"{self.minute // 60:02d}:{self.minute % 60:02d}"

    def path(self, system, entity):
        return f"{self.work}/{system}/{entity}.ndjson"

    def rows(self, system, entity):
        with open(self.path(system, entity), encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def put(self, system, entity, rows):
        with open(self.path(system, entity), "w", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)

    def sh(self, command, die_at=0):
        return run(command, self.work, self.now(), "maps", die_at)

    def sync(self, die_in=-1, die_at=0):
        """A whole run; the plan's operations."""
        self.minute += 1
        sections = " ".join(f"crm-extract --full {s} {e} -m {e}.{s};"
                            for s in SYSTEMS for e in ENTITIES)
        for n, command in enumerate([
                f"{{ {sections} }} > raw",
                f"exec crm-map {MAPS} < raw > mapped",
                "exec crm-diff < mapped > changes",
                "exec crm-resolve --max-deletes 10000 < changes > plan",
                "exec crm-load crm < plan > receipts",
                "exec crm-load app < plan > receipts",
                "exec crm-load crm --pending > receipts",
                "exec crm-load app --pending > receipts"]):
            self.sh(command, die_at if n == die_in else 0)
        with open(self.work + "/plan", encoding="utf-8") as file:
            return [line for line in file if '"type":"operation"' in line]

    # ---- what people do ----

    def add(self, system, entity, **row):
        self.count += 1
        row.update(id=f"{entity[0]}{self.count}", modified=self.stamp())
        self.put(system, entity, self.rows(system, entity) + [row])
        return row["id"]

    def stamp(self):
        """No two are the same: which edit was the last is never in doubt."""
        self.second += 1
        return f"2026-11-20T{self.now()}:{self.second:02d}Z"

    def there(self, system):
        """Leads that stand open there, by mail."""
        return {row["email"]: row for row in self.rows(system, "lead")
                if (system, row["email"]) not in self.closed}

    def enter(self, system):
        mail = f"m{len(self.leads)}@x.org"
        self.leads[mail] = system
        lead = self.add(system, "lead", name=f"N{len(self.leads)}", email=mail)
        self.uids[mail] = f"{system}:lead:{lead}"
        return mail

    def change(self, system, entity, key, value, **members):
        rows = self.rows(system, entity)
        for row in rows:
            if row.get(key) == value:
                row.update(modified=self.stamp(), **members)
                row.pop("version", None)
        self.put(system, entity, rows)

    def edit(self, system, mail):
        self.count += 1
        self.edits[system, mail] = self.count
        self.change(system, "lead", "email", mail, phone=str(self.count))

    def convert(self, system, mail):
        contact = next((row["id"] for row in self.rows(system, "contact")
                        if row["email"] == mail), None)
        contact = contact or self.add(system, "contact", name="C", email=mail)
        self.change(system, "lead", "email", mail, status="converted",
                    contact=contact)
        self.closed.add((system, mail))

    def deal(self, system, mail):
        refs = {"lead": next(row["id"] for row in self.rows(system, "lead")
                             if row["email"] == mail)}
        for row in self.rows(system, "contact"):
            if row["email"] == mail and self.random.random() < .5:
                refs["contact"] = row["id"]
        name = f"D{len(self.deals)}"
        self.deals[name] = {key: mail for key in refs}
        self.add(system, "deal", name=name, **refs)

    def act(self):
        system = self.random.choice(SYSTEMS)
        open_here = sorted(self.there(system))
        what = self.random.choice(["enter", "edit", "edit", "convert",
                                   "convert", "deal", "deal"])
        if what == "enter" or not open_here:
            what, mail = "enter", self.enter(system)
        else:
            mails = sorted(r["email"] for r in self.rows(system, "lead"))
            mail = self.random.choice(mails if what == "deal" else open_here)
            getattr(self, what)(system, mail)
        self.said.append(f"{self.now()} {system} {what} {mail}")

    def play(self):
        for system in SYSTEMS:
            self.enter(system)
        self.sync()
        self.sync()
        for _ in range(ROUNDS):
            self.minute, self.second = self.minute + 5, 0
            for _ in range(self.random.randint(1, 4)):
                self.act()
            die_in, die_at = -1, 0
            if self.random.random() < .5:
                die_in = self.random.randint(1, 7)
                die_at = self.random.randint(1, 30)
                self.said.append(f"{self.now()} dies {die_in} at {die_at}")
            self.sync(die_in, die_at)
            # what is claimed is let go after ten minutes, or not yet
            self.minute += self.random.choice([1, 15])

    # ---- what must hold ----

    def stores(self):
        found = []
        for system in SYSTEMS:
            for entity in ENTITIES:
                with open(self.path(system, entity), "rb") as file:
                    found.append(file.read())
        return found

    def rest(self):
        for _ in range(REST):
            self.minute += 15
            before = self.stores()
            if not self.sync() and self.stores() == before:
                return []
        return ["it does not come to rest"]

    def one(self, system, entity, key, value):
        found = [row for row in self.rows(system, entity)
                 if row.get(key) == value]
        return found[0] if len(found) == 1 else None

    def ask(self):
        """What a person is asked: a lead's phone that two gave it at first; a
        contact that was entered where a killed loader was making it."""
        told = list(map(json.loads, self.sh(
            "crm-state conflicts").stdout.splitlines()))
        self.in_conflict = {line["uid"] for line in told
                            if line.get("field") == "phone"}
        second = {(line["system"], line["id"]) for line in told
                  if line["entity"] == "contact"
                  and line.get("kind") == "identity"}
        self.twice = {row["email"] for s in SYSTEMS
                      for row in self.rows(s, "contact")
                      if (s, row["id"]) in second}

    def wrong(self):
        bad = []
        self.ask()
        for system in SYSTEMS:
            for entity in ENTITIES:
                rows = self.rows(system, entity)
                keys = [row["name" if entity == "deal" else "email"]
                        for row in rows if entity != "contact"
                        or row["email"] not in self.twice]
                if len(set(keys)) < len(keys):
                    bad.append(f"{system} {entity}: one stands twice")
                bad += [f"{system} {entity} {row['id']} was archived"
                        for row in rows if row.get("archived")]
            for mail in self.leads:
                bad += self.wrong_lead(system, mail)
            for name, refs in self.deals.items():
                bad += self.wrong_deal(system, name, refs)
        if self.sh("crm-state check").returncode:
            bad.append("crm-state check complains")
        if self.sh("crm-state todo").stdout:
            bad.append("left: " + self.sh("crm-state todo").stdout)
        return bad

    def wrong_lead(self, system, mail):
        bad, lead = [], self.one(system, "lead", "email", mail)
        closed = any((s, mail) in self.closed for s in SYSTEMS)
        if not lead and (not closed or self.leads[mail] == system):
            return [f"{system} lacks {mail}"]
        last = max(self.edits.get((s, mail), 0) for s in SYSTEMS)
        has = int((lead or {}).get("phone") or 0)
        if not closed and has != last and \
                self.uids[mail] not in self.in_conflict:
            bad.append(f"{system} {mail}: phone {has}, not {last}")
        if has < self.edits.get((system, mail), 0):
            bad.append(f"{system} {mail}: an edit is gone")
        if closed and mail not in self.twice and \
                not self.one(system, "contact", "email", mail):
            bad.append(f"{system} lacks the contact that {mail} became")
        return bad

    def wrong_deal(self, system, name, refs):
        row = self.one(system, "deal", "name", name)
        if not row:
            return [f"{system} lacks deal {name}"]
        bad = []
        for key, mail in refs.items():
            if key == "contact" and mail in self.twice:
                continue
            meant = self.one(system, key, "email", mail)
            # a lead that was converted before it came has no id there
            if row.get(key) != (meant and meant["id"]):
                bad.append(f"{system} deal {name}: {key} is {row.get(key)}")
        return bad


def main():
    count, seed = [int(n) for n in sys.argv[1:] + ["2", "1"][len(
        sys.argv) - 1:]]
    seeds = range(seed, seed + count)
    for at in seeds if sys.argv[1:] else [*seeds, *FOUND]:
        with tempfile.TemporaryDirectory(prefix="conversion.") as top:
            history = History(top, at)
            history.play()
            bad = history.rest() + history.wrong()
            ok(not bad, f"history {at} ({history.policy}) holds: "
               f"conversion.t 1 {at}", *bad, *history.said)
    done()


main()
