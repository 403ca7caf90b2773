#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The same input and the same state give the same bytes: every program of a
sync runs twice, the second time from a pipe that gives little at a time, in
another time zone, with another locale and elsewhere on the disk.  What prints,
what is said and what is kept are the same.  And what only looks (--dry-run and
all that reads) leaves every file as it was."""
import hashlib
import os
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), "crash"))
import sweep  # noqa: E402
from sweep import ok  # noqa: E402

OTHER = {"TZ": "Asia/Kathmandu", "LC_ALL": "tr_TR.UTF-8", "LANG": "de_DE",
         "COLUMNS": "7", "HOME": "/nonexistent"}


def feed(pipe, data):
    try:
        for at in range(0, len(data), 997):
            pipe.write(data[at:at + 997])
            pipe.flush()
    except BrokenPipeError:
        pass
    pipe.close()


def run(w, words, given, other):
    """(status, stdout, stderr)."""
    data = open(w.path(given), "rb").read() if given else b""
    env = w.env(w.round)
    if other:
        env.update(OTHER)
    with subprocess.Popen(
            words, cwd=w.folder, env=env, stderr=subprocess.PIPE,
            stdin=subprocess.PIPE if other else
            open(w.path(given) if given else os.devnull, "rb"),
            stdout=subprocess.PIPE) as child:
        if other:
            threading.Thread(target=feed, args=(child.stdin, data)).start()
            err = []
            threading.Thread(target=lambda: err.append(
                child.stderr.read())).start()
            out = child.stdout.read()
            child.wait(60)
            while not err:
                time.sleep(0.001)
            return child.returncode, out, err[0]
        out, err = child.communicate(timeout=60)
        return child.returncode, out, err


def kept(w):
    """Every file that lasts, with its bytes."""
    found = {}
    for top in [".crm"] + w.names:
        for folder, _, files in os.walk(w.path(top)):
            for name in files:
                path = os.path.join(folder, name)
                if name == "lock.mdb":
                    continue
                with open(path, "rb") as file:
                    found[os.path.relpath(path, w.folder)] = hashlib.sha256(
                        file.read()).hexdigest()
    return found


def stood(w):
    """The files and when they were last written."""
    return {name: (how, os.stat(w.path(name)).st_mtime_ns,
                   os.stat(w.path(name)).st_ino)
            for name, how in kept(w).items()}


def unlike(one, two, before):
    names = ["status", "stdout", "stderr"]
    for name, a, b in zip(names, one, two):
        if a != b:
            return f"{name}: {a!r}\nnot {b!r}"
    a, b = before
    if a != b:
        return [x for x in sorted({*a, *b}) if a.get(x) != b.get(x)]
    return None


def words_of(command):
    words = command.split()
    given = words[words.index("<") + 1] if "<" in words else None
    plain = words[:min([words.index(x) for x in "<>" if x in words] or
                       [len(words)])]
    return plain, given


def same(w, command, w2=None):
    """Runs it in the world, and once more there or in its copy."""
    words, given = words_of(command)
    one = run(w, words, given, False)
    two = run(w2 or w, words, given, True)
    problem = unlike(one, two, (kept(w), kept(w2 or w)))
    ok(one[0] in (0, 1) and not problem and (one[1] or w2 or
                                               "check" in command),
       f"{command}: the same bytes", problem or one)
    return one[1]


def looks(w, command):
    """It leaves all as it was."""
    words, given = words_of(command)
    before = stood(w)
    ended = run(w, words, given, False)
    after = stood(w)
    ok(ended[0] in (0, 1) and (ended[1] or "check" in command) and
       before == after,
       f"{command}: changes no file", ended,
       [x for x in before if before[x] != after.get(x)])


def readers(w, run_id):
    uid = next(x for x in w.dump().splitlines()
               if x.startswith("conflict")).split("\t")[1]
    return [
        "crm-extract app thing -m thing.app",
        "crm-extract app thing --full -m thing.app",
        "crm-extract csv data.csv -s shop -o thing -k Id",
        f"crm-map thing.app < s0.app.{run_id}",
        f"crm-map --to thing.crm < s1.app.{run_id}",
        f"crm-diff < s1.app.{run_id}",
        "crm-state queue", "crm-state conflicts",
        f"crm-state show thing {uid}", "crm-state check",
    ]


def dry_runs(w, run_id):
    return [f"crm-resolve thing -n < changes.{run_id}",
            "crm-load app --dry-run --pending",
            "crm-load crm --dry-run --pending"]


def main():
    sweep.release_only()
    w = sweep.scenario("delete")
    w.put("data.csv", "Id,Name,Price\n" + "".join(
        f"{n},\"Name, {n}\",{n}.5\n" for n in range(50)))
    looks(w, f"crm-resolve thing -n < changes.{w.round}")
    same(w, f"crm-resolve thing -n < changes.{w.round}")
    for name, command in sweep.stages(w):
        other = w.copy()
        plan = same(w, command, other)
        other.remove()
        if name != "crm-resolve":
            continue
        with open(w.path(f"plan.{w.round}"), "wb") as file:
            file.write(plan)
        time.sleep(0.2)  # a file just written is no checkpoint
        for reader in readers(w, w.round) + dry_runs(w, w.round):
            same(w, reader)
        for reader in readers(w, w.round) + dry_runs(w, w.round):
            looks(w, reader)
        for load in sweep.stages(w)[1:]:
            looks(w, load[1].replace("crm-load", "crm-load -n"))
    w.remove()
    sweep.done()


main()
