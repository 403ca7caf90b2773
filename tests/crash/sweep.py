# SPDX-License-Identifier: MIT
"""sweep: a world with everything to do, the stages of its sync, and what must
be the same in the end however often one of them was disturbed."""
import hashlib
import json
import os
import random
import subprocess
import sys

sys.dont_write_bytecode = True
TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TREE, "tests/property"))
sys.path.insert(0, os.path.join(TREE, "tests"))
import rounds  # noqa: E402
from tap import done, ok, release_only  # noqa: E402,F401
from world import Failure, World  # noqa: E402

SEED = int(os.environ.get("SEED", random.randrange(1 << 30)))
PRELOAD = os.path.join(TREE, ".build/release/preload/faults.so")
DRIVE = os.path.join(TREE, ".build/release/helper/filestore_drive")
RESOLVE = ("crm-resolve thing --max-deletes 10000 < changes.{run} > "
           "plan.{run}")


def scenario(deletes):
    """A world with everything to do: created, updated, cleared, archived,
    removed and disputed on both sides; the changes are read."""
    fields = ("name", "price", "email", "phone", "since", "tier")
    w = World({"deletes": deletes, "rules": {
        f: "manual" if f == "since" else "latest" for f in fields}},
        ["app", "crm"])
    w.quiet = []
    for side in (0, 1):
        for n in range(6):
            w.act(("create", side, {f: (n, 0) for f in fields}, 0))
    rounds.clean(w)
    rounds.clean(w)
    for side in (0, 1):
        w.act(("edit", side, 2, "tier", side, 0, 0))
        w.act(("edit", side, 3, "since", 1 + side, 0, 1))
        w.act(("edit", side, 4 + side, "name", 0, 0, 2))
        w.act(("clear", side, 6, "email", True, 1))
        w.act(("archive", side, 8 + side, 0))
        w.act(("remove", side, side))
    for side in (0, 1):
        w.act(("create", side, {"name": (1, 0), "price": (0, 1)}, 1))
    one = rounds.Round(w)
    one.read_all()
    parts = [one.file(f"s2.{name}") for name in w.names]
    with open(w.path(one.file("changes")), "wb") as out:
        for part in parts:
            with open(w.path(part), "rb") as file:
                out.write(file.read())
    w.round = one.run
    return w


def first():
    """A world whose first sync is still to come: one side has records, the
    other nothing, not even a file."""
    w = World({"deletes": "archive", "rules": {
        f: "latest" for f in ("name", "price", "email", "phone", "since",
                              "tier")}}, ["app", "crm"])
    w.quiet = []
    for n in range(8):
        w.act(("create", 0, {"name": (n, 0), "price": (n, 0)}, 1))
    one = rounds.Round(w)
    one.read_all()
    os.remove(w.path("crm/thing.ndjson"))
    with open(w.path(one.file("changes")), "wb") as out:
        for name in w.names:
            with open(w.path(one.file(f"s2.{name}")), "rb") as file:
                out.write(file.read())
    w.round = one.run
    return w


def audited(w):
    """The chain of the audit holds."""
    got = subprocess.run(["crm-state", "audit", "--verify"], cwd=w.folder,
                         env=w.env("verify"), capture_output=True, text=True,
                         timeout=60, check=False)
    if got.returncode:
        raise Failure(f"audit: {got.stderr}")


def stages(w):
    """What is done with the changes: (name, command)."""
    return [("crm-resolve", RESOLVE.format(run=w.round))] + [
        (f"crm-load {name}", f"crm-load {name} < plan.{w.round} > "
         f"receipts.{name}") for name in w.names]


def repairs(w):
    """What a person does then: (name, command)."""
    uid = next(x for x in w.dump().splitlines()
               if x.startswith("conflict")).split("\t")[1]
    return [("crm-state decide",
             f"crm-state decide thing {uid} since app > repaired")]


def at_rest(w, again=None):
    """The stores and the state once nothing moves any more.  `again`: what is
    done once more first, unless it was done."""
    if again:
        w.command(again, {0, 1, 2})
    w.now += rounds.DAY
    for name in w.names:
        if not os.path.exists(w.path(f"{name}/thing.ndjson")):
            records_in(w, name)  # a journal may be all there is
        if not os.path.exists(w.path(f"{name}/thing.ndjson")):
            w.put(f"{name}/thing.ndjson", "")
    w.stamp_all()
    rounds.quiesce(w)
    shown = []
    for side, name in enumerate(w.names):
        if os.path.exists(w.path(f"{name}/thing.ndjson.journal")):
            records_in(w, name)  # a dead writer's: whoever reads merges it
        records = [json.loads(line) for line in w.lines(side)]
        for record in records:
            for member in ("version", "modified"):
                record.pop(member, None)
        shown.append(sorted(json.dumps(r, sort_keys=True) for r in records))
    audited(w)
    left = [x for x in w.dump().splitlines()
            if x.startswith(("outbox", "todo"))]
    if left:
        raise Failure(f"left: {left}")
    return shown, w.dump()


def prints(w):
    """One hash of all that lasts: the home (but who has it locked, and what
    is noted of runs that failed) and the stores."""
    found = hashlib.sha256()
    for top in [".crm"] + w.names:
        for folder, _, files in sorted(os.walk(w.path(top))):
            for name in sorted(files):
                path = os.path.join(folder, name)
                if name == "lock.mdb" or name.startswith("failed.ndjson"):
                    continue
                found.update(os.path.relpath(path, w.folder).encode())
                with open(path, "rb") as file:
                    found.update(file.read())
    return found.hexdigest()


def difference(got, want):
    lines = [[x for side in which[0] for x in side] + which[1].splitlines()
             for which in (got, want)]
    return "\n".join(["only now: " + x for x in lines[0] if x not in lines[1]]
                     + ["missing: " + x for x in lines[1]
                        if x not in lines[0]])


# ---- with the preload ----

def watched(w, fault=None, **more):
    """The environment in which calls below the world are counted."""
    os.makedirs(w.path("stash"), exist_ok=True)
    disk = ":".join(w.path(x) for x in [".crm"] + w.names)
    found = {"LD_PRELOAD": PRELOAD, "FAULT_UNDER": w.folder,
             "FAULT_DISK": disk, "FAULT_STASH": w.path("stash"),
             "FAULT_HIT": w.path("hit"), **more}
    if fault:
        found["FAULT_FAIL"] = fault
    return found


def was_hit(w):
    return os.path.exists(w.path("hit"))


def counted(w, command, extra=None, may=None):
    """How often what happens in a command, and the world after it."""
    trial = w.copy()
    trial.extra = {**watched(trial, FAULT_COUNT=trial.path("count")),
                   **(extra or {})}
    trial.command(command, may)
    trial.extra = {}
    with open(trial.path("count"), encoding="utf-8") as file:
        pairs = [line.split() for line in file]
    return {kind: int(n) for kind, n in pairs}, trial


def lines_of(w, name):
    """The whole lines of a file."""
    with open(w.path(name), "rb") as file:
        text = file.read()
    return [json.loads(x) for x in text[:text.rfind(b"\n") + 1].splitlines()]


def records_in(w, name):
    """What a store holds by uid, as its own reader shows it."""
    got = subprocess.run([DRIVE, "read", name, "thing"], cwd=w.folder,
                         env=w.env("drive"), capture_output=True, text=True,
                         timeout=60, check=False)
    if got.returncode:
        raise Failure(f"store {name}: {got.stderr}")
    found = {}
    for line in got.stdout.splitlines()[:-1]:
        record = json.loads(line.split("\t", 3)[3])
        key = record.get("uid") or f"{name}:thing:{record['id']}"
        if key in found:
            raise Failure(f"store {name}: {key} is there twice")
        for member in ("version", "modified"):
            record.pop(member, None)
        found[key] = record
    return found


def keep_promises(w, command, whole):
    """What a killed or failed program had printed as done is done, and what
    it had printed as decided is there to be sent."""
    audited(w)
    outbox = {tuple(x.split("\t")[1].split(":", 2)[::2])
              for x in w.dump().splitlines() if x.startswith("outbox\t")}
    out = command.split()[-1]
    stores = {}
    for line in lines_of(w, out):
        key = line.get("system"), line.get("uid")
        if line.get("type") == "operation" and key not in outbox:
            raise Failure(f"printed but not decided: {line}")
        if line.get("type") != "receipt" or line["status"] != "done":
            continue
        if key in outbox:
            raise Failure(f"done but still to be sent: {line}")
        name = line["system"]
        if name not in stores:
            stores[name] = records_in(w, name), records_in(whole, name)
        got, want = (store.get(key[1]) for store in stores[name])
        if got != want:
            raise Failure(f"done but not there: {line}: {got}, not {want}")
