#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A run's time is linear in its records, its memory eight bytes a record; a
reader's memory does not grow at all.  usage: scale.t [RECORDS]"""
import os
import resource
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import done, ok  # noqa: E402

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DRIVE = ".build/release/helper/filestore_drive"
MANY = int(sys.argv[1]) if len(sys.argv) > 1 else 200000
FEW = MANY // 4


def cost(folder, mode, operations, room=1 << 30):
    """CPU seconds of one run that may have `room` bytes of memory."""
    def limit():
        resource.setrlimit(resource.RLIMIT_DATA, (room, room))
    child = subprocess.Popen([os.path.join(TREE, DRIVE), mode, "app", "c"],
                             cwd=folder, stdin=subprocess.PIPE,
                             stdout=subprocess.DEVNULL, preexec_fn=limit)
    child.stdin.write(operations.encode())
    child.stdin.close()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = status
    return used.ru_utime + used.ru_stime if status == 0 else None


def costs(n):
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "app"))
        room = (10 << 20) + n * 16
        return {
            "creates": cost(folder, "write", f"make\t1\t{n}\t600\n", room),
            "reading": cost(folder, "count", "", 4 << 20),
            "one update": cost(folder, "write", "touch\t7\t1\n", room),
            "updates of all": cost(folder, "write", f"touch\t1\t{n}\n",
                                   room + n * 16),
        }


def main():
    few, many = costs(FEW), costs(MANY)
    for what in many:
        ok(few[what] is not None and many[what] is not None,
           f"{what}: memory suffices")
        slower = (many[what] or 99) / (few[what] or 1) * FEW / MANY
        ok(slower < 1.6, f"{what}: {MANY} cost {slower:.2f} times as much a "
           f"record as {FEW} ({many[what] or 0:.2f} s CPU)")
    done()


main()
