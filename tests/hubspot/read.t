#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reading from HubSpot over the wire, with everything that can go wrong: what
comes out is what is there, and nothing that changed is missed.
"""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TESTS, "sandbox"))
from wire import Fake, done, ok, same  # noqa: E402

CALM = "rate=off,search-rate=off,association-rate=off,daily=off,lag=0"
# Each of these costs a wait: they are few.
NASTY = ("status=502:on=list:every=61,drop-mid-body:on=list:every=73,"
         "storm:on=list:every=83,drop-after-commit:on=list:every=97,"
         "status-after-commit:on=list:every=79,trickle=0.001:on=list:n=5,"
         "drop-before-commit:on=search:n=7,status=504:on=search:n=40,"
         "expire-cursor:every=37,reorder,duplicate-rows=7,short-times,chunked,"
         "keep-alive=50")


class Home:
    """A sync's home beside a fake."""

    def __init__(self, fake, mappings):
        self.fake = fake
        self.folder = tempfile.mkdtemp(prefix="hubspot.")
        self.env = {**os.environ, "CRM_HOME": self.folder + "/home",
                    "CRM_TOKEN_HUBSPOT": fake.token}
        os.mkdir(self.folder + "/m")
        for name, text in mappings.items():
            with open(f"{self.folder}/m/{name}.jq", "w",
                      encoding="utf-8") as file:
                file.write(text)
        self.env["CRM_MAPPINGS"] = self.folder + "/m"
        self.sh("crm-state init")
        with open(self.folder + "/home/systems.jq", "w",
                  encoding="utf-8") as file:
            file.write('{hubspot: {kind: "hubspot", enabled: true, api: '
                       f'"http://{fake.host}"}}}}')

    def sh(self, command, **env):
        return subprocess.run(["sh", "-c", command], cwd=self.folder,
                              env={**self.env, **env}, capture_output=True,
                              text=True)

    def extract(self, words):
        """(lines, stderr, status)"""
        ran = self.sh("crm-extract hubspot " + words)
        return ([json.loads(line) for line in ran.stdout.splitlines()],
                ran.stderr, ran.returncode)

    def write(self, name, lines):
        with open(f"{self.folder}/{name}", "w", encoding="utf-8") as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)

    def read(self, name):
        with open(f"{self.folder}/{name}", encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def end(self):
        shutil.rmtree(self.folder)


MAPPINGS = {
    "contact": '{entity: "contact", match: [["email"]], deletes: "archive", '
               'fields: {email: {type: "email", rule: "latest"}, city: {type:'
               ' "text", rule: "latest"}, customer: {type: "ref", to: '
               '"customer", rule: "latest"}}}',
    "contact.hubspot":
        '{entity: "contact", kind: "hubspot", object: "contacts", id: '
        '"hs_object_id", modified: "lastmodifieddate", deleted: {from: '
        '"archived", value: "true"}, merged_into: "merged_into", fields: '
        '{email: {from: "email", dir: "both"}, city: {from: "city", dir: '
        '"both"}, customer: {from: "association:companies", dir: "both"}}}',
    "customer": '{entity: "customer", match: [["domain"]], deletes: '
                '"archive", fields: {domain: {type: "text", rule: "latest"}, '
                'name: {type: "text", rule: "latest"}}}',
    "customer.hubspot":
        '{entity: "customer", kind: "hubspot", object: "companies", id: '
        '"hs_object_id", modified: "hs_lastmodifieddate", deleted: {from: '
        '"archived", value: "true"}, merged_into: "merged_into", fields: '
        '{domain: {from: "domain", dir: "both"}, name: {from: "name", dir: '
        '"both"}}}',
}


def truth(fake, type_, names):
    """{id: {name: value}} of those that are not archived."""
    return {row["id"]: {name: row["properties"].get(name) for name in names}
            for row in fake.dump() if row["type"] == type_
            and not row["archived"]}


def primary(fake):
    """{contact: its primary company}"""
    found = {}
    for row in fake.dump():
        if row["type"] != "contacts" or row["archived"]:
            continue
        others = row.get("associations", {}).get("companies", {})
        first = [id_ for id_, had in others.items() if 1 in had]
        found[row["id"]] = first[0] if first else \
            min(others, key=int) if others else None
    return found


def records(lines):
    return [line for line in lines if line["type"] == "record"]


def live(lines):
    return [line["data"] for line in records(lines)
            if not line.get("deleted") and "merged_into" not in line["data"]]


def whole(fake, home):
    """More contacts than a search shows, most of one time, with faults on."""
    fake.edit(*[{"type": "contacts", "id": str(9001 + n), "archive": True}
                for n in range(0, 700, 3)],
              {"type": "contacts", "id": "9002", "merge": "9003"})
    fake.faults(NASTY)
    lines, err, status = home.extract("contacts -m contact.hubspot --full")
    fake.faults("")
    home.write("all", lines)
    same((status, err), (0, ""), "all contacts are read, through all that")
    found = live(lines)
    names = ["email", "city"]
    same({one["id"]: {name: one.get(name) for name in names}
          for one in found} == truth(fake, "contacts", names), True,
         "they are those there are, and as they are")
    same({one["id"]: one["association:companies"] for one in found}
         == primary(fake), True, "with the company each is of")
    gone = {row["id"] for row in fake.dump() if row["type"] == "contacts"
            and row["archived"]}
    same({line["id"] for line in records(lines) if line.get("deleted")},
         gone, "those that were archived are told to be deleted")
    same(sorted({line["id"] for line in records(lines)
                 if "merged_into" in line["data"]}), [],
         "who nobody knows is not told to have been merged")
    same(all("absence" not in line and line["complete"] for line in lines
             if line["type"] == "end"), True, "it is a whole listing")
    counts = fake.counters()
    struck = [name for name in (
        "status", "drop-mid-body", "storm", "drop-after-commit",
        "status-after-commit", "trickle", "expire-cursor")
        if not counts.get("fault " + name, counts.get(name))]
    same(struck, [], "every fault struck")


def window(fake, home):
    """As if all had changed since: by search, far beyond the 10,000th."""
    lines = home.read("all")
    lines[-1]["checkpoint"]["hi"] = str(parse("2025-01-06T08:00:00.000Z"))
    home.write("all", lines)
    ran = home.sh("crm-map contact.hubspot < all | crm-diff |"
                  " crm-resolve contact > /dev/null")
    same((ran.returncode, ran.stderr), (0, ""), "a sync has been")
    fake.faults(NASTY)
    lines, err, status = home.extract("contacts -m contact.hubspot")
    fake.faults("")
    same((status, err), (0, ""), "what changed since is read")
    same((lines[0]["mode"], lines[-1]["complete"], lines[-1].get("absence")),
         ("delta", True, False), "what it lacks is left alone")
    same({one["id"]: one["email"] for one in live(lines)} ==
         {id_: one["email"] for id_, one in
          truth(fake, "contacts", ["email"]).items()}, True,
         "all of it, thousands of one time among it")


# ---- what changes while it is read, and is known of only later ----

class Company:
    """What a person does to companies, at random."""

    def __init__(self, fake, seed):
        self.fake, self.random = fake, random.Random(seed)
        self.ids = [row["id"] for row in fake.dump()
                    if row["type"] == "companies"]

    def change(self):
        pick = self.random.choice(self.ids)
        act = self.random.randrange(10)
        if act == 0:
            made = self.fake.edit({"type": "companies", "create": {
                "name": f"New {self.random.random()}"}})[0]
            self.ids.append(made["id"])
        elif act == 1:
            other = self.random.choice([id_ for id_ in self.ids
                                        if id_ != pick])
            made = self.fake.edit({"type": "companies", "id": pick,
                                   "merge": other})[0]
            self.ids = [id_ for id_ in self.ids if id_ not in
                        (pick, other)] + [made["id"]]
        else:
            self.fake.edit({"type": "companies", "id": pick, "properties": {
                "name": f"Name {self.random.random()}"}})


def increments(fake, seed):
    """Round after round of a sync, while people work and search lags: in the
    end all of it was seen."""
    fake.clock(now="2026-11-20T12:00:00Z", stop=True)
    home, people = Home(fake, MAPPINGS), Company(fake, seed)
    fake.faults("lag=0-40,late-list=0-9,reorder,duplicate-rows=3")
    seen, merged = {}, set()
    for step in range(16):
        for _ in range(people.random.randrange(6)):
            people.change()
            fake.clock(advance=people.random.randrange(20))
        if step == 15:
            fake.clock(advance=60)
        ran = home.sh("crm-extract hubspot companies -m customer.hubspot |"
                      " tee all | crm-map customer.hubspot | crm-diff |"
                      " crm-resolve customer > /dev/null")
        if ran.returncode:
            return ok(False, "a sync", ran.stderr)
        lines = home.read("all")
        if step and lines[0]["mode"] != "delta":
            return ok(False, "only what changed is read", lines[0])
        for one in live(lines):
            if one["updatedAt"] >= seen.get(one["id"], ("",))[0]:
                seen[one["id"]] = (one["updatedAt"], one.get("name"))
        merged |= {line["id"] for line in records(lines)
                   if "merged_into" in line["data"]}
    real = {row["id"]: (row["updated"], row["properties"].get("name"))
            for row in fake.dump() if row["type"] == "companies"}
    there = {id_: one for id_, one in seen.items() if id_ not in merged}
    same({id_: one for id_, one in there.items() if real.get(id_) != one},
         {}, f"{seed}: what was seen last is what is there")
    same(sorted(set(real) - set(there)), [], f"{seed}: all was seen")
    home.end()


def unasked(fake):
    """What a listing lacks is gone only if it was asked for by its id."""
    home = Home(fake, MAPPINGS)
    sync = ("crm-map customer.hubspot | crm-diff | crm-resolve customer"
            " > /dev/null && crm-state links")
    home.sh("crm-extract hubspot companies -m customer.hubspot | " + sync)
    pick = next(row["id"] for row in fake.dump()
                if row["type"] == "companies")
    fake.edit({"type": "companies", "id": pick, "purge": True})
    ran = home.sh("crm-extract hubspot companies | " + sync)
    same([one["live"] for one in map(json.loads, ran.stdout.splitlines())
          if one["id"] == pick], [True],
         "without a mapping nothing is asked, and nobody is taken for gone")
    home.end()


sys.path.insert(0, TESTS)
from sandbox.clock import parse  # noqa: E402

# twice as many contacts: beyond the 10,000th of a search
fake = Fake(CALM, "--records", sys.argv[1] if sys.argv[1:] else "6000")
home = Home(fake, MAPPINGS)
whole(fake, home)
window(fake, home)
home.end()
fake.end()
for seed in range(1, 4):
    fake = Fake(CALM, "--records", "30", "--seed", str(seed))
    increments(fake, seed)
    if seed == 3:
        unasked(fake)
    fake.end()
done()
