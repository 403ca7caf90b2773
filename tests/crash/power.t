#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""crm-resolve and crm-load, killed at every durable step they take, with and
without all that was not synced by then; also when the power fails just after
they ended.  What they had promised holds, and run again, the sync ends with
the same stores and the same state as if nothing had happened.

usage: power.t [ALL]     each step with each way to lose, where records are
                         archived; else with two of them
"""
import os
import random
import signal
import sys

sys.dont_write_bytecode = True
os.environ.setdefault("CRM_BIN", os.path.join(os.path.dirname(os.path.dirname(
    os.path.dirname(os.path.abspath(__file__)))), "bin"))
import sweep  # noqa: E402
from sweep import Failure, ok, watched  # noqa: E402

ALL = len(sys.argv) > 1
WAYS = ["none", "all", "bytes", "names"]
SEEDS = 2 if ALL else 1


def ways(n, every):
    """How the death at this step loses what is not synced."""
    some = [str(random.randrange(1, 1 << 30)) for _ in range(SEEDS)]
    if every:
        return WAYS + some
    return ["all", (WAYS + some)[n % len(WAYS + some)]]


def die(w, command, n, lose, whole):
    """A copy of the world in which the command dies so."""
    trial = w.copy()
    trial.extra = watched(trial, FAULT_DIE=str(n), FAULT_LOSE=lose)
    try:
        trial.command(command, {0, 1, -signal.SIGKILL})
        trial.extra = {}
        hit = sweep.was_hit(trial)
        trial.stamp_all()
        sweep.keep_promises(trial, command, whole)
        trial.stamp_all()
        return trial, hit
    except Failure:
        trial.remove()
        raise


def deaths(w, name, command, steps, want, whole, again=None, every=ALL):
    healed, hits, tried, problem = {}, 0, 0, None
    for n in range(1, steps + 1):
        for lose in ways(n, every):
            tried += 1
            try:
                trial, hit = die(w, command, n, lose, whole)
                hits += hit
                mark = sweep.prints(trial)
                try:
                    if mark not in healed:
                        healed[mark] = sweep.at_rest(trial, again)
                finally:
                    trial.remove()
                if healed[mark] != want:
                    raise Failure(sweep.difference(healed[mark], want))
            except Failure as failure:
                problem = (f"FAULT_DIE={n} FAULT_LOSE={lose} {command}: "
                           f"{failure}")
                break
        if problem:
            break
    ok(not problem and hits == tried and hits > 0,
       f"{name}: dies at {steps} points, {hits} deaths, {len(healed)} states "
       "to recover from", problem or f"{hits} of {tried} were hit")


def sweep_all(w, deletes):
    whole = w.copy()
    for _, command in sweep.stages(whole):
        whole.command(command)
    reference = whole.copy()
    want = sweep.at_rest(whole)
    whole.remove()
    for name, command in sweep.stages(w):
        counts, after = sweep.counted(w, command)
        deaths(w, f"{name} ({deletes})", command, counts["step"], want,
               reference, None, ALL and deletes != "delete")
        print(f"# {name} ({deletes}): {counts['step']} points hit")
        w.remove()
        w = after
    for name, command in sweep.repairs(w) if deletes == "archive" else ():
        counts, after = sweep.counted(w, command)
        whole = after.copy()
        want = sweep.at_rest(whole, command)
        whole.remove()
        deaths(w, name, command, counts["step"], want, after, command)
        print(f"# {name}: {counts['step']} points hit")
        after.remove()
    w.remove()
    reference.remove()


def main():
    sweep.release_only()
    random.seed(sweep.SEED)
    print(f"# SEED={sweep.SEED}")
    sweep_all(sweep.first(), "first import")
    for deletes in ("archive", "delete") if ALL else ("archive",):
        sweep_all(sweep.scenario(deletes), deletes)
    sweep.done()


main()
