#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A full sync in which one stage rejects one known record deletes nothing.

Each stage in turn is given a line it cannot use in place of one record's.
That run ends with exit 1 somewhere, deletes nothing, and says what it set
aside; the next run, undisturbed, ends where it would have without it.
"""
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from stages import FIRST, SECOND, Sync, check, done  # noqa: E402

ROWS = [FIRST[0], SECOND[1], FIRST[2]]  # B has another city
RAGGED = [FIRST[0], "001B,too,many,cells,here,2026-11-19T10:00:00.000Z,x,y\n",
          FIRST[2]]


def line_of(text, mark, old, new):
    """The stream with `old` made `new` in the line that has `mark`."""
    lines = text.splitlines(keepends=True)
    for n, line in enumerate(lines):
        if mark in line and re.search(old, line):
            lines[n] = re.sub(old, new, line, count=1)
            return b"".join(lines)
    return None


def spoiler(stage, mark, old, new, state):
    def spoil(name, text):
        if name != stage:
            return text
        spoiled = line_of(text, mark, old, new)
        state["spoiled"] = spoiled is not None
        return spoiled if spoiled is not None else text
    return spoil


# The line a stage gets of the known record, and how it is made unusable.
CASES = [
    ("salesforce map", b'"id":"001B"', rb'"NumberOfEmployees":"20"',
     rb'"NumberOfEmployees":"twenty"'),
    ("salesforce diff", b'"id":"001B"', rb'"fields":\{', rb'"fields":7,"x":{'),
    ("app map", b"Wien", rb'"data":\{', rb'"data":7,"x":{'),
    ("app diff", b"Wien", rb'"fields":\{', rb'"fields":7,"x":{'),
    ("resolve", b'"id":"001B"', rb'"op":"update"', rb'"op":"nonsense"'),
    ("load", b"Linz", rb'"version":\d+', b'"version":"none"'),
]


def names(store):
    return sorted(re.findall(rb'"city":"(\w+)"', store))


def run_case(stage, rows, spoil, state):
    sync = Sync()
    sync.sync(FIRST)
    check(names(sync.store()) == [b"Berlin", b"Bern", b"Wien"],
          f"{stage}: three records are there", sync.store())
    resolved, loaded = sync.sync(rows, spoil)
    check(state["spoiled"], f"{stage}: the record's line was spoiled",
          resolved, loaded)
    check(not re.search(rb'"op":"(delete|archive)"', resolved.out),
          f"{stage}: no deletion is decided", resolved)
    check(len(names(sync.store())) == 3, f"{stage}: all are still there",
          sync.store())
    resolved, loaded = sync.sync(ROWS)
    pending = sync.run(["crm-load", "app", "--pending"])
    check(names(sync.store()) == [b"Berlin", b"Bern", b"Linz"],
          f"{stage}: the next run brings what was set aside",
          resolved, loaded, pending, sync.store())
    sync.remove()


def main():
    for stage, mark, old, new in CASES:
        state = {"spoiled": False}
        run_case(stage, ROWS, spoiler(stage, mark, old, new, state), state)
    run_case("salesforce extract", RAGGED, None, {"spoiled": True})
    done()


main()
