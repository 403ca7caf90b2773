#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writing to HubSpot over the wire, with all that may go wrong with a write.

What is held however it went: each of our records stands there once, under our
uid, with our values; a person's edits stand; a load that was refused, cut off
or killed goes on where it was.

usage: tests/hubspot/write.t [NAME...]
"""
import collections
import datetime
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TESTS, "sandbox"))
from wire import Fake, done, ok, same  # noqa: E402

CALM = "rate=off,search-rate=off,association-rate=off,lag=0"
BIN = os.environ.get("CRM_BIN", os.path.join(os.path.dirname(TESTS), "bin"))
START = 1796083200          # 2026-12-01T00:00:00Z
MANY = 230                  # two batches and a part of one
MAPPINGS = {
    "customer": '{entity: "customer", match: [["domain"]], deletes: "archive",'
                ' fields: {name: {type: "text", required: true, rule: '
                '"latest"}, domain: {type: "text", rule: "latest"}, city: '
                '{type: "text", rule: "latest"}, employees: {type: "integer",'
                ' rule: "latest"}}}',
    "customer.hubspot":
        '{entity: "customer", kind: "hubspot", object: "companies", id: '
        '"hs_object_id", modified: "hs_lastmodifieddate", uid: "crm_uid", '
        'deleted: {from: "archived", value: "true"}, fields: {name: {from: '
        '"name", dir: "both"}, domain: {from: "domain", dir: "both"}, city: '
        '{from: "city", dir: "both"}, employees: {from: "numberofemployees",'
        ' dir: "both"}}}',
    "customer.app":
        '{entity: "customer", kind: "file", object: "customers", id: "id", '
        'modified: "modified", uid: "uid", deleted: {from: "archived", value:'
        ' "true"}, fields: {name: {from: "name", dir: "both"}, domain: {from:'
        ' "domain", dir: "both"}, city: {from: "city", dir: "both"}, '
        'employees: {from: "employees", dir: "both"}}}',
    "contact": '{entity: "contact", match: [["email"]], deletes: "archive", '
               'fields: {email: {type: "email", rule: "latest"}, customer: '
               '{type: "ref", to: "customer", rule: "latest"}}}',
    "contact.hubspot":
        '{entity: "contact", kind: "hubspot", object: "contacts", id: '
        '"hs_object_id", modified: "lastmodifieddate", uid: "crm_uid", '
        'deleted: {from: "archived", value: "true"}, fields: {email: {from: '
        '"email", dir: "both"}, customer: {from: "association:companies", '
        'dir: "both"}}}',
    "contact.app":
        '{entity: "contact", kind: "file", object: "contacts", id: "id", '
        'modified: "modified", uid: "uid", deleted: {from: "archived", value:'
        ' "true"}, fields: {email: {from: "email", dir: "both"}, customer: '
        '{from: "customer", dir: "both"}}}',
}
OBJECTS = {"customer": ("customers", "companies"),
           "contact": ("contacts", "contacts")}
LEDGER = {"name": "name", "domain": "domain", "city": "city",
          "employees": "numberofemployees"}


class Home:
    """A sync's home with our own store, beside a fake that was just made."""

    def __init__(self, fake, unique=True):
        self.fake, self.now, self.runs = fake, START, 0
        self.token = fake.token
        fake.ask("POST", "/_sandbox/reset", {"records": 0}, token=False)
        self.faults("")
        fake.clock(stop=True)
        self.tick(0)
        for type_ in ("companies", "contacts") if unique else ():
            self.make_uid(type_)
        self.folder = tempfile.mkdtemp(prefix="hubspot.")
        os.mkdir(self.path("m"))
        os.mkdir(self.path("app"))
        for name, text in MAPPINGS.items():
            self.write(f"m/{name}.jq", text)
        self.sh("crm-state -q init")
        self.write("home/systems.jq", '{app: {kind: "file", path: "app"}, '
                   'hubspot: {kind: "hubspot", enabled: true, api: '
                   f'"http://{fake.host}"}}}}')
        self.rows = {}

    def make_uid(self, type_):
        group = "companyinformation" if type_ == "companies" else \
            "contactinformation"
        self.fake.post(f"/crm/v3/properties/{type_}", {
            "groupName": group, "name": "crm_uid", "label": "uid",
            "type": "string", "fieldType": "text", "hasUniqueValue": True})

    def faults(self, spec):
        self.fake.ask("PUT", "/_sandbox/faults", (CALM + "," + spec).encode(),
                      token=False)

    def tick(self, seconds):
        self.now += seconds
        self.fake.clock(now=self.iso())

    def iso(self):
        at = datetime.datetime.fromtimestamp(self.now, datetime.timezone.utc)
        return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def env(self):
        self.runs += 1
        return {**os.environ, "PATH": BIN + ":" + os.environ["PATH"],
                "CRM_HOME": self.path("home"), "CRM_NOW": self.iso(),
                "CRM_RUN": f"run-{self.runs}", "CRM_MAPPINGS": self.path("m"),
                "CRM_TOKEN_HUBSPOT": self.token}

    def sh(self, command):
        return subprocess.run(["bash", "-c", "set -o pipefail; " + command],
                              cwd=self.folder, env=self.env(),
                              capture_output=True, text=True, check=False)

    # ---- our own store ----

    def put(self, entity="customer", **rows):
        """id: {field: value}, besides what is there."""
        of = self.rows.setdefault(entity, {})
        for id_, values in rows.items():
            of[id_] = {**of.get(id_, {"id": id_}), **values,
                       "modified": self.iso()}
        self.write(f"app/{OBJECTS[entity][0]}.ndjson", "".join(
            json.dumps(row) + "\n" for row in of.values()))

    # ---- the sync ----

    def read(self, *entities):
        """What is new here is made there only if it is not there, as a
        reading shows that covers the time since."""
        for number, system in enumerate(("app", "hubspot")):
            self.tick(300 * number)
            for entity in entities or ("customer",):
                object_ = OBJECTS[entity][number]
                ran = self.sh(
                    f"crm-extract {system} {object_} -m {entity}.{system} "
                    f"--full | crm-map {entity}.{system} | crm-diff > "
                    f"{entity}.{system}.diff")
                assert ran.returncode == 0, ran
        names = " ".join(f"{entity}.{system}.diff" for entity in
                         entities or ("customer",)
                         for system in ("app", "hubspot"))
        ran = self.sh(f"cat {names} | crm-resolve > plan")
        assert ran.returncode in (0, 1), ran
        return ran

    def load(self, options="< plan", **more):
        self.fake.ask("DELETE", "/_sandbox/log", token=False)
        return self.sh("crm-load hubspot " + options, **more)

    def pending(self):
        self.tick(7 * 3600)
        return self.load("--pending")

    # ---- what is there ----

    def there(self, type_="companies", archived=False):
        return [row for row in self.fake.dump() if row["type"] == type_
                and bool(row["archived"]) == archived]

    def calls(self):
        """{the end of a path: how often it was asked}"""
        log = self.fake.get("/_sandbox/log").bytes.decode().splitlines()
        found = collections.Counter()
        for line in log:
            one = json.loads(line)
            found["/".join(one["target"].split("?")[0].split("/")[-2:])] += 1
        return found

    def wrong(self):
        """What is not as it should be, in words."""
        found, bad = collections.defaultdict(list), []
        for row in self.there():
            found[row["properties"].get("domain")].append(row["properties"])
        for row in self.rows["customer"].values():
            rows = found.pop(row["domain"], [])
            if len(rows) != 1:
                bad.append(f"{row['domain']} is there {len(rows)} times")
                continue
            bad += [f"{row['domain']} {name}: {rows[0].get(theirs)}"
                    for name, theirs in LEDGER.items()
                    if str(row.get(name, "")) != rows[0].get(theirs, "")]
            if not rows[0].get("crm_uid"):
                bad.append(f"{row['domain']} has no uid")
        return bad + [f"{domain} is nobody's" for domain in found]

    def settle(self, name, rounds=6):
        """The wire is good again: is all there, and is it at rest?"""
        self.faults("")
        for _ in range(rounds):
            self.tick(7 * 3600)
            self.read()
            ran = self.load()
            self.pending()
            if ran.returncode == 0 and not self.wrong():
                break
        same(self.wrong()[:5], [], name + ": each there once, as it is here")
        self.tick(86400)
        self.read()
        self.load()
        self.pending()
        same(sum(count for path, count in self.calls().items() if path in (
            "batch/create", "batch/update", "batch/archive")), 0,
            name + ": at rest")

    def end(self):
        shutil.rmtree(self.folder)


def some(count, **more):
    """So many companies; what is given besides has its number after it."""
    return {f"a{n}": {"name": f"Company {n}", "domain": f"d{n}.test",
                      "city": f"Linz {n}", "employees": n,
                      **{field: f"{value} {n}" for field, value in
                         more.items()}}
            for n in range(count)}


# ---- the least number of calls ----

def counts(home):
    home.put(**some(1000))
    home.read()
    ran = home.load()
    same((ran.returncode, ran.stderr), (0, ""), "1,000 creates")
    calls = home.calls()
    same((calls["batch/create"], calls["batch/read"]), (10, 0),
         "ten calls make them, and none looks first")
    same(home.wrong(), [], "all there")
    home.tick(600)
    home.put(**some(1000, city="Bern"))
    home.read()
    ran = home.load()
    calls = home.calls()
    same((ran.returncode, ran.stderr, calls["batch/read"],
          calls["batch/update"]), (0, "", 10, 10),
         "1,000 updates: ten looks and ten writes")
    same(home.wrong(), [], "all as they are here")
    home.tick(600)
    home.put(**some(1000, city="Graz"))
    home.read()
    ran = home.load("--no-compare < plan")
    calls = home.calls()
    same((ran.returncode, ran.stderr, calls["batch/read"],
          calls["batch/update"]), (0, "", 0, 10),
         "without comparing: ten writes")
    home.settle("counted")


# ---- what goes wrong on the wire ----

STRIKES = {
    "timeout-after-commit": "timeout-after-commit=0.3",
    "timeout-before-commit": "timeout-before-commit=0.3",
    "commit-late": "commit-late=0.7+0.1",
    "commit-late-again": "unique=409,commit-late=2.2+0.1",
    "drop-before-commit": "drop-before-commit",
    "drop-after-commit": "drop-after-commit",
    "drop-mid-body": "drop-mid-body=0.5",
    "status": "status=503",
    "status-after-commit": "status-after-commit=502",
    "storm": "storm=0",
}


def strike(home, name, spec):
    """Every second write is hit, and now and then a look."""
    home.put(**some(MANY))
    home.read()
    setting, _, spec = spec.rpartition(",")
    home.faults(f"{setting},{spec}:on=create:every=2:times=3,"
                f"{spec}:on=/crm/v3/objects/companies/batch/read:n=2,"
                "reorder,keep-alive=5")
    ran = home.load()
    ok(ran.returncode in (0, 1, 3), name + ": creates", ran)
    same([count for count in collections.Counter(
        row["properties"]["crm_uid"] for row in home.there()).values()
        if count > 1], [], name + ": none twice")
    home.settle(name + ", created")
    home.put(**some(MANY, name="Other"))
    home.read()
    home.faults(f"{setting},{spec}:on=update:every=2:times=3,"
                f"{spec}:on=/crm/v3/objects/companies/batch/read:n=2,"
                "reorder,short-times,gzip=always,chunked")
    ran = home.load()
    ok(ran.returncode in (0, 1, 3), name + ": updates", ran)
    home.settle(name + ", updated")


def strikes(name, spec):
    return lambda home: strike(home, name, spec)


# ---- refusals ----

def rows(home):
    """A few rows are bad: their neighbours are written."""
    home.put(**some(MANY))
    home.read()
    home.faults("refuse-row:row=d17.test,refuse-row:row=d150.test")
    ran = home.load()
    same(ran.returncode, 1, "two of many are refused")
    same(len(home.there()), MANY - 2, "all others are there")
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    bad = [line["error"] for line in lines if line.get("status") == "failed"]
    same(len(bad), 2, "two receipts say so")
    ok(all("VALIDATION_ERROR" in one["message"] and "name" in one["message"]
           for one in bad), "and why", bad)
    same(home.calls()["batch/create"], 3, "in as many calls as else")
    home.faults("")
    home.sh("crm-state retry hubspot")
    home.settle("refused rows")


def scopes(home):
    home.put(**some(5))
    home.read()
    reply = home.fake.post("/_sandbox/tokens", {"scopes": [
        "crm.objects.companies.read", "oauth"]})
    good, home.token = home.token, reply["token"]
    ran = home.load()
    same(ran.returncode, 4, "no right to write: a person must look")
    ok("crm.objects.companies.write" in ran.stderr, "and is told which",
       ran.stderr)
    same(len(home.there()), 0, "nothing was written")
    home.token = good
    ran = home.load("--pending")
    same((ran.returncode, len(home.there())), (0, 5), "once there is one")


def setup(home):
    """Without the property of our uid nothing is made; updates go on."""
    home.put(**some(3))
    home.read()
    ran = home.load()
    same(ran.returncode, 2, "no property for our uid")
    ok("crm-auth setup" in ran.stderr and "crm_uid" in ran.stderr,
       "what makes it is said", ran.stderr)
    same(len(home.there()), 0, "nothing was made")
    home.make_uid("companies")
    same((home.pending().returncode, len(home.there())), (0, 3),
         "then it is")


def quota(home):
    """The day's calls are nearly spent: it stops, and goes on tomorrow."""
    home.put(**some(MANY))
    home.read()
    home.faults("daily-left=2")
    ran = home.load()
    same(ran.returncode, 3, "no calls are left")
    left = len(home.there())
    ok(left < MANY, "not all got there", left)
    home.tick(86400)
    home.settle("quota")


# ---- people ----

def people(home):
    home.put(**some(6))
    home.read()
    home.load()
    ids = {row["properties"]["domain"]: row["id"] for row in home.there()}
    home.settle("before")
    home.put(**some(6, name="Ours"))
    home.read()
    home.tick(60)
    home.fake.edit(
        {"type": "companies", "id": ids["d0.test"], "properties": {
            "name": "Theirs"}},
        {"type": "companies", "id": ids["d1.test"], "properties": {
            "city": "Rom"}},
        {"type": "companies", "id": ids["d2.test"], "archive": True},
        {"type": "companies", "id": ids["d3.test"], "merge": ids["d4.test"]})
    ran = home.load()
    found = {json.loads(line)["id"]: json.loads(line)["status"]
             for line in ran.stdout.splitlines() if '"receipt"' in line}
    same([found.get(ids[f"d{n}.test"]) for n in range(6)],
         ["stale", "done", "stale", "stale", "stale", "done"],
         "edited, edited elsewhere, archived, merged, not touched")
    there = {row["id"]: row["properties"] for row in home.there()}
    same((there[ids["d0.test"]]["name"], there[ids["d1.test"]]["city"],
          there[ids["d1.test"]]["name"]), ("Theirs", "Rom", "Ours 1"),
         "a person's edits stand")


def fates(home):
    """{domain: (how often it lives here, and there)}"""
    found = collections.defaultdict(lambda: [0, 0])
    with open(home.path("app/customers.ndjson"), encoding="utf-8") as file:
        for row in map(json.loads, file):
            found[row["domain"]][0] += not row.get("archived")
    for row in home.there():
        found[row["properties"]["domain"]][1] += 1
    return {domain: tuple(lives) for domain, lives in found.items()}


def restored(home):
    """Archived there, or by us, and then somebody thinks better of it."""
    home.put(**some(4))
    home.read()
    home.load()
    ids = {row["properties"]["domain"]: row["id"] for row in home.there()}

    def sync(*options):
        home.tick(600)
        home.read(*options)
        for system in ("app", "hubspot"):
            ran = home.sh(f"crm-load {system} < plan")
            same((ran.returncode, ran.stderr), (0, ""), f"to {system}")
    sync()
    home.fake.edit({"type": "companies", "id": ids["d1.test"],
                    "archive": True})
    home.put(a2={"archived": True}, a3={"archived": True})
    sync()
    same(fates(home), {"d0.test": (1, 1), "d1.test": (0, 0),
                       "d2.test": (0, 0), "d3.test": (0, 0)},
         "archived there, and here: gone from both")
    home.tick(600)
    home.fake.edit(*[{"type": "companies", "id": ids[domain],
                      "restore": True} for domain in ("d1.test", "d2.test")])
    with open(home.path("app/customers.ndjson"), encoding="utf-8") as file:
        home.rows["customer"] = {row["id"]: row for row in
                                 map(json.loads, file)}
    home.put(a3={"archived": False})
    sync()
    same(fates(home), {f"d{n}.test": (1, 1) for n in range(4)},
         "restored there, and here: back in both, once")
    same({row["id"] for row in home.there()} - set(ids.values()) != set(),
         True, "what nobody can restore from here is made anew")
    home.settle("restored")


def noted(home):
    """A note moves the version of the company it is about: the company is
    written to all the same, and nothing of it comes here."""
    home.put(**some(3))
    home.read()
    home.load()
    home.settle("before")
    ids = {row["properties"]["domain"]: row["id"] for row in home.there()}
    before = {row["id"]: row["updated"] for row in home.there()}
    home.tick(600)
    home.put(**some(3, city="Bern"))
    home.read()
    home.tick(60)
    for number, domain in enumerate(("d0.test", "d1.test")):
        home.fake.post("/crm/v3/objects/notes", {
            "properties": {"hs_timestamp": home.iso(),
                           "hs_note_body": f"Likes tea {number}"},
            "associations": [{"to": {"id": ids[domain]}, "types": [{
                "associationCategory": "HUBSPOT_DEFINED",
                "associationTypeId": 190}]}]})
    same(sorted(row["id"] for row in home.there()
                if row["updated"] != before[row["id"]]),
         sorted([ids["d0.test"], ids["d1.test"]]), "two were touched")
    ran = home.load()
    same((ran.returncode, ran.stdout.count('"done"')), (0, 3),
         "no edit of ours is stale by it")
    same(home.wrong(), [], "all as they are here")
    home.tick(600)
    home.fake.post("/crm/v3/objects/notes", {
        "properties": {"hs_timestamp": home.iso(), "hs_note_body": "No milk"},
        "associations": [{"to": {"id": ids["d2.test"]}, "types": [{
            "associationCategory": "HUBSPOT_DEFINED",
            "associationTypeId": 190}]}]})
    home.tick(600)
    ran = home.sh("crm-extract hubspot companies -m customer.hubspot | "
                  "crm-map customer.hubspot | tee seen | crm-diff > d && "
                  "crm-resolve < d > plan")
    with open(home.path("d"), encoding="utf-8") as file:
        told = {line["id"]: line["type"] for line in map(json.loads, file)
                if "id" in line}
    same((ran.returncode, told.get(ids["d2.test"])), (0, "same"),
         "what a note touched is read again, and is the same")
    home.settle("noted")


def exists(home):
    """Somebody made it there since it was looked for."""
    home.put("contact", c1={"email": "Li@acme.test"},
             c2={"email": "bo@acme.test"})
    home.put(**some(1))
    home.read("customer", "contact")
    home.tick(60)
    home.fake.edit({"type": "contacts", "create": {"email": "li@acme.test"}})
    ran = home.load()
    same((ran.returncode, len(home.there("contacts"))), (1, 2),
         "the other is made")
    ok('"exists"' in ran.stdout, "and that one is met", ran.stdout)
    for _ in range(2):
        home.tick(600)
        home.read("customer", "contact")
        home.load()
        home.pending()
    same(sorted((row["properties"]["email"],
                 bool(row["properties"].get("crm_uid")))
                for row in home.there("contacts")),
         [("bo@acme.test", True), ("li@acme.test", False)], "it is linked")
    ran = home.load("--pending")
    same((ran.returncode, ran.stdout.count('"receipt"')), (0, 0), "at rest")


# ---- associations ----

def companies_of(home):
    found = {row["id"]: row["properties"]["domain"]
             for row in home.there()}
    return {row["properties"]["email"][0]: sorted(
        found[id_] + ("*" if 1 in labels else "") for id_, labels in
        row.get("associations", {}).get("companies", {}).items())
        for row in home.there("contacts")}


def links(home):
    home.put(**some(4))
    home.put("contact", a={"email": "a@x.test", "customer": "a0"},
             b={"email": "b@x.test", "customer": "a0"},
             c={"email": "c@x.test"})
    for entity in ("customer", "contact"):
        home.read(entity)
        same(home.load().returncode, 0, entity)
    same(companies_of(home), {"a": ["d0.test*"], "b": ["d0.test*"], "c": []},
         "made with their company")
    ids = {row["properties"]["domain"]: row["id"] for row in home.there()}
    people_ = {row["properties"]["email"][0]: row["id"]
               for row in home.there("contacts")}
    home.fake.edit({"type": "contacts", "id": people_["a"], "associate": {
        "type": "companies", "id": ids["d3.test"], "label": 279}})
    home.tick(600)
    home.read("contact")
    home.load()
    home.tick(600)
    home.put("contact", a={"customer": "a1"}, b={"customer": None},
             c={"customer": "a2"})
    home.read("contact")
    ran = home.load()
    same((ran.returncode, companies_of(home)), (0, {
        "a": ["d1.test*", "d3.test"], "b": [], "c": ["d2.test*"]}),
        "another one, none, a first one; what a person added stays")
    home.tick(600)
    home.put("contact", a={"customer": "a2"})
    home.read("contact")
    home.fake.edit({"type": "contacts", "id": people_["a"], "associate": {
        "type": "companies", "id": ids["d3.test"], "label": 1}})
    ran = home.load()
    ok('"stale"' in ran.stdout and companies_of(home)["a"] ==
       ["d1.test", "d3.test*"], "not over what a person chose since", ran)


# ---- the loader itself ----

def stopped(home):
    """SIGTERM: what is on its way is waited for, all else stays pending."""
    home.put(**some(600))
    home.read()
    home.faults("delay=0.7:on=create")
    child = subprocess.Popen(["crm-load", "hubspot", "--pending"],
                             cwd=home.folder, env=home.env(),
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             text=True)
    time.sleep(0.5)
    child.send_signal(signal.SIGTERM)
    said = child.communicate(timeout=60)[0]
    same(child.returncode, 3, "stopped")
    same(said.count('"done"'), len(home.there()),
         "what is there was acknowledged")
    ok('"unknown"' not in said, "nothing is in doubt")
    home.settle("stopped")


def overtaken(turn):
    """Made there, archived by a person and read, all before the answer: that
    reading knew of no such record.  It was decided before the answer, or only
    compared, or just being decided when the answer came."""
    when = ("before", "after", "meanwhile")[turn]

    def run(home):
        home.put(**some(8))
        home.read()
        home.load()
        home.tick(600)
        home.put(a={"name": "Over", "domain": "a.test"})
        home.read()
        home.faults("delay=1:on=create")
        loader = subprocess.Popen(["bash", "-c", "crm-load hubspot < plan"],
                                  cwd=home.folder, env=home.env(),
                                  stdout=subprocess.PIPE, text=True)
        made = []
        while not made:
            time.sleep(0.02)
            made = [row["id"] for row in home.there()
                    if row["properties"]["domain"] == "a.test"]
        home.tick(60)
        home.fake.edit({"type": "companies", "id": made[0], "archive": True})
        home.tick(60)
        ran = home.sh("crm-extract hubspot companies -m customer.hubspot "
                      "--full | crm-map customer.hubspot | crm-diff > b")
        ok(ran.returncode == 0 and loader.poll() is None,
           f"overtaken, decided {when}: read in time", ran)
        with open(home.path("b"), encoding="utf-8") as file:
            lines = file.readlines()
        early = [len(lines), 0, len(lines) - 1][turn]
        resolve = subprocess.Popen(["crm-resolve"], cwd=home.folder,
                                   env=home.env(), stdin=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL, text=True)
        resolve.stdin.write("".join(lines[:early]))
        resolve.stdin.flush()
        if turn == 0:
            resolve.communicate(timeout=60)
        said = loader.communicate(timeout=60)[0]
        ok('"done"' in said, f"overtaken, decided {when}: then answered", said)
        if turn != 0:
            resolve.communicate("".join(lines[early:]), timeout=60)
        home.faults("")
        for _ in range(2):
            home.tick(600)
            home.sh("(crm-extract app customers -m customer.app | crm-map "
                    "customer.app; crm-extract hubspot companies -m "
                    "customer.hubspot | crm-map customer.hubspot) | crm-diff "
                    "| crm-resolve > plan; crm-load app < plan; "
                    "crm-load hubspot < plan")
        with open(home.path("app/customers.ndjson"), encoding="utf-8") as file:
            row = [line for line in file if "a.test" in line]
        ok(len(home.there()) == 8 and '"archived":true' in row[0],
           f"overtaken, decided {when}: archived here without a full reading",
           row)
    return run


def busy(home):
    """The system takes nothing: said once, with how many wait for it."""
    home.put(**some(600))
    home.read()
    home.faults("storm=900:on=create")
    ran = home.load("--pending")
    same((ran.returncode, ran.stdout.count('"unsent"')), (3, 600),
         "busy: all wait")
    ok("599 more were not sent" in ran.stderr and
       ran.stderr.count("\n") < 5, "busy: they are counted, not listed",
       ran.stderr[:900])
    home.settle("busy")


def killed(home):
    """kill -9 at any moment, again and again."""
    rng = random.Random(5)
    home.put(**some(400))
    home.read()
    home.faults("delay=0.05:on=create|update:p=50%,commit-late=0.3:on=create"
                "|update:p=15%,drop-after-commit:on=create:p=10%,reorder")
    for turn in range(14):
        if turn == 7:
            home.put(**some(450, name="Other"))
        if turn % 3 == 2:
            home.tick(7 * 3600)
            home.read()
        home.tick(7 * 3600)
        child = subprocess.Popen(["crm-load", "hubspot", "--pending"],
                                 cwd=home.folder, env=home.env(),
                                 stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        time.sleep(0.02 + rng.random() * 0.5)
        child.kill()
        child.wait()
    same([count for count in collections.Counter(
        row["properties"]["domain"] for row in home.there()).values()
        if count > 1], [], "none twice")
    home.settle("killed", rounds=8)


def main():
    tests = {"counts": counts, "rows": rows, "scopes": scopes,
             "setup": setup, "quota": quota, "people": people,
             "restored": restored, "noted": noted, "exists": exists,
             "links": links, "stopped": stopped,
             "busy": busy,
             **{f"overtaken{turn}": overtaken(turn) for turn in range(3)},
             "killed": killed,
             **{name: strikes(name, spec) for name, spec in STRIKES.items()}}
    fake = Fake(CALM, "--records", "0")
    try:
        for name in sys.argv[1:] or tests:
            print("#", name, flush=True)
            home = Home(fake, unique=name != "setup")
            tests[name](home)
            home.end()
    finally:
        fake.end()
    done()


main()
