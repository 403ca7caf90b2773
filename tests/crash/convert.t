#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Leads that systems convert, and deals that refer to them, with one program
killed at a durable step, each from crm-map to every crm-load in turn: run
again, all ends as if nobody had been killed, in the stores as in what is known
of each lead and deal.

usage: convert.t [all|many [POLICY...]]

all: every step under the first policy, many under the others.  many: some of
each program's under each.  None: a sample, under the one that says most.
SEED says which are in a sample.
"""
import json
import os
import random
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from killed import TREE, Sync, fresh  # noqa: E402
from tap import done, ok  # noqa: E402

MAPPINGS = os.path.join(TREE, "tests/golden/sync/conversion")
SYSTEMS = ("crm", "app", "desk")
ENTITIES = ("lead", "contact", "deal")
LEADS = 6
# of a lead, or a new one of a lead and its contact, or of what a lead became
DEALS = ("crm:deal:d0", "crm:deal:d3", "crm:deal:n1", "crm:deal:n3",
         "crm:deal:c0", "app:deal:e2")
MAPS = [f"{e}.{s}" for s in SYSTEMS for e in ENTITIES]
EXTRACT = "{ " + " ".join(
    f"crm-extract --full {s} {e} -m {e}.{s};"
    for s in SYSTEMS for e in ENTITIES) + " } > raw"
MAP = f"exec crm-map {' '.join(MAPS)} < raw > mapped"
DIFF = "exec crm-diff < mapped > changes"
RESOLVE = "exec crm-resolve --max-deletes 10000 < changes > plan"
LOADS = [f"exec crm-load {s} < plan > receipts.{s}" for s in SYSTEMS]
# every so many of its steps: all, many, a sample (0: none)
EVERY = {MAP: (1, 1, 0), DIFF: (1, 1, 1), RESOLVE: (1, 2, 5),
         LOADS[0]: (1, 3, 0), LOADS[1]: (1, 4, 24), LOADS[2]: (1, 4, 36)}
SEED = int(os.environ.get("SEED", random.randrange(1 << 30)))


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


def deals(policy):
    """Not of what is archived: whether that can be referred to, or a deal comes
    too late for it, is a matter of what is delivered first."""
    return () if policy == "archive" else DEALS


def known(work, now):
    """What the state says of each lead and deal."""
    said = {}
    for what in [f"lead crm:lead:{n}" for n in range(LEADS)] + [
            f"deal {uid}" for uid in DEALS]:
        told = run(f"crm-state show {what}", work, now)
        if not told.stdout:
            continue
        shown = json.loads(told.stdout)
        said["known", what] = (
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


def deal(work, system, name, now, **refs):
    put(work, system, "deal", rows(work, system, "deal") + [
        {"id": name, "name": name, "modified": now, **refs}])


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
    for uid in deals(policy):
        if uid.startswith("crm:deal:d"):
            deal(work, "crm", uid[9:], "2026-11-19T10:00:00Z", lead=uid[10:])
    for now in ("12:00", "12:02", "12:04"):
        sync(work, now)
    shutil.copytree(work, work + ".before")
    convert(work, "crm", range(0, 4))
    convert(work, "desk", (3,))
    now = "2026-11-20T12:12:00Z"
    for uid in deals(policy):
        if uid.startswith("crm:deal:n"):
            deal(work, "crm", uid[9:], now, lead=uid[10:],
                 contact="c" + uid[10:])
        elif uid.startswith("crm:deal:c"):
            # by the id of the lead that its contact was
            deal(work, "crm", uid[9:], now, contact=uid[10:])
        elif uid.startswith("app"):
            deal(work, "app", uid[9:], now, lead="crm:lead:" + uid[10:])
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


SYNC = Sync("maps", (EXTRACT, MAP, DIFF, RESOLVE, *LOADS), outcome)
sync, run, quiet = SYNC.whole, SYNC.run, SYNC.quiet


def sweep(begun, work, program, want, policy, every):
    killed, bad = SYNC.sweep(begun, work, program, want, recover, every,
                             random.randint(1, every))
    name = " ".join(program.split()[1:3 if program in LOADS else 2])
    ok(not bad and killed, f"{policy}: {name}: killed at {killed} steps",
       *bad[:5])


def refers(want, system, uid):
    """A deal, in that store, to its lead or its contact or both."""
    own, _, name = uid.split(":")
    row = want[system, "deal", name if system == own else uid][0]
    to = {"n": ("lead", "contact"), "c": ("contact",)}.get(name[0], ("lead",))
    return all(row.get(key) for key in to)


def dies_before(before, work, converter):
    """A loader dies with a lead's edit in hand; then the lead is converted."""
    fresh(before, work)
    found = rows(work, "crm", "lead")
    found[4].update(phone="9", modified="2026-11-20T12:09:00Z")
    put(work, "crm", "lead", found)
    killed = sync(work, "12:15", LOADS[1], 6)
    convert(work, converter, (4,))
    recover(work)
    leads = [row for system in SYSTEMS for row in rows(work, system, "lead")]
    ok(killed and len(leads) == LEADS * len(SYSTEMS) and
       not any(row.get("archived") for row in leads),
       f"{converter} converts what a dead loader had in hand: nothing is "
       "deleted", len(leads))


def try_policy(top, policy, how):
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
    ok(all(refers(want, s, uid) for s in SYSTEMS for uid in deals(policy)),
       "every deal refers to what it should")
    ok(want["known", "lead crm:lead:1"][2] and "17" in json.dumps(
        want["app", "lead", "crm:lead:1"]), "an edit waits for a person")
    ok(quiet(work), "it comes to rest")
    if policy != "archive":
        for converter in ("crm", "app"):
            dies_before(begun + ".before", work, converter)
    for program, every in EVERY.items():
        if every[how]:
            sweep(begun, work, program, want, policy, every[how])


def main():
    with tempfile.TemporaryDirectory(prefix="crash.") as top:
        random.seed(SEED)
        print(f"# SEED={SEED}")
        much, asked = sys.argv[1:2], sys.argv[2:] or ["tell"]
        for policy in asked:
            try_policy(top, policy, 2 if not much else
                       much == ["many"] or policy != asked[0])
    done()


main()
