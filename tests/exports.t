#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Salesforce's own Account and Opportunity exports through crm-extract and
crm-map: every row comes out, and every field says what its cell said, by
Python's reading of the same file."""
import csv
import decimal
import json
import os
import re
import subprocess
import sys

TREE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BIN = os.environ.get("CRM_BIN", os.path.join(TREE, "bin"))
DATA = os.path.join(TREE, "tests", "data", "salesforce-dataloader")
ENV = dict(os.environ, CRM_MAPPINGS=os.path.join(TREE, "mappings"),
           CRM_HOME="/nonexistent")
TYPES = {"Prospect": "prospect", "Customer - Direct": "customer",
         "Customer - Channel": "customer_channel", "Other": "other",
         "Channel Partner / Reseller": "reseller",
         "Installation Partner": "installation_partner",
         "Technology Partner": "technology_partner"}


def lower(cell):
    return cell.lower()


def ref(entity):
    return lambda cell: {"ref": entity, "id": cell}


def truth(cell):
    return cell == "true"


def word(cell):
    return TYPES.get(cell, cell)


ACCOUNT = {
    "NAME": ("name", str), "BILLINGSTREET": ("street", str),
    "BILLINGCITY": ("city", str), "BILLINGSTATE": ("state", str),
    "BILLINGPOSTALCODE": ("postal_code", str),
    "BILLINGCOUNTRY": ("country", str), "TYPE": ("type", word),
    "INDUSTRY": ("industry", str), "RATING": ("rating", lower),
    "OWNERSHIP": ("ownership", lower), "ACCOUNTNUMBER":
    ("account_number", str), "TICKERSYMBOL": ("ticker", str),
    "ANNUALREVENUE": ("annual_revenue", decimal.Decimal),
    "NUMBEROFEMPLOYEES": ("employees", decimal.Decimal),
    "DESCRIPTION": ("description", str), "PARENTID":
    ("parent", ref("customer")), "OWNERID": ("owner", ref("user")),
    "LASTACTIVITYDATE": ("last_activity", str), "CREATEDDATE":
    ("created", str), "SHIPPINGSTREET": ("shipping_street", str),
    "SHIPPINGCITY": ("shipping_city", str), "SHIPPINGSTATE":
    ("shipping_state", str), "SHIPPINGPOSTALCODE":
    ("shipping_postal_code", str), "SHIPPINGCOUNTRY":
    ("shipping_country", str),
}
DEAL = {
    "NAME": ("name", str), "DESCRIPTION": ("description", str),
    "STAGENAME": ("stage", str), "AMOUNT": ("amount", decimal.Decimal),
    "PROBABILITY": ("probability", decimal.Decimal),
    "CLOSEDATE": ("close_date", str), "TYPE": ("type", str),
    "NEXTSTEP": ("next_step", str), "LEADSOURCE": ("source", str),
    "ISCLOSED": ("closed", truth), "ISWON": ("won", truth),
    "ACCOUNTID": ("customer", ref("customer")),
    "OWNERID": ("owner", ref("user")), "CREATEDDATE": ("created", str),
    "LASTACTIVITYDATE": ("last_activity", str),
}
# shapes of their own: what is left of them is compared by digits or host
LOOSE = {"PHONE": "phone", "FAX": "fax", "WEBSITE": "website"}
WWW = re.compile(r"^(https?://)?(www\.)?([^/]*)", re.IGNORECASE)


def mapped(path, obj, mapping, encoding):
    command = (f"'{BIN}/crm-extract' csv '{path}' -s salesforce -o {obj} "
               f"-m {mapping} --encoding {encoding} | '{BIN}/crm-map' "
               f"{mapping}")
    done = subprocess.run(["sh", "-c", command], env=ENV, check=False,
                          stdout=subprocess.PIPE)
    lines = [json.loads(line, parse_float=decimal.Decimal)
             for line in done.stdout.splitlines()]
    return done.returncode, lines


def loose(text):
    return "".join(c for c in text.lower() if c.isalnum())


def differences(row, fields, table):
    want = {}
    for column, (field, read) in table.items():
        if row.get(column, "") != "":
            want[field] = read(row[column])
    if row.get("WEBSITE"):
        want["domain"] = WWW.match(row["WEBSITE"]).group(3).lower()
    got = {f: v for f, v in fields.items() if f not in LOOSE.values()}
    for field in sorted(set(want) | set(got)):
        if want.get(field) != got.get(field):
            yield f"{field}: {got.get(field)!r}, not {want.get(field)!r}"
    for column, field in LOOSE.items():
        cell = loose(row.get(column, ""))
        if loose(fields.get(field, "")).replace("x", "") != \
                cell.replace("x", "").rstrip("/"):
            yield f"{field}: {fields.get(field)!r} of {row.get(column)!r}"


def main():
    count = failed = 0

    def check(passed, what, why=()):
        nonlocal count, failed
        count += 1
        failed += not passed
        print("ok" if passed else "not ok", count, "-", what)
        for line in [] if passed else list(why)[:20]:
            print("#", line)

    for name, obj, mapping, encoding, table in (
            ("accountData.csv", "Account", "customer.salesforce",
             "iso-8859-1", ACCOUNT),
            ("opportunityData.csv", "Opportunity", "deal.salesforce",
             "utf-8", DEAL)):
        path = os.path.join(DATA, name)
        with open(path, encoding=encoding, newline="") as file:
            rows = {row["ID"]: row for row in csv.DictReader(file)}
        status, lines = mapped(path, obj, mapping, encoding)
        check(status == 0, f"{name}: exit 0", [f"exit {status}"])
        records = [line for line in lines if line["type"] == "record"]
        check(len(records) == len(rows) and len(lines) == len(rows) + 2,
              f"{name}: {len(rows)} rows, {len(records)} records")
        check(bool(lines) and lines[-1].get("complete") is True
              and lines[-1].get("count") == len(rows),
              f"{name}: the section is whole")
        wrong = [f"{line['id']}: {text}" for line in records
                 for text in differences(rows[line["id"]], line["fields"],
                                         table)]
        check(bool(records) and not wrong,
              f"{name}: every field is its cell's", wrong)
    print(f"1..{count}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
