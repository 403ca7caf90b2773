#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""csv-spectrum's files become the JSON it says.  Their first column is taken
as the id; --whole because half of them do not end with a line end."""
import glob
import json
import os
import subprocess

TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
DATA = os.path.join(TREE, "tests", "data", "csv-spectrum")
PROGRAM = os.path.join(os.environ.get("CRM_BIN", os.path.join(TREE, "bin")),
                       "crm-extract")


def extract(path):
    with open(path, encoding="utf-8") as file:
        key = file.readline().strip().split(",")[0]
    done = subprocess.run([PROGRAM, "csv", path, "-k", key, "--whole"],
                          stdout=subprocess.PIPE, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return done.returncode, [line["data"] for line in lines
                             if line["type"] == "record"], lines[-1]


def main():
    count = failed = 0
    for path in sorted(glob.glob(os.path.join(DATA, "csvs", "*.csv"))):
        name = os.path.splitext(os.path.basename(path))[0]
        with open(os.path.join(DATA, "json", name + ".json"),
                  encoding="utf-8") as file:
            want = json.load(file)
        want = want if isinstance(want, list) else [want]
        status, got, last = extract(path)
        count += 1
        passed = (status == 0 and got == want and last["type"] == "end"
                  and last["count"] == len(want))
        failed += not passed
        print("ok" if passed else "not ok", count, "-", name)
        if not passed:
            print(f"# status {status}\n# got:  {got}\n# want: {want}")
    print(f"1..{count}")
    return 1 if failed or count != 12 else 0


raise SystemExit(main())
