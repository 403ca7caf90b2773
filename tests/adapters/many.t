#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Answers with very many rows: refused, or worth no more than their length.

Such an answer is no system's of good will: what is looked up per row must not
take a time that grows with the square of it.
"""
import json
import os
import resource
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.dirname(os.path.dirname(HERE))
VARIANT = os.environ.get("CRM_VARIANT", "release")
DRIVE = os.path.join(TREE, ".build", {"valgrind": "release"}.get(
    VARIANT, VARIANT), "helper", "adapter_drive")
SECONDS = 3 if VARIANT == "release" else 60
count = 0
failed = 0


def ok(good, name, why=""):
    global count, failed
    count += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {count} - {name}")
    if not good:
        print("# " + why[-300:].replace("\n", "\n# "))


def limit():
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


READ = {"read": {"object": "contacts", "mapping": "contact.hubspot",
                 "full": True}}


def drive(answers, do=None, mappings="hubspot/mappings"):
    """What gets these answers, else a reading: its lines, and the last."""
    with tempfile.TemporaryDirectory(prefix="adapter.") as work:
        for name, text in (("do", json.dumps(do or READ)), ("wire", "".join(
                f"> \n< {status}\n{json.dumps(body)}\n"
                for status, body in answers))):
            with open(os.path.join(work, name), "w",
                      encoding="utf-8") as file:
                file.write(text)
        env = dict(os.environ, CRM_HOME="/nonexistent", CRM_MAPPINGS=os.path.
                   join(HERE, mappings))
        done = subprocess.run(
            [DRIVE, "hubspot", "do", "wire", "said"], cwd=work, env=env,
            capture_output=True, text=True, check=False, preexec_fn=limit)
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        return lines, f"status {done.returncode}: {done.stderr}"
    return lines, lines[-1]


def row(number):
    return {"id": str(number), "updatedAt": "2026-02-03T10:11:12.345Z",
            "properties": {"email": f"p{number}@acme.test"}}


def page(numbers):
    return 200, {"results": [row(n) for n in numbers]}


def linked(number, to):
    return {"from": {"id": str(number)}, "to": [
        {"toObjectId": n, "associationTypes": []} for n in to]}


NONE = page([])
NO_DEALS = 200, {"results": []}

_, end = drive([page(range(1, 60002)), NONE])
ok("more rows than" in end, "a page of very many rows is refused", end)

_, end = drive([page(range(1, 1001)),
                (200, {"results": [linked(5000000 + n, [])
                                   for n in range(200000)]})])
ok("more rows than" in end, "so are associations of very many strangers", end)

_, end = drive([page(range(1, 1001)),
                (207, {"results": [], "errors": [
                    {"category": "OBJECT_NOT_FOUND", "context":
                     {"fromObjectId": ["7000000"] * 400}}
                    for _ in range(500)]})])
ok("more rows than" in end, "and errors of them", end)

lines, end = drive([page([1]), NONE,
                    (200, {"results": [linked(1, range(300000, 0, -1))]}),
                    NO_DEALS])
ok(len(lines) == 2 and '"association:companies":"1"' in lines[0] and
   '"rc":"ok"' in end, "who has very many associations has them in order",
   "\n".join(line[:200] for line in lines) + end)

lines, end = drive([page(range(1, 1001)),
                    (200, {"results": [linked(n, [n]) for n in
                                       range(1000, 0, -1)]}), NO_DEALS, NONE])
ok(len(lines) == 1001 and '"rc":"ok"' in end,
   "answers in no order are taken", end)

more = page(range(1, 1001))
more[1]["paging"] = {"next": {"after": "1001"}}
lines, end = drive([more, NO_DEALS, NO_DEALS, (400, {}), NONE, NONE])
ok(sum('"record"' in line for line in lines) == 1000 and
   '"rc":"ok"' in end, "a cursor that ended meanwhile is no end", end)

ITEMS = [f"item-{n}" for n in range(50000)]
VERSION = "2026-11-20T12:00:00.000Z"
WRITE = {"write": {
    "object": "contacts", "mapping": "contact.alike", "compare": True,
    "items": [{"kind": "update", "uid": "u-1", "id": "1", "version": VERSION,
               "data": {"tags": "a"}, "expected": {"tags": ";".join(ITEMS)}}]}}


def there(tags):
    return 200, {"results": [{
        "id": "1", "properties": {"tags": ";".join(tags)},
        "createdAt": VERSION, "updatedAt": "2026-11-20T12:00:02.000Z"}]}


for tags, stale in ((ITEMS[::-1] + ITEMS[:9], False), (ITEMS[1:], True)):
    lines, end = drive([there(tags), there(["a"])], WRITE,
                       "hubspot/write-update-alike/mappings")
    ok(("stale" in "".join(lines)) == stale and "status" not in end,
       f"a set of very many items is compared ({stale})", end)
print(f"1..{count}")
sys.exit(failed > 0)
