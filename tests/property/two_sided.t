#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random histories of two stores: after each sync both show the same, every
edit nobody contradicted stands in both, what was deleted is gone or archived,
what was not is there, no record stands twice, and one more run does nothing.

A failure prints the seed; CRM_SEED=N repeats it, CRM_ROUNDS sets how many.
"""
import json
import os
import random
import subprocess
import sys
import tempfile

TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BIN = os.environ.get("CRM_BIN", os.path.join(TREE, "bin"))
MAPPINGS = os.path.join(TREE, "tests/golden/sync/mappings")
FILES = {"app": "app/person.ndjson", "hub": "hub/people.ndjson"}
FIELDS = ("name", "city", "score", "low")
HISTORIES, ROUNDS = 6, int(os.environ.get("CRM_ROUNDS", "6"))


class History:
    def __init__(self, work, seed):
        self.work, self.rng = work, random.Random(seed)
        self.minute = 0  # since 2026-11-20T00:00Z
        self.next = 0    # identity of the next record, kept in bio
        self.log = []
        self.sh("crm-state -q init && mkdir -p app hub")
        self.write(".crm/systems.jq", '{app: {kind: "file", path: "app"},'
                   ' hub: {kind: "file", path: "hub"}}\n')

    def now(self):
        return "2026-11-%02dT%02d:%02d:00Z" % (
            1 + self.minute // 1440, self.minute // 60 % 24,
            self.minute % 60)

    def sh(self, command):
        self.minute += 1
        env = {"PATH": BIN + ":/usr/bin:/bin", "CRM_MAPPINGS": MAPPINGS,
               "CRM_NOW": self.now(), "CRM_RUN": f"run-{self.minute}"}
        for name, value in os.environ.items():
            if name.startswith(("ASAN_", "UBSAN_", "LSAN_")):
                env[name] = value
        done = subprocess.run(["sh", "-c", command], cwd=self.work, env=env,
                              stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.STDOUT, check=False)
        if done.returncode not in (0, 1):
            raise AssertionError(f"{command}: {done.returncode} "
                                 + done.stdout)
        return done.stdout

    def write(self, name, text):
        with open(os.path.join(self.work, name), "w",
                  encoding="utf-8") as file:
            file.write(text)

    def read(self, system):
        path = os.path.join(self.work, FILES[system])
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def live(self, system):
        found = {}
        for record in self.read(system):
            if record.get("archived"):
                continue
            assert record["bio"] not in found, (
                f"{record['bio']} stands twice in {system}")
            found[record["bio"]] = record
        return found

    # ---- what people do ----

    def create(self):
        self.next += 1
        # without a base two values would be for a person
        return {"id": f"n{self.next}", "name": f"N{self.next}",
                "city": "Bonn", "score": 0, "low": 0,
                "bio": f"R{self.next}", "modified": self.now()}

    def value(self, field):
        if field in ("score", "low"):
            return self.rng.randrange(1000)
        return self.rng.choice([None, ""]) if (
            field == "city" and self.rng.random() < 0.2) else (
                f"V{self.rng.randrange(10 ** 6)}")

    def edit(self, system, edits, deleted):
        """Edits some records; notes which."""
        kept = []
        for record in self.read(system):
            chance = self.rng.random()
            self.minute += 1
            if record.get("archived") or chance < 0.6:
                kept.append(record)
            elif chance < 0.9:
                for field in self.rng.sample(FIELDS,
                                             self.rng.randrange(1, 3)):
                    record[field] = self.value(field)
                    edits.setdefault((record["bio"], field), {})[system] = (
                        record[field])
                record["modified"] = self.now()
                kept.append(record)
            elif len(deleted) < 4:
                deleted.add((record["bio"], system))
            else:
                kept.append(record)
        for _ in range(self.rng.randrange(3)):
            kept.append(self.create())
        self.rng.shuffle(kept)
        self.write(FILES[system], "".join(
            json.dumps(record) + "\n" for record in kept))

    # ---- what the programs do ----

    def plan(self):
        parts = ["{ crm-extract --full app person -m person.app |"
                 " crm-map person.app | crm-diff; }",
                 "{ crm-extract --full hub people -m person.hub |"
                 " crm-map person.hub | crm-diff; }"]
        self.rng.shuffle(parts)
        return self.sh("{ " + " ; ".join(parts) + "; } |"
                       " crm-resolve --max-deletes 10000 person > plan")

    def sync(self):
        self.plan()
        loads = ["crm-load app < plan", "crm-load hub < plan"]
        self.rng.shuffle(loads)
        return self.sh(loads[0] + "; " + loads[1])

    # ---- what must hold ----

    def check(self, before, edits, deleted):
        app, hub = self.live("app"), self.live("hub")
        assert app.keys() == hub.keys(), (
            f"only in one: {sorted(app.keys() ^ hub.keys())}")
        for bio, record in app.items():
            for field in FIELDS:
                a, b = record.get(field), hub[bio].get(field)
                assert a == b, f"{bio}.{field}: app {a!r}, hub {b!r}"
        touched = {bio: {system for values in (
            edits.get((bio, field), {}) for field in FIELDS)
            for system in values} for bio in before}
        for bio in before:
            gone = {system for name, system in deleted if name == bio}
            other = {"app": "hub", "hub": "app"}
            survives = not gone or any(
                other[system] in touched[bio] and other[system] not in gone
                for system in gone)
            assert (bio in app) == survives, (
                f"{bio}: deleted in {gone}, edited in {touched[bio]}, "
                f"there: {bio in app}")
        for (bio, field), values in edits.items():
            if bio in app:
                assert app[bio].get(field) in values.values(), (
                    f"{bio}.{field}: {app[bio].get(field)!r} is none of "
                    f"{values}")

    def rest(self):
        self.sync()
        with open(os.path.join(self.work, "plan"), encoding="utf-8") as file:
            assert not any('"operation"' in line for line in file), (
                "it never comes to rest")

    def round(self):
        before = set(self.live("app")) | set(self.live("hub"))
        edits, deleted = {}, set()
        for system in self.rng.sample(["app", "hub"], 2):
            if self.rng.random() < 0.8:
                self.edit(system, edits, deleted)
        if self.rng.random() < 0.3:   # edited on while it is decided
            self.plan()
            self.edit("hub", edits, deleted)
            self.sh("crm-load hub < plan; crm-load app < plan")
            self.sync()
        self.sync()
        self.check(before, edits, deleted)
        self.rest()


def main():
    seeds = ([int(os.environ["CRM_SEED"])] if "CRM_SEED" in os.environ
             else [20261120 + n for n in range(HISTORIES)])
    failed = 0
    for number, seed in enumerate(seeds, 1):
        why = ""
        with tempfile.TemporaryDirectory(prefix="property.") as work:
            history = History(work, seed)
            try:
                for at in range(ROUNDS):
                    why = f"round {at}: "
                    history.round()
                why = ""
            except AssertionError as error:
                why += str(error)
        failed += bool(why)
        print("not ok" if why else "ok", number, "- history of seed", seed,
              flush=True)
        if why:
            print(f"# {why}\n# CRM_SEED={seed} tests/property/two_sided.t")
    print(f"1..{len(seeds)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
