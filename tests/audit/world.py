# SPDX-License-Identifier: MIT
"""A sync of two stores in a folder, for the tests of audit, undo and the like."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TREE, "tests"))
from tap import done, ok  # noqa: E402,F401

BIN = os.environ.get("CRM_BIN", os.path.join(TREE, "bin"))

ENTITY = """{entity: "person", match: [], deletes: "archive", fields: {
 name: {type: "text", rule: "latest"}, city: {type: "text", rule: "manual"},
 phone: {type: "text", rule: "latest"}}}"""
SIDE = """{entity: "person", kind: "file", object: "person", id: "id",
 modified: "modified", uid: "uid", fields: {name: {from: "name", dir: "both"},
 city: {from: "city", dir: "both"}, phone: {from: "phone", dir: "both"}}}"""


class World:
    """Stores a and b; minutes pass with every run."""

    def __init__(self, people=3, bin_=BIN):
        self.folder = tempfile.mkdtemp(prefix="audit.")
        self.bin, self.minute, self.extra = bin_, 0, {}
        os.makedirs(self.path("mappings"))
        for name, text in (("person", ENTITY), ("person.file", SIDE)):
            self.write(f"mappings/{name}.jq", text)
        self.must("crm-state -q init && mkdir a b")
        self.write(".crm/systems.jq", '{a: {kind: "file", path: "a"},'
                   ' b: {kind: "file", path: "b"}}')
        self.write("b/person.ndjson", "")
        self.write("a/person.ndjson", "".join(json.dumps(
            {"id": str(n), "name": f"Name{n}", "city": "Bonn",
             "phone": f"0{n}"}) + "\n" for n in range(people)))

    def copy(self):
        other = World.__new__(World)
        other.__dict__.update(self.__dict__, extra={})
        other.folder = tempfile.mkdtemp(prefix="audit.")
        shutil.copytree(self.folder, other.folder, dirs_exist_ok=True)
        return other

    def remove(self):
        shutil.rmtree(self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def lines(self, name):
        return [json.loads(line) for line in self.read(name).splitlines()]

    def run(self, command, **env):
        base = {"PATH": self.bin + ":/usr/bin:/bin",
                "CRM_MAPPINGS": self.path("mappings"),
                "CRM_NOW": f"2026-11-20T{12 + self.minute // 60:02}:"
                           f"{self.minute % 60:02}:00Z",
                "CRM_RUN": f"run-{self.minute}"}
        for name, value in os.environ.items():
            if name.startswith(("ASAN_", "UBSAN_", "LSAN_", "LLVM_",
                                "GCOV_")):
                base[name] = value
        return subprocess.run(
            ["sh", "-c", command], cwd=self.folder, text=True,
            env={**base, **self.extra, **env}, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def must(self, command, may=(0,), **env):
        ended = self.run(command, **env)
        if ended.returncode not in may:
            raise RuntimeError(f"{command}: exit {ended.returncode}\n"
                               f"{ended.stdout}{ended.stderr}")
        return ended

    def sync(self, may=(0, 1)):
        """A run of its own: its id is returned."""
        self.minute += 1
        self.must("{ for s in a b; do crm-extract --full $s person"
                  " -m person.$s | crm-map person.$s | crm-diff; done; }"
                  " > changes", may)
        self.must("crm-resolve -q person < changes > plan", may)
        self.must("crm-load -q a < plan > receipts;"
                  " crm-load -q b < plan >> receipts", may)
        return f"run-{self.minute}"

    def edit(self, side, number, **fields):
        """Changes a record of a store; None removes it."""
        name, kept = f"{side}/person.ndjson", []
        for record in self.lines(name):
            if record["id"].rsplit(":", 1)[-1] == str(number):
                record.update(fields)
            kept.append(json.dumps(record) + "\n")
        self.write(name, "".join(kept))

    def drop(self, side, number):
        name = f"{side}/person.ndjson"
        self.write(name, "".join(
            json.dumps(record) + "\n" for record in self.lines(name)
            if record["id"].rsplit(":", 1)[-1] != str(number)))

    def people(self, side):
        return {record["id"].rsplit(":", 1)[-1]: record
                for record in self.lines(f"{side}/person.ndjson")}

    def audit(self, options=""):
        out = self.must(f"crm-state audit {options}").stdout
        return [json.loads(line) for line in out.splitlines()]

    def day(self):
        return self.path(".crm/audit/2026-11-20.ndjson")
