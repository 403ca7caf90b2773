#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Killed at every durable step of deciding and delivering, a sync that is run
again ends as one that was never killed: nothing lost, nothing twice, nothing
deleted that nobody deleted.
"""
import json
import os
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from killed import TREE, Sync, fresh  # noqa: E402
from tap import done, ok  # noqa: E402

MAPPINGS = os.path.join(TREE, "tests/golden/sync/mappings")
CHANGES = ("{ crm-extract --full app person -m person.app |"
           " crm-map person.app | crm-diff;"
           " crm-extract --full hub people -m person.hub |"
           " crm-map person.hub | crm-diff; } > changes")
RESOLVE = "exec crm-resolve person < changes > plan"
LOADS = ["exec crm-load app < plan > receipts.app",
         "exec crm-load hub < plan > receipts.hub"]


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def stores(work):
    found = {}
    for name in ("app/person.ndjson", "hub/people.ndjson"):
        for record in lines(os.path.join(work, name)):
            key = name, record["id"]
            record.pop("version", None)
            record.pop("modified", None)
            found.setdefault(key, []).append(record)
    return found


SYNC = Sync(MAPPINGS, (CHANGES, RESOLVE, *LOADS), stores)
sync, run, quiet = SYNC.whole, SYNC.run, SYNC.quiet


def edit(path, change):
    records = [change(record) for record in lines(path)]
    with open(path, "w", encoding="utf-8") as file:
        for record in records:
            if record:
                file.write(json.dumps(record) + "\n")


def prepare(work):
    """Two stores that were in step, edited on both sides since."""
    os.makedirs(work)
    run("crm-state -q init && mkdir -p app hub", work, "12:00")
    with open(os.path.join(work, ".crm/systems.jq"), "w",
              encoding="utf-8") as file:
        file.write('{app: {kind: "file", path: "app"},'
                   ' hub: {kind: "file", path: "hub"}}\n')
    app, hub = work + "/app/person.ndjson", work + "/hub/people.ndjson"
    with open(app, "w", encoding="utf-8") as file:
        for n in range(30):
            file.write(json.dumps({
                "id": str(n), "name": f"P{n}", "city": "Bonn",
                "modified": "2026-11-19T10:00:00Z"}) + "\n")
    sync(work, "12:00")
    sync(work, "12:05")

    def in_app(record):
        n = int(record["id"])
        if n % 5 == 0:
            record.update(name=f"App{n}", modified="2026-11-20T12:10:00Z")
        return record if n != 7 else None

    def in_hub(record):
        n = int(record["id"].rsplit(":", 1)[1])
        if n % 6 == 0:
            record.update(name=f"Hub{n}", city="Ulm",
                          modified="2026-11-20T12:11:00Z")
        return record if n not in (8, 10) else None

    edit(app, in_app)
    edit(hub, in_hub)
    with open(app, "a", encoding="utf-8") as file:
        file.write('{"id":"new","name":"New",'
                   '"modified":"2026-11-20T12:10:00Z"}\n')
    with open(hub, "a", encoding="utf-8") as file:
        file.write('{"id":"n2","name":"New2",'
                   '"modified":"2026-11-20T12:10:00Z"}\n')


def recover(work):
    SYNC.recover(work, ("12:40", "13:00"), ("app", "hub"))


def sweep(begun, work, program, want):
    steps, bad = SYNC.sweep(begun, work, program, want, recover)
    name = " ".join(program.split()[1:3])
    ok(not bad and steps, f"{name}: killed at {steps} steps", *bad[:5])


def main():
    with tempfile.TemporaryDirectory(prefix="crash.") as top:
        begun, work = top + "/begun", top + "/work"
        prepare(begun)
        fresh(begun, work)
        sync(work, "12:15")
        recover(work)
        want = stores(work)
        ok(all(len(found) == 1 for found in want.values()) and
           len(want) == 62, "not killed, every record stands once in both",
           len(want))
        app, hub = [{key[1].rsplit(":", 1)[-1]: found[0]
                     for key, found in want.items() if key[0] == name}
                    for name in ("app/person.ndjson", "hub/people.ndjson")]
        ok(app["0"]["name"] == hub["0"]["name"] == "Hub0" and
           app["5"]["name"] == hub["5"]["name"] == "App5" and
           app["6"]["city"] == "Ulm", "edits of both sides stand")
        ok(hub["7"].get("archived") and app["8"].get("archived") and
           not app["10"].get("archived") and hub["10"]["name"] == "App10",
           "deletions are archived, but not what was edited")
        ok(quiet(work), "and come to rest")
        for program in (RESOLVE, *LOADS):
            sweep(begun, work, program, want)
    done()


if __name__ == "__main__":
    main()
