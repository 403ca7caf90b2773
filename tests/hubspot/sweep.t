#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each stage of a sync with HubSpot is killed at each of its durable steps and
at each request and answer, then all is run again: the end is the same as if
nobody had been killed, each record is there once, on both sides.
"""
import os
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.dirname(os.path.dirname(HERE))
os.environ["CRM_BIN"] = os.path.join(TREE, ".build/fault/bin")
sys.path[:0] = [HERE, os.path.dirname(HERE)]
from history import Broken, History, each_fate, started  # noqa: E402
from tap import done, ok, release_only  # noqa: E402

MOST = 400
STAGES = {
    "crm-extract": "set -o pipefail; " + History.READ % (
        "hubspot companies", "hubspot", "", "hubspot", "hubspot"),
    "crm-resolve": "cat app.diff hubspot.diff | crm-resolve > plan",
    "crm-load": "crm-load hubspot < plan > receipts",
}


def begun(folder, sandbox):
    """A home with a record of each fate, before its next sync."""
    h = History(folder, sandbox, 1)
    each_fate(h)
    return h


def prepared(h, stage):
    """What stands before this stage was done."""
    h.read("app", False, (0, 1))
    for name, command in STAGES.items():
        if name == stage:
            return
        h.sh(command)


def shown(h):
    theirs, ours = h.standing()
    return sorted(theirs.items()), sorted(ours.items())


def once(sandbox, stage, step):
    """Killed there: whether it was, and what stood in the end."""
    shm = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = tempfile.mkdtemp(prefix="sweep.", dir=shm)
    try:
        h = begun(folder, sandbox)
        prepared(h, stage)
        h.extra = {"CRM_DIE_AT": str(step)}
        killed = h.sh(STAGES[stage], may=(0, 1, 137)) == 137
        h.extra = {}
        h.tick(3600)
        h.quiet()
        h.check()
        return killed, shown(h), None
    except Broken as broken:
        return True, None, broken
    finally:
        shutil.rmtree(folder)


def main():
    release_only("the fault variant's programs are tested, once")
    fake, sandbox = started(1)
    ends = {}
    for stage in STAGES:
        for step in range(1, MOST):
            killed, end, why = once(sandbox, stage, step)
            if not killed:
                break
            ends.setdefault(str(end), []).append((stage, step))
            if why:
                ok(False, f"{stage} killed at step {step}", why)
        print(f"# {stage}: {step - 1} steps")
        ok(1 < step < MOST - 1, f"{stage} was killed at each of its steps")
    ok(len(ends) == 1, "the end is always the same", *ends.items())
    fake.stdin.close()
    fake.wait()
    done()


main()
