#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is pending meets what is new: the table of crm-resolve(1).

An operation waits in the queue of hub, the target; then something happens in
app, the source, or in hub.  Each cell is a home of its own: what is pending,
what is new, the operations that follow, and what both hold when it is at
rest.  A cell that is None cannot occur.
"""
import fcntl
import json
import os
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import stages  # noqa: E402

ENTITY = """{entity: "org", deletes: "%s", converts: "%s", match: [["domain"]],
 fields: {name: {type: "text", required: true, rule: "latest"},
   domain: {type: "text", rule: "latest"},
   city: {type: "text", rule: "latest"}}}
"""
SIDE = """{entity: "org", kind: "file", object: "org", id: "id",
 modified: "modified", uid: "uid",
 deleted: {from: "archived", value: "true"},
 converted: {from: "status", value: "converted", into: {contact: "contact"}},
 fields: {name: {from: "name", dir: "both"},
   domain: {from: "domain", dir: "both"}, city: {from: "city", dir: "both"}}}
"""
# what it is converted into; it stands in both
CONTACT = '{entity: "contact", match: [["mail"]], fields: {mail: {type: "text"}}}'
CONTACT_SIDE = """{entity: "contact", kind: "file", object: "contact", id: "id",
 modified: "modified", uid: "uid", fields: {mail: {from: "mail", dir: "both"}}}
"""
SYSTEMS = '{app: {kind: "file", path: "app"}, hub: {kind: "file", path: "hub"}}'
OTHERS = 4              # records that stand by, so that no ceiling trips
ACME = {"name": "Acme", "domain": "acme.com", "city": "Bonn"}
UID = "app:org:1"


class World:
    """Two stores and a home; the clock is minutes after 12:00."""

    def __init__(self, deletes, converts=None):
        self.sync = stages.Sync()
        self.read = ["org"] + ["contact"] * bool(converts)
        self.write("mappings/org.jq", ENTITY % (deletes, converts or "review"))
        self.write("mappings/contact.jq", CONTACT)
        for system in ("app", "hub"):
            self.write(f"mappings/org.{system}.jq", SIDE)
            self.write(f"mappings/contact.{system}.jq", CONTACT_SIDE)
            self.write(f"{system}/org.ndjson", "")
            self.write(f"{system}/contact.ndjson", '{"id":"k","mail":"k",'
                       '"modified":"2026-11-19T10:00:00Z"}\n')
        self.write(".crm/systems.jq", SYSTEMS)
        self.at(0)
        for i in range(OTHERS):
            self.put("app", id=f"o{i}", name=f"Other {i}", domain=f"o{i}.com")

    def write(self, name, text):
        path = self.sync.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def at(self, minute):
        self.now = f"2026-11-20T12:{minute:02d}:00Z"

    # ---- what people do ----

    def rows(self, system):
        with open(self.sync.path(system, "org.ndjson"),
                  encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def set_rows(self, system, rows):
        self.write(f"{system}/org.ndjson",
                   "".join(json.dumps(row) + "\n" for row in rows))

    def put(self, system, **row):
        row.setdefault("modified", self.now)
        self.set_rows(system, self.rows(system) + [row])

    def edit(self, system, modified=None, **change):
        """Acme's record there."""
        rows = self.rows(system)
        row = next(r for r in rows if r.get("domain") == "acme.com")
        row.update(change, modified=modified or self.now)
        row.pop("version", None)
        self.set_rows(system, rows)

    def drop(self, system):
        self.set_rows(system, [r for r in self.rows(system)
                               if r.get("domain") != "acme.com"])

    # ---- what the programs do ----

    def sh(self, command):
        env = dict(os.environ, CRM_MAPPINGS="mappings", CRM_NOW=self.now,
                   PATH=stages.BIN + ":/usr/bin:/bin", CRM_RUN=self.now)
        ran = subprocess.run(["sh", "-c", command], env=env, check=False,
                             cwd=self.sync.folder, capture_output=True,
                             text=True)
        if ran.returncode > 1:
            raise RuntimeError(f"{command}: {ran.returncode}: {ran.stderr}")
        return [json.loads(line) for line in ran.stdout.splitlines()]

    def resolve(self, propose=False):
        """The operations and conflicts, told briefly."""
        read = "; ".join(
            f"crm-extract -q --full {s} {e} -m {e}.{s} | crm-map -q {e}.{s} |"
            " crm-diff -q" for s in ("app", "hub") for e in self.read)
        option = " --propose" if propose else ""
        return sorted(filter(None, map(told, self.sh(
            f"{{ {read}; }} | crm-resolve -q{option} | tee plan"))))

    def queue(self):
        return [f"{q['system']} {q['status']}" for q in
                self.sh("crm-state -q queue")]

    def load(self, pending=False):
        how = "--pending" if pending else "< plan"
        return [f"{r['system']} {r['status']}" for s in ("app", "hub")
                for r in self.sh(f"crm-load -q {s} {how}")]

    def release(self):
        self.sh("crm-state -q approve app; crm-state -q approve hub")

    def whole(self):
        """A run; what it did."""
        return self.resolve() + self.load()

    # ---- what stands ----

    def live(self, system):
        return [r for r in self.rows(system)
                if not r.get("archived") and r["id"][:1] != "o"
                and "org:o" not in r["id"]]

    def holds(self, system):
        return sorted(" ".join([r["id"], r["name"], r.get("city") or "-"])
                      for r in self.live(system))

    def problems(self):
        return self.sh("crm-state -q check")[-1]["problems"]


def told(line):
    if line["type"] == "conflict":
        return f"conflict {line.get('kind', line.get('field'))}"
    if line["type"] != "operation":
        return None
    fields = line.get("fields", {})
    return " ".join([line["system"], line["op"]] +
                    [f"{k}={fields[k]}" for k in sorted(fields)
                     if k != "domain"])


# ---- rows: what is pending, and what it is ----

def linked(world):
    world.put("app", id="1", **ACME)
    world.whole()
    world.at(1)
    world.whole()


def make_create(world):
    world.whole()
    world.at(10)
    world.put("app", id="1", **ACME)


def make_update(world):
    linked(world)
    world.at(10)
    world.edit("app", city="Kiel")


def make_archive(world):
    linked(world)
    world.at(10)
    world.edit("app", archived=True)


def make_delete(world):
    linked(world)
    world.at(10)
    world.drop("app")


def make_link(world):
    world.whole()
    world.at(5)
    world.put("hub", id="b", name="Acme", domain="acme.com", city=None)
    world.at(10)
    world.put("app", id="1", **ACME)


ROWS = {
    "create": (make_create, "archive", ["hub create city=Bonn name=Acme"]),
    "update": (make_update, "archive", ["hub update city=Kiel"]),
    "archive": (make_archive, "archive", ["hub archive"]),
    "delete": (make_delete, "delete", ["hub delete"]),
    "link": (make_link, "archive", ["hub update city=Bonn"]),
}


# ---- columns: what is new ----

def gone(world, system, row):
    if row == "delete":
        world.drop(system)
    else:
        world.edit(system, archived=True)


def back(world, row, **change):
    if row == "delete":
        world.put("app", id="1", **dict(ACME, **change))
    else:
        world.edit("app", archived=False, **change)


def reverted(world, row):
    world.edit("app", city=None if row == "link" else "Bonn")


EARLY = "2026-11-20T12:07:00Z"
COLUMNS = {
    "the source updates it": lambda w, row: w.edit("app", city="Ulm"),
    "the source reverts it": reverted,
    "the target updates the field later":
        lambda w, row: w.edit("hub", city="Rom"),
    "the target updated the field earlier":
        lambda w, row: w.edit("hub", EARLY, city="Rom"),
    "the target updates another field":
        lambda w, row: w.edit("hub", name="Acme AG"),
    "the target makes the same edit":
        lambda w, row: w.edit("hub", city="Kiel" if row == "update"
                              else "Bonn"),
    "the source deletes it": lambda w, row: gone(w, "app", row),
    "the target deletes it": lambda w, row: gone(w, "hub", row),
    "the source restores it": back,
    "the source restores it, edited":
        lambda w, row: back(w, row, city="Ulm"),
    "a person enters it there": lambda w, row: w.put(
        "hub", id="p", name="Acme", domain="acme.com"),
    "it stands there with our uid": lambda w, row: w.put(
        "hub", id="p", name="Acme", uid=UID),
}


# ---- cells: the operations that follow, what app holds, what hub holds ----

CREATED, ENTERED = "app:org:1", "hub:org:p"     # ids of what we create

TABLE = {
    "create": {
        "the source updates it": (
            ["hub create city=Ulm name=Acme"], "Acme Ulm"),
        "the source deletes it": ([], None),
        "a person enters it there": (["hub update city=Bonn"], "Acme Bonn"),
        "it stands there with our uid": (
            ["hub update city=Bonn"], "Acme Bonn"),
    },
    "update": {
        "the source updates it": (["hub update city=Ulm"], "Acme Ulm"),
        "the source reverts it": ([], "Acme Bonn"),
        "the target updates the field later": (
            ["app update city=Rom"], "Acme Rom"),
        "the target updated the field earlier": (
            ["hub update city=Kiel"], "Acme Kiel"),
        "the target updates another field": (
            ["app update name=Acme AG", "hub update city=Kiel"],
            "Acme AG Kiel"),
        "the target makes the same edit": ([], "Acme Kiel"),
        "the source deletes it": (["hub archive"], None),
        "the target deletes it": (
            ["hub create city=Kiel name=Acme"], "Acme Kiel"),
        "a person enters it there": (
            ["conflict identity", "hub update city=Kiel"],
            "Acme Kiel", "Acme -"),
        # the copy is told its own uid
        "it stands there with our uid": (
            ["app create name=Acme", "hub update", "hub ..."], "Acme Kiel", "Acme -"),
    },
    "archive": {
        "the source updates it": (["hub ..."], None),
        "the target updates the field later": (
            ["app create city=Rom name=Acme"], "Acme Rom"),
        "the target updated the field earlier": (
            ["app create city=Rom name=Acme"], "Acme Rom"),
        "the target updates another field": (
            ["app create city=Bonn name=Acme AG"], "Acme AG Bonn"),
        "the target deletes it": ([], None),
        "the source restores it": ([], "Acme Bonn"),
        "the source restores it, edited": (
            ["hub update city=Ulm"], "Acme Ulm"),
        "a person enters it there": (
            ["app create name=Acme", "hub ..."], None, "Acme -"),
        # the copy is told its own uid
        "it stands there with our uid": (
            ["app create name=Acme", "hub update", "hub ..."], None, "Acme -"),
    },
    "link": {
        "the source updates it": (["hub update city=Ulm"], "Acme Ulm"),
        "the source reverts it": ([], "Acme -"),
        "the target updates the field later": (
            ["conflict city"], "Acme Rom"),
        "the target updated the field earlier": (
            ["conflict city"], "Acme Rom"),
        "the target updates another field": (
            ["app update name=Acme AG", "hub update city=Bonn"],
            "Acme AG Bonn"),
        "the target makes the same edit": ([], "Acme Bonn"),
        "the source deletes it": (["hub archive"], None),
        "the target deletes it": (
            ["hub create city=Bonn name=Acme"], "Acme Bonn"),
        "a person enters it there": (
            ["conflict identity", "hub update city=Bonn"],
            "Acme Bonn", "Acme -"),
        # the copy is told its own uid
        "it stands there with our uid": (
            ["app create name=Acme", "hub update", "hub ..."], "Acme Bonn", "Acme -"),
    },
}
# A delete is as an archive, but its record is not there to be updated.
TABLE["delete"] = {column: cell for column, cell in TABLE["archive"].items()
                   if column != "the source updates it"}


def why_not(row, column):
    if "restores" in column:
        return "it was not gone"
    if row == "create":
        return "it is not there yet, and came just now"
    if "same edit" in column:
        return "no value was to be told"
    return "it is gone from the source"


# ---- going through a cell ----

def decided(world, told_):
    """A person looks at what went to review."""
    if "conflict city" in told_:
        world.sh(f"crm-state -q decide org {UID} city hub")
    if "conflict identity" in told_:
        world.sh("crm-state -q decide org hub:org:p identity separate")


def rest(world, wrong):
    """Whole runs, until nothing is to be done; that has to be soon."""
    for minute in (30, 31, 32):
        world.at(minute)
        world.load(True)
        world.whole()
    before = world.rows("app"), world.rows("hub"), []
    world.at(33)
    if world.whole():
        wrong.append("it does not come to rest")
    if before != (world.rows("app"), world.rows("hub"), world.queue()):
        wrong.append("a further run changes something")
    if world.problems():
        wrong.append("crm-state check complains")


def compare(world, row, column, want, wrong):
    """Both hold what is expected, once, under the ids they had."""
    made, entered = (want + (None,))[:2]
    linked_to = {"link": "b", "create": CREATED}.get(row, CREATED)
    if row == "create" and column in ("a person enters it there",
                                      "it stands there with our uid"):
        linked_to = "p"
    back_as = CREATED if row == "delete" and "target" in column else "1"
    app, hub = [], []
    if made:
        app, hub = [f"{back_as} {made}"], [f"{linked_to} {made}"]
    if entered:
        app, hub = app + [f"{ENTERED} {entered}"], hub + [f"p {entered}"]
    for system, expected in (("app", app), ("hub", hub)):
        if world.holds(system) != expected:
            wrong.append(f"{system} holds {world.holds(system)}, "
                         f"not {expected}")


def meet(row, column, propose):
    """Goes through one cell; returns what was wrong."""
    make, deletes, pending = ROWS[row]
    told_, *want = TABLE[row][column]
    # "hub ...": what was pending goes on being so, and is not said again
    said = [t for t in told_ if t != "hub ..."]
    queue = sorted(t.split()[0] + (" proposed" if propose else " released")
                   for t in told_ if t[:8] != "conflict")
    world, wrong = World(deletes), []
    make(world)
    world.at(15)
    if world.resolve(propose) != pending:
        wrong.append("something else was pending")
    world.at(20)
    COLUMNS[column](world, row)
    world.at(25)
    for name, got, expected in (
            ("what is told", world.resolve(propose), said),
            ("the queue", world.queue(), queue)):
        if got != expected:
            wrong.append(f"{name}: {got}, not {expected}")
    if propose and any("done" in r for r in world.load(True)):
        wrong.append("what is only proposed was delivered")
    world.release()
    world.load()
    world.load(True)
    decided(world, told_)
    rest(world, wrong)
    compare(world, row, column, tuple(want), wrong)
    world.sync.remove()
    return wrong


# ---- a system converts it: the same, under each policy that matters ----

def convert(world, system):
    world.edit(system, status="converted", contact="k")


# row, who, `converts`: the operations and conflicts, what app and hub hold
BONN, KIEL = "1 Acme Bonn", "1 Acme Kiel"
CONVERSIONS = {
    ("create", "app", "review"): ([], [BONN], []),
    ("update", "app", "review"): (
        ["conflict identity"], [KIEL], ["app:org:1 Acme Bonn"]),
    ("update", "app", "tell"): (
        ["hub update city=Kiel"], [KIEL], ["app:org:1 Acme Kiel"]),
    ("update", "app", "archive"): (["hub archive"], [KIEL], []),
    ("link", "app", "tell"): (
        ["hub update city=Bonn"], [BONN], ["b Acme Bonn"]),
    ("update", "hub", "tell"): (
        ["conflict identity"], [KIEL], ["app:org:1 Acme Bonn"]),
    ("update", "hub", "archive"): (
        ["conflict identity"], [KIEL], ["app:org:1 Acme Bonn"]),
    ("link", "hub", "review"): (["conflict identity"], [BONN], ["b Acme -"]),
    ("archive", "hub", "review"): ([], [], ["app:org:1 Acme Bonn"]),
    ("delete", "hub", "review"): ([], [], ["app:org:1 Acme Bonn"]),
}


def meet_conversion(cell, want, propose):
    row, who, converts = cell
    make, deletes, pending = ROWS[row]
    told_, app, hub = want
    world, wrong = World(deletes, converts), []
    make(world)
    world.at(15)
    if world.resolve(propose) != pending:
        wrong.append("something else was pending")
    world.at(20)
    convert(world, who)
    world.at(25)
    got = world.resolve(propose)
    if got != told_:
        wrong.append(f"what is told: {got}, not {told_}")
    queue = [f"{t.split()[0]} " + ("proposed" if propose else "released")
             for t in told_ if t[:8] != "conflict"]
    if world.queue() != queue:
        wrong.append(f"the queue: {world.queue()}, not {queue}")
    world.release()
    world.load()
    world.load(True)
    rest(world, wrong)
    for system, held in (("app", app), ("hub", hub)):
        if world.holds(system) != held:
            wrong.append(f"{system} holds {world.holds(system)}, not {held}")
    world.sync.remove()
    return wrong


def mixed():
    """Proposed first, then decided without --propose."""
    world, wrong = World("archive"), []
    make_update(world)
    world.at(15)
    world.resolve(True)
    world.edit("app", name="Acme AG")
    world.at(20)
    if world.resolve() != ["hub update city=Kiel name=Acme AG"]:
        wrong.append("not all is told")
    if world.queue() != ["hub released"]:
        wrong.append(f"the queue: {world.queue()}")
    world.sync.remove()
    return wrong


class Sending:
    """A loader that has claimed what it sends to hub, and sends it at the end:
    it waits for the store's own file, which somebody else holds."""

    def __init__(self, world, how):
        self.world, self.how = world, how

    def __enter__(self):
        path = self.world.sync.path("hub", ".crm-store")
        self.file = open(path, "r+", encoding="utf-8")
        fcntl.lockf(self.file, fcntl.LOCK_EX)
        self.thread = threading.Thread(target=self.world.sh, args=[
            f"crm-load -q hub {self.how} > sent"])
        self.thread.start()
        for _ in range(200):
            if self.world.queue() == ["hub claimed"]:
                return
            time.sleep(0.02)
        raise RuntimeError("it is not claimed")

    def __exit__(self, *_):
        self.file.close()
        self.thread.join()


def set_back():
    """What was approved is being sent; meanwhile it is set back in app, which
    nobody has approved."""
    world, wrong = World("archive"), []
    make_update(world)
    world.at(15)
    world.resolve(True)
    world.at(20)
    with Sending(world, "< plan"):
        world.edit("app", city="Bonn")
        world.resolve(True)
    for what, got, want in (
            ("sent", world.holds("hub"), ["app:org:1 Acme Kiel"]),
            ("the queue", world.queue(), ["hub proposed"]),
            ("told", world.load(True), ["hub held"]),
            ("held", world.holds("hub"), ["app:org:1 Acme Kiel"])):
        if got != want:
            wrong.append(f"{what}: {got}, not {want}")
    world.release()
    world.load(True)
    if world.holds("hub") != ["app:org:1 Acme Bonn"]:
        wrong.append(f"approved: {world.holds('hub')}")
    rest(world, wrong)
    world.sync.remove()
    return wrong


for pending_row in ROWS:
    for new in COLUMNS:
        title = f"{pending_row} pending, {new}"
        if new not in TABLE[pending_row]:
            stages.check(True, f"{title} # SKIP cannot occur: "
                         + why_not(pending_row, new))
            continue
        for proposed in (False, True):
            found = meet(pending_row, new, proposed)
            stages.check(not found, title + ", proposed" * proposed, *found)
for which, expected in CONVERSIONS.items():
    for proposed in [False] + [True] * (which[1:] == ("app", "tell")):
        found = meet_conversion(which, expected, proposed)
        stages.check(not found, "{} pending, {} converts it: {}".format(
            *which) + ", proposed" * proposed, *found)
stages.check(not mixed(), "a decision releases what was only proposed")
found = set_back()
stages.check(not found, "set back while it is being sent, proposed", *found)
stages.done()
