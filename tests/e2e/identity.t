#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Two stores that never met, with customers in common, are brought together:
each customer stands once in each, whoever is read first, and the next run
changes nothing.
"""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import done, ok  # noqa: E402

TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BIN = os.environ.get("CRM_BIN", os.path.join(TREE, "bin"))
MAPPINGS = os.path.join(TREE, "tests", "golden", "sync", "identity")
FAULT = os.path.join(TREE, ".build", "fault", "bin", "crm-load")


class Home:
    """A home with stores; the clock goes a minute further each run."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="identity.")
        self.minute = 0
        self.run("crm-state -q init")

    def systems(self, *names):
        for name in names:
            os.makedirs(self.path(name), exist_ok=True)
            open(self.path(name, "org.ndjson"), "a").close()
        with open(self.path(".crm", "systems.jq"), "w") as file:
            file.write("{" + ", ".join(f'{n}: {{kind: "file", path: "{n}"}}'
                                       for n in names) + "}")

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def run(self, command):
        env = {"PATH": BIN + ":/usr/bin:/bin", "CRM_MAPPINGS": MAPPINGS,
               "CRM_RUN": f"run-{self.minute}", "CRM_NOW":
               f"2026-11-20T{self.minute // 60:02}:{self.minute % 60:02}:00Z"}
        return subprocess.run(["sh", "-c", command], cwd=self.folder, env=env,
                              capture_output=True, text=True)

    def sync(self, *order, propose=""):
        self.minute += 1
        read = "; ".join(f"crm-extract --full {n} org -m org.{n} | "
                         f"crm-map org.{n} | crm-diff" for n in order)
        ended = self.run(f"{{ {read}; }} | crm-resolve {propose} org > plan; "
                         "echo $?")
        self.plan = open(self.path("plan")).read()
        self.status, self.said = ended.stdout.strip(), ended.stderr
        for name in sorted(order):
            load = self.run(f"crm-load {name} < plan > receipts.{name}")
            if load.returncode not in (0, 1):
                self.said += load.stderr
        return self.lines("operation")

    def lines(self, kind):
        return [line for line in map(json.loads, self.plan.splitlines())
                if line["type"] == kind]

    def has(self, name, records):
        with open(self.path(name, "org.ndjson"), "a") as file:
            for record in records:
                file.write(json.dumps(record) + "\n")

    def store(self, name):
        with open(self.path(name, "org.ndjson")) as file:
            return [json.loads(line) for line in file]

    def domains(self, name):
        return sorted(r["domain"].strip().lower() for r in self.store(name))

    def bytes(self, *names):
        return [open(self.path(n, "org.ndjson"), "rb").read() for n in names]

    def check(self):
        return json.loads(self.run("crm-state check").stdout)

    def remove(self):
        shutil.rmtree(self.folder)


def customer(system, i, rng):
    """The same customer as each store's people write it."""
    domain = f"c{i}.example"
    record = {"id": f"{system[0]}{i}", "name": f"Customer {i}",
              "domain": domain if rng.random() < .5 else domain.upper()}
    if rng.random() < .5:
        record["city"] = "Bonn"
    return record


def two_stores(order, seed):
    rng = random.Random(seed)
    home = Home()
    home.systems("app", "hub")
    ours = [customer("app", i, rng) for i in range(0, 600)]
    theirs = [customer("hub", i, rng) for i in range(400, 1000)]
    rng.shuffle(ours)
    rng.shuffle(theirs)
    home.has("app", ours)
    home.has("hub", theirs)
    if seed == 2:           # one of them was read before, alone
        home.sync("app")
    home.sync(*order)
    every = sorted(f"c{i}.example" for i in range(1000))
    ok(home.domains("app") == every and home.domains("hub") == every,
       f"{order}: each customer once in each store", home.said)
    home.sync(*order)
    again = home.sync(*order)
    ok(not again and home.domains("app") == every and
       home.domains("hub") == every, "nobody is created again", again)
    ok(home.check()["problems"] == 0 and home.check()["records"] == 1000 and
       home.check()["pending"] == 0, "one record each", home.check())
    before = home.bytes("app", "hub")
    home.sync(*order)
    ok(before == home.bytes("app", "hub") and not home.lines("operation"),
       "and nothing changes any more")
    return home


def later(home):
    """What comes one by one meets what is known."""
    home.has("hub", [{"id": "late1", "name": "Late", "domain": "late.org"}])
    home.sync("app", "hub")
    home.systems("app", "hub", "desk")
    home.has("desk", [{"id": "d1", "name": "x", "domain": "C7.example"},
                      {"id": "d2", "name": "x", "domain": "LATE.org"},
                      {"id": "d3", "name": "y", "domain": "new.org"},
                      {"id": "d4", "name": "Customer 8", "country": "DE"}])
    home.sync("desk")
    asked = [c for c in home.lines("conflict") if c.get("kind")]
    ok(home.check()["records"] == 1003 and not asked,
       "a third store's few records find theirs among many", home.plan)
    shown = json.loads(home.run("crm-state show org app:org:a7").stdout)
    ok(shown["systems"]["desk"]["id"] == "d1", "by a domain", shown)
    # a value that changed finds its record, too: hub's late is now late.net
    with open(home.path("hub", "org.ndjson")) as file:
        text = file.read().replace('"domain": "late.org"',
                                   '"domain": "late.net"')
    with open(home.path("hub", "org.ndjson"), "w") as file:
        file.write(text)
    home.sync("app", "hub", "desk")
    home.sync("app", "hub", "desk")
    home.systems("app", "hub", "desk", "shop")
    home.has("shop", [{"id": "s1", "name": "z", "domain": "late.net"},
                      {"id": "s2", "name": "z", "domain": "late.org"}])
    home.sync("shop")
    late = json.loads(home.run("crm-state show org hub:org:late1").stdout)
    ok(late["systems"].get("shop", {}).get("id") == "s1",
       "by the value it has now, not by the one it had", late)
    home.remove()


def killed_sending(step):
    """A home whose loader died at that step, or None: not after its claim."""
    home = Home()
    home.systems("app", "hub")
    home.has("app", [{"id": "1", "name": "Acme", "domain": "acme.com"}])
    home.minute += 1
    home.run("{ for s in app hub; do crm-extract --full $s org -m org.$s | "
             "crm-map org.$s | crm-diff; done; } | crm-resolve org > plan")
    home.run(f"CRM_DIE_AT={step} {FAULT} hub < plan")
    if "claimed_until" in home.run("crm-state queue").stdout and \
            not home.store("hub"):
        return home
    home.remove()
    return None


def unknown_outcome():
    """A create that may have left us: who could be it is not decided."""
    if not os.path.exists(FAULT):
        return
    home = next(filter(None, map(killed_sending, range(1, 20))), None)
    ok(home, "killed after the claim, before the write")
    if not home:
        return
    home.has("hub", [{"id": "h", "name": "Acme", "domain": "acme.com"}])
    plan = home.sync("app", "hub")
    ok(not plan and not home.lines("conflict") and
       home.check()["records"] == 1 and len(home.store("app")) == 1,
       "a record that may be that create waits", home.plan)
    home.minute += 30
    home.run("crm-load hub --pending")
    plan = home.sync("app", "hub")
    ok(len(home.store("app")) == 1 and len(home.store("hub")) == 2 and
       [c["uid"] for c in home.lines("conflict")] == ["hub:org:h"],
       "once it is known that it is not, a person is asked", home.plan,
       home.bytes("app", "hub"))
    ok(not home.sync("app", "hub") and not home.sync("app", "hub"),
       "and nothing more is done")
    home.remove()


def edit(home, name, change):
    """Somebody edits a store; `change` takes a record and may give more."""
    made = []
    for old in home.store(name):
        new = change(old)
        made += [old] if new is None else new
    with open(home.path(name, "org.ndjson"), "w") as file:
        file.writelines(json.dumps(r) + "\n" for r in made)


def two_customers():
    """A home with two of app's customers, whom hub has, too."""
    home = Home()
    home.systems("app", "hub")
    home.has("app", [{"id": "1", "name": "Acme", "domain": "acme.com"},
                     {"id": "2", "name": "Best", "domain": "best.com"}])
    home.sync("app", "hub")
    home.sync("app", "hub")
    return home


def copied():
    """A home where somebody has copied hub's record of app's customer."""
    home = two_customers()
    edit(home, "hub", lambda r: [
        dict(r, id="a-copy", name="Acme Two", domain="acme.org"), r]
        if r["uid"] == "app:org:1" else None)
    return home


def uids(home, name="hub"):
    return {r["id"]: r.get("uid") for r in home.store(name)}


WANT = {"app:org:1": "app:org:1", "app:org:2": "app:org:2",
        "a-copy": "hub:org:a-copy"}


def copies():
    """A copy with another's uid gets a uid of its own, there, too."""
    home = copied()
    plan = home.sync("app", "hub")
    ok([(o["system"], o["uid"], o["op"], o.get("stamp"), o["fields"])
        for o in plan if o["op"] == "update"] ==
       [("hub", "hub:org:a-copy", "update", "hub:org:a-copy", {})] and
       len(plan) == 2, "a copy is told its own uid, and is created elsewhere",
       home.plan)
    ok(uids(home) == WANT and home.domains("app") ==
       ["acme.com", "acme.org", "best.com"], "that is what is written",
       home.bytes("app", "hub"), home.said)
    audit = home.run("crm-state audit").stdout
    ok('"stamp":"hub:org:a-copy"' in audit, "the audit has it", audit)
    before = home.bytes("app", "hub")
    ok(not home.sync("app", "hub") and not home.sync("app", "hub") and
       before == home.bytes("app", "hub") and
       home.check() | {"pending": 0, "problems": 0, "records": 3} ==
       home.check(), "once", home.plan, home.check())
    # what it carries later is another matter, but for a copy's
    edit(home, "hub", lambda r: [dict(r, uid="app:org:1")]
         if r["id"] == "a-copy" else None)
    plan = home.sync("app", "hub")
    ok([(o["uid"], o["fields"]) for o in plan] == [("hub:org:a-copy", {})]
       and uids(home) == WANT, "who puts it back finds it written again",
       home.plan, home.store("hub"))
    edit(home, "hub", lambda r: [dict(r, uid="")]
         if r["id"] == "a-copy" else None)
    ok(not home.sync("app", "hub"), "one without a uid is no copy", home.plan)
    edit(home, "hub", lambda r: None if r["id"] != "app:org:2" else [])
    home.sync("app", "hub")
    edit(home, "hub", lambda r: [dict(r, uid="app:org:2", name="Acme 2")]
         if r["id"] == "a-copy" else None)
    plan = home.sync("app", "hub")
    ok([(o["system"], o.get("stamp")) for o in plan] == [("app", None)],
       "nor is one of which the other has gone", home.plan)
    home.remove()


def copies_held():
    """The stamp goes the way of every other update."""
    home = copied()
    read = "; ".join(f"crm-extract --full {n} org -m org.{n} | "
                     f"crm-map org.{n} | crm-diff" for n in ("app", "hub"))
    home.minute += 1
    home.run(f"{{ {read}; }} | crm-resolve --propose org > plan")
    home.run("crm-load hub --pending")
    ok(uids(home)["a-copy"] == "app:org:1", "proposed, it waits")
    queue = home.run("crm-state queue").stdout
    ok("hub:org:a-copy" in queue, "and is shown", queue)
    home.run("crm-state -q approve hub")
    # what was edited meanwhile stays, and the stamp is written all the same
    edit(home, "hub", lambda r: [dict(r, name="Edited")]
         if r["id"] == "a-copy" else None)
    home.minute += 1
    home.run("crm-load hub --pending")
    home.sync("app", "hub")
    home.sync("app", "hub")
    ok(uids(home) == WANT and sorted(r["name"] for r in home.store("app")) ==
       ["Acme", "Best", "Edited"], "approved, it goes, and an edit with it",
       home.bytes("app", "hub"), home.plan)
    ok(not home.sync("app", "hub"), "nothing is left to do", home.plan)
    home.remove()

    home = copied()
    home.minute += 1
    home.run(f"{{ {read}; }} | crm-resolve org > plan")
    home.run("sed 's/\"stamp\":\"[^\"]*\"/\"stamp\":\"x\"/' plan > other")
    refused = home.run("crm-load hub < other").stdout
    ok("stamp" in refused and uids(home)["a-copy"] == "app:org:1",
       "another stamp than its uid is refused", refused)
    home.remove()


def copies_storm():
    """Many of them are as many updates."""
    home = Home()
    home.systems("app", "hub")
    home.has("app", [{"id": f"{i}", "name": f"N{i}", "domain": f"c{i}.org"}
                     for i in range(1002)])
    home.sync("app", "hub")
    home.sync("app", "hub")
    edit(home, "hub", lambda r: [r, dict(r, id="x" + r["id"], name="X" +
                                         r["name"], domain="x" + r["domain"])])
    before = home.bytes("app", "hub")
    home.sync("app", "hub")
    ok(home.status == "4" and "updates of" in home.said and
       before == home.bytes("app", "hub"),
       "over the ceiling of updates nothing is stamped", home.said)
    home.remove()


def copies_at_first():
    """Neither is known: the state is new, both carry one uid."""
    home = copied()
    shutil.rmtree(home.path(".crm"))
    home.run("crm-state -q init")
    home.systems("app", "hub")
    for _ in range(4):
        home.sync("app", "hub")
    both = {r["id"]: r.get("uid") for r in home.store("hub")}
    ok(len(both) == 3 and len(set(both.values())) == 3 and
       home.domains("app") == ["acme.com", "best.com"],
       "of two that carry it when nothing is known one keeps it",
       home.bytes("app", "hub"), home.plan)
    ok(not home.sync("app", "hub"), "and then all is quiet", home.plan)
    home.remove()


def made_again(name):
    """A home of a dump from before app's customer was made again there."""
    home = two_customers()
    edit(home, "app", lambda r: [] if r["id"] == "1" else None)
    edit(home, "hub", lambda r: [dict(r, city="Ulm")]
         if r["uid"] == "app:org:1" else None)
    home.run("crm-state dump > dump")
    home.sync("app", "hub")
    home.sync("app", "hub")
    ok(uids(home, "app") == {"2": None, "app:org:1": "app:org:1"},
       f"{name}: edited beats deleted, it is made again under another id",
       home.store("app"), home.said)
    shutil.rmtree(home.path(".crm"))
    home.run("crm-state restore dump")
    home.systems("app", "hub")
    return home


def one_each(home, name):
    """Both stand once on both sides, in one record, and all is quiet."""
    for _ in range(2):
        home.sync("app", "hub")
    ok(not home.sync("app", "hub") and len(home.store("app")) == 2 and
       uids(home, "hub") == {"app:org:1": "app:org:1", "app:org:2":
                             "app:org:2"}, f"{name}: nobody stands twice",
       home.bytes("app", "hub"), home.plan, home.said)
    ok(home.check() | {"pending": 0, "problems": 0, "records": 2} ==
       home.check(), "in two records", home.check())


def moved():
    """One that is gone and carries its uid under another id has moved."""
    home = made_again("restored")
    plan = home.sync("app", "hub")
    ok(not [o for o in plan if o["op"] != "update"], "nobody is created, "
       "archived or deleted", home.plan)
    one_each(home, "restored")
    shown = json.loads(home.run("crm-state show org app:org:1").stdout)
    ok(shown["systems"]["app"]["id"] == "app:org:1", "its link follows", shown)
    edit(home, "app", lambda r: [] if r["id"] == "app:org:1" else None)
    home.sync("app", "hub")
    ok(home.domains("app") == ["best.com"] and
       not [r for r in home.store("hub") if r["uid"] == "app:org:1" and
            not r.get("archived")], "gone from there it is gone",
       home.bytes("app", "hub"), home.plan)
    home.remove()

    home = made_again("edited")
    edit(home, "app", lambda r: [dict(r, name="Acme Two", city="")]
         if r["id"] == "app:org:1" else None)
    one_each(home, "edited")
    ok([r for r in home.store("hub") if r["uid"] == "app:org:1"][0]["name"] ==
       "Acme Two", "what was edited meanwhile stands", home.plan,
       home.store("hub"))
    home.remove()

    home = made_again("put back")   # both are there: one is a copy
    home.has("app", [{"id": "1", "name": "Acme", "domain": "acme.com"}])
    for _ in range(3):
        home.sync("app", "hub")
    ok(uids(home, "app") == {"1": "app:org:1", "2": None, "app:org:1":
                             "app:org:app:org:1"} or
       uids(home, "app") == {"1": None, "2": None, "app:org:1":
                             "app:org:app:org:1"},
       "put back: two that live are two", home.store("app"), home.plan)
    ok(home.check()["records"] == 3, "in three records", home.check())
    home.remove()

    home = made_again("twice")      # two carry it: one moved, one is a copy
    edit(home, "app", lambda r: [r, dict(r, id="z", domain="zeta.com",
                                         name="Zeta")]
         if r["id"] == "app:org:1" else None)
    for _ in range(3):
        home.sync("app", "hub")
    ok(uids(home, "app") == {"2": None, "app:org:1": "app:org:1", "z":
                             "app:org:z"} and home.domains("hub") ==
       ["acme.com", "best.com", "zeta.com"],
       "twice: one moved, the other is a copy", home.bytes("app", "hub"))
    home.remove()


def carried():
    """Nothing is known any more, but a uid that is carried says who it is."""
    home = two_customers()
    home.has("hub", [{"id": "h", "name": "Other", "domain": "acme.com"}])
    shutil.rmtree(home.path(".crm"))
    home.run("crm-state -q init")
    home.systems("app", "hub")
    home.sync("app", "hub")
    ok("moved meanwhile" not in home.said and
       home.check() | {"records": 3, "shadows": 5} == home.check(),
       "who shares a customer's domain is not taken for the one that carries "
       "its uid", home.said, home.check())
    ok([c["uid"] for c in home.lines("conflict") if c.get("kind")] ==
       ["hub:org:h"], "but a person is asked", home.plan)
    home.has("app", [{"id": "3", "name": "Cool", "domain": "cool.com"}])
    home.sync("app", "hub")
    home.has("hub", [{"id": "i", "name": "Ice", "domain": "cool.com"}])
    shutil.rmtree(home.path(".crm"))
    home.run("crm-state -q init")
    home.systems("app", "hub", "desk")
    home.has("desk", [{"id": "d", "name": "Best", "domain": "best.com"}])
    home.sync("app", "hub", "desk")
    shown = json.loads(home.run("crm-state show org app:org:2").stdout)
    ok(sorted(shown["systems"]) == ["app", "desk", "hub"] and
       shown["systems"]["desk"]["id"] == "d",
       "and a third store's record still finds it", shown)
    home.remove()


home = two_stores(("app", "hub"), 1)
later(home)
two_stores(("hub", "app"), 2).remove()
unknown_outcome()
copies()
copies_held()
copies_storm()
copies_at_first()
moved()
carried()
done()
