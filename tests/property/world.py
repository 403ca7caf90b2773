# SPDX-License-Identifier: MIT
"""world: a home with two or three stores, and what can happen to them.

Everything is deterministic: the clock is ours, files get their times from it,
and every command and every edit is also a line of a shell script that does the
same again (script()).
"""
import copy
import json
import os
import random
import shlex
import shutil
import subprocess
import tempfile
import time

TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BIN = os.environ.get("CRM_BIN", os.path.join(TREE, "bin"))
DUMP = os.path.join(TREE, ".build",
                    os.environ.get("CRM_VARIANT", "release").replace(
                        "valgrind", "release"), "helper", "state_dump")
START = 1796083200          # 2026-12-01T00:00:00Z
MAY_EXIT = {0, 1}

# field: (type, what follows in the entity file)
FIELDS = {
    "name": 'type: "text"',
    "price": 'type: "number", scale: 2',
    "email": 'type: "email"',
    "phone": 'type: "phone"',
    "since": 'type: "date"',
    "tier": 'type: "enum", values: ["gold", "silver", "bronze"]',
}
NATIVE = [
    {name: name for name in FIELDS},
    {"name": "Name", "price": "Price", "email": "Email", "phone": "Tel",
     "since": "Since", "tier": "Class"},
    {"name": "title", "price": "cost", "email": "mail", "phone": "phone_no",
     "since": "from", "tier": "grade"},
]
TIERS = [None, {"gold": "A", "silver": "B", "bronze": "C"},
         {"gold": "1", "silver": "2", "bronze": "3"}]
# canonical value: ways to write it
VALUES = {
    "name": [(v, [v]) for v in ("Acme", "Beta Co", "Çelik \"Q\"", " x ",
                                "delta\nline")],
    "price": [("12.5", ["12.50", 12.5, "12.501"]), ("7", [7, "7.00"]),
              ("0", [0, "0.0"]), ("-3.25", [-3.25]),
              ("123456789.25", ["123456789.25"])],
    "email": [("a@x.org", ["a@x.org", "A@X.org"]),
              ("b@x.org", ["mailto:b@x.org", "b@x.org"]),
              ("c@y.net", ["C@y.net"])],
    "phone": [("+49301234567", ["+49 30 1234567", "+49301234567"]),
              ("+15551212", ["+1 555-1212"]), ("+4412345", ["+44 12345"])],
    "since": [("2026-01-05", ["2026-01-05"]), ("2025-12-31", ["2025-12-31"]),
              ("1999-02-28", ["1999-02-28"])],
    "tier": [(v, [v]) for v in ("gold", "silver", "bronze")],
}
NAMES = ["app", "crm", "shop"]  # of the sides; a mirror swaps two
LIVE = "is it there"  # in the place of a field
BAD = {"price": "12,5 EUR", "since": "yesterday", "tier": "platinum",
       "email": 17}


def written(side, field, value, way):
    """A canonical value as this side's people write it."""
    ways = dict(VALUES[field])[value]
    raw = ways[way % len(ways)]
    if field == "tier" and TIERS[side]:
        raw = TIERS[side][value]
        return raw.lower() if way % 2 else raw
    if field == "since" and side == 1 and way % 2 == 0:
        year, month, day = raw.split("-")
        return f"{day}.{month}.{year}"
    return raw


class Failure(Exception):
    """An invariant that does not hold; the first word says which."""


class World:
    def __init__(self, config, names):
        shm = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.folder = tempfile.mkdtemp(prefix="histories.", dir=shm)
        self.config, self.names = config, names
        self.now, self.runs, self.steps = 0, 0, []
        self.time_of_file = {}
        self.events = []     # what people did, in order
        self.plans = []      # (how many events there were, lines)
        self.removed = [[] for _ in names]
        self.rejected_now = {}
        self.made = 0
        self.seen = {}       # (side, id, field): what was accepted
        self.extra = {}      # environment of the next commands
        self.command("crm-state init")
        self.put(".crm/systems.jq", "{" + ", ".join(
            f'{name}: {{kind: "file", path: "{name}"}}' for name in names)
            + "}\n")
        self.put("mappings/thing.jq", self.entity())
        for side, name in enumerate(names):
            self.put(f"mappings/thing.{name}.jq", self.system(side))
            self.put(f"{name}/thing.ndjson", "")

    def unswapped(self, uid):
        """The uid this record has where the sides have their usual names:
        what is chosen by it is chosen alike when the names are swapped."""
        name, rest = uid.split(":", 1)
        return f"{NAMES[self.names.index(name)]}:{rest}"

    def copy(self):
        """Another world that is as this one is now."""
        other = copy.copy(self)
        other.__dict__ = {k: v if k == "config" else copy.deepcopy(v)
                          for k, v in self.__dict__.items()}
        other.folder = tempfile.mkdtemp(
            prefix="histories.", dir=os.path.dirname(self.folder))
        shutil.copytree(self.folder, other.folder, dirs_exist_ok=True)
        return other

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    # ---- its files ----

    def entity(self):
        rules = []
        for field, what in FIELDS.items():
            rule = self.config["rules"][field]
            if isinstance(rule, list):
                rule = '{prefer: [%s]}' % ", ".join(
                    f'"{self.names[i]}"' for i in rule
                    if i < len(self.names))
            else:
                rule = f'"{rule}"'
            rules.append(f"{field}: {{{what}, rule: {rule}}}")
        return (f'{{entity: "thing", deletes: "{self.config["deletes"]}",\n'
                " fields: {" + ",\n          ".join(rules) + "}}\n")

    def system(self, side):
        fields = []
        for field, native in NATIVE[side].items():
            more = ""
            if field == "tier" and TIERS[side]:
                more = ", enum: " + json.dumps(
                    {theirs: ours for ours, theirs in TIERS[side].items()})
            if field == "since" and side == 1:
                more = ', date: "%d.%m.%Y"'
            fields.append(f'{field}: {{from: "{native}", dir: "both"{more}}}')
        return ('{entity: "thing", kind: "file", object: "thing",\n'
                ' id: "id", modified: "modified", uid: "uid",\n'
                ' deleted: {from: "archived", value: "true"},\n'
                ' fields: {' + ",\n          ".join(fields) + "}}\n")

    def path(self, name):
        return os.path.join(self.folder, name)

    def put(self, name, text):
        """A person writes a file."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        self.stamp(name)
        self.steps.append(
            f"mkdir -p {os.path.dirname(name) or '.'}; "
            f"cat > {name} <<'END'\n{text}END\ntouch -d @{START + self.now} "
            f"{name}")

    def stamp(self, name):
        """A file that changed gets its time from our clock."""
        path = self.path(name)
        if not os.path.exists(path):
            return
        seconds = START + self.now
        if os.stat(path).st_mtime_ns != self.time_of_file.get(name):
            os.utime(path, (seconds, seconds))
            self.time_of_file[name] = os.stat(path).st_mtime_ns

    def stamp_all(self):
        for name in self.names:
            self.stamp(f"{name}/thing.ndjson")

    def lines(self, side):
        with open(self.path(f"{self.names[side]}/thing.ndjson"),
                  encoding="utf-8") as file:
            return file.read().splitlines()

    def put_lines(self, side, lines):
        self.put(f"{self.names[side]}/thing.ndjson",
                 "".join(line + "\n" for line in lines))

    # ---- commands ----

    def clock(self):
        return time.strftime("%Y-%m-%dT%H:%M:%SZ",
                             time.gmtime(START + self.now))

    def env(self, run):
        return {"PATH": BIN + ":/usr/bin:/bin", "CRM_NOW": self.clock(),
                "CRM_RUN": run, "CRM_HOME": ".crm",
                "CRM_MAPPINGS": "mappings", **self.extra}

    def command(self, text, may=None, run="r0"):
        """Runs one command with redirections `< a > b`; returns status."""
        self.now += 1
        words = shlex.split(text)
        stdin = stdout = None
        while len(words) > 2 and words[-2] in "<>":
            if words[-2] == "<":
                stdin = words[-1]
            else:
                stdout = words[-1]
            words = words[:-2]
        self.steps.append(f"CRM_NOW={self.clock()} CRM_RUN={run} {text}")
        with open(self.path(stdin) if stdin else os.devnull, "rb") as given, \
                open(self.path(stdout) if stdout else os.devnull, "wb") as out:
            done = subprocess.run(
                words, cwd=self.folder, env=self.env(run), stdin=given,
                stdout=out, stderr=subprocess.PIPE, timeout=60, check=False)
        if done.returncode not in (may or MAY_EXIT):
            raise Failure(f"exit: {text} exited {done.returncode}: "
                          f"{done.stderr.decode()[-400:]}")
        if words[0] == "crm-load" and done.returncode >= 0:
            self.stamp_all()
            self.steps.append("touch -d @%d */thing.ndjson" %
                              (START + self.now))
        return done.returncode

    def dump(self):
        """The state without what only counts or tells the time."""
        done = subprocess.run([DUMP], cwd=self.folder, env=self.env("dump"),
                              capture_output=True, timeout=60, check=False)
        if done.returncode:
            raise Failure(f"state: {done.stderr.decode()}")
        return done.stdout.decode()

    def script(self):
        return "\n".join(
            ["#!/bin/sh", "# PATH must have the programs first.",
             "cd \"$(mktemp -d)\" && pwd",
             "export CRM_HOME=.crm CRM_MAPPINGS=mappings"] +
            self.steps) + "\n"

    # ---- what people do ----

    def uid(self, side, record):
        return record.get("uid") or f"{self.names[side]}:thing:{record['id']}"

    def pick(self, side, n, wanted):
        """Index of some line for which wanted(record) holds, or None."""
        found = []
        for i, line in enumerate(self.lines(side)):
            record = json.loads(line)
            if wanted(record):  # in an order that names do not change
                found.append((record["id"].split(":")[-1], i))
        return sorted(found)[n % len(found)][1] if found else None

    def note(self, kind, side, record, field=None, value=None):
        seen = self.seen.get((side, record["id"], field), "never")
        if kind == "restore" and self.seen.get((side, record["id"], LIVE)):
            seen = value  # nobody had seen that it was gone
        self.events.append({"kind": kind, "side": side, "field": field,
                            "uid": self.uid(side, record), "value": value,
                            "seen": seen, "now": self.now})

    def canonical(self, side, record, field):
        """What the side shows for a field, None for null, or 'bad'."""
        raw = record.get(NATIVE[side][field])
        if raw is None:
            return None
        for value, ways in VALUES[field]:
            for way in range(max(2, len(ways))):
                if raw == written(side, field, value, way):
                    return value
            if str(raw) == value:
                return value
        if field == "price":
            return str(raw)
        return "bad"

    def shown(self, side):
        """What a reading shows now: (side, id, field) -> value."""
        found = {(other, name, what): False for other, name, what in self.seen
                 if other == side and what == LIVE}
        for line in self.lines(side):
            record = json.loads(line)
            found[side, record["id"], LIVE] = self.live(record)
            for field in FIELDS:
                value = self.canonical(side, record, field)
                if value != "bad":
                    found[side, record["id"], field] = value
        return found

    def act(self, action):
        self.now += 1
        getattr(self, "do_" + action[0])(*action[1:])

    def change(self, side, n, wanted, style, edit):
        """edit(record) changes a line; style: is the time told?"""
        at = self.pick(side, n, wanted)
        if at is None:
            return None
        lines = self.lines(side)
        record = json.loads(lines[at])
        edit(record)
        if style & 1:
            record["modified"] = self.clock().replace("Z", ".000Z")
        if style & 2:
            record.pop("version", None)
        lines[at] = json.dumps(record, ensure_ascii=bool(style & 4))
        self.put_lines(side, lines)
        return record

    @staticmethod
    def live(record):
        return record.get("archived") is not True

    def do_create(self, side, values, style):
        self.made += 1
        record = {"id": f"{'xyz'[side]}{self.made}"}
        for field, (at, way) in values.items():
            value = VALUES[field][at % len(VALUES[field])][0]
            record[NATIVE[side][field]] = written(side, field, value, way)
            self.note("edit", side, record, field, value)
        self.note("create", side, record)
        if style & 1:
            record["modified"] = self.clock()
        self.put_lines(side, self.lines(side) + [json.dumps(record)])

    def do_edit(self, side, n, field, at, way, style):
        value = VALUES[field][at % len(VALUES[field])][0]
        before = []

        def edit(record):
            before.append(self.canonical(side, record, field))
            record[NATIVE[side][field]] = written(side, field, value, way)
        record = self.change(side, n, self.live, style, edit)
        if record and before[0] != value:
            self.note("edit", side, record, field, value)

    def do_clear(self, side, n, field, null, style):
        native = NATIVE[side][field]

        def edit(record):
            if null:
                record[native] = None
            else:
                record.pop(native, None)
        record = self.change(
            side, n, lambda r: self.live(r) and r.get(native) is not None,
            style, edit)
        if record and null:
            self.note("edit", side, record, field, None)
        elif record:
            self.note("absent", side, record, field)

    def do_bad(self, side, n, field, style):
        def edit(record):
            record[NATIVE[side][field]] = BAD[field]
        record = self.change(side, n, self.live, style, edit)
        if record:
            self.note("bad", side, record, field)

    def do_archive(self, side, n, style):
        record = self.change(side, n, self.live, style,
                             lambda r: r.update(archived=True))
        if record:
            self.note("delete", side, record)

    def do_unarchive(self, side, n, style):
        record = self.change(side, n, lambda r: not self.live(r), style,
                             lambda r: r.update(archived=False))
        if record:
            self.note("restore", side, record)

    def do_remove(self, side, n):
        at = self.pick(side, n, lambda r: True)
        if at is None:
            return
        lines = self.lines(side)
        line = lines.pop(at)
        record = json.loads(line)
        self.removed[side].append(line)
        self.put_lines(side, lines)
        if self.live(record):
            self.note("delete", side, record)

    def do_restore(self, side, n):
        """A line taken out is put back as it was."""
        if not self.removed[side]:
            return
        line = self.removed[side].pop(n % len(self.removed[side]))
        record = json.loads(line)
        uid, lines = self.uid(side, record), self.lines(side)
        if any(self.uid(side, json.loads(x)) == uid for x in lines):
            return
        self.put_lines(side, lines + [line])
        if self.live(record):
            self.note("restore", side, record)

    def do_reorder(self, side, seed):
        lines = self.lines(side)
        random.Random(seed).shuffle(lines)
        self.put_lines(side, lines)

    def mend(self):
        """Values that were rejected are put right."""
        for side, _ in enumerate(self.names):
            for at, line in enumerate(self.lines(side)):
                record = json.loads(line)
                for field in BAD:
                    if record.get(NATIVE[side][field]) == BAD[field]:
                        self.now += 1
                        lines = self.lines(side)
                        record[NATIVE[side][field]] = written(
                            side, field, VALUES[field][0][0], 0)
                        lines[at] = json.dumps(record)
                        self.put_lines(side, lines)
                        if self.live(record):
                            self.note("mend", side, record, field)
