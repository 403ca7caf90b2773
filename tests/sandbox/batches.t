#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Many records at a time: limits of inputs, 200, 201 and 207, and when one bad
row fails all.
"""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wire import ok, run, same  # noqa: E402

CONTACTS = "/crm/v3/objects/contacts"
COMPANIES = "/crm/v3/objects/companies"


def batch(fake, what, *inputs, path=CONTACTS, **more):
    return fake.post(f"{path}/batch/{what}", {"inputs": list(inputs), **more})


def person(number, trace=None, **more):
    found = {"properties": {"email": f"n{number}@new.test", **more}}
    if trace:
        found["objectWriteTraceId"] = trace
    return found


def reads(fake):
    reply = batch(fake, "read", {"id": "9001"}, {"id": "9002"},
                  properties=["city"])
    same((reply.status, reply["status"], len(reply["results"]),
          "numErrors" in reply.json), (200, "COMPLETE", 2, False), "by id")
    reply = batch(fake, "read", {"id": "p0@c0.example"}, {"id": "no@x.test"},
                  idProperty="email")
    same((reply.status, len(reply["results"]), reply["numErrors"],
          reply["errors"][0]["category"],
          reply["errors"][0]["context"]["ids"]),
         (207, 1, 1, "OBJECT_NOT_FOUND", ["no@x.test"]),
         "by e-mail, one is not there")
    same(batch(fake, "read", {"id": "x"}, idProperty="phone").status, 400,
         "not by what is not unique")
    reply = batch(fake, "read", {"id": "9001"}, properties=["city"],
                  propertiesWithHistory=["city"])
    same(len(reply["results"][0]["propertiesWithHistory"]["city"]), 1,
         "with history")
    same(len(batch(fake, "read", {"id": "9001"}, {"id": "9001"})["results"]),
         1, "one record once")
    fake.ask("DELETE", CONTACTS + "/9001")
    same(batch(fake, "read", {"id": "9001"}).status, 207,
         "not an archived one")
    same(fake.post(CONTACTS + "/batch/read?archived=true", {
        "inputs": [{"id": "9001"}]}).status, 200, "unless that is asked for")


def sizes(fake):
    for what in ("read", "create", "update", "upsert", "archive"):
        inputs = [{"id": str(n), "idProperty": "email", "properties": {
            "email": f"s{n}@s.test"}} for n in range(101)]
        same(batch(fake, what, *inputs).status, 400, f"{what}: 101 inputs")
    same(fake.post(CONTACTS + "/batch/create", {"inputs": {}}).status, 400,
         "inputs that are no list")
    same(fake.counters()["status 400"], 6, "all refused")


def creates(fake):
    reply = batch(fake, "create", person(1), person(2))
    same((reply.status, len(reply["results"])), (201, 2), "created")
    before = len(fake.dump())
    reply = batch(fake, "create", person(3), person(1), person(2))
    same((reply.status, reply["category"]), (409, "CONFLICT"),
         "one that exists fails all")
    reply = batch(fake, "create", person(3), person(4, foo="x"))
    same((reply.status, reply["category"]), (400, "VALIDATION_ERROR"),
         "one that is not valid, too")
    same(len(fake.dump()), before, "and nothing of it is done")
    same(fake.get(CONTACTS + "/n3@new.test", idProperty="email").status, 404,
         "not even what came before it")
    reply = batch(fake, "create", person(3), person(3))
    same((reply.status, len(fake.dump())), (409, before),
         "the same person twice in one batch")
    reply = batch(fake, "create", person(3, "a"), person(4, "b", foo="x"),
                  person(1, "c"))
    same((reply.status, reply["numErrors"], len(reply["results"])),
         (207, 2, 1), "with a trace id each, every row is for itself")
    same([(one["category"], one["context"]["objectWriteTraceId"])
          for one in reply["errors"]],
         [("VALIDATION_ERROR", ["b"]), ("CONFLICT", ["c"])],
         "and its refusal says which it was")
    same(reply["results"][0]["objectWriteTraceId"], "a", "as the others do")
    same(batch(fake, "create", person(5, "a"), person(6, "a", foo="x"))
         .status, 400, "but not if two have the same")


def updates(fake):
    reply = batch(fake, "update", {"id": "9001", "properties": {"city": "A"}},
                  {"id": "1", "properties": {"city": "B"}})
    same((reply.status, len(reply["results"]),
          reply["errors"][0]["context"]["ids"]), (207, 1, ["1"]),
         "one that is not there")
    reply = batch(fake, "update", {"id": "9001", "properties": {"city": "C"}},
                  {"id": "9002", "properties": {"foo": "B"}})
    same((reply.status, fake.get(CONTACTS + "/9001", properties="city")
          ["properties"]["city"]), (400, "A"), "one bad row fails all")
    reply = batch(fake, "update",
                  {"id": "9001", "properties": {"city": "C"},
                   "objectWriteTraceId": "1"},
                  {"id": "9002", "properties": {"foo": "B"},
                   "objectWriteTraceId": "2"})
    same((reply.status, reply["results"][0]["properties"]["city"]),
         (207, "C"), "unless each has a trace id")
    same(batch(fake, "update", {"id": "9001", "properties": {"city": "A"}},
               {"id": "9001", "properties": {"city": "B"}}).status, 400,
         "the same id twice")
    reply = batch(fake, "update", {"id": "p0@c0.example", "idProperty":
                                   "email", "properties": {"city": "A"}})
    ok(reply.status == 400 and "non-unique 0-1 property email" in
       reply["message"], "not by e-mail", reply)
    reply = batch(fake, "update", {"id": "p0@c0.example",
                                   "properties": {"city": "Z"}})
    same((reply.status, reply["results"]), (200, []),
         "an e-mail for an id: nothing is done, without a word")


def upserts(fake):
    fake.post("/crm/v3/properties/companies/groups",
              {"name": "sync", "label": "Sync"})
    made = fake.post("/crm/v3/properties/companies", {
        "groupName": "sync", "name": "ext_id", "label": "Id",
        "type": "string", "fieldType": "text", "hasUniqueValue": True})
    same(made.status, 201, "a unique property of one's own")

    def row(id_, trace=None, **given):
        found = {"idProperty": "ext_id", "id": id_, "properties": given}
        if trace:
            found["objectWriteTraceId"] = trace
        return found
    reply = batch(fake, "upsert", row("A-1", name="One"),
                  row("A-2", name="Two"), path=COMPANIES)
    same((reply.status, [one["new"] for one in reply["results"]]),
         (200, [True, True]), "created")
    ids = [one["id"] for one in reply["results"]]
    reply = batch(fake, "upsert", row("A-1", name="One"),
                  row("A-3", name="Three"), path=COMPANIES)
    same([one["new"] for one in reply["results"]], [False, True],
         "and only those that are not there yet")
    same(reply["results"][0]["id"], ids[0], "by that value")
    same(batch(fake, "upsert", row("A-4", name="x"), row("A-4", name="y"),
               path=COMPANIES).status, 400, "the same value twice")
    reply = batch(fake, "upsert", {"idProperty": "hs_object_id", "id": "9001",
                                   "properties": {}}, path=COMPANIES)
    ok(reply.status == 400 and "non-unique 0-2 property hs_object_id" in
       reply["message"], "not by hs_object_id", reply)
    reply = batch(fake, "upsert", row("A-1", "1", industry="x"),
                  row("A-5", "2", name="Five"), path=COMPANIES)
    same((reply.status, reply["errors"][0]["context"]["objectWriteTraceId"],
          reply["results"][0]["new"]), (207, ["1"], True), "row by row")
    reply = fake.ask("PATCH", f"{COMPANIES}/{ids[1]}",
                     {"properties": {"ext_id": "A-1"}})
    ok(reply.status == 400 and f"{ids[0]} already has that value" in
       reply["message"], "another's value", reply)
    fake.faults("unique=409")
    same(fake.ask("PATCH", f"{COMPANIES}/{ids[1]}", {
        "properties": {"ext_id": "A-1"}}).status, 409, "unique=409")
    reply = fake.get(f"{COMPANIES}/A-3", idProperty="ext_id")
    same(reply.status, 200, "found by it")
    reply = batch(fake, "upsert", {"idProperty": "email", "id":
                                   "n9@new.test", "properties": {
                                       "email": "n9@new.test"}})
    same(reply["results"][0]["new"], True, "contacts by e-mail")
    rows = [{"idProperty": "email", "id": f"m{n}@new.test",
             "objectWriteTraceId": str(n), "properties": {
                 "email": f"m{n}@new.test", **({"foo": "x"} if n else {})}}
            for n in (0, 1)]
    same((batch(fake, "upsert", *rows).status, fake.get(
        CONTACTS + "/m0@new.test", idProperty="email").status), (400, 404),
        "but then one bad row fails all, trace ids or not")


def archives(fake):
    same(batch(fake, "archive", {"id": "9001"}, {"id": "1"}).status, 204,
         "archived, and what is not there")
    same(fake.get(CONTACTS + "/9001").status, 404, "it is gone")


def refusals(fake):
    fake.faults("refuse-row:row=n2@")
    reply = batch(fake, "create", person(1), person(2))
    same((reply.status, fake.get(CONTACTS + "/n1@new.test",
                                 idProperty="email").status), (400, 404),
         "refuse-row: a chosen row, and all with it")
    reply = batch(fake, "create", person(1, "a"), person(2, "b"))
    same((reply.status, reply["errors"][0]["context"]),
         (207, {"objectWriteTraceId": ["b"]}), "or that row only")
    fake.faults("refuse-row:n=2")
    reply = batch(fake, "create", person(5, "a"), person(6, "b"),
                  person(7, "c"))
    same(reply["errors"][0]["context"]["objectWriteTraceId"], ["b"],
         "the second row")


run(reads, sizes, creates, updates, upserts, archives, refusals)
