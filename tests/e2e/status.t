#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What crm-status tells of a sync of two stores, through good and bad days.

A first import, an ordinary change, an outage of the target and its end, a
record that is refused, edits on both sides, proposals, a cut stream.  The
clock is pinned to a day and a minute.
"""
import hashlib
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import stages  # noqa: E402
from stages import check  # noqa: E402

ENTITY = """{entity: "org", match: [["domain"]],
 fields: {name: {type: "text", required: true, rule: "latest"},
   domain: {type: "text", rule: "latest"},
   mail: {type: "email", rule: "latest"},
   city: {type: "text", rule: "manual"}}}
"""
SIDE = """{entity: "org", kind: "file", object: "org", id: "id",
 modified: "modified", uid: "uid",
 deleted: {from: "archived", value: "true"},
 fields: {name: {from: "name", dir: "both"},
   domain: {from: "domain", dir: "both"}, mail: {from: "mail", dir: "both"},
   city: {from: "city", dir: "both"}}}
"""
SYSTEMS = '{app: {kind: "file", path: "app"}, hub: {kind: "file", path: "hub"}}'
PARTS = 32              # a percentile is at most 1/32 more than the true one


class World:
    def __init__(self):
        self.sync = stages.Sync()
        self.ticks = False      # the clock
        self.write("mappings/org.jq", ENTITY)
        for system in ("app", "hub"):
            self.write(f"mappings/org.{system}.jq", SIDE)
            self.write(f"{system}/org.ndjson", "")
        self.write(".crm/systems.jq", SYSTEMS)
        self.at(20, "12:00")

    def path(self, *parts):
        return self.sync.path(*parts)

    def write(self, name, text):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def at(self, day, time):
        self.now = f"2026-11-{day}T{time}:00Z"

    def rows(self, system):
        with open(self.path(system, "org.ndjson"), encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def put(self, system, **row):
        row.setdefault("modified", self.now)
        self.write(f"{system}/org.ndjson", "".join(
            json.dumps(r) + "\n" for r in self.rows(system) + [row]))

    def edit(self, system, domain, **change):
        rows = self.rows(system)
        for row in rows:
            if row.get("domain") == domain:
                row.update(change, modified=self.now)
                row.pop("version", None)
        self.write(f"{system}/org.ndjson",
                   "".join(json.dumps(row) + "\n" for row in rows))

    def sh(self, command):
        env = dict(os.environ, CRM_MAPPINGS="mappings", CRM_NOW=self.now,
                   PATH=stages.BIN + ":/usr/bin:/bin")
        env.pop("CRM_RUN", None)
        if self.ticks:
            env.pop("CRM_NOW")
        return subprocess.run(["sh", "-c", command], env=env, check=False,
                              cwd=self.sync.folder, capture_output=True,
                              text=True)

    def show(self, system):
        return (f"crm-extract -q --full {system} org -m org.{system} | "
                f"crm-map -q org.{system}")

    def resolve(self, *systems, option=""):
        read = "; ".join(f"{self.show(s)} | crm-diff -q" for s in systems)
        return self.sh(f"{{ {read}; }} | crm-resolve -q org {option} > plan")

    def load(self, pending=False):
        how = "--pending" if pending else "< plan"
        for system in ("app", "hub"):
            self.sh(f"crm-load -q {system} {how}")

    def whole(self):
        self.resolve("app", "hub")
        self.load()

    # ---- what is told ----

    def status(self, option=""):
        ran = self.sh(f"crm-status --json {option}")
        if ran.returncode:
            raise RuntimeError(ran.stderr)
        told = json.loads(ran.stdout)
        shares = {s["system"]: s for s in told["systems"]}
        entities = {e["entity"]: e for e in told["entities"]}
        return told, shares, entities.get("org")

    def verdict(self, option=""):
        ran = self.sh(f"crm-status --check {option}")
        return ran.returncode, ran.stdout

    def runs(self):
        return [json.loads(line) for line in
                self.sh("crm-status --runs --json").stdout.splitlines()]

    def state_sum(self):
        with open(self.path(".crm", "state", "data.mdb"), "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()


def equal(got, want, name):
    check(got == want, name, f"got:  {got!r}", f"want: {want!r}")


def about(got, want, name):
    """A latency in seconds: never less, and little more."""
    check(got is not None and want <= got <= want * (1 + 1 / PARTS) + 0.001,
          name, f"got:  {got!r}", f"want: {want!r}")


def pick(whole, *names):
    return [whole[name] for name in names]


world = World()

# ---- before anything ----
told, shares, org = world.status()
equal([told["health"], org, shares["hub"]["entity"], shares["hub"]["why"]],
      ["degraded", None, None,
       [{"health": "degraded", "text": "never read"}]],
      "a home that never synced: every declared system was never read")
equal(world.verdict(), (1, "crm: degraded: app never read; hub never read\n"),
      "and a monitor is told so")

# ---- a first import: old records, all new to the target ----
for i in range(4):
    world.put("app", id=str(i), name=f"Org {i}", domain=f"o{i}.com",
              mail=f"m@o{i}.com", city="Bonn", modified="2019-01-01T00:00:00Z")
world.whole()
told, shares, org = world.status()
equal(pick(shares["hub"]["out"], "created", "updated", "refused"), [4, 0, 0],
      "what was delivered is counted")
equal([shares["app"]["in"], shares["hub"]["in"]["read"]],
      [{"read": 4, "changed": 4, "rejected": 0}, 0],
      "and what was read")
equal(pick(shares["hub"]["latency"], "records", "p50", "backlog"),
      [0, None, 4], "a first import of old records is no latency")
equal(pick(org, "records", "matched", "matched_share", "systems",
           "consistency"), [4, 4, 1, 2, 1], "all are matched and alike")
equal(told["health"], "healthy", "all is well")
equal(world.verdict(), (0, "crm: healthy\n"), "and a monitor is told so")

# ---- an ordinary change ----
world.at(20, "12:10")
world.edit("app", "o0.com", city="Kiel")
world.at(20, "12:15")
world.whole()
world.at(20, "12:20")
world.put("app", id="4", name="Org 4", domain="o4.com")
world.at(20, "12:40")
world.whole()
told, shares, org = world.status()
latency = shares["hub"]["latency"]
equal(latency["records"], 2, "an update and a create have latencies")
about(latency["p50"], 300, "half of them took 5 minutes")
about(latency["p99"], 1200, "the slowest took 20")
equal([shares["hub"]["last_delivered"], shares["hub"]["success_rate"]],
      ["2026-11-20T12:40:00.000Z", 1], "the last success, and the rate")
equal(shares["hub"]["ever"]["out"]["created"], 5, "since ever: 5 created")
_, later, _ = world.status("--window 30m")
equal(later["hub"]["out"]["created"], 5,
      "a window goes back to the beginning of its hour")

# ---- an outage of the target, while the source goes on ----
os.rename(world.path("hub"), world.path("away"))
world.at(20, "13:00")
world.edit("app", "o1.com", city="Ulm")
world.edit("app", "o2.com", city="Ulm")
world.resolve("app")
world.load()
world.at(20, "15:00")
world.edit("app", "o3.com", city="Ulm")
world.resolve("app")
world.load(pending=True)
before = world.state_sum()
told, shares, org = world.status()
queue = shares["hub"]["queue"]
equal(pick(queue, "depth", "released", "oldest", "age"),
      [3, 3, "2026-11-20T13:00:00.000Z", 7200],
      "the queue grows, and says since when")
equal(queue["drained_in"], None, "the loaders' pace is not known")
equal([round(org["consistency"], 5), org["matched"]], [37 / 40, 5],
      "three of forty fields are behind")
world.at(20, "18:00")
status, line = world.verdict()
check(status == 1 and "hub org pending for 5 h" in line,
      "after 5 hours: degraded", status, line)
world.at(21, "14:00")
status, line = world.verdict()
check(status == 4 and "hub org pending for 25 h" in line and
      "hub org not read for 25 h" in line,
      "after a day: failed, for a person", status, line)
equal(world.verdict("--max-wait 30h:40h --max-silence 2d:3d "
                    "--min-consistency=-")[0], 0,
      "unless the thresholds say otherwise")
equal(world.state_sum(), before, "the state is not touched")
stopped = [r for r in world.runs() if r["result"] == "stopped"]
check(len(stopped) >= 2 and "account" in stopped[0]["error"],
      "the runs that could not reach it are told, with the reason", stopped)

# ---- and its end ----
os.rename(world.path("away"), world.path("hub"))
world.load(pending=True)
told, shares, org = world.status()
equal([shares["hub"]["queue"]["depth"], shares["hub"]["queue"]["drained_in"],
       shares["hub"]["out"]["updated"]], [0, 0, 3], "it drains")
about(shares["hub"]["latency"]["p99"], 25 * 3600, "late by a day")
world.whole()
told, shares, org = world.status("--max-latency 2d:3d")
equal([told["health"], org["consistency"]], ["healthy", 1], "all is well")

# ---- both edit one field, which a person decides ----
world.at(21, "15:00")
world.edit("app", "o0.com", city="Rom")
world.edit("hub", "o0.com", city="Bern", mail="x@o0.com")
equal(world.resolve("app", "hub").returncode, 1, "a conflict")
world.load()
world.at(21, "16:00")
told, shares, org = world.status()
equal(org["in_conflict"], 1, "is counted")
equal(org["conflicts"], [{"field": "city", "rule": "manual", "count": 1,
                          "oldest": "2026-11-21T15:00:00.000Z"}],
      "by field and rule, and since when")
status, line = world.verdict("--max-conflicts 1:- --max-latency=-")
check(status == 1 and "org 1 conflicts" in line, "and judged", status, line)
compared = [json.loads(line) for line in world.sh(
    "crm-status --compare app hub").stdout.splitlines()]
equal([compared[0]["field"], compared[0]["values"]],
      ["city", {"app": "Rom", "hub": "Bern"}], "compared: it differs")
equal(pick(compared[-1], "both", "different", "fields"), [5, 1, 20],
      "nothing else does")
world.edit("hub", "o0.com", mail="X@O0.com", name="Other")
live = world.sh(f"{{ {world.show('app')}; {world.show('hub')}; }} | "
                "crm-status --check --compare app hub -")
now = [json.loads(line) for line in live.stdout.splitlines()]
equal([[d["field"] for d in now[:-1]], live.returncode],
      [["name", "city"], 1],
      "as they stand now: another name; case is no difference of a mail")
cut = world.sh(f"{world.show('app')} | head -3 | "
               "crm-status --compare app hub -")
equal(cut.returncode, 3, "a stream that was cut is compared with nothing")
world.sh("crm-state -q decide org app:org:0 city hub")
world.load(pending=True)
world.whole()
_, _, org = world.status()
equal([org["in_conflict"], org["conflicts"]], [0, []], "decided, it is gone")

# ---- a record that is refused ----
world.at(21, "17:00")
world.put("hub", id="n", domain="nameless.com")
world.whole()
told, shares, org = world.status()
equal([shares["app"]["failures"]["records"], shares["app"]["out"]["refused"],
       shares["app"]["queue"]["held"]], [1, 1, 1], "a refusal is counted")
equal(shares["app"]["failures"]["reasons"],
      [{"count": 1, "reason": "field name is required, and has no value"}],
      "with its reason")
equal([shares["app"]["success_rate"], shares["app"]["health"],
       org["matched"], org["records"]], [0.75, "degraded", 5, 6],
      "the rate falls, and it is missing there")
missing = [json.loads(line) for line in world.sh(
    "crm-status --compare hub app org").stdout.splitlines()]
equal([m.get("uid") for m in missing if m["type"] == "missing"],
      ["hub:org:n"], "compared: it is missing in one")
world.sh("crm-state -q skip app hub:org:n")
_, shares, _ = world.status()
equal([shares["app"]["failures"]["records"],
       shares["app"]["queue"]["skipped"]], [0, 1],
      "one that a person skipped fails no more")

# ---- proposals wait for a person, not for a loader ----
world.at(21, "18:00")
world.edit("app", "o1.com", name="Proposed")
world.resolve("app", "hub", option="--propose")
_, shares, _ = world.status()
equal(pick(shares["hub"]["queue"], "proposed", "released", "oldest",
           "drained_in"), [1, 0, None, 0], "a proposal does not drain")

# ---- a run that fails leaves the state, and a trace ----
world.at(21, "18:30")
before = world.state_sum()
world.sh(f"{world.show('app')} | crm-diff -q | head -2 | "
         "crm-resolve -q org")
equal(world.state_sum(), before, "a cut input changes no state")
last = world.runs()[-1]
check(last["result"] == "failed" and last["exit"] == 3 and
      "ended inside" in last["error"], "but is among the runs", last)
text = world.sh("crm-status --runs --last 1").stdout
check("failed" in text and text.count("\n") == 1, "the last alone", text)

# ---- the same in words ----
told, shares, org = world.status()
words = world.sh("crm-status").stdout
for part in (f"{told['health']} at 2026-11-21T18:30:00.000Z", "hub org: ",
             "1 proposed", "1 skipped",
             "matched    5 of 6 records are in every system (2), 83.33 %"):
    check(part in words, f"in words: {part}", words)
equal(world.sh("crm-state -q check").stdout.count('"problems":0'), 1,
      "and the state is sound")
world.sync.remove()

# ---- with a clock that ticks: how long the rest takes ----
world = World()
world.ticks = True
MANY = 3000
world.write("app/org.ndjson", "".join(json.dumps(
    {"id": str(i), "name": f"Org {i}", "domain": f"o{i}.com"}) + "\n"
    for i in range(MANY)))
world.whole()
world.sh("sed -i 's/\"Org /\"Firm /' app/org.ndjson")
world.resolve("app", "hub", option="--max-updates 100")
_, shares, _ = world.status()
queue = shares["hub"]["queue"]
check(queue["depth"] == MANY and queue["drained_in"] and
      0 < queue["drained_in"] < 600, "the rest takes what the rest took",
      queue)
last = world.runs()[-1]
check(0 <= last["seconds"] < 600 and last["began"] <= last["ended"],
      "a run says how long it took", last)
world.load(pending=True)
_, shares, _ = world.status()
equal([shares["hub"]["queue"]["depth"], shares["hub"]["out"]["updated"]],
      [0, MANY], "and then it is done")
world.sync.remove()
stages.done()
