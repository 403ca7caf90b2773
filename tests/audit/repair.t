#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What can be computed again is: links from the uids that records carry, and
by crm-state check --repair the queue, tallies, redirects and the index of
match keys.  Each table is damaged; the state is put right and behaves as
before.  What is well is left as it is.
"""
import hashlib
import json
import os
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from world import TREE, World, done, ok  # noqa: E402

DAMAGE = os.path.join(TREE, ".build/release/helper/state_damage")

ENTITY = """{entity: "person", match: [["name"]], deletes: "archive", fields: {
 name: {type: "text", rule: "latest"}, city: {type: "text", rule: "manual"},
 phone: {type: "text", rule: "latest"}}}"""


def damaged(w, edit, more=()):
    """A copy of the world whose state lacks the rows that `edit` drops."""
    lines = []
    for line in w.must("crm-state dump").stdout.splitlines()[:-1]:
        row = json.loads(line)
        if row["type"] != "row" or edit(row):
            lines.append(line)
    lines += more
    last = bytes(32)
    for line in lines:
        last = hashlib.sha256(last + line.encode()).digest()
    lines.append(json.dumps({
        "type": "dump-end", "digest": last.hex(),
        "rows": sum('"type":"row"' in line for line in lines)},
        separators=(",", ":")))
    other = w.copy()
    shutil.move(other.path(".crm"), other.path("old"))
    other.write("damaged", "".join(line + "\n" for line in lines))
    other.must("crm-state -q restore damaged; cp -r old/audit .crm")
    return other


def parts(row):
    return row.get("key", "").split("\0")


def repaired(w, may=(0,)):
    out = w.must("crm-state check --repair", may).stdout.splitlines()
    return {k: v for k, v in json.loads(out[0]).items()
            if v and k != "type"}, json.loads(out[1])["problems"]


def listed(w, what):
    return [json.loads(x) for x in w.must(f"crm-state {what}").stdout
            .splitlines()]


def at_rest(w):
    w.sync()
    return not [x for x in w.lines("plan") if x["type"] == "operation"]


def read(w, side):
    return (f"crm-extract --full {side} person -m person.{side} | "
            f"crm-map person.{side}")


def relink(w, *sides, may=(0, 1), extra=""):
    command = "{ " + "; ".join(read(w, s) for s in sides) + "; }" + extra
    ended = w.must(command + " | crm-state links --rebuild", may)
    lines = [json.loads(x) for x in ended.stdout.splitlines()]
    # one was archived, and still carries its uid
    return [x for x in lines[:-1] if x["id"] != "a:person:4"], \
        {k: v for k, v in lines[-1].items() if k != "type"}


def links(w):
    before = sorted((x["system"], x["id"], x["uid"], x["live"])
                    for x in listed(w, "links"))
    other = damaged(w, lambda r: r["table"] != "link")
    ok(other.run("crm-state links").stdout == "", "all links are lost")
    left, sums = relink(other, "a", "b")
    after = sorted((x["system"], x["id"], x["uid"], x["live"])
                   for x in listed(other, "links"))
    ok(after == [x for x in before if x[3]] and sums["linked"] == len(after)
       and not left, "the uids that records carry bring them back", after,
       left, sums)
    ok(relink(other, "a", "b")[1]["linked"] == 0, "once")
    repaired(other)
    people = other.people("a"), other.people("b")
    ok(at_rest(other) and at_rest(other) and
       (other.people("a"), other.people("b")) == people,
       "and nothing is created or changed by it", other.read("plan"))
    ok(any(x["type"] == "relinked" for x in other.audit()),
       "the audit says so")
    other.remove()


def add(w, side, **record):
    with open(w.path(f"{side}/person.ndjson"), "a", encoding="utf-8") as file:
        file.write(json.dumps(record) + "\n")


def doubtful(w):
    other = w.copy()
    rows = {r["id"]: r for r in other.lines("b/person.ndjson")}
    stamp = next(iter(rows.values()))["uid"]
    add(other, "b", id="copy", name="Copy", uid=stamp)
    add(other, "b", id="stray", name="Stray", uid="a:person:none")
    add(other, "b", id="plain", name="Plain")
    left, sums = relink(other, "b")
    ok({x["id"]: x["why"][:26] for x in left} ==
       {"copy": "that record is another one", "stray":
        "no record of that uid is k"} and sums["without_uid"] == 1 and
       not sums["linked"], "copies, unknown uids and none are not linked",
       left, sums)
    other.remove()
    # nobody knows any more which of the two it was
    other = damaged(w, lambda r: not (r["table"] in ("link", "shadow") and
                                      "b" in parts(r)))
    add(other, "b", id="copy", name="Copy", uid=stamp)
    left, sums = relink(other, "b")
    ok(len(left) == 2 and {x["uid"] for x in left} == {stamp} and
       all("several" in x["why"] for x in left),
       "where two carry one uid, neither is linked", left, sums)
    ok(sums["linked"] == len(rows) - 2, "the others are", sums)
    cut = other.run(f"{read(other, 'b')} | head -n 2 | crm-state links "
                    "--rebuild")
    ok(cut.returncode == 3 and "before its end" in cut.stderr,
       "an input that is cut short links nothing", cut.stderr)
    raw = other.run("crm-extract --full b person | crm-state links "
                    "--rebuild")
    ok(raw.returncode == 2 and "crm-map" in raw.stderr,
       "records that were not mapped are refused", raw.stderr)
    other.remove()


def queue(w):
    w = w.copy()
    w.edit("a", 1, name="Anna")
    w.drop("a", 2)
    add(w, "a", id="fresh", name="Fresh")
    w.minute += 1
    w.must("for s in a b; do crm-extract --full $s person -m person.$s |"
           " crm-map person.$s | crm-diff; done | crm-resolve -q person"
           " > plan")
    want = {x["uid"] for x in listed(w, "queue")}
    other = damaged(w, lambda r: r["table"] != "outbox")
    said, problems = repaired(other)
    got = listed(other, "queue")
    ok(len(want) == 3 and said == {"pending": 2} and
       not problems and
       {x["uid"] for x in got} == want - {"a:person:fresh"} and
       {x["status"] for x in got} == {"proposed"},
       "what differs is pending again, for a person or the next run", said,
       got)
    ok(repaired(other)[0] == {}, "once", repaired(other))
    other.sync()
    other.must("crm-load -q b --pending > r")
    ok([x["uid"] for x in listed(other, "queue")] == ["a:person:2"],
       "the next run decides it, but not a removal", listed(other, "queue"))
    other.must("crm-state -q approve b")
    other.must("crm-load -q b --pending > r")
    other.sync()
    names = {n: p["name"] for n, p in other.people("b").items()
             if not p.get("archived")}
    ok(names.get("1") == "Anna" and "2" not in names and
       names.get("fresh") == "Fresh" and not listed(other, "queue"),
       "which delivers it", names, listed(other, "queue"))
    other.remove()
    # and the other way round: what was delivered is pending still
    stale = [x for x in w.must("crm-state dump").stdout.splitlines()
             if '"table":"outbox"' in x]
    w.sync()
    w.must("crm-load -q b --pending > r")
    other = damaged(w, lambda r: True, stale)
    had = len(listed(other, "queue"))
    said, problems = repaired(other)
    ok(had == 3 and said == {"dropped": 3} and not problems and
       not listed(other, "queue"), "what does not differ is not pending",
       had, said)
    other.remove()
    w.remove()


def tallies(w):
    other = damaged(w, lambda r: not (r["table"] == "meta" and
                                      r.get("key", "x")[:1] == "\0"))
    complained = other.run("crm-state check")
    ok(complained.returncode == 4 and "number of links" in complained.stderr,
       "a check sees that links are counted wrong", complained.stderr)
    said, problems = repaired(other)
    ok(said.get("tallies") == 2 and not problems and
       repaired(other)[0] == {}, "links are counted again", said)
    add(other, "a", id="more", name="More")
    other.sync()
    other.sync()
    other.must("crm-load -q b --pending > r")
    ok("more" in other.people("b") and at_rest(other),
       "and go on from there", other.people("b"))
    other.remove()


def redirects():
    if not os.path.exists(DAMAGE):
        return
    w = World(4)
    w.write("mappings/person.file.jq", w.read("mappings/person.file.jq")
            .replace('uid: "uid",', 'uid: "uid", merged_into: "into",'))
    w.sync()
    w.sync()
    w.edit("a", 1, into="2")
    w.sync()
    w.sync()
    into = listed(w, "show a:person:1")[0].get("merged_into")
    other = w.copy()
    other.must(f"{DAMAGE} meta 'redirect|'")
    lost = "merged_into" in listed(other, "show a:person:1")[0]
    said, _ = repaired(other, (0, 1, 4))
    ok(into == "a:person:2" and not lost and said.get("redirects") == 1 and
       listed(other, "show a:person:1")[0].get("merged_into") == into,
       "where a merged record went is in the audit", into, said)
    ok("redirects" not in repaired(other, (0, 1, 4))[0], "once")
    other.remove()
    w.remove()


def index():
    """Somebody with a known name comes after the index was lost."""
    w = World(300)
    w.write("mappings/person.jq", ENTITY)
    w.sync()
    w.sync()
    add(w, "b", id="y", name="Ylva")
    w.sync()
    w.sync()
    rows = [x for x in listed(w, "dump") if x.get("table") == "match"]
    other = damaged(w, lambda r: r["table"] != "match")
    said, problems = repaired(other)
    again = [x for x in listed(other, "dump") if x.get("table") == "match"]
    ok(not problems and said.get("indexed") == 301 and len(rows) == 301 and
       again == rows, "the index of match keys is made again", said,
       len(rows), len(again))
    add(other, "b", id="z", name="Ylva")
    other.sync()
    ok(listed(other, "reviews"), "and asks who is who",
       other.read("plan"))
    other.remove()
    w.remove()


def well(w):
    before = w.must("crm-state dump").stdout.splitlines()[1:-1]
    said, problems = repaired(w)
    after = w.must("crm-state dump").stdout.splitlines()[1:-1]
    ok(said == {} and not problems and before == after,
       "what is well is left as it is", said)


def main():
    w = World(6)
    w.sync()
    w.sync()
    w.edit("a", 0, city="Ulm")
    w.drop("a", 4)
    w.sync()
    w.sync()
    well(w)
    links(w)
    doubtful(w)
    queue(w)
    tallies(w)
    redirects()
    index()
    w.remove()
    return done()


sys.exit(main())
