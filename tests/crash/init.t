#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""crm-state init, killed at every durable step with and without what was not
synced, and with every call failing: run again it makes the home; and a home it
had said to be made is there after the power failed."""
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import sweep  # noqa: E402
from sweep import ok  # noqa: E402

INIT = os.path.join(sweep.TREE, "bin/crm-state")
HOWS = {"write": ["ENOSPC", "EIO+", "EINTR", "short"], "sync": ["EIO"],
        "open": ["EMFILE", "ENOSPC"], "close": ["EIO"], "mkdir": ["ENOSPC"],
        "truncate": ["EIO"], "read": ["EIO", "EINTR"], "rename": ["EIO"],
        "map": ["ENOMEM"], "alloc": ["ENOMEM"]}


def init(top, words=("init",), **env):
    return subprocess.run(
        [INIT, *words], cwd=os.path.join(top, "here"),
        env={"PATH": "/usr/bin:/bin", "CRM_RUN": "r", **env},
        capture_output=True, text=True, timeout=60, check=False)


def fresh(top):
    shutil.rmtree(top, ignore_errors=True)
    os.makedirs(os.path.join(top, "here"))
    os.makedirs(os.path.join(top, "stash"))


def faulty(top, **more):
    return {"LD_PRELOAD": sweep.PRELOAD, "FAULT_UNDER": top + "/here",
            "FAULT_DISK": top + "/here", "FAULT_STASH": top + "/stash",
            "FAULT_HIT": top + "/hit", **more}


def whole(top):
    """Is there a home with all that belongs to it?  Else what is wrong."""
    check = init(top, ("check",))
    here = os.path.join(top, "here")
    if check.returncode:
        return check.stderr
    with open(os.path.join(here, ".crm/systems.jq"), encoding="utf-8") as f:
        if not f.read().endswith("}\n"):
            return "systems.jq is not whole"
    if sorted(os.listdir(here)) != [".crm", "app"] or \
            sorted(os.listdir(here + "/.crm")) != ["format", "state",
                                                   "systems.jq"]:
        return f"there are {os.listdir(here)} {os.listdir(here + '/.crm')}"
    return None


def again(top, ended, must):
    """What a second run makes of it."""
    if must:
        return whole(top)
    second = init(top)
    if second.returncode not in (0, 2) or \
            (second.returncode == 2 and "already" not in second.stderr):
        # bytes of the state that nobody synced: no program can tell
        if "not an LMDB file" in second.stderr:
            return None
        return f"then exit {second.returncode}: {second.stderr}"
    return whole(top)


def steps_of(top):
    fresh(top)
    done = init(top, **faulty(top, FAULT_COUNT=top + "/count"))
    with open(top + "/count", encoding="utf-8") as file:
        counts = {k: int(n) for k, n in (x.split() for x in file)}
    return counts, done, whole(top)


def deaths(top, steps):
    problems, hits = [], 0
    for n in range(1, steps + 1):
        for lose in ["none", "all", "bytes", "names"] + [
                str(random.randrange(1, 1 << 30)) for _ in range(4)]:
            fresh(top)
            ended = init(top, **faulty(top, FAULT_DIE=str(n),
                                       FAULT_LOSE=lose))
            hits += os.path.exists(top + "/hit")
            wrong = again(top, ended, ended.returncode == 0)
            if ended.returncode not in (0, -signal.SIGKILL):
                wrong = ended
            if wrong:
                problems.append(f"FAULT_DIE={n} FAULT_LOSE={lose}: {wrong}")
    ok(not problems and hits == 8 * steps,
       f"crm-state init: dies at {steps} points, {hits} deaths",
       *problems[:9])
    print(f"# crm-state init: {steps} points hit")


def faults(top, counts):
    problems, hits = [], 0
    for kind, hows in HOWS.items():
        for how in hows:
            for n in range(1, counts[kind] + 1):
                fresh(top)
                fault = f"{kind}:{n}:{how}"
                ended = init(top, **faulty(top, FAULT_FAIL=fault))
                hits += os.path.exists(top + "/hit")
                wrong = again(top, ended, ended.returncode == 0)
                if ended.returncode not in (0, 3) or \
                        (ended.returncode and not ended.stderr):
                    wrong = ended
                if wrong:
                    problems.append(f"FAULT_FAIL={fault}: {wrong}")
    ok(not problems and hits, f"crm-state init: {hits} faults",
       *problems[:20])
    print(f"# crm-state init: {hits} faults hit")


def main():
    sweep.release_only()
    random.seed(sweep.SEED)
    print(f"# SEED={sweep.SEED}")
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        top = os.path.join(folder, "w")
        counts, done, wrong = steps_of(top)
        ok(done.returncode == 0 and not wrong, "a home is made", done, wrong)
        deaths(top, counts["step"])
        faults(top, counts)
    sweep.done()


main()
