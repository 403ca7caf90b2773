#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Search: filters, sorts, the 10,000th result, limits of a request, and that it
knows of a write only later.
"""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wire import QUICK, Fake, ok, run, same  # noqa: E402

COMPANIES = "/crm/v3/objects/companies"


def search(fake, *filters, path=COMPANIES, **more):
    body = {"limit": 100, **more}
    if filters:
        body["filterGroups"] = [{"filters": [
            dict(zip(("propertyName", "operator", "value"), one))
            if isinstance(one, tuple) else one for one in filters]}]
    return fake.post(path + "/search", body)


def ids(reply):
    return [int(one["id"]) for one in reply["results"]]


def operators(fake):
    for number, given in enumerate((
            {"name": "Alpha Beta", "city": "Rom", "annualrevenue": "9"},
            {"name": "alpha", "city": "rom", "annualrevenue": "10"},
            {"name": "Gamma", "annualrevenue": "100.5"})):
        fake.ask("PATCH", f"{COMPANIES}/{9001 + number}",
                 {"properties": {"industry": "INSURANCE", **given}})
    fake.ask("PATCH", COMPANIES + "/9003", {"properties": {"city": ""}})
    ours = ("industry", "EQ", "INSURANCE")

    def hits(*filters, **more):
        return sorted(ids(search(fake, ours, *filters, **more)))
    for filter_, wanted in (
            (("city", "EQ", "ROM"), [9001, 9002]),
            (("city", "NEQ", "rom"), [9003]),
            (("city", "HAS_PROPERTY"), [9001, 9002]),
            (("city", "NOT_HAS_PROPERTY"), [9003]),
            (("annualrevenue", "GT", "9"), [9002, 9003]),
            (("annualrevenue", "LTE", "10"), [9001, 9002]),
            (("hs_object_id", "GT", "9002"), [9003]),
            ({"propertyName": "annualrevenue", "operator": "BETWEEN",
              "value": "9.5", "highValue": "100.5"}, [9002, 9003]),
            (("name", "CONTAINS_TOKEN", "alpha"), [9001, 9002]),
            (("name", "CONTAINS_TOKEN", "gam*"), [9003]),
            (("name", "NOT_CONTAINS_TOKEN", "alpha"), [9003]),
            ({"propertyName": "city", "operator": "IN", "values": ["rom"]},
             [9001, 9002]),
            ({"propertyName": "city", "operator": "IN", "values": ["Rom"]},
             []),
            ({"propertyName": "city", "operator": "NOT_IN",
              "values": ["rom"]}, [9003])):
        same(hits(filter_), wanted, f"{filter_}")
    same(ids(search(fake, ("industry", "EQ", "insurance"))), [],
         "a value of an enumeration has its case")
    same(ids(search(fake, {"propertyName": "industry", "operator": "IN",
                           "values": ["INSURANCE"]}))[:1], [9001],
         "also in a list")
    reply = search(fake, ours, sorts=[{"propertyName": "annualrevenue",
                                       "direction": "DESCENDING"}])
    same(ids(reply), [9003, 9002, 9001], "sorted, numbers as numbers")
    same(ids(search(fake, ours, sorts=["-annualrevenue"])),
         [9003, 9002, 9001], "the short form of a sort")
    same(sorted(ids(search(fake, query="gamma"))), [9003], "any text")
    same(ids(search(fake, ("associations.company", "EQ", "9002"),
                    path="/crm/v3/objects/deals")), [9002],
         "what is associated with one")


def refused(fake):
    now = ("hs_lastmodifieddate", "GTE")
    same(search(fake, (*now, "1767225600000")).status, 200,
         "a time as milliseconds")
    for bad in ("2026-01-01T00:00:00Z", "2026-01-01", "1767225600.5", ""):
        same(search(fake, (*now, bad)).status, 400, f"a time as {bad!r}")
    for body, name in (
            ({"limit": 201}, "201 results"), ({"limit": 0}, "no results"),
            ({"after": "x"}, "a cursor that is none"),
            ({"after": "9950"}, "beyond 10,000"),
            ({"sorts": ["name", "city"]}, "two sorts"),
            ({"sorts": ["foo"]}, "a sort by what is unknown"),
            ({"query": "x" * 3000}, "a body of over 3,000 characters")):
        same(search(fake, **body).status, 400, name)
    same(search(fake, after="9900").status, 200, "up to the 10,000th")
    same(search(fake, ("foo", "EQ", "x")).status, 400, "an unknown property")
    same(search(fake, ("name", "LIKE", "x")).status, 400, "an unknown operator")
    one = ("name", "EQ", "x")
    same(search(fake, *[one] * 7).status, 400, "seven filters in a group")
    for groups, each in ((6, 1), (5, 4)):
        body = {"filterGroups": [{"filters": [
            {"propertyName": "name", "operator": "HAS_PROPERTY"}] * each}
            for _ in range(groups)]}
        same(fake.post(COMPANIES + "/search", body).status, 400,
             f"{groups} groups of {each}")
    reply = search(fake, one)
    same((reply["total"], reply["results"], "paging" in reply.json),
         (0, [], False), "nothing found is no error")


def pages(fake):
    """By offset, and by id beyond the wall."""
    reply = search(fake, limit=15)
    same((reply["total"], reply["paging"]["next"]["after"]), (20, "15"),
         "a page")
    reply = search(fake, limit=15, after="15")
    same((len(reply["results"]), "paging" in reply.json), (5, False),
         "and the last")
    found, last = [], "0"
    while True:
        reply = search(fake, ("hs_object_id", "GT", last), limit=7, sorts=[
            {"propertyName": "hs_object_id", "direction": "ASCENDING"}])
        if not reply["results"]:
            break
        found += ids(reply)
        last = str(found[-1])
    same(found, list(range(9001, 9021)), "by hs_object_id GT the last one")
    fake.edit({"type": "companies", "id": "9001", "archive": True})
    same(search(fake)["total"], 19, "without what is archived")


def lag(fake):
    fake.clock(now="2026-11-20T12:00:00Z", stop=True)
    fake.faults("lag=5")
    by = ("city", "EQ", "Graz")
    fake.ask("PATCH", COMPANIES + "/9001", {"properties": {"city": "Graz"}})
    made = fake.post(COMPANIES, {"properties": {"name": "N",
                                                "city": "Graz"}})["id"]
    fake.ask("DELETE", COMPANIES + "/9002")
    same(search(fake, by)["total"], 0, "what was written is not found at once")
    same(search(fake)["total"], 20, "and what is gone still is")
    same(fake.get(COMPANIES + "/9001", properties="city")["properties"]
         ["city"], "Graz", "though it is there")
    fake.clock(advance=4.9)
    same(search(fake, by)["total"], 0, "nor a little later")
    fake.clock(advance=0.2)
    same(ids(search(fake, by)), [9001, int(made)], "but then it is")
    same(search(fake)["total"], 20, "and what is gone is gone")
    fake.faults("lag=0-9")
    writes = [fake.post(COMPANIES, {"properties": {
        "name": f"L{n}", "city": "Linz"}})["id"] for n in range(12)]
    seen = []
    for _ in range(10):
        for one in ids(search(fake, ("city", "EQ", "Linz"))):
            if one not in seen:
                seen.append(one)
        fake.clock(advance=1)
    ok(sorted(seen) == [int(one) for one in writes] and
       seen != sorted(seen), "not in the order they were written", seen)


def many():
    """More than 10,000 at one time."""
    fake = Fake(QUICK, "--records", "6000")
    people = "/crm/v3/objects/contacts"
    reply = search(fake, path=people, limit=200, after="9800")
    same(len(reply["results"]), 200, "the last page before the wall")
    same(search(fake, path=people, limit=200, after="9900").status, 400,
         "and what crosses it")
    reply = search(fake, ("lastmodifieddate", "EQ", "1736150400000"),
                   path=people)
    same(reply["total"], 7200, "thousands of one time")
    fake.end()


many()
run(operators, refused, pages, lag)
