#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Data Loader's own CSV files and exports, against Python's csv module, which
reads them all the same: cells as they stand, whatever they mean."""
import csv
import glob
import json
import os
import subprocess

TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
DATA = os.path.join(TREE, "tests", "data", "salesforce-dataloader")
PROGRAM = os.path.join(os.environ.get("CRM_BIN", os.path.join(TREE, "bin")),
                       "crm-extract")
ENCODING = {"accountData.csv": "latin-1", "csvtext_BOM_UTF16LE.csv": "utf-16"}
SAID = {"accountData.csv": "ISO-8859-1"}
# Two of them do not end with a line end.
UNENDED = {"csvEscapedQuotes.csv", "upsertFkAccountNewFormatCsvTemplate.csv"}


def wanted(path):
    name = os.path.basename(path)
    with open(path, encoding=ENCODING.get(name, "utf-8-sig"),
              newline="") as file:
        rows = [row for row in csv.reader(file) if row]
    return rows[0], rows[1:]


def extract(path, key):
    name = os.path.basename(path)
    options = ["-k", key]
    if name in SAID:
        options += ["--encoding", SAID[name]]
    if name in UNENDED:
        options += ["--whole"]
    done = subprocess.run([PROGRAM, "csv", path, *options], check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return (done.returncode, [json.loads(x) for x in done.stdout.splitlines()],
            done.stderr.decode())


def wrong_with(path):
    """None, or what differs."""
    names, rows = wanted(path)
    full = [row for row in rows if len(row) == len(names)]
    status, lines, err = extract(path, names[0])
    got = [[line["data"].get(name, "") for name in names]
           for line in lines if line["type"] == "record"]
    if got != full:
        return f"rows differ: {err}"
    if len(full) < len(rows):
        return None if status == 1 else f"status {status}"
    if status != 0 or lines[-1].get("count") != len(rows):
        return f"status {status}, {lines[-1]}, {err}"
    return None


def main():
    paths = sorted(glob.glob(os.path.join(DATA, "*.csv")))
    for number, path in enumerate(paths, 1):
        wrong = wrong_with(path)
        print("not ok" if wrong else "ok", number, "-",
              os.path.basename(path))
        if wrong:
            print("#", wrong[:1000])
    print(f"1..{len(paths)}" if len(paths) > 10 else "1..99 # data is missing")


main()
