#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A backup is whole whatever goes on meanwhile, is its owner's alone, takes
the place of the last one at once or not at all, and makes a home that is as
careful as one out of a dump; it is no home's state by itself.  An older
format is brought up to date when somebody writes, or says so.
"""
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from world import World, done, ok  # noqa: E402


def content(w):
    """Every row but those that a restore renews."""
    w.must("crm-state dump > rows")
    skip = ("epoch", "audit", "audit-base", "restored")
    return {(r["table"], r.get("key", r.get("key64"))):
            (r.get("text"), r.get("value")) for r in w.lines("rows")
            if r["type"] == "row" and r["table"] != "checkpoint" and
            not (r["table"] == "meta" and r.get("key") in skip)}


def rebuilt(w, name="backup"):
    """A copy of the world whose home is the backup's."""
    other = w.copy()
    shutil.move(other.path(".crm"), other.path("old"))
    other.restored = other.run(f"crm-state -q restore {name}")
    return other


def whole(w):
    said = json.loads(w.must("crm-state backup backup").stdout)
    other = rebuilt(w)
    ok(other.restored.returncode == 0 and content(other) == content(w) and
       said["rows"] == sum(1 for x in w.lines("rows") if x["type"] == "row"),
       "a home out of a backup has all rows", other.restored.stderr, said)
    ok(other.read(".crm/systems.jq") == w.read(".crm/systems.jq") and
       not [p for p in (".crm", ".crm/state", ".crm/systems.jq")
            if os.stat(other.path(p)).st_mode & 0o077],
       "and its systems, for its owner alone")
    ended = other.run("crm-load a < plan > r")
    ok(ended.returncode == 2 and "restore" in ended.stderr,
       "a plan of before is refused", ended.stderr)
    again = other.run("crm-state restore backup")
    ok(again.returncode == 2, "a home that is there stays", again.stderr)
    return other


def careful(other):
    with open(other.path("a/person.ndjson"), "a", encoding="utf-8") as file:
        file.write('{"id":"new","name":"New"}\n')
    other.minute += 1
    other.must("crm-extract --full a person -m person.a | crm-map person.a |"
               " crm-diff | crm-resolve -q person > plan")
    other.run("crm-load b < plan > r")
    before = "new" in other.people("b")
    other.sync()
    other.run("crm-load -q b --pending > r")
    ok(not before and "new" in other.people("b"),
       "nothing is created before every system was read again")
    other.remove()


def continued(w):
    """The files of the audit come along, too: also what is behind its end."""
    run = w.sync()
    w.edit("a", 1, name="Anna")
    run = w.sync()
    w.must("crm-state -q backup backup")
    w.edit("a", 2, name="Later")
    later = w.sync()
    lines = len(w.audit(f"--run {run}"))
    other = rebuilt(w)
    ended = other.run("crm-state audit --verify")
    ok(ended.returncode == 0 and '"lines":0' in ended.stdout,
       "a home without its audit lacks no line", ended.stdout, ended.stderr)
    shutil.copytree(other.path("old/audit"), other.path(".crm/audit"))
    ended = other.run("crm-state audit --verify")
    ok(ended.returncode == 0 and lines and not other.audit(f"--run {later}")
       and len(other.audit(f"--run {run}")) == lines,
       "with it, it has what the backup knew", ended.stderr)
    other.minute += 1
    ended = other.run(f"crm-state undo {run} > undo; crm-state undo {later}")
    ok(ended.returncode == 2 and "1 records set back" in ended.stderr,
       "which can be undone, but nothing later", ended.stderr)
    other.must("crm-load a < undo > r; crm-load b < undo > r")
    ok(other.people("a")["1"]["name"] == "Name1", "and is")
    for _ in range(2):
        other.sync()
    ended = other.run("crm-state audit --verify")
    ok(ended.returncode == 0 and len(other.audit(f"--run {run}")) == lines and
       other.people("b")["2"]["name"] == "Later" and
       not other.audit(f"--run {later}"), "the chain goes on", ended.stderr)
    with open(other.path(".crm/audit/2026-11-20.ndjson"), "r+b") as file:
        text = file.read()
        file.seek(text.index(b'"Anna"') + 1)
        file.write(b"X")
    ended = other.run("crm-state audit --verify")
    ok(ended.returncode == 4, "and holds all of it", ended.stderr)
    other.remove()


def no_state(w):
    other = w.copy()
    shutil.copy(other.path("backup"), other.path(".crm/state/data.mdb"))
    said = [other.run(f"crm-state {c}") for c in ("queue", "retry a",
                                                  "check")]
    ok(all(s.returncode == 4 and "crm-state restore" in s.stderr
           for s in said), "a backup in the state's place is refused",
       [s.stderr for s in said])
    other.remove()


def replaced(w):
    before = os.stat(w.path("backup")).st_ino
    w.must("crm-state backup backup")
    st = os.stat(w.path("backup"))
    ok(st.st_ino != before and st.st_mode & 0o777 == 0o600,
       "the next one takes its place, readable by its owner")
    w.write("precious", "text\n")
    for name in ("precious", "a", "nowhere/backup"):
        said = w.run(f"crm-state backup {name}")
        ok(said.returncode == 2 and name in said.stderr and
           not said.stdout, f"never {name}", said.stderr)
    ok(w.read("precious") == "text\n" and
       not [n for n in os.listdir(w.folder) if n.startswith("backup.")],
       "and nothing is left behind")


def meanwhile(w):
    """Others write all the time; each backup is of one moment."""
    script = ("i=0; while [ ! -e stop ]; do i=$((i + 1));"
              " crm-state -q skip --all; crm-state -q retry --all;"
              " crm-state -q dismiss a --all; done")
    w.minute += 1
    w.edit("a", 1, name="Again")
    w.must("for s in a b; do crm-extract --full $s person -m person.$s |"
           " crm-map person.$s | crm-diff; done | crm-resolve -q person"
           " > plan")
    writer = subprocess.Popen(["sh", "-c", script], cwd=w.folder, env={
        "PATH": w.bin + ":/usr/bin:/bin",
        "CRM_MAPPINGS": w.path("mappings")})
    bad = []
    for n in range(8):
        said = w.run("crm-state backup busy")
        other = rebuilt(w, "busy") if said.returncode == 0 else None
        check = other.run("crm-state check") if other else said
        if check.returncode:
            bad.append((n, said.stderr, check.stderr, check.stdout))
        if other:
            other.remove()
    w.write("stop", "")
    writer.wait()
    ok(not bad, "while others write it is whole, too", bad)
    said = w.run("crm-state check")
    ok(said.returncode == 0, "and they go on", said.stderr)


def killed(w):
    """Wherever it is killed, the last one is there."""
    was = rebuilt(w)
    first = content(was)
    was.remove()
    w.minute += 1
    w.edit("b", 2, name="Later")
    w.sync()
    for n in range(12):
        child = subprocess.Popen(["crm-state", "backup", "backup"],
                                 cwd=w.folder, stdout=subprocess.DEVNULL,
                                 executable=os.path.join(w.bin, "crm-state"))
        time.sleep(n * 0.001)
        child.send_signal(signal.SIGKILL)
        child.wait()
    now = content(w)
    other = rebuilt(w)
    ok(other.restored.returncode == 0 and content(other) in (first, now),
       "killed at any time it is the old one or the new one",
       other.restored.stderr)
    other.remove()


def damaged(w):
    data = open(w.path("backup"), "rb").read()
    bad = []
    for size in (0, 10, 5000, len(data) // 2, len(data) - 1):
        with open(w.path("cut"), "wb") as file:
            file.write(data[:size])
        other = rebuilt(w, "cut")
        if other.restored.returncode not in (2, 4) or \
                os.path.exists(other.path(".crm")):
            bad.append((size, other.restored.stderr))
        other.remove()
    ok(not bad, "one that is cut short makes no home", bad)
    bad = []
    for at in range(10, len(data), len(data) // 16):
        with open(w.path("flipped"), "wb") as file:
            file.write(data[:at] + bytes([data[at] ^ 1]) + data[at + 1:])
        other = rebuilt(w, "flipped")
        if other.restored.returncode not in (2, 4) or \
                os.path.exists(other.path(".crm")):
            bad.append((at, other.restored.stderr))
        other.remove()
    with open(w.path("longer"), "wb") as file:
        file.write(data + b"x")
    other = rebuilt(w, "longer")
    if other.restored.returncode != 4:
        bad.append(("longer", other.restored.stderr))
    other.remove()
    ok(not bad, "nor does one of which any byte is another", bad)


def older(w):
    """A dump of format 2 makes a home of format 2."""
    lines = w.must("crm-state dump").stdout.splitlines()[:-1]
    now = json.loads(lines[0])["format"]
    lines[0] = lines[0].replace(f'"format":{now}', '"format":2')
    last = bytes(32)
    for line in lines:
        last = hashlib.sha256(last + line.encode()).digest()
    rows = sum('"type":"row"' in line for line in lines)
    lines.append(json.dumps({"type": "dump-end", "rows": rows,
                             "digest": last.hex()}, separators=(",", ":")))
    w.write("older", "".join(line + "\n" for line in lines))
    other = rebuilt(w, "older")
    said = [other.run("crm-state upgrade").stdout for _ in range(2)]
    ok([json.loads(x or "{}") for x in said] ==
       [{"type": "upgrade", "from": f, "to": now} for f in (2, now)],
       "an older format is brought up to date, once",
       other.restored.stderr, said)
    ok(other.run("crm-state check").returncode == 0, "and fits")
    other.remove()


def main():
    w = World(6)
    w.sync()
    w.sync()
    w.edit("a", 0, city="Ulm")
    w.edit("b", 0, city="Jena")
    w.drop("a", 4)
    w.sync()
    careful(whole(w))
    continued(w.copy())
    no_state(w)
    replaced(w)
    damaged(w)
    killed(w)
    older(w)
    meanwhile(w)
    w.remove()
    return done()


sys.exit(main())
