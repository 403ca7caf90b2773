#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Many records with large values: each stage keeps to its memory, and no
record is refused for what stands beside it in a batch."""
import os
import resource
import subprocess
import tempfile

TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BIN = os.environ.get("CRM_BIN", os.path.join(TREE, "bin"))
LIMIT = 192 << 20
RECORDS, SIZE = 600, 200000
ENTITY = """{entity: "thing", fields: {name: {type: "text"},
 note: {type: "text"}}}"""
SYSTEM = """{entity: "thing", kind: "%s", object: "things", id: "id",
 fields: {name: {from: "name", dir: "both"},
          note: {from: "note", dir: "both"}}}"""

checks = []


def check(name, passed, *why):
    checks.append(passed)
    print("ok" if passed else "not ok", len(checks), "-", name)
    for line in [] if passed else why:
        print("#", str(line)[:300])


def cap():
    resource.setrlimit(resource.RLIMIT_DATA, (LIMIT, LIMIT))


def crm(command, stdin=None):
    """Its output's lines, status and what it said."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        with (open(stdin, "rb") if stdin else
              open(os.devnull, "rb")) as given:
            status = subprocess.run(
                [os.path.join(BIN, command[0])] + command[1:], stdin=given,
                stdout=out, stderr=err, preexec_fn=cap,
                check=False).returncode
        out.seek(0)
        err.seek(0)
        return out.read(), status, err.read().decode()[:300]


def stage(command, stdin, into):
    out, status, err = crm(command, stdin)
    with open(into, "wb") as file:
        file.write(out)
    check(" ".join(command), status == 0, status, err)


def loaded(command, stdin):
    out, status, err = crm(command, stdin)
    done = [x for x in out.splitlines() if b'"status":"done"' in x]
    check(" ".join(command), status == 0 and len(done) == RECORDS, status,
          len(done), err)


def main():
    os.mkdir("mappings")
    os.environ.update(CRM_MAPPINGS="mappings", CRM_HOME="home")
    for name, kind in ("in", "csv"), ("out", "csv"), ("more", "csv"):
        with open(f"mappings/thing.{name}.jq", "w") as file:
            file.write(SYSTEM % kind)
    with open("mappings/thing.jq", "w") as file:
        file.write(ENTITY)
    crm(["crm-state", "init", "-q"])
    with open("home/systems.jq", "w") as file:
        file.write('{out: {kind: "csv", path: "out.csv"},'
                   ' more: {kind: "csv", path: "more.csv"}}')
    with open("in.csv", "w") as file:
        file.write("id,name,note\n")
        for i in range(RECORDS):
            file.write(f"{i},n{i},{'x' * SIZE}\n")
    stage(["crm-extract", "csv", "in.csv", "-m", "thing.in"], None, "1")
    stage(["crm-map", "thing.in"], "1", "2")
    stage(["crm-diff"], "2", "3")
    stage(["crm-resolve", "thing"], "3", "plan")
    loaded(["crm-load", "out"], "plan")
    loaded(["crm-load", "--pending", "more"], None)
    for name in "out.csv", "more.csv":
        with open(name, "rb") as file:
            rows = file.read().splitlines()
        check(f"all rows stand in {name}", len(rows) == RECORDS + 1 and
              all(len(row) > SIZE for row in rows[1:]), len(rows))
    print(f"1..{len(checks)}")


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    main()
