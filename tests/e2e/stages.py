# SPDX-License-Identifier: MIT
"""stages: a small sync, stage by stage, for tests that disturb one of them.

A CRM's export and the application's store; every stage's input and output can
be looked at, cut, or changed.  Also TAP: check() and done().
"""
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile

TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BIN = os.environ.get("CRM_BIN", os.path.join(TREE, "bin"))
SYSTEMS = '{app: {kind: "file", path: "app"}, salesforce: {}}\n'
HEADER = "Id,Name,Phone,BillingCity,NumberOfEmployees,SystemModstamp\n"
FIRST = [
    "001A,Acme,(555) 555-1212,Berlin,10,2026-11-01T10:00:00.000Z\n",
    '001B,"Böhm, Söhne",,Wien,20,2026-11-01T10:00:00.000Z\n',
    "001C,Clara,(555) 555-1213,Bern,30,2026-11-01T10:00:00.000Z\n",
]
# B has another city, C is gone, D is new.
SECOND = [
    FIRST[0],
    '001B,"Böhm, Söhne",,Linz,20,2026-11-19T10:00:00.000Z\n',
    "001D,Dora,,Oslo,40,2026-11-19T10:00:00.000Z\n",
]

_count = _failed = 0


def check(passed, name, *why):
    global _count, _failed
    _count += 1
    _failed += not passed
    print("ok" if passed else "not ok", _count, "-", name, flush=True)
    for line in [] if passed else why:
        for part in str(line).splitlines()[:20]:
            print("# " + part)
    return passed


def done():
    print(f"1..{_count}")
    sys.exit(1 if _failed else 0)


class Ended:
    """How a program ended."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    def __str__(self):
        return (f"status {self.status}\nout: {self.out[-300:]!r}\n"
                f"err: {self.err[-300:]!r}")


class Sync:
    """A folder with a home and a store, and the stages over it."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="e2e.")
        self.now = 0
        self.run(["crm-state", "init"])
        with open(self.path(".crm", "systems.jq"), "w",
                  encoding="utf-8") as file:
            file.write(SYSTEMS)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def env(self):
        env = dict(os.environ)
        env["PATH"] = BIN + ":/usr/bin:/bin"
        env["CRM_MAPPINGS"] = os.path.join(TREE, "mappings")
        env["CRM_NOW"] = f"2026-11-20T{12 + self.now // 60:02d}:" \
                         f"{self.now % 60:02d}:00Z"
        env["CRM_RUN"] = f"test-{self.now}"
        return env

    def run(self, command, stdin=b""):
        done_ = subprocess.run(command, cwd=self.folder, env=self.env(),
                               input=stdin, capture_output=True, timeout=60,
                               check=False)
        return Ended(done_.returncode, done_.stdout, done_.stderr)

    def export(self, rows):
        with open(self.path("accounts.csv"), "w", encoding="utf-8") as file:
            file.write(HEADER + "".join(rows))

    def sides(self, spoil=None):
        """Both sides' changes: (stage name, command, input) as they run, and
        the joined output.  `spoil`(name, input) may change a stage's input."""
        spoil = spoil or (lambda _, text: text)
        steps, joined = [], b""
        for side, extract, mapping in (
                ("salesforce",
                 ["crm-extract", "csv", "accounts.csv", "-s", "salesforce",
                  "-o", "Account", "-m", "customer.salesforce"],
                 "customer.salesforce"),
                ("app", ["crm-extract", "app", "customer", "-m",
                         "customer.app"], "customer.app")):
            text = b""
            for name, command in ((side + " extract", extract),
                                  (side + " map", ["crm-map", mapping]),
                                  (side + " diff", ["crm-diff"])):
                text = spoil(name, text)
                steps.append((name, command, text))
                text = self.run(command, text).out
            joined += text
        return steps, joined

    def sync(self, rows, spoil=None):
        """The whole sync; returns the plan and how the loader ended."""
        spoil = spoil or (lambda _, text: text)
        self.now += 1
        self.export(rows)
        _, joined = self.sides(spoil)
        resolved = self.run(RESOLVE, spoil("resolve", joined))
        loaded = self.run(LOAD, spoil("load", resolved.out))
        return resolved, loaded

    def copy(self):
        other = Sync.__new__(Sync)
        other.folder = tempfile.mkdtemp(prefix="e2e.")
        other.now = self.now
        shutil.copytree(self.folder, other.folder, dirs_exist_ok=True)
        return other

    def back_to(self, other):
        """Becomes what `other` is."""
        shutil.rmtree(self.folder)
        shutil.copytree(other.folder, self.folder)
        self.now = other.now

    def state(self):
        """The files whose bytes are the state, as one hash a file: not what
        was set aside, nor what is noted of runs that failed."""
        found = {}
        for here, _, files in os.walk(self.folder):
            for name in files:
                if (name.startswith(("lock", "failed.ndjson"))
                        or "rejects" in here):
                    continue
                path = os.path.join(here, name)
                with open(path, "rb") as file:
                    found[os.path.relpath(path, self.folder)] = \
                        hashlib.sha256(file.read()).hexdigest()
        return found

    def store(self):
        """The application's records, as it shows them itself, without the
        version tags, which tell in what order they were written."""
        shown = self.run(["crm-extract", "app", "customer"]).out
        records = [line for line in shown.splitlines(keepends=True)
                   if line.startswith(b'{"type":"record"')]
        return re.sub(rb'"version":"[^"]*",?', b"", b"".join(records))

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


RESOLVE = ["crm-resolve", "customer"]
LOAD = ["crm-load", "app"]
