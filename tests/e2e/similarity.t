#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""People who are known to be the same are found, by the rule that is shipped:
F1 of pairs on FEBRL's data (tests/data/febrl) is 0.995 or better, whichever
side and whatever order they come in; and nobody else is taken for them.
"""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import done, ok  # noqa: E402

TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BIN = os.environ.get("CRM_BIN", os.path.join(TREE, "bin"))
DATA = os.path.join(TREE, "tests", "data", "febrl")
FOLDER = tempfile.mkdtemp(prefix="similarity.")
ENV = {"PATH": BIN + ":/usr/bin:/bin", "CRM_NOW": "2026-11-20T12:00:00Z",
       "CRM_MAPPINGS": DATA + ":" + os.path.join(TREE, "mappings")}


def run(command, text=None):
    ended = subprocess.run(["sh", "-c", command], cwd=FOLDER, env=ENV,
                           input=text, capture_output=True, text=True)
    if ended.returncode:
        raise SystemExit(f"{command}: {ended.returncode}: {ended.stderr}")
    return ended.stdout


def records(system, name):
    return run(f"crm-extract csv {DATA}/{name}.csv -s {system} -o people "
               f"-k rec_id --whole | crm-map person.{system}")


def person(record):
    return record["id"].split("-")[1]


def key(pair):
    return tuple(sorted((pair[s]["system"], pair[s]["id"]) for s in "ab"))


def same(stream, options=""):
    pairs = [json.loads(line) for line in
             run("crm-match " + options, stream).splitlines()]
    return [pair for pair in pairs if pair["verdict"] == "same"]


def measure(pairs, truth):
    right = sum(person(pair["a"]) == person(pair["b"]) for pair in pairs)
    return 2 * right / (len(pairs) + truth)


def shuffled(stream):
    lines = stream.splitlines()
    middle = lines[1:-1]
    random.Random(7).shuffle(middle)
    return "\n".join([lines[0], *middle, lines[-1]]) + "\n"


run("crm-state -q init")
with open(os.path.join(FOLDER, ".crm", "systems.jq"), "w",
          encoding="utf-8") as file:
    file.write('{one: {kind: "csv"}, left: {kind: "csv"}, '
               'right: {kind: "csv"}}')

one = records("one", "dataset1")
found = same(one)
score = measure(found, 500)
print(f"# dataset1: F1 {score:.4f}")
ok(score >= 0.995, "duplicates inside one input", score)
ok({key(p) for p in same(shuffled(one))} == {key(p) for p in found},
   "the same in another order")

left, right = records("left", "dataset4a"), records("right", "dataset4b")
found = same(left + right)
score = measure(found, 5000)
print(f"# dataset4: F1 {score:.4f}")
ok(score >= 0.995, "one input against another", score)
mirrored = {key(p) for p in same(shuffled(right) + shuffled(left))}
ok(mirrored == {key(p) for p in found},
   "the same from the other side, in another order")
for side in "ab":
    taken = [p[side]["id"] for p in found]
    ok(len(taken) == len(set(taken)), f"nobody twice on side {side}")

found = same(left + right, "--within")
inside = [p for p in found if p["a"]["system"] == p["b"]["system"]]
ok(not inside, "nobody is there twice", inside[:3])

# Of those who are not in the other half nobody is found.
half = right.splitlines()
ids = [json.loads(line)["id"].split("-")[1] for line in half[1:-1]]
kept = [line for line, i in zip(half[1:-1], ids) if int(i) % 2]
found = same(left + "\n".join([half[0], *kept, half[-1]]) + "\n", "--subset")
wrong = [p for p in found if person(p["a"]) != person(p["b"])]
ok(len(wrong) <= 3, "strangers stay strangers", wrong[:3])

# The whole way into the state: who is linked is linked to the right one.
with open(os.path.join(FOLDER, "records"), "w", encoding="utf-8") as file:
    file.write(left + right)
run("crm-diff < records | crm-resolve person > plan || [ $? -eq 1 ]")
linked = {}
for line in run("crm-state links").splitlines():
    link = json.loads(line)
    linked.setdefault(link["uid"], []).append(person(link))
pairs = [ids for ids in linked.values() if len(ids) > 1]
wrong = [ids for ids in pairs if len(set(ids)) > 1 or len(ids) > 2]
ok(not wrong, "crm-resolve links nobody wrongly", wrong[:3])
score = 2 * len(pairs) / (len(pairs) + 5000)
print(f"# linked: F1 {score:.4f}")
ok(score >= 0.995, "and finds as many", score)

shutil.rmtree(FOLDER)
done()
