#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The table of behaviours and the switches there are tell the same."""
import os
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]
from sandbox import faults  # noqa: E402
from wire import done, same  # noqa: E402

rows, bad, lost = [], [], []
with open(os.path.join(HERE, "behaviours"), encoding="utf-8") as file:
    for line in file:
        if not line.startswith("#"):
            rows.append(line.rstrip("\n").split("\t"))
for row in rows:
    if len(row) != 4 or not all(row):
        bad.append(row)
        continue
    if not os.path.exists(os.path.join(HERE, row[2])):
        lost.append(row[2])
    if not os.path.exists(os.path.join(os.path.dirname(HERE), row[3])):
        lost.append(row[3])
switches = {row[1] for row in rows} - {"always", "edit"}
known = set(faults.SETTINGS) | set(faults.STRIKES)
same(bad, [], "four columns each")
same(lost, [], "the tests it names are there")
same(sorted(known - switches), [], "no switch is missing")
same(sorted(switches - known), [], "and none is told that is not there")
unshown, unused = [], []
for row in rows:
    with open(os.path.join(HERE, row[2]), encoding="utf-8") as file:
        if row[1] in known and row[1] not in file.read():
            unshown.append(row[:3])
    path = os.path.join(os.path.dirname(HERE), row[3])
    if row[1] in known and not row[3].startswith("adapters/"):
        with open(path, encoding="utf-8") as file:
            if row[1] not in file.read():
                unused.append(row)
same(unshown, [], "each switch is used by the test that shows it")
same(unused, [], "and by that of our handling, unless it is of files alone")
done()
