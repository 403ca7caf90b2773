# SPDX-License-Identifier: MIT
"""killed: a sync of which a program is killed at each of its durable steps in
turn, and run again.
"""
import os
import shutil
import subprocess

TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BIN = os.path.join(TREE, ".build/fault/bin")
MOST = 200          # steps no program of these syncs has


def run(command, work, now, mappings, die_at=0):
    """A shell command; die_at counts the steps of each program in it."""
    env = {"PATH": BIN + ":/usr/bin:/bin", "CRM_MAPPINGS": mappings,
           "CRM_RUN": "run-" + now.replace(":", "") + str(die_at or ""),
           "CRM_NOW": f"2026-11-20T{now}:00Z"}
    for name, value in os.environ.items():
        if name.startswith(("ASAN_", "UBSAN_", "LSAN_", "LLVM_", "GCOV_")):
            env[name] = value
    if die_at:
        env["CRM_DIE_AT"] = str(die_at)
    return subprocess.run(["sh", "-c", command], cwd=work, env=env,
                          capture_output=True, text=True, check=False)


def fresh(begun, work):
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(begun, work)


class Sync:
    """Commands that make a whole run, and what stands after it."""

    def __init__(self, mappings, commands, outcome):
        self.mappings, self.commands = mappings, commands
        self.outcome = outcome

    def run(self, command, work, now, die_at=0):
        return run(command, work, now, self.mappings, die_at)

    def whole(self, work, now, die_in=None, die_at=0):
        """True when the program it was to die in was killed."""
        killed = False
        for command in self.commands:
            here = command == die_in
            done = self.run(command, work, now, die_at if here else 0)
            if here:
                killed = done.returncode == -9
        return killed

    def recover(self, work, times, systems):
        """Leases of ten minutes have run out by then."""
        for now in times:
            self.whole(work, now)
            for system in systems:
                self.run(f"crm-load {system} --pending > pending", work, now)

    def quiet(self, work):
        """Does one more run change nothing?"""
        before = self.outcome(work)
        self.whole(work, "14:00")
        with open(work + "/plan", encoding="utf-8") as file:
            planned = [x for x in file if '"type":"operation"' in x]
        return not planned and self.outcome(work) == before

    def sweep(self, begun, work, program, want, recover, every=1, first=1):
        """Killed at every step from the first, every second, ...: how many
        that are, and what went wrong."""
        bad = []
        for step in range(first, MOST, every):
            fresh(begun, work)
            if not self.whole(work, "12:15", program, step):
                return (step - first) // every, bad
            recover(work)
            got = self.outcome(work)
            if got != want:
                differ = [(key, got.get(key), want.get(key))
                          for key in {**got, **want}
                          if got.get(key) != want.get(key)]
                bad.append(f"step {step}: {differ[:3]}")
            elif not self.quiet(work):
                bad.append(f"step {step}: it never comes to rest")
        return 0, ["it was killed at every step: are there so many?"]
