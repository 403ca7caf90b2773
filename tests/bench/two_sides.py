# SPDX-License-Identifier: MIT
"""two_sides: both sides of a sync have changed; what must each be told?"""
import json
import os
import shutil
import subprocess

from harness import (DATA, ENV, FIELDS, ROWS, WORK, Task, data, duck_out,
                     duckdb, lines, made, new_home, sh)

CSV = ("crm-extract csv {} -s salesforce -o Account -k Id | "
       "crm-map customer.salesforce")
DAY = "export CRM_NOW=2026-11-{}T12:00:00Z; "


def both_equal():
    """A state in which both sides hold the same; kept beside the data."""
    kept = os.path.join(DATA, "equal.home")
    app = os.path.join(DATA, "app.mapped")
    crm = made("crm.mapped", DAY.format(20) + CSV.format(data("accounts.csv")))
    if not os.path.exists(kept):
        new_home('salesforce: {kind: "file", path: "crm"}')
        read_app = ("crm-extract app customer --full | crm-map customer.app")
        for day, command in (
                (20, f"{{ {read_app} | crm-diff; crm-diff < {crm}; }} | "
                     "crm-resolve customer | crm-load app > /dev/null"),
                (21, f"{read_app} | crm-diff | crm-resolve customer "
                     "> /dev/null"),
                (22, f"{read_app} > {app}")):
            subprocess.run(["bash", "-c", "set -o pipefail; "
                            + DAY.format(day) + command], env=ENV, cwd=WORK,
                           check=True)
        shutil.copytree(ENV["CRM_HOME"], kept)
    return kept, crm, app


EDIT = r"""awk 'NR == 1 { sub(/"started":"[^"]*/, "\"started\":\"%s") }
NR %% 100 == %d && sub(/"%s":"/, "&X") {
sub(/"modified":"[^"]*/, "\"modified\":\"%s") } 1' """
LATER = "2026-11-23T12:00:00.000Z"


def changed(name, source, field, at):
    """The stream with one field changed in every hundredth record."""
    return made(name, EDIT % (LATER, at, field, LATER) + source)


def flat(name, stream):
    """The fields as flat objects with our uid, for the peers."""
    path = os.path.join(DATA, name)
    if not os.path.exists(path):
        with open(path + ".new", "w", encoding="utf-8") as file:
            for line in lines(stream):
                if "fields" in line:
                    uid = line.get("uid") or "salesforce:Account:" + line["id"]
                    file.write(json.dumps({"id": uid, **line["fields"]},
                                          default=str) + "\n")
        os.rename(path + ".new", path)
    return path


def duckdb_merge(base, ours, theirs, out):
    columns = "{" + ", ".join(f"'{c}': 'VARCHAR'"
                              for c in ["id", *FIELDS]) + "}"
    views = "".join(
        f"CREATE VIEW {name} AS SELECT * FROM read_json('{path}', "
        f"format='newline_delimited', columns={columns}); "
        for name, path in (("o", base), ("a", ours), ("b", theirs)))
    merged = {f: f"CASE WHEN a.{f} IS DISTINCT FROM o.{f} THEN a.{f} "
              f"ELSE b.{f} END" for f in FIELDS}
    tell = {side: ", ".join(
        f"{f}: CASE WHEN {merged[f]} IS DISTINCT FROM {side}.{f} "
        f"THEN {merged[f]} END" for f in FIELDS) for side in "ab"}
    differ = " OR ".join(f"a.{f} IS DISTINCT FROM b.{f}" for f in FIELDS)
    return (views + "COPY (SELECT o.id AS id, "
            f"{{{tell['a']}}} AS app, {{{tell['b']}}} AS salesforce "
            "FROM o FULL JOIN a ON a.id = o.id FULL JOIN b ON b.id = o.id "
            f"WHERE {differ}) TO '{out}' (FORMAT json)")


def told(path):
    """Who is to be told what: (uid, system) and the fields."""
    found = []
    for line in lines(path):
        if line.get("type") == "operation":
            found.append((line["uid"], line["system"], line["fields"]))
        elif "app" in line and "id" in line:
            for system in ("app", "salesforce"):
                fields = {k: v for k, v in line[system].items()
                          if v is not None}
                if fields:
                    found.append((line["id"], system, fields))
    return sorted([(f"{uid} {system}", fields)
                   for uid, system, fields in found])


def task_merge():
    """Two streams with 1 % changed in each, to operations durable."""
    kept, crm, app = both_equal()
    streams = (changed("app.later", app, "street", 57),
               changed("crm.later", crm, "city", 7))

    def before():
        shutil.rmtree(ENV["CRM_HOME"])
        shutil.copytree(kept, ENV["CRM_HOME"])

    new_home()
    task = Task("three-way merge, 1 % changed on both sides", told)
    # data of a process, without what LMDB maps
    task.run("crm-diff | crm-resolve", sh(
        DAY.format(23) + "ulimit -d 262144; { crm-diff < %s; crm-diff < %s; } "
        "| crm-resolve customer" % streams), before)
    base = flat("base.flat", crm)
    sides = [flat(name, stream) for name, stream in
             zip(("app.flat", "crm.flat"), streams)]
    for threads in (1, 2):
        task.peer(f"duckdb {threads} threads", duckdb(
            duckdb_merge(base, *sides, duck_out(threads)), threads))
