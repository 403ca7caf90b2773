#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The store under kill -9: at every durable step of a run, at every step of the
recovery after it, and at random moments.  What was answered DONE is there,
nothing is torn, nothing a person wrote is lost, and nothing comes twice."""
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import done, ok  # noqa: E402

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DRIVE = os.path.join(TREE, ".build/fault/helper/filestore_drive")
SEED = int(os.environ.get("SEED", random.randrange(1 << 30)))
HAND = ['{"id": "h1", "name":"by hand",  "n":0}', "this is no record",
        '{"id":"r2","n":0,"deep":{"a": [1, 2]}}', '{"id":"r3","n":0}',
        '{"id":"gone","n":0}', '{"id":"r4","n":0}']


def operations():
    """Values grow with every batch, so that an answer is a lower bound."""
    lines = []
    for k in range(1, 6):
        lines += [f'create\tnew{k}\t{{"n":{k},"text":"{"x" * 50}"}}',
                  f'update\tr2\t-\t{{"n":{k}}}\t-',
                  f'update\tnew{max(1, k - 1)}\t-\t{{"n":{k}}}\t-']
        if k == 2:
            lines += ["delete\tgone\t-", "archive\tr4\t-"]
        if k == 4:
            lines += ["delete\tnew1\t-"]
        lines += ["commit"]
    return lines


def drive(folder, mode, lines=(), **env):
    return subprocess.run([DRIVE, mode, "app", "c"], cwd=folder, text=True,
                          input="\n".join(lines) + "\n" if lines else "",
                          capture_output=True,
                          env=dict(os.environ, **env))


def answered(out, lines):
    """What the DONE answers promise: id -> least n, or None when deleted."""
    said = [line.split("\t") for line in out.splitlines()]
    asked = [line.split("\t") for line in lines if line != "commit"]
    promise = {}
    for (verb, key, *rest), answer in zip(asked, said):
        assert answer[0] == "DONE" and answer[1] == key, (verb, key, answer)
        if verb == "delete":
            promise[key] = None
        elif verb == "archive":
            promise[key] = "archived"
        else:
            data = json.loads(rest[0] if verb == "create" else rest[1])
            promise[key] = data["n"]
    return promise


def wrong(folder, base, promise):
    """What is wrong with the store now, as text; None when all is well."""
    run = drive(folder, "read")
    if run.returncode:
        return f"read exits {run.returncode}: {run.stderr}"
    try:
        with open(os.path.join(folder, "app/c.ndjson"), "rb") as file:
            raw = file.read()
    except FileNotFoundError:
        raw = b""
    if raw and not raw.endswith(b"\n"):
        return "the last line is torn"
    lines = raw.decode().splitlines()
    if len(set(os.listdir(os.path.join(folder, "app"))) -
           {"c.ndjson", "c.ndjson.lock"}):
        return "left: " + " ".join(os.listdir(os.path.join(folder, "app")))
    records = {}
    for line in lines:
        try:
            record = json.loads(line)
        except ValueError:
            if line not in base:
                return "a torn line: " + line
            continue
        if record["id"] in records:
            return "twice: " + record["id"]
        records[record["id"]] = record
    if "this is no record" in base and "this is no record" not in lines:
        return "a line that is no record is lost"
    for key in ("h1", "r3"):
        if base and records.get(key, {}).get("n") != 0:
            return f"{key} is lost or changed: {records.get(key)}"
    for key, least in promise.items():
        there = records.get(key)
        if least is None and there:
            return f"{key} was deleted and is there"
        if least == "archived" and not (there and there.get("archived")):
            return f"{key} is not archived"
        if isinstance(least, int) and (not there or there["n"] < least) \
                and (there or key != "new1"):  # deleted, maybe unanswered
            return f"{key} has not {least}: {there}"
    if base and records["r2"]["deep"] != {"a": [1, 2]}:
        return "r2 lost a member"
    return None


def fresh(folder, base):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(os.path.join(folder, "app"))
    if base:
        with open(os.path.join(folder, "app/c.ndjson"), "w") as file:
            file.write("\n".join(base) + "\n")


def sweep(work, base, name, lines):
    fresh(work, base)
    steps = os.path.join(work, "steps")
    whole = drive(work, "write", lines, CRM_COUNT_FILE=steps)
    with open(steps) as file:
        last = int(file.read().split()[1])
    found = wrong(work, base, answered(whole.stdout, lines))
    ok(found is None and whole.returncode == 0, f"{name}: {last} steps", found,
       whole.stderr)
    bad, deep = [], 0
    for n in range(1, last + 1):
        fresh(work, base)
        run = drive(work, "write", lines, CRM_DIE_AT=str(n))
        if run.returncode != -signal.SIGKILL:
            bad.append(f"CRM_DIE_AT={n}: exits {run.returncode}")
            continue
        promise = answered(run.stdout, lines)
        found = wrong(work, base, promise)
        if found:
            bad.append(f"CRM_DIE_AT={n}: {found}")
        deep += die_again(work, base, lines, n, bad)
    ok(not bad, f"{name}: killed at each of {last} steps, read after it",
       *bad[:5])
    ok(deep > last, f"{name}: and {deep} times more in the recovery")


def die_again(work, base, lines, n, bad):
    """Killed at step n, then at each step of the recovery."""
    m = 0
    while True:
        m += 1
        fresh(work, base)
        run = drive(work, "write", lines, CRM_DIE_AT=str(n))
        promise = answered(run.stdout, lines)
        again = drive(work, "read", CRM_DIE_AT=str(m))
        if again.returncode == 0:
            return m - 1
        if again.returncode != -signal.SIGKILL:
            bad.append(f"CRM_DIE_AT={n}, then {m}: {again.stderr}")
            return m
        found = wrong(work, base, promise)
        if found:
            bad.append(f"CRM_DIE_AT={n}, then {m}: {found}")


def edit(path, target):
    """A person's editor: reads one file, another takes a name."""
    with open(path) as file:
        lines = file.read().replace("by hand", "BY HAND").splitlines()
    kept = [line for line in lines if '"id":"new3"' not in line]
    with open(path + ".edited", "w") as file:
        file.write("\n".join(kept + ['{"id":"person","n":0}', ""]))
    os.replace(path + ".edited", target)
    return {"new3": None} if len(kept) < len(lines) else {}


def hand_lost(folder):
    with open(os.path.join(folder, "app/c.ndjson")) as file:
        text = file.read()
    return [x for x in ("BY HAND", '"id":"person"') if x not in text]


def edited_after(work, lines):
    """Killed at each step; then somebody edits the file; then the recovery.
    And as if the edit had come in the moment of the exchange of names."""
    bad, exchanged, n = [], 0, 0
    base = os.path.join(work, "app/c.ndjson")
    while True:
        n += 1
        fresh(work, HAND)
        run = drive(work, "write", lines, CRM_DIE_AT=str(n))
        if run.returncode == 0:
            break
        promise = answered(run.stdout, lines)
        promise.update(edit(base, base))
        found = wrong(work, HAND, promise) or hand_lost(work)
        if found:
            bad.append(f"CRM_DIE_AT={n}, edited: {found}")
    for m in range(1, n):
        fresh(work, HAND)
        run = drive(work, "write", lines, CRM_DIE_AT=str(m))
        with open(base) as file:
            merged = '"id":"new2"' in file.read()
        if not (merged and os.path.exists(base + ".temp")):
            continue
        exchanged += 1
        edit(base + ".temp", base + ".temp")
        found = wrong(work, HAND, answered(run.stdout, lines)) or \
            hand_lost(work)
        if found:
            bad.append(f"CRM_DIE_AT={m}, edited in the exchange: {found}")
    ok(not bad, f"killed at each of {n - 1} steps, then edited", *bad[:5])
    ok(exchanged > 0, f"{exchanged} of them with an edit in the exchange")


def torn(work):
    """A journal cut at every byte, or with one byte of its end another."""
    bad = []
    fresh(work, HAND)
    drive(work, "write", ["create\tnew1\t{\"n\":1}", "commit",
                          "update\tr3\t-\t{\"n\":0,\"m\":1}\t-",
                          "create\tnew2\t{\"n\":2}", "commit", "abandon"])
    name = os.path.join(work, "app/c.ndjson.journal")
    with open(name, "rb") as file:
        whole = file.read()
    first = whole.index(b"\n", whole.index(b"new1")) + 1
    new = whole.index(b'{"id":"new2"')
    loose = range(whole.index(b'"version"', new), whole.index(b'"n":2', new))
    cases = [(whole[:n], f"cut at {n}", True) for n in range(first, len(whole))]
    cases += [(whole[:n] + bytes([whole[n] ^ 1]) + whole[n + 1:],
               f"byte {n} changed", n not in loose)
              for n in range(first, len(whole) - 1)]
    for journal, what, seen in cases:
        # The base must be the very file the journal names.
        with open(name, "wb") as file:
            file.write(journal)
        os.link(os.path.join(work, "app/c.ndjson"), work + ".base")
        found = wrong(work, HAND, {"new1": 1})
        with open(os.path.join(work, "app/c.ndjson"), "rb") as file:
            text = file.read()
        if seen and b"new2" in text:
            found = "a torn line was taken"
        os.replace(work + ".base", os.path.join(work, "app/c.ndjson"))
        if found:
            bad.append(f"{what}: {found}")
    ok(not bad and len(cases) > 300, f"{len(cases)} journals that are torn",
       *bad[:5])


def at_random(work, rounds):
    """kill -9 from outside, without a base and again on what it left."""
    bad, base = [], None
    rng = random.Random(SEED)
    for i in range(rounds):
        if i % 3 == 0:
            fresh(work, None)
            made = 0
        child = subprocess.Popen([DRIVE, "write", "app", "c"], cwd=work,
                                 stdin=subprocess.PIPE, text=True,
                                 stdout=subprocess.PIPE)
        child.stdin.write(f"make\t{i % 3 * 100000}\t20000\t300\n")
        child.stdin.close()
        time.sleep(rng.uniform(0, 0.12))
        child.kill()
        out = child.stdout.read()
        child.wait()
        made += out.count("DONE")
        run = drive(work, "read")
        read = run.stdout.splitlines()[:-1]
        there = len(set(line.split("\t")[0] for line in read))
        torn = [line for line in read if line.startswith("bad\t")]
        if run.returncode or there < made or there != len(read) or torn:
            bad.append(f"round {i}: {made} promised, {there} there, exit "
                       f"{run.returncode} {run.stderr} {torn[:2]}")
        made = there
    ok(not bad, f"{rounds} kills at random moments (SEED={SEED})", *bad)


def main():
    memory = "/dev/shm"  # a kill needs no disk, and syncs are slow there
    with tempfile.TemporaryDirectory(
            dir=memory if os.access(memory, os.W_OK) else None) as top:
        work = os.path.join(top, "w")
        lines = operations()
        sweep(work, HAND, "changes to an edited file", lines)
        edited_after(work, lines)
        torn(work)
        plain = [line for line in lines if line.startswith(("create", "comm"))]
        sweep(work, [], "a first import", plain)
        sweep(work, [], "a first import with changes",
              [line for line in lines if "r2" not in line and
               "gone" not in line and "r4" not in line])
        at_random(work, 30)
    done()


main()
