#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every call of the programs that can fail fails: reads, writes, syncs,
renames and so on of what is below the home and the stores, and every
allocation.  Each time the program says what failed and exits 3, or gets by;
it never crashes, never ends well with work missing, and promises nothing that
does not hold.  A clean run after it ends as if nothing had happened.

usage: faults.t [MOST]    so many points of each kind and way are tried; 0: as
                          LIMITS says
"""
import errno
import json
import os
import random
import re
import subprocess
import sys
import time

sys.dont_write_bytecode = True
os.environ.setdefault("CRM_BIN", os.path.join(os.path.dirname(os.path.dirname(
    os.path.dirname(os.path.abspath(__file__)))), "bin"))
import sweep  # noqa: E402
from hows import HOWS  # noqa: E402
from sweep import Failure, ok, watched  # noqa: E402

MOST = int(sys.argv[1]) if len(sys.argv) > 1 else 3
# LMDB and libjq allocate some ten thousand times; and much is the same where
# records are deleted and where they are archived.
LIMITS = {"archive": 250, "delete": 60, "first import": 60}
most = MOST


class Ended:
    """How one run of a command ended."""

    def __init__(self, w, text, extra):
        words = text.split()
        given = words[words.index("<") + 1] if "<" in words else os.devnull
        self.out = w.path(words[words.index(">") + 1])
        plain = [x for n, x in enumerate(words) if x not in "<>" and
                 (not n or words[n - 1] not in "<>")]
        w.extra = extra
        with open(w.path(given), "rb") as stdin, \
                open(self.out, "wb") as stdout:
            done = subprocess.run(
                plain, cwd=w.folder, env=w.env(w.round), stdin=stdin,
                stdout=stdout, stderr=subprocess.PIPE, timeout=60,
                check=False)
        w.extra = {}
        self.name = plain[0]
        self.status, self.err = done.returncode, done.stderr.decode()
        with open(self.out, "rb") as file:
            self.text = file.read()


def explains(ended, how, more=False):
    """Does what it says name the failure?  Maybe with more before it."""
    if not more and not ended.err.startswith((ended.name + ": ", "out of memory")):
        return False
    if "Success" in ended.err:
        return False
    how = how.rstrip("+")
    if how == "short":
        return True
    if how == "ENOMEM" and "memory" in ended.err.lower():
        return True
    return os.strerror(getattr(errno, how)) in ended.err


def judge_receipts(ended, clean):
    """Some may differ: they say that it is not done, and why."""
    known = set(clean.text.splitlines())
    for line in ended.text[:ended.text.rfind(b"\n") + 1].splitlines():
        receipt = json.loads(line)
        if line in known:
            continue
        if receipt["status"] not in ("unknown", "held", "failed") or \
                not receipt["error"]["message"]:
            return f"a receipt that says too much or too little: {receipt}"
    return None


def judge(ended, clean, how, more=False):
    """What is wrong with the way it ended, or None."""
    if ended.status == clean.status:
        if ended.text != clean.text:
            return f"exit {ended.status}, but the output differs"
        return None
    if more and how.startswith("ENOMEM") and ended.status in (-6, -11) and \
            clean.text.startswith(ended.text) and b'"end"' not in ended.text:
        return None  # libjq 1.6 does not look at all it allocates
    if how == "short" and "MDB_INVALID" in ended.err:
        return None  # LMDB takes a short read for a short file
    if ended.status != 3:
        return f"exit {ended.status}: {ended.err}"
    if not explains(ended, how, more):
        return f"exit 3 does not say why: {ended.err!r}"
    if ended.name == "crm-load":
        return judge_receipts(ended, clean)
    if not clean.text.startswith(ended.text):
        return f"what it printed is no beginning of what it prints: " \
               f"{ended.text[-300:]}"
    return None


def points(counts):
    """(KIND:N:HOW, how) of all that is to be tried."""
    for kind, ways in HOWS.items():
        for how in ways:
            some = range(1, counts[kind] + 1)
            if counts[kind] > most:
                some = sorted(random.sample(some, most))
            for n in some:
                yield f"{kind}:{n}:{how}", how


def counted(w, command):
    """The counts of a command, and how it ends."""
    path = w.path("count")
    if os.path.exists(path):
        os.remove(path)
    clean = Ended(w, command, watched(w, FAULT_COUNT=path))
    with open(path, encoding="utf-8") as file:
        counts = {kind: int(n) for kind, n in (x.split() for x in file)}
    return counts, clean


class Tried:
    """What a sweep over one command met."""

    def __init__(self, name, counts):
        self.name, self.counts = name, counts
        self.hits, self.kinds, self.problems = 0, {}, []

    def met(self, w, fault, problem):
        if sweep.was_hit(w):
            kind = fault.split(":")[0]
            self.hits += 1
            self.kinds[kind] = self.kinds.get(kind, 0) + 1
            os.remove(w.path("hit"))
        if problem:
            self.problems.append(f"FAULT_FAIL={fault}: {problem}")

    def tell(self):
        ok(not self.problems and self.hits,
           f"{self.name}: {self.hits} faults: " + ", ".join(
               f"{n} {kind}" for kind, n in self.kinds.items()),
           *self.problems[:40])
        found = sum(self.counts[kind] for kind in HOWS)
        print(f"# {self.name}: {found} calls can fail, {self.hits} points "
              "hit")


def reads_only(w, command):
    """A command that is to leave all as it is."""
    counts, clean = counted(w, command)
    before, tried = sweep.prints(w), Tried(command, counts)
    for fault, how in points(counts):
        ended = Ended(w, command, watched(w, fault))
        problem = judge(ended, clean, how)
        if not problem and sweep.prints(w) != before:
            problem = "it changed something"
        tried.met(w, fault, problem)
    Ended(w, command, {})
    tried.tell()


def writes(w, command, want, whole, again=None):
    """A command that decides, delivers or repairs."""
    trial = w.copy()
    counts, clean = counted(trial, command)
    tried, healed = Tried(command, counts), {}
    for fault, how in points(counts):
        copied = w.copy()
        lose = {"FAULT_DIE": "end", "FAULT_LOSE": "all"} \
            if fault.startswith("sync") else {}
        try:
            ended = Ended(copied, command, watched(copied, fault, **lose))
            problem = judge(ended, clean, how)
            copied.stamp_all()
            sweep.keep_promises(copied, command, whole)
            copied.stamp_all()
            mark = sweep.prints(copied)
            if mark not in healed:
                healed[mark] = sweep.at_rest(copied, again)
            if healed[mark] != want:
                problem = sweep.difference(healed[mark], want)
        except Failure as failure:
            problem = str(failure)
        tried.met(copied, fault, problem)
        copied.remove()
    tried.tell()
    return trial


def keeps_rejects(w, command, kept):
    """A filter that sets records aside in a file of its own."""
    path = w.path(kept)
    counts, clean = counted(w, command)
    with open(path, encoding="utf-8") as file:
        want = file.read()
    os.remove(path)
    tried = Tried(command, counts)
    for fault, how in points(counts):
        ended = Ended(w, command, watched(w, fault))
        got = ""
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                got = file.read()
            os.remove(path)
        problem = judge(ended, clean, how, True)
        if not problem and not want.startswith(got) or \
                (ended.status == clean.status and got != want):
            problem = f"exit {ended.status}, and kept only {got!r}"
        tried.met(w, fault, problem)
    tried.tell()


def expressions(w):
    """A mapping with expressions: libjq allocates too.  And a bad value."""
    w.put("mappings/thing.jqs.jq",
          '{entity: "thing", kind: "file", object: "thing", id: "id",\n'
          ' modified: "modified", uid: "uid", fields: {\n'
          '  name: {from: "name", dir: "pull", read: ". | ascii_downcase"},\n'
          '  price: {from: "price", dir: "pull"},\n'
          '  tier: {from: "tier", dir: "pull", read: "if . == \\"gold\\" '
          'then . else \\"silver\\" end"}}}\n')
    text = subprocess.run(
        ["crm-extract", "csv", "-", "-s", "jqs", "-o", "thing", "-k", "id"],
        cwd=w.folder, env=w.env(w.round), check=True, capture_output=True,
        input="id,name,price,tier\n" + "".join(
            f"{n},Name {n},{'much' if n % 3 else 1.5},gold\n"
            for n in range(6)), text=True).stdout
    w.put("jqs.in", text)
    keeps_rejects(w, "crm-map thing.jqs --rejects kept.ndjson < jqs.in > "
                  "faulty.j", "kept.ndjson")


def filters(w):
    """What reads, and goes on as records."""
    run = w.round
    w.put("data.csv", "Id,Name,Price\n" + "".join(
        f"{n},\"Name, {n}\",{n}.5\n" for n in range(50)))
    reads_only(w, "crm-extract app thing --full -m thing.app > faulty.x")
    reads_only(w, "crm-extract csv data.csv -s shop -o thing -k Id > "
               "faulty.csv")
    reads_only(w, f"crm-map thing.app < s0.app.{run} > faulty.m")
    reads_only(w, f"crm-diff < s1.app.{run} > faulty.d")


def looks(w):
    uid = next(x for x in w.dump().splitlines()
               if x.startswith("agreed")).split("\t")[2]
    for command in ("check", "queue", "conflicts", f"show thing {uid}"):
        reads_only(w, f"crm-state {command} > faulty.state")


def sweep_all(w, deletes):
    global most
    most = MOST or LIMITS[deletes]
    time.sleep(0.2)  # a file just written is no checkpoint
    whole = w.copy()
    for _, command in sweep.stages(whole):
        whole.command(command)
    reference = whole.copy()
    want = sweep.at_rest(whole)
    whole.remove()
    if deletes == "archive":
        filters(w)
        expressions(w)
    for name, command in sweep.stages(w):
        after = writes(w, command, want, reference)
        w.remove()
        w = after
        if name == "crm-resolve" and deletes == "archive":
            looks(w)
    for _, command in sweep.repairs(w) if deletes == "archive" else ():
        whole = w.copy()
        whole.command(command)
        reference.remove()
        reference = whole.copy()
        want = sweep.at_rest(whole, command)
        whole.remove()
        writes(w, command, want, reference, command).remove()
    w.remove()
    reference.remove()


def main():
    sweep.release_only()
    random.seed(sweep.SEED)
    print(f"# SEED={sweep.SEED}")
    for deletes in ("archive", "delete") if not MOST else ("archive",):
        sweep_all(sweep.scenario(deletes), deletes)
    sweep_all(sweep.first(), "first import")
    sweep.done()


main()
