#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Leads that one system converts, with crm-resolve killed at every
durable step: run again, all ends as if nobody had been killed, in the
stores as in what is known of each lead.  Operands: policies, instead of the
one that says most.
"""
import json
import os
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from killed import TREE, Sync, fresh  # noqa: E402
from tap import done, ok  # noqa: E402

MAPPINGS = os.path.join(TREE, "tests/golden/sync/conversion")
SYSTEMS = ("crm", "app", "desk")
ENTITIES = ("lead", "contact")
LEADS = 6
CHANGES = "{ " + " ".join(
    f"crm-extract --full {s} {e} -m {e}.{s} | crm-map {e}.{s} | crm-diff;"
    for s in SYSTEMS for e in ENTITIES) + " } > changes"
RESOLVE = "exec crm-resolve --max-deletes 10000 < changes > plan"
LOADS = [f"exec crm-load {s} < plan > receipts.{s}" for s in SYSTEMS]


def path(work, system, entity):
    return os.path.join(work, system, entity + ".ndjson")


def rows(work, system, entity):
    with open(path(work, system, entity), encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def put(work, system, entity, found):
    with open(path(work, system, entity), "w", encoding="utf-8") as file:
        for row in found:
            file.write(json.dumps(row) + "\n")


def stores(work):
    found = {}
    for system in SYSTEMS:
        for entity in ENTITIES:
            for row in rows(work, system, entity):
                key = system, entity, row["id"]
                row.pop("version", None)
                row.pop("modified", None)
                found.setdefault(key, []).append(row)
    return found


def known(work, now):
    """What the state says of each lead."""
    said = {}
    for n in range(LEADS):
        told = run(f"crm-state show lead crm:lead:{n}", work, now)
        shown = json.loads(told.stdout)
        said["known", n] = (
            shown["life"], shown.get("converted_into"), shown.get("review"),
            {s: side["life"] for s, side in shown["systems"].items()})
    said["check"] = run("crm-state check", work, now).returncode
    return said


def convert(work, system, leads):
    """Those leads become a contact there."""
    found = rows(work, system, "lead")
    contacts = rows(work, system, "contact")
    for row in found:
        n = int(row["id"].rsplit(":", 1)[-1])
        if n not in leads:
            continue
        row.update(status="converted", converted=True, contact=f"c{n}",
                   modified="2026-11-20T12:10:00Z")
        contacts.append({"id": f"c{n}", "name": f"L{n}",
                         "email": f"l{n}@acme.com",
                         "modified": "2026-11-20T12:10:00Z"})
    put(work, system, "lead", found)
    put(work, system, "contact", contacts)


def prepare(work, policy):
    """Three stores in step; then leads are converted, and edited."""
    shutil.copytree(MAPPINGS, work + "/maps")
    name = work + "/maps/lead.jq"
    with open(name, encoding="utf-8") as file:
        text = file.read()
    with open(name, "w", encoding="utf-8") as file:
        file.write(text.replace("CONVERTS", policy))
    run("crm-state -q init", work, "12:00")
    with open(work + "/.crm/systems.jq", "w", encoding="utf-8") as file:
        file.write("{%s}\n" % ", ".join(
            f'{s}: {{kind: "file", path: "{s}"}}' for s in SYSTEMS))
    for system in SYSTEMS:
        os.makedirs(os.path.join(work, system), exist_ok=True)
        for entity in ENTITIES:
            put(work, system, entity, [])
    put(work, "crm", "lead", [
        {"id": str(n), "name": f"L{n}", "email": f"l{n}@acme.com",
         "modified": "2026-11-19T10:00:00Z"} for n in range(LEADS)])
    for now in ("12:00", "12:02", "12:04"):
        sync(work, now)
    convert(work, "crm", range(0, 4))
    convert(work, "desk", (3,))
    found = rows(work, "app", "lead")
    for row in found:
        if row["id"] in ("crm:lead:1", "crm:lead:5"):
            row.update(phone="17", modified="2026-11-20T12:11:00Z")
            row.pop("version", None)
    put(work, "app", "lead", found)


def recover(work):
    SYNC.recover(work, ("12:40", "13:00", "13:20"), SYSTEMS)


def outcome(work):
    return {**stores(work), **known(work, "13:30")}


SYNC = Sync("maps", (CHANGES, RESOLVE, *LOADS), outcome)
sync, run, quiet = SYNC.whole, SYNC.run, SYNC.quiet


def sweep(begun, work, program, want, policy):
    steps, bad = SYNC.sweep(begun, work, program, want, recover)
    name = " ".join(program.split()[1:3])
    ok(not bad and steps, f"{policy}: {name}: killed at {steps} steps",
       *bad[:5])


def try_policy(top, policy):
    begun, work = f"{top}/{policy}", f"{top}/work"
    os.makedirs(begun)
    prepare(begun, policy)
    fresh(begun, work)
    sync(work, "12:15")
    recover(work)
    want = outcome(work)
    ok(want["check"] == 0 and all(
        len(found) == 1 for key, found in want.items() if len(key) == 3),
       f"{policy}: not killed, every record stands once")
    leads = {key[0]: sum(1 for k in want if k[:2] == (key[0], "lead"))
             for key in want if len(key) == 3}
    ok(leads == {s: LEADS for s in SYSTEMS}, "no lead is created or lost",
       leads)
    ok(want["known", 1][2] and "17" in json.dumps(
        want["app", "lead", "crm:lead:1"]), "an edit waits for a person")
    ok(quiet(work), "it comes to rest")
    sweep(begun, work, RESOLVE, want, policy)


def main():
    with tempfile.TemporaryDirectory(prefix="crash.") as top:
        for policy in sys.argv[1:] or ("tell",):
            try_policy(top, policy)
    done()


main()
