#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""crm-resolve and crm-load, killed: at every durable step, at every allocation
that fails, and at random moments.  Run again, the sync ends with the same
stores and the same state as if nothing had happened.

usage: crash.t [SAMPLES]    how many allocations a program are tried; 0: all
"""
import fcntl
import os
import random
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
os.environ["CRM_BIN"] = os.path.join(os.path.dirname(os.path.dirname(
    os.path.dirname(os.path.abspath(__file__)))), ".build/fault/bin")
os.environ["CRM_VARIANT"] = "fault"
from sweep import (Failure, SEED, at_rest, difference, done, ok,  # noqa: E402
                   prints, scenario, stages)

SAMPLES = int(sys.argv[1]) if len(sys.argv) > 1 else 8
KILLS = 24


def counted(w, command):
    """(steps, allocations) of a command, and the world after it."""
    trial = w.copy()
    trial.extra = {"CRM_COUNT_FILE": "count"}
    trial.command(command)
    trial.extra = {}
    with open(trial.path("count"), encoding="utf-8") as file:
        numbers = file.read().splitlines()[-1].split()
    return int(numbers[1]), int(numbers[2]), trial


class Sweep:
    def __init__(self, want):
        self.want, self.healed, self.hits = want, {}, 0
        self.problem = None

    def one(self, w, command, extra, may, again):
        """A copy of the world in which the command fails so; then all of it
        again."""
        trial = w.copy()
        try:
            trial.extra = extra
            ended = trial.command(command, may)
            trial.extra = {}
            trial.stamp_all()
            self.hits += ended != 0
            print_ = prints(trial)
            if print_ not in self.healed:
                self.healed[print_] = at_rest(trial)
            got = self.healed[print_]
            if got != self.want:
                self.problem = f"{again}: {difference(got, self.want)}"
        except Failure as failure:
            self.problem = f"{again}: {failure}"
        finally:
            trial.remove()
        return self.problem is None


def deaths(w, name, command, steps, want, deletes):
    sweep = Sweep(want)
    for n in range(1, steps + 1):
        if not sweep.one(w, command, {"CRM_DIE_AT": str(n)},
                         {0, 1, -signal.SIGKILL}, f"CRM_DIE_AT={n} {command}"):
            break
    ok(not sweep.problem and sweep.hits >= steps,
       f"{name} ({deletes}): killed at each of its {steps} durable steps",
       sweep.problem or f"only {sweep.hits} were hit")


class Living:
    """A world in which a killed writer of a side seems to live on until that
    side was read once: what it left is not merged into the store before."""

    def __init__(self, w, side):
        self.w, self.side, self.command = w, side, w.command
        w.command = self.watch
        self.lock = open(w.path(f"{side}/thing.ndjson.lock"), "ab")
        fcntl.lockf(self.lock, fcntl.LOCK_EX)

    def watch(self, text, *more, **named):
        ended = self.command(text, *more, **named)
        if text.startswith(f"crm-extract {self.side} "):
            self.lock.close()
        return ended


def overlaps(w, name, command, steps, want, deletes):
    """Another pipeline reads while the loader is at work."""
    problem, read, points = None, 0, range(1, steps + 1)
    if SAMPLES and steps > SAMPLES:  # halfway there is a journal
        points = sorted({steps // 2, *random.sample(points, SAMPLES)})
    for n in points:
        trial = w.copy()
        try:
            trial.extra = {"CRM_DIE_AT": str(n)}
            trial.command(command, {0, 1, -signal.SIGKILL})
            trial.extra = {}
            side = command.split()[1]
            read += os.path.exists(trial.path(f"{side}/thing.ndjson.journal"))
            Living(trial, side)
            got = at_rest(trial)
            if got != want:
                problem = f"CRM_DIE_AT={n}: {difference(got, want)}"
        except Failure as failure:
            problem = f"CRM_DIE_AT={n}: {failure}"
        trial.remove()
        if problem:
            break
    ok(not problem and read, f"{name} ({deletes}): {read} of {len(points)} "
       "times read while its journal is not merged", problem)


def allocations(w, name, command, allocs, want, deletes):
    sweep, points = Sweep(want), range(1, allocs + 1)
    if SAMPLES and allocs > SAMPLES:
        points = sorted(random.sample(points, SAMPLES))
    for n in points:
        if not sweep.one(w, command, {"CRM_FAIL_ALLOC": str(n)}, {3},
                         f"CRM_FAIL_ALLOC={n} {command}"):
            break
    ok(not sweep.problem,
       f"{name} ({deletes}): {len(points)} of {allocs} allocations fail: "
       "exit 3, and a rerun heals", sweep.problem)


def at_random(w, want, deletes):
    """The three stages in a shell, killed with all they are."""
    problem, killed = None, 0
    for n in range(KILLS):
        trial = w.copy()
        trial.now += 1
        shell = subprocess.Popen(
            ["sh", "-c", "; ".join(c for _, c in stages(w))],
            cwd=trial.folder, env=trial.env(w.round), start_new_session=True,
            stderr=subprocess.DEVNULL)
        time.sleep(random.random() * 0.012)
        killed += shell.poll() is None
        try:
            os.killpg(shell.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        shell.wait()
        trial.stamp_all()
        try:
            got = at_rest(trial)
            if got != want:
                problem = difference(got, want)
        except Failure as failure:
            problem = str(failure)
        trial.remove()
        if problem:
            problem = f"SEED={SEED}, kill {n}: {problem}"
            break
    ok(not problem, f"all three ({deletes}): {killed} kills at random "
       "moments", problem)


def diff_allocations(w, deletes):
    name = w.names[0]
    command = f"crm-diff < s1.{name}.{w.round} > again"
    _, allocs, trial = counted(w, command)
    trial.remove()
    points = range(1, allocs + 1)
    if SAMPLES and allocs > SAMPLES:
        points = sorted(random.sample(points, SAMPLES))
    before, problem = prints(w), None
    for n in points:
        w.extra = {"CRM_FAIL_ALLOC": str(n)}
        try:
            w.command(command, {3})
        except Failure as failure:
            problem = f"CRM_FAIL_ALLOC={n}: {failure}"
        with open(w.path("again"), encoding="utf-8") as file:
            ended = '"type":"end"' in file.read()
        if ended or prints(w) != before:
            problem = f"CRM_FAIL_ALLOC={n}: end {ended}, or state changed"
    w.extra = {}
    ok(not problem, f"crm-diff ({deletes}): {len(points)} of {allocs} "
       "allocations fail: exit 3, no end, the state as it was", problem)


def sweep_all(deletes):
    w = scenario(deletes)
    whole = w.copy()
    for _, command in stages(whole):
        whole.command(command)
    want = at_rest(whole)
    whole.remove()
    ok(want[1].count("agreed") > 10 and "conflict" in want[1],
       f"there is something to do ({deletes})",
       [x for x in want[1].splitlines() if x.startswith("conflict")])
    at_random(w, want, deletes)
    diff_allocations(w, deletes)
    for name, command in stages(w):
        steps, allocs, after = counted(w, command)
        deaths(w, name, command, steps, want, deletes)
        if name.startswith("crm-load"):
            overlaps(w, name, command, steps, want, deletes)
        allocations(w, name, command, allocs, want, deletes)
        w.remove()
        w = after
    w.remove()


def main():
    random.seed(SEED)
    print(f"# SEED={SEED}")
    sweep_all("archive")
    sweep_all("delete")
    done()


main()
