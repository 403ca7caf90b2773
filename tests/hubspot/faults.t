#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every call of crm-extract, crm-load and crm-auth that can fail fails while
they speak to a HubSpot: allocations, and reads, writes, syncs, renames and so
on of what is below the home.  Each time the program says what failed and exits
3, or gets by: never a crash, never well with work missing, nothing told to be
done that is not.  All is run once more without faults: both sides end as if
nothing had happened, each record there once.

usage: faults.t [MOST [auth|id|delta|full|load...]]
       so many points of one of these, by chance; 0: all, of all of them
FAULT="KIND:N:HOW..." faults.t 0 NAME    these points
"""
import copy
import errno
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.request

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.dirname(os.path.dirname(HERE))
os.environ["CRM_BIN"] = os.path.join(TREE, ".build/fault/bin")
sys.path[:0] = [HERE, os.path.dirname(HERE)]
import hows  # noqa: E402
from history import BIN, LIFTED, Broken, History, each_fate  # noqa: E402
from history import started  # noqa: E402
from tap import done, ok, release_only  # noqa: E402

MOST = int(sys.argv[1]) if len(sys.argv) > 1 else 8
LIMIT = 100  # of one kind and way; libraries allocate thousands of times
SECONDS = 150  # a library may lose a call: two silences of ours, 30 s each
SEED = int(os.environ.get("SEED", random.randrange(1 << 30)))
PRELOAD = os.path.join(TREE, ".build/release/preload/faults.so")
HOWS = {**hows.HOWS,
        "own alloc": ["ENOMEM"]}  # of the program itself: every one


class Stand:
    """A home and a fake as they are at some moment, to begin again from."""

    def __init__(self, h):
        self.h, self.name = h, {"name": h.folder}
        self.h.sandbox.control("POST", "save", self.name)

    def again(self):
        """Both as they were, the home in a folder of its own."""
        h = copy.copy(self.h)
        for name in ("given", "archived", "agreed", "log", "said"):
            setattr(h, name, copy.deepcopy(getattr(h, name)))
        h.extra = dict(h.extra)
        h.folder = tempfile.mkdtemp(dir=os.path.dirname(self.h.folder))
        shutil.copytree(self.h.folder, h.folder, dirs_exist_ok=True)
        h.sandbox.control("POST", "load", self.name)
        return h


class Ended:
    """How one run of a command ended."""

    def __init__(self, h, command, fault=None):
        words, _, given = command.partition(" < ")
        env = {**h.environment(), "CRM_RUN": "run-fault",
               **watched(h, fault)}
        for name in ("hit", "count", "allocs"):
            if os.path.exists(h.path(name)):
                os.remove(h.path(name))
        with open(h.path(given) if given else os.devnull, "rb") as stdin, \
                open(h.path("out"), "wb") as stdout:
            done = subprocess.run(
                words.split(), cwd=h.folder, env=env, stdin=stdin,
                stdout=stdout, stderr=subprocess.PIPE, timeout=SECONDS,
                check=False)
        self.name, self.status = words.split()[0], done.returncode
        self.err = done.stderr.decode()
        with open(h.path("out"), "rb") as file:
            self.text = file.read()
        self.hit = os.path.exists(h.path("hit")) or \
            (fault or "").startswith("own alloc")


def watched(h, fault):
    """The environment in which calls below the home fail, or are counted."""
    os.makedirs(h.path("stash"), exist_ok=True)
    found = {"LD_PRELOAD": PRELOAD, "FAULT_UNDER": h.folder,
             "FAULT_DISK": h.path(".crm"), "FAULT_STASH": h.path("stash"),
             "FAULT_HIT": h.path("hit"), "PATH": BIN + ":/usr/bin:/bin"}
    if not fault:
        return {**found, "FAULT_COUNT": h.path("count"),
                "CRM_COUNT_FILE": h.path("allocs")}
    if fault.startswith("own alloc"):
        return {"CRM_FAIL_ALLOC": fault.split(":")[1]}
    if fault.startswith("sync"):
        found.update(FAULT_DIE="end", FAULT_LOSE="all")
    return {**found, "FAULT_FAIL": fault}


# ---- what is wrong with how it ended ----

def explains(ended, fault):
    """A library does not tell that it had no memory: what failed is said."""
    kind, _, how = fault.rstrip("+").split(":")
    if "Success" in ended.err or \
            not ended.err.startswith((ended.name + ": ", "out of memory")):
        return False
    return how == "short" or kind == "alloc" or \
        (how == "ENOMEM" and "memory" in ended.err.lower()) or \
        os.strerror(getattr(errno, how)) in ended.err


def receipts_differ(ended, clean):
    """Some may: they say that it is not done, and why."""
    known = set(clean.text.splitlines())
    for line in ended.text[:ended.text.rfind(b"\n") + 1].splitlines():
        receipt = json.loads(line)
        if line not in known and (
                receipt["status"] not in ("unknown", "held", "failed") or
                not receipt["error"]["message"]):
            return f"a receipt that says too much or too little: {receipt}"
    return None


def begins(text, with_):
    """What it covers is known only once the reading has begun."""
    covers = rb',"covers":"[^"]*"'
    return text.startswith(with_) or \
        re.sub(covers, b"", text).startswith(with_)


def judge(ended, clean, fault):
    if ended.status == clean.status:
        return None if ended.text == clean.text else \
            f"exit {ended.status}, but the output differs: {ended.text}"
    if fault.endswith("short") and "MDB_INVALID" in ended.err:
        return None  # LMDB takes a short read for a short file
    if ended.status != 3:
        return f"exit {ended.status}: {ended.err}"
    if not explains(ended, fault):
        return f"exit 3 does not say why: {ended.err!r}"
    if ended.name == "crm-load":
        return receipts_differ(ended, clean)
    if not begins(clean.text, ended.text):
        return f"printed {ended.text[-300:]}, not {clean.text[:300]}: " \
            f"{ended.err}"
    return None


def of_uids(h):
    found = {}
    for one in h.sandbox.companies():
        uid = one["properties"].get("crm_uid")
        if uid and not one["archived"]:
            found.setdefault(uid, []).append({
                name: value for name, value in one["properties"].items()
                if not name.startswith(("hs_", "createdate"))})
    return found


def promises(ended, h, whole):
    """What is told to be done is done there; nothing is there twice."""
    there = of_uids(h)
    for uid, rows in there.items():
        if len(rows) != 1:
            raise Broken(f"{uid} is there {len(rows)} times")
    for line in ended.text[:ended.text.rfind(b"\n") + 1].splitlines():
        one = json.loads(line)
        if one.get("status") == "done" and one["type"] == "receipt" and \
                there.get(one["uid"]) != whole.get(one["uid"]):
            raise Broken(f"told to be done, and is not: {one}")


# ---- once more, without ----

def prints(h):
    """One hash of all that lasts, here and there (but counts of calls, locks,
    and what is noted of runs that failed)."""
    found = hashlib.sha256(h.sandbox.control("GET", "dump").encode())
    for top in (".crm", "app"):
        for folder, _, files in sorted(os.walk(h.path(top))):
            for name in sorted(files):
                if name.startswith(("lock.mdb", "failed.ndjson", "budget.")):
                    continue
                with open(os.path.join(folder, name), "rb") as file:
                    text = file.read()
                if name == "credentials":  # no two are sealed alike
                    h.sh("crm-auth list > listed", may=(0,))
                    text = open(h.path("listed"), "rb").read()
                found.update(name.encode() + text)
    return found.hexdigest()


def at_rest(h):
    h.tick(7200)
    h.quiet()
    h.check()
    for command in ("crm-state check", "crm-state audit --verify",
                    "crm-auth test hubspot"):
        h.sh(command, may=(0,))
    theirs, ours = h.standing()
    return sorted(theirs.items()), sorted(ours.items())


# ---- a sweep ----

def points(counts):
    """KIND:N:HOW of all that can be tried."""
    for kind, ways in HOWS.items():
        for how in ways:
            some = range(1, counts.get(kind, 0) + 1)
            if kind == "alloc" and len(some) > LIMIT:
                some = sorted(random.sample(some, LIMIT))
            for n in some:
                yield f"{kind}:{n}:{how}"


def counted(stand, command):
    """The counts of a command, how it ends, what then is there, and in the
    end."""
    h = stand.again()
    clean = Ended(h, command)
    counts = {}
    with open(h.path("count"), encoding="utf-8") as file:
        for line in file:
            kind, n = line.split()
            counts[kind] = counts.get(kind, 0) + int(n)
    with open(h.path("allocs"), encoding="utf-8") as file:
        counts["own alloc"] = int(file.read().split()[2])
    whole = of_uids(h)
    want = at_rest(h)
    shutil.rmtree(h.folder)
    return counts, clean, whole, want


class Sweep:
    """One command from one stand."""

    def __init__(self, name, stand, command):
        self.name, self.stand, self.command = name, stand, command
        counts, self.clean, self.whole, self.want = counted(stand, command)
        self.points = os.environ["FAULT"].split() if "FAULT" in os.environ \
            else list(points(counts))
        self.calls = sum(counts.get(kind, 0) for kind in HOWS)
        self.hits, self.kinds, self.problems = 0, {}, []
        self.healed = {}

    def run(self):
        """Tries all of its points, or so many."""
        for fault in self.points if not MOST else random.sample(
                self.points, min(MOST, len(self.points))):
            self.try_one(fault)
        self.tell()

    def try_one(self, fault):
        h = self.stand.again()
        try:
            ended = Ended(h, self.command, fault)
            problem = judge(ended, self.clean, fault)
            if ended.name == "crm-load":
                promises(ended, h, self.whole)
            mark = prints(h)
            if mark not in self.healed:
                self.healed[mark] = at_rest(h)
            if not problem and self.healed[mark] != self.want:
                problem = f"ends as {self.healed[mark]}, not {self.want}"
        except (Broken, subprocess.TimeoutExpired) as broken:
            ended, problem = None, broken
        if ended is None or ended.hit:
            kind = fault.split(":")[0]
            self.hits += 1
            self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if problem:
            self.problems.append(f"{fault}: {problem}")
        shutil.rmtree(h.folder)

    def tell(self):
        ok(not self.problems, f"{self.name}: {self.hits} faults: " + ", ".join(
            f"{n} {kind}" for kind, n in self.kinds.items()),
           *self.problems[:30])
        print(f"# {self.name}: {self.calls} calls can fail, "
              f"{self.hits} of {len(self.points)} points hit, "
              f"{len(self.healed)} ways it stood then, "
              f"{len(self.problems)} fails", flush=True)


# ---- what is done ----

def begun(folder, sandbox):
    """A home with a record of each fate, before its next sync."""
    os.mkdir(folder)
    h = Own(folder, sandbox, 1)
    logged_in(h)
    each_fate(h)
    h.make(["app"], "d8.test", {"name": "Eight"})
    return h


def logged_in(h):
    """As a person does, in the browser: its token is to be renewed."""
    said = json.loads(h.sandbox.control("GET", "credentials"))
    h.sandbox.control("PUT", "faults", "rate=off,search-rate=off,consent=auto")
    env = {**h.environment(), "CRM_CLIENT_SECRET_HUBSPOT":
           said["client_secret"]}
    del env["CRM_TOKEN_HUBSPOT"]
    login = subprocess.Popen(
        ["crm-auth", "login", "-q", "hubspot", "--client-id",
         said["client_id"]], cwd=h.folder, env=env, stdout=subprocess.PIPE,
        text=True)
    urllib.request.urlopen(login.stdout.readline().strip()).read()
    assert login.wait(20) == 0


class Own(History):
    """Goes out with what is stored, not with a token of the environment."""

    def environment(self):
        env = super().environment()
        if os.path.exists(self.path(".crm/credentials")):
            env.pop("CRM_TOKEN_HUBSPOT", None)
        return env


def sweep_load(stand):
    h = stand.again()
    for _ in range(2):  # what is new waits for a reading that covers it
        for system in ("app", "hubspot"):
            h.read(system, False, (0,))
        h.sh("cat app.diff hubspot.diff | crm-resolve > plan")
        h.tick(900)
    sweep = Sweep("load", Stand(h), "crm-load hubspot --pending")
    done = sweep.clean.text.decode()
    for op in ("create", "update", "archive"):
        ok(f'"op":"{op}"' in done, f"the load has a record to {op}", done)
    sweep.run()


def sweep_all(h):
    ids = " ".join(f"--id {one['id']}" for one in h.sandbox.companies()[:3])
    stand, read = Stand(h), "crm-extract hubspot companies -m " \
        "customer.hubspot "
    sweeps = {
        "auth": lambda: Sweep("auth test", stand,
                              "crm-auth test hubspot").run(),
        "id": lambda: Sweep("extract, by id", stand, read + ids +
                            " --id 999").run(),
        "delta": lambda: Sweep("extract, what changed", stand, read +
                               "--delta").run(),
        "full": lambda: Sweep("extract, all", stand, read + "--full").run(),
        "load": lambda: sweep_load(stand),
    }
    some = sys.argv[2:] or (sweeps if not MOST else
                            [random.choice(list(sweeps))])
    for name in some:
        sweeps[name]()


def main():
    release_only("the fault variant's programs are tested, once")
    random.seed(SEED)
    print(f"# SEED={SEED}")
    fake, sandbox = started(1)
    shm = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    top = tempfile.mkdtemp(prefix="faults.", dir=shm)
    try:
        h = begun(os.path.join(top, "home"), sandbox)
        sweep_all(h)
    finally:
        fake.stdin.close()
        fake.wait()
        shutil.rmtree(top)
    done()


main()
