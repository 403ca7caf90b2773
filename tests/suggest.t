#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""crm-map --suggest against the shipped mappings: of the pairs a shipped
mapping has and the description can show, at least 90 % are proposed, and none
that is wrong.  Recorded descriptions and headers; then the headers exports
have by the mappings' own labels."""
import glob
import os
import re
import subprocess
import sys

TREE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BIN = os.environ.get("CRM_BIN", os.path.join(TREE, "bin"))
ENV = dict(os.environ, CRM_MAPPINGS=os.path.join(TREE, "mappings"))
DATA = os.path.join(TREE, "tests", "data")
# Its titles are names of leads, and nothing but the system's name says so.
UNCLEAR = {"lead.pipedrive"}
ENTRY = re.compile(r'^\s+(\w+):\s*\{\s*from:\s*"([^"]*)"(?:,\s*labels:\s*'
                   r'\[([^\]]*)\])?', re.M)
RECORDED = [
    ("customer.salesforce", "salesforce-describe/Account.json"),
    ("contact.salesforce", "salesforce-describe/Contact.json"),
    ("deal.salesforce", "salesforce-describe/Opportunity.json"),
    ("customer.salesforce", "salesforce-dataloader/accountData.csv"),
    ("deal.salesforce", "salesforce-dataloader/opportunityData.csv"),
    ("contact.salesforce", "salesforce-sample/Contact_Data.csv"),
    ("lead.salesforce", "salesforce-sample/Lead_Data.csv"),
]


def shipped(name):
    """field -> the names a mapping knows it by."""
    with open(os.path.join(TREE, "mappings", name + ".jq"),
              encoding="utf-8") as file:
        text = file.read()
    return {field: [origin] + re.findall(r'"([^"]*)"', labels or "")
            for field, origin, labels
            in ENTRY.findall(text[text.index("fields:"):])}


def suggest(name, data):
    done = subprocess.run([os.path.join(BIN, "crm-map"), "--suggest", name],
                          input=data, env=ENV, check=False,
                          stdout=subprocess.PIPE)
    text = done.stdout.decode()
    if done.returncode or "fields:" not in text:
        return None
    return {field: origin for field, origin, _
            in ENTRY.findall(text[text.index("fields:"):])}


def names_in(data):
    text = data.decode("latin-1")
    if text.startswith("{"):
        return re.findall(r'"name":"([^"]*)"', text)
    return [cell.strip('"') for cell in
            text.splitlines()[0].split(",")]


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def ok(self, passed, what, why=()):
        self.count += 1
        self.failed += not passed
        print("ok" if passed else "not ok", self.count, "-", what)
        for line in [] if passed else why:
            print("#", line)


def judge(tap, name, what, data):
    known = {field: {n.lower() for n in names}
             for field, names in shipped(name).items()}
    there = {n.lower() for n in names_in(data)}
    wanted = {field for field, names in known.items() if names & there}
    found = suggest(name, data)
    if found is None:
        tap.ok(False, f"{name} from {what}: a proposal")
        return
    right = {f for f in wanted if found.get(f, "").lower() in known[f]}
    wrong = [f"{f}: {n}" for f, n in found.items()
             if n.lower() not in known.get(f, ())]
    tap.ok(wanted and len(right) >= 0.9 * len(wanted),
           f"{name} from {what}: {len(right)} of {len(wanted)} pairs",
           sorted(wanted - right))
    tap.ok(not wrong, f"{name} from {what}: no wrong pair", wrong)


def main():
    tap = Tap()
    for name, path in RECORDED:
        with open(os.path.join(DATA, path), "rb") as file:
            data = file.read()
        if path.endswith(".csv"):
            data = data.splitlines(True)[0]
        judge(tap, name, path, data)
    for path in sorted(glob.glob(os.path.join(TREE, "mappings", "*.*.jq"))):
        name = os.path.basename(path)[:-3]
        for which, pick in (("names", 0), ("labels", 1)):
            if name in UNCLEAR:
                continue
            header = ",".join('"' + n[min(pick, len(n) - 1)] + '"'
                              for n in shipped(name).values())
            judge(tap, name, f"its {which} as a header", header.encode())
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
