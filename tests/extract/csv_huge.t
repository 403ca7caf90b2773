#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Cells, rows and headers beyond every ceiling: the row is rejected, the rows
around it are read, and memory stays bounded."""
import json
import os
import resource
import subprocess

TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
PROGRAM = os.path.join(os.environ.get("CRM_BIN", os.path.join(TREE, "bin")),
                       "crm-extract")
MEGA = 1 << 20
LIMIT_DATA = 192 * MEGA


def cap():
    resource.setrlimit(resource.RLIMIT_DATA, (LIMIT_DATA, LIMIT_DATA))


def extract(pieces):
    """Feeds the pieces; returns status, lines, stderr."""
    sanitized = "asan" in PROGRAM
    with subprocess.Popen(
            [PROGRAM, "csv", "-", "-s", "s", "-o", "o", "--rejects",
             "/dev/null"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=None if sanitized else cap) as run:
        pid = os.fork()
        if pid == 0:
            run.stdout.close()
            try:
                for piece in pieces:
                    run.stdin.write(piece)
                run.stdin.close()
            finally:
                os._exit(0)
        run.stdin.close()
        out = run.stdout.read()
        err = run.stderr.read().decode()
        os.waitpid(pid, 0)
    return run.returncode, [json.loads(x) for x in out.splitlines()], err


def many(cell, count):
    for _ in range(count):
        yield cell


def around(row):
    """A good row, the row, a good row."""
    yield b"id,a,b\n1,x,y\n"
    yield from row
    yield b"\n3,x,y\n"


def columns(count, rows):
    names = ["id"] + [f"c{i}" for i in range(1, count)]
    yield (",".join(names) + "\n").encode()
    for i in range(rows):
        yield (",".join([str(i)] + ["v"] * (count - 1)) + "\n").encode()


checks = []


def check(name, passed, *why):
    checks.append(passed)
    print("ok" if passed else "not ok", len(checks), "-", name)
    for line in [] if passed else why:
        print("#", str(line)[:300])


def between(name, row, problem, sees=True):
    status, lines, err = extract(around(row))
    ids = [(line["type"], line["id"]) for line in lines[1:-1]]
    want = [("record", "1"), ("seen", "2"), ("record", "3")]
    if not sees:
        want.remove(("seen", "2"))
    check(name, status == 1 and ids == want and lines[-1]["type"] == "end"
          and lines[-1].get("absence", True) == sees and problem in err,
          status, ids, lines[-1], err)


BLOCK = b"a" * MEGA
between("a cell of 32 MB", [b"2,", *many(BLOCK, 32), b",y"], "longer")
between("a quoted cell of 32 MB, full of quotes",
        [b'2,"', *many(b'""' * (MEGA // 2), 32), b'",y'], "longer")
between("the id is 32 MB", [*many(BLOCK, 32), b",x,y"], "longer", sees=False)
between("a line of 100 MB, in cells of 1 MB",
        [b"2", *many(b"," + BLOCK, 100)], "cells")
between("a cell that escapes to more than a line",
        [b'2,"', *many(b"\x01" * MEGA, 8), b'",y'], "longer")
between("a row of 20,000 cells", [b"2", *many(b",x", 19999)], "cells")

status, lines, err = extract(
    around([b'2,"', *many(b"line\n" * 1000, 20000), b'",y']))
check("a cell of 100 MB over 20,000,000 lines: the lines after it are known",
      status == 1 and "line 3: " in err and
      [line["id"] for line in lines if line["type"] == "record"] == ["1", "3"]
      and lines[-1].get("absence") is False, status, err, lines[-1])

status, lines, err = extract([
    b'id,a\n1,"', *many(b"line\n" * 1000, 20000), b'"\n2\n'])
check("and counted", "line 20000003: " in err, err)

status, lines, err = extract(columns(10000, 3))
check("10,000 columns", status == 0 and len(lines) == 5 and
      len(lines[2]["data"]) == 10000 and lines[2]["data"]["c9999"] == "v",
      status, err)

status, lines, err = extract(columns(20000, 1))
check("20,000 columns are refused", status == 2 and "16384" in err
      and len(lines) == 1, status, err)

status, lines, err = extract([b"id,", *many(BLOCK, 100), b"\n1,x\n"])
check("a header of 100 MB is refused", status == 2 and len(lines) == 1,
      status, err)
status, lines, err = extract([b"id", *many(b"," + BLOCK * 15, 20), b"\n1\n"])
check("a header of 20 cells of 15 MB is refused", status == 2 and
      len(lines) == 1 and "longer than" in err, status, err)
print(f"1..{len(checks)}")
