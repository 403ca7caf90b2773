# SPDX-License-Identifier: MIT
"""history: people edit companies in a HubSpot and in our own store while the
two are kept alike, over a wire on which everything goes wrong.

What is held, once the wire is good again and a few runs have passed:
  nothing is lost      each company that nobody archived stands in both
  no duplicate         once in each
  alike                both show the same
  edits stand          a field that one side alone edited since both were alike
                       has the last value given there; else one of those given
  nobody else deletes  what was archived in one and edited in neither is gone
                       from both
  at rest              one more run writes nothing
  silence              no token and nobody's name in what was said or logged
"""
import datetime
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.dirname(os.path.dirname(HERE))
BIN = os.environ.get("CRM_BIN", os.path.join(TREE, "bin"))
START = 1796083200          # 2026-12-01T00:00:00Z
FIELDS = {"name": ["Acme", "Beta & Co", "Çelik", "D'Or"],
          "city": ["Linz", "Bern", "Köln"],
          "phone": ["+49301234567", "+15551212", "+4412345"],
          "employees": ["5", "70", "1200"]}
THEIRS = {"employees": "numberofemployees"}
FAULTS = ["drop-after-commit:p=15%", "drop-before-commit:p=15%",
          "drop-mid-body=0.5:p=10%", "status=503:p=15%",
          "status-after-commit=502:p=15%", "storm=0:p=10%", "lag=1-240",
          "late-list=90", "reorder", "duplicate-rows=3", "refuse-row:p=20%",
          "reformat", "gzip=on", "chunked", "short-times", "keep-alive=3",
          "expire-cursor:p=5%", "unique=409", "merged-read=missing"]
ENTITY = """{entity: "customer", match: [["domain"]], deletes: "archive",
 fields: {name: {type: "text", required: true, rule: "latest"},
          domain: {type: "text", rule: "latest"},
          city: {type: "text", rule: "latest"},
          phone: {type: "phone", rule: "latest"},
          employees: {type: "integer", rule: "latest"}}}
"""
SYSTEM = """{entity: "customer", kind: "%s", object: "%s", id: "%s",
 modified: "%s", uid: "crm_uid", deleted: {from: "archived", value: "true"},
 fields: {name: {from: "name", dir: "both"},
          domain: {from: "domain", dir: "both"},
          city: {from: "city", dir: "both"},
          phone: {from: "phone", dir: "both"},
          employees: {from: "%s", dir: "both"}}}
"""
LIFTED = " ".join(f"--max-{what} 10000" for what in (
    "creates", "updates", "deletes", "clears", "first", "spread"))


class Broken(Exception):
    """Something that is held does not hold."""


class Sandbox:
    """The fake's control pages."""

    def __init__(self, url, token):
        self.url, self.token = url, token
        parts = urllib.parse.urlsplit(url)
        self.wire = http.client.HTTPConnection(parts.hostname, parts.port)

    def ask(self, method, path, body=None):
        text = None if body is None else body if isinstance(body, str) \
            else json.dumps(body)
        self.wire.close()  # one that is kept may end unsaid
        self.wire.request(method, path, text, {
            "Content-Type": "application/json",
            "Authorization": "Bearer " + self.token})
        answer = self.wire.getresponse()
        said = answer.read().decode()
        if answer.status >= 300:
            raise Broken(f"{method} {path}: {answer.status} {said}")
        return said

    def control(self, method, name, body=None):
        return self.ask(method, "/_sandbox/" + name, body)

    def edit(self, **change):
        return json.loads(self.control("POST", "edit", {"type": "companies",
                                                        **change}))

    def companies(self):
        found = [json.loads(line) for line in
                 self.control("GET", "dump").splitlines()]
        return [one for one in found if one.get("type") == "companies"]


def each_fate(h):
    """A record of each fate, before the next sync."""
    for n in range(1, 6):
        side = "app" if n % 2 else "hubspot"
        h.make([side], f"d{n}.test", {"name": f"Name {n}", "city": "Linz"})
    h.quiet()
    h.check()
    h.tick(900)
    h.make(["app"], "d6.test", {"name": "Six", "phone": "+15551212"})
    h.make(["hubspot"], "d7.test", {"name": "Seven"})
    h.set("app", "d1.test", "city", "Bern")
    h.set("hubspot", "d2.test", "phone", "+49301234567")
    h.set("app", "d2.test", "city", None)
    h.set("hubspot", "d3.test", "employees", "70")
    h.archive("app", "d4.test")
    h.archive("hubspot", "d5.test")
    h.tick(900)


def started(seed):
    """A fake, and its control pages."""
    fake = subprocess.Popen(
        [sys.executable, os.path.join(TREE, "tests/sandbox/run"), "--seed",
         str(seed), "--records", "0", "hubspot"], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True)
    said = json.loads(fake.stdout.readline())
    fake.stdout.readline()
    return fake, Sandbox(said["url"], said["token"])


class History:
    def __init__(self, folder, sandbox, seed):
        self.folder, self.sandbox = folder, sandbox
        self.rng = random.Random(seed)
        self.now, self.runs = START, 0
        self.log, self.said, self.extra = [], [], {}
        # domain: {field: {side: [values since both were alike]}}, and who
        # archived it
        self.given, self.archived, self.born = {}, {}, 0
        self.agreed = {}
        sandbox.control("POST", "reset", {"records": 0})
        sandbox.control("PUT", "faults", "rate=off,search-rate=off")
        sandbox.control("POST", "clock", {"stop": True})
        self.tick(0)
        sandbox.ask("POST", "/crm/v3/properties/companies", {
            "groupName": "companyinformation", "name": "crm_uid",
            "label": "uid", "type": "string", "fieldType": "text",
            "hasUniqueValue": True})
        self.sh("crm-state -q init")
        os.makedirs(os.path.join(folder, "app"), exist_ok=True)
        os.makedirs(os.path.join(folder, "mappings"))
        self.write(".crm/systems.jq", '{app: {kind: "file", path: "app"},\n'
                   f' hubspot: {{kind: "hubspot", api: "{sandbox.url}"}}}}\n')
        self.write("mappings/customer.jq", ENTITY)
        self.write("mappings/customer.hubspot.jq", SYSTEM % (
            "hubspot", "companies", "hs_object_id", "hs_lastmodifieddate",
            "numberofemployees"))
        self.write("mappings/customer.app.jq", SYSTEM % (
            "file", "customers", "id", "modified", "employees"))
        self.write("app/customers.ndjson", "")

    # ---- the machine ----

    def tick(self, seconds):
        self.now += seconds
        self.sandbox.control("POST", "clock", {"now": self.iso()})

    def iso(self):
        at = datetime.datetime.fromtimestamp(self.now, datetime.timezone.utc)
        return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def environment(self):
        self.runs += 1
        env = {"PATH": BIN + ":/usr/bin:/bin", "CRM_NOW": self.iso(),
               "CRM_RUN": f"run-{self.runs}", "HOME": self.folder,
               "CRM_MAPPINGS": self.path("mappings"),
               "CRM_TOKEN_HUBSPOT": self.sandbox.token, **self.extra}
        for name, value in os.environ.items():
            if name.startswith(("ASAN_", "UBSAN_", "LSAN_")):
                env[name] = value
        return env

    def sh(self, command, kill=None, may=(0, 1)):
        """Its exit status; `kill`: seconds after which all of it is shot."""
        self.log.append(f"{self.iso()} {command}"
                        + (f"  # killed after {kill:.3f} s" if kill else ""))
        child = subprocess.Popen(
            ["bash", "-c", command], cwd=self.folder, env=self.environment(),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True)
        try:
            said, _ = child.communicate(timeout=kill)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            said, _ = child.communicate()
            self.said.append(said)
            return None
        self.said.append(said)
        if child.returncode not in may:
            raise Broken(f"{command}: exit {child.returncode}: {said}")
        return child.returncode

    # ---- people ----

    def app(self):
        with open(self.path("app/customers.ndjson"), encoding="utf-8") as file:
            return [json.loads(line) for line in file if line.strip()]

    def put_app(self, rows):
        self.write("app/customers.ndjson", "".join(
            json.dumps(row, ensure_ascii=False) + "\n" for row in rows))

    def gave(self, domain, field, side, value):
        self.given.setdefault(domain, {}).setdefault(field, {}).setdefault(
            side, []).append(value)

    def create(self, side, meanwhile):
        self.born += 1
        domain = f"d{self.born}.test"
        values = {f: self.rng.choice(v) for f, v in FIELDS.items()
                  if f == "name" or self.rng.random() < 0.6}
        both = not meanwhile and self.rng.random() < 0.15
        self.make(["app", "hubspot"] if both else [side], domain, values)

    def make(self, sides, domain, values):
        for one in sides:
            if one == "hubspot":
                self.sandbox.edit(create={"domain": domain, **{
                    THEIRS.get(f, f): v for f, v in values.items()}})
            else:
                self.put_app(self.app() + [{
                    "id": "a-" + domain, "modified": self.iso(),
                    "domain": domain, **values}])
            for field, value in values.items():
                self.gave(domain, field, one, value)
        self.log.append(f"{self.iso()} {sides} make {domain} {values}")

    def edit(self, side, domain):
        field = self.rng.choice(list(FIELDS))
        value = self.rng.choice(FIELDS[field])
        if field != "name" and self.rng.random() < 0.15:
            value = None
        self.set(side, domain, field, value)

    def set(self, side, domain, field, value):
        if self.change(side, domain, {field: value}):
            self.gave(domain, field, side, value)
            self.log.append(f"{self.iso()} {side} {domain}: {field} = "
                            f"{value}")

    def change(self, side, domain, values):
        if side == "hubspot":
            for one in self.sandbox.companies():
                if one["properties"].get("domain") == domain and \
                        not one["archived"]:
                    self.sandbox.edit(id=one["id"], properties={
                        THEIRS.get(f, f): v or "" for f, v in values.items()})
                    return True
            return False
        rows = self.app()
        for row in rows:
            if row.get("domain") == domain and not row.get("archived"):
                row.update(values, modified=self.iso())
                row.pop("version", None)
                self.put_app(rows)
                return True
        return False

    def archive(self, side, domain):
        done = False
        if side == "hubspot":
            for one in self.sandbox.companies():
                if one["properties"].get("domain") == domain and \
                        not one["archived"]:
                    self.sandbox.edit(id=one["id"], archive=True)
                    done = True
        else:
            rows = self.app()
            for row in rows:
                if row.get("domain") == domain and not row.get("archived"):
                    row.update(archived=True, modified=self.iso())
                    row.pop("version", None)
                    done = True
            self.put_app(rows)
        if done:
            self.archived.setdefault(domain, set()).add(side)
            self.log.append(f"{self.iso()} {side} archives {domain}")

    def people(self, meanwhile=False):
        """`meanwhile`: in the middle of a run."""
        for _ in range(self.rng.randrange(4)):
            self.tick(7)
            side = self.rng.choice(["app", "hubspot"])
            known = sorted(self.given)
            if not known or self.rng.random() < 0.3:
                self.create(side, meanwhile)
            elif self.rng.random() < 0.12:
                self.archive(side, self.rng.choice(known))
            else:
                self.edit(side, self.rng.choice(known))

    # ---- the sync ----

    READ = ("crm-extract %s -m customer.%s %s | crm-map customer.%s |"
            " crm-diff > %s.diff")

    def read(self, system, full, may):
        return self.sh("set -o pipefail; " + self.READ % (
            system + (" companies" if system == "hubspot" else " customers"),
            system, "--full" if full else "", system, system), may=may)

    def round(self, full, faulty):
        """One run; on a bad wire any stage may end with 3."""
        may = (0, 1, 3) if faulty else (0, 1)
        for system in ("app", "hubspot"):
            if self.read(system, full, may) == 3:
                return
            if faulty:
                self.people(True)
        self.tick(60)
        self.sh("cat app.diff hubspot.diff | crm-resolve "
                + LIFTED + " > plan", may=may)
        if faulty:
            self.people(True)
        for system in self.rng.sample(["app", "hubspot"], 2):
            kill = self.rng.random() * 0.08 if faulty and system == \
                "hubspot" and self.rng.random() < 0.35 else None
            self.tick(1)
            # it may be killed before the shell has made it
            self.write(f"{system}.receipts", "")
            self.sh(f"crm-load {system} < plan > {system}.receipts", kill,
                    may)
            self.told(system)
        if faulty and self.rng.random() < 0.3:
            self.sh("crm-load hubspot --pending > hubspot.receipts", None,
                    may)

    def told(self, system):
        """Why something was not done, as the receipts say."""
        with open(self.path(system + ".receipts"), encoding="utf-8",
                  errors="replace") as file:
            for line in file:
                if line.endswith("}\n"):
                    self.said.append(str(json.loads(line).get("error")))

    def quiet(self):
        """The wire is good: until a run writes nothing."""
        self.sandbox.control("PUT", "faults", "rate=off,search-rate=off")
        for attempt in range(8):
            self.tick(86400)
            self.sandbox.control("DELETE", "log")
            before = self.app()
            self.round(attempt % 2 == 0, False)
            self.tick(3600)
            self.sh("crm-state retry --all; "
                    "crm-load hubspot --pending > p1; "
                    "crm-load app --pending > p2")
            if attempt and not self.wrote() and before == self.app() and \
                    not self.decide():
                return
        raise Broken("at rest: eight runs were not enough")

    def decide(self):
        """What waits for a person gets the value of one side."""
        self.sh("crm-state conflicts > waiting")
        with open(self.path("waiting"), encoding="utf-8") as file:
            waiting = [one for one in map(json.loads, file)
                       if "field" in one]
        for one in waiting:
            self.sh(f"crm-state decide customer '{one['uid']}' "
                    f"{one['field']} {min(one['values'])} > decided")
        return waiting

    def wrote(self):
        lines = [json.loads(line) for line in
                 self.sandbox.control("GET", "log").splitlines()]
        return [one for one in lines if any(
            word in one["target"] for word in ("/batch/update", "/batch/create",
            "/batch/upsert", "/batch/archive")) and one["method"] == "POST"]

    # ---- what is held ----

    def standing(self):
        theirs, ours = {}, {}
        for one in self.sandbox.companies():
            if one["archived"]:
                continue
            p = one["properties"]
            theirs.setdefault(p.get("domain"), []).append({
                f: p.get(THEIRS.get(f, f)) or None for f in FIELDS})
        for row in self.app():
            if not row.get("archived"):
                ours.setdefault(row.get("domain"), []).append({
                    f: None if row.get(f) is None else str(row[f])
                    for f in FIELDS})
        return theirs, ours

    def check(self):
        theirs, ours = self.standing()
        for what in ("conflicts", "reviews", "todo", "queue"):
            self.sh(f"crm-state {what} > left")
            with open(self.path("left"), encoding="utf-8") as file:
                self.log += [f"left in {what}: {line.strip()}"
                             for line in file]
        for domain, fields in self.given.items():
            t, o = theirs.get(domain, []), ours.get(domain, [])
            if len(t) > 1 or len(o) > 1:
                raise Broken(f"no duplicate: {domain}: {t} {o}")
            if len(t) != len(o):
                raise Broken(f"alike: {domain}: {t} {o}")
            gone = domain in self.archived
            if not t and not gone:
                raise Broken(f"nothing is lost: {domain}")
            if t and gone and not any(fields.values()):
                raise Broken(f"gone: {domain} stands")
            if t:
                self.check_values(domain, fields, t[0], o[0])
        extra = set(theirs) | set(ours) - set(self.given)
        if extra - set(self.given):
            raise Broken(f"nothing comes of nothing: {extra}")
        for domain in list(self.given):
            if domain in theirs:
                self.agreed[domain] = theirs[domain][0]
                self.archived.pop(domain, None)
            self.given[domain] = {}

    def check_values(self, domain, fields, t, o):
        for field in FIELDS:
            if t[field] != o[field]:
                raise Broken(f"alike: {domain} {field}: {t} {o}")
            sides = fields.get(field, {})
            last = [values[-1] for values in sides.values()]
            every = [v for values in sides.values() for v in values]
            was = self.agreed.get(domain, {}).get(field)
            if len(sides) == 1 and t[field] != last[0] and \
                    domain not in self.archived:
                raise Broken(f"edits stand: {domain} {field} is {t[field]},"
                             f" not {last[0]}")
            if t[field] not in every and (every or t[field] != was) and \
                    t[field] != was:
                raise Broken(f"edits stand: {domain} {field} is {t[field]},"
                             f" none of {every} nor {was}")

    def check_silence(self):
        audit = self.path(".crm/audit")  # has values, but no token
        for name in sorted(os.listdir(audit)):
            with open(os.path.join(audit, name), encoding="utf-8") as file:
                if self.sandbox.token in file.read():
                    raise Broken("silence: a token is in the audit")
        for said in self.said:
            if self.sandbox.token in said:
                raise Broken("silence: a token was said")
            for name in FIELDS["name"]:
                if name in said:
                    raise Broken("silence: a name was said: " + said)

    # ---- all of it ----

    def run(self, rounds):
        for _ in range(rounds):
            for _ in range(1 + self.rng.randrange(3)):
                self.people()
                spec = ",".join(["rate=off", "search-rate=off"]
                                + self.rng.sample(FAULTS,
                                                  self.rng.randrange(4)))
                self.sandbox.control("PUT", "faults", spec)
                self.log.append(f"{self.iso()} faults {spec}")
                self.round(self.rng.random() < 0.3, True)
                self.tick(self.rng.choice([30, 900, 7200]))
            self.quiet()
            self.check()
        self.check_silence()
