#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Associations, v4: read, written, labelled, and what follows from them."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wire import ok, run, same  # noqa: E402

PAIR = "/crm/v4/associations/contacts/companies"
ONE = "/crm/v4/objects/contacts/%s/associations"


def types(entry):
    return [label["typeId"] for label in entry["associationTypes"]]


def label(number, category="HUBSPOT_DEFINED"):
    return {"associationCategory": category, "associationTypeId": number}


def of(fake, id_):
    return {one["toObjectId"]: types(one) for one in
            fake.get(ONE % id_ + "/companies")["results"]}


def reads(fake):
    reply = fake.get(ONE % "9001" + "/companies")
    same(reply["results"], [{"toObjectId": 9001, "associationTypes": [
        {"category": "HUBSPOT_DEFINED", "typeId": 1, "label": "Primary"},
        {"category": "HUBSPOT_DEFINED", "typeId": 279, "label": None}]}],
        "one record's, as numbers, with labels")
    fake.post("/crm/v3/objects/contacts", {"properties": {"email": "a@b.cd"}})
    reply = fake.post(PAIR + "/batch/read", {"inputs": [
        {"id": "9001"}, {"id": "9041"}, {"id": "1"}]})
    same((reply.status, reply["results"][0]["from"],
          [one["context"]["fromObjectId"] for one in reply["errors"]]),
         (207, {"id": "9001"}, [["9041"], ["1"]]),
         "a batch; one without any is among the errors")
    same(reply["errors"][0]["subCategory"],
         "crm.associations.NO_ASSOCIATIONS_FOUND", "as none found")
    same(fake.post(PAIR + "/batch/read", {"inputs": [
        {"id": str(n)} for n in range(1001)]}).status, 400, "1001 inputs")
    for id_ in range(9002, 9012):
        fake.ask("PUT", f"/crm/v4/objects/companies/9001/associations/"
                 f"default/contacts/{id_}")
    found, after = [], None
    while True:
        page = fake.get("/crm/v4/objects/companies/9001/associations/contacts",
                        limit=4, **({"after": after} if after else {})).json
        found += [one["toObjectId"] for one in page["results"]]
        if "paging" not in page:
            break
        after = page["paging"]["next"]["after"]
    ok(len(found) == len(set(found)) == 12 and not after.isdigit(),
       "page by page, by a cursor that says nothing", found, after)
    same(fake.get("/crm/v4/objects/contacts/9001/associations/line_items")
         .status, 400, "types that are never associated")


def writes(fake):
    reply = fake.ask("PUT", ONE % "9001" + "/default/companies/9005")
    same((reply.status, of(fake, "9001")),
         (200, {9001: [1, 279], 9005: [279]}), "unlabelled")
    reply = fake.ask("PUT", ONE % "9001" + "/companies/9005", [label(1)])
    same((reply.status, reply["labels"], reply["toObjectId"]),
         (201, ["Primary"], 9005), "as the primary")
    same(of(fake, "9001"), {9001: [279], 9005: [1, 279]},
         "which the other is no longer")
    same(fake.get("/crm/v3/objects/contacts/9001", properties=[
        "associatedcompanyid"])["properties"]["associatedcompanyid"], "9005",
        "and the contact's property follows")
    made = fake.post(PAIR + "/labels", {"label": "Adviser", "name": "adviser",
                                        "inverseLabel": "Advised by"})
    there = made["results"][0]["typeId"]
    same([one["label"] for one in made["results"]],
         ["Adviser", "Advised by"], "a label of one's own, in both directions")
    same(fake.post(PAIR + "/labels", {"label": "Adviser", "name": "x"})
         .status, 409, "not twice")
    fake.ask("PUT", ONE % "9001" + "/companies/9001",
             [label(there, "USER_DEFINED")])
    same(of(fake, "9001")[9001], [there, 279], "put on a pair")
    same(fake.get("/crm/v4/objects/companies/9001/associations/contacts")
         ["results"][0]["associationTypes"][0]["label"], "Advised by",
         "seen from the other side")
    fake.ask("PUT", ONE % "9001" + "/companies/9001", [label(279)])
    same(of(fake, "9001")[9001], [279], "labels that are put replace others")
    for bad in ([label(280)], [label(279, "USER_DEFINED")], [label(999)], []):
        same(fake.ask("PUT", ONE % "9001" + "/companies/9001", bad).status,
             400, f"not {bad}")
    same(fake.ask("PUT", ONE % "9001" + "/companies/1", [label(279)]).status,
         404, "with one that is not there")
    same(fake.ask("DELETE", ONE % "9001" + "/companies/9005").status, 204,
         "taken away")
    same(of(fake, "9001"), {9001: [279]}, "it is gone")
    same(len([row for row in fake.dump() if row["type"] == "companies" and
              "9001" in row.get("associations", {}).get("contacts", {})]), 1,
         "from the other side, too")


def batches(fake):
    def pair(a, b, **more):
        return {"from": {"id": a}, "to": {"id": b}, **more}
    reply = fake.post(PAIR + "/batch/create", {"inputs": [
        pair("9001", "9007", types=[label(279)])]})
    same((reply.status, reply["results"][0]["toObjectId"]), (201, 9007),
         "a batch of new ones: 201")
    reply = fake.post(PAIR + "/batch/create", {"inputs": [
        pair("9001", "9008", types=[label(279)]),
        pair("9001", "1", types=[label(279)])]})
    same((reply.status, len(reply["results"]), reply["numErrors"]),
         (207, 1, 1), "one is not there: 207")
    same(fake.post(PAIR + "/batch/create", {"inputs": [
        pair("1", "2", types=[label(279)])] * 2001}).status, 400,
        "2001 inputs")
    same(fake.post(PAIR + "/batch/associate/default", {"inputs": [
        pair("9001", "9009")]}).status, 200, "unlabelled ones")
    same(list(of(fake, "9001")), [9001, 9007, 9008, 9009], "all there")
    same(fake.post(PAIR + "/batch/archive", {"inputs": [
        {"from": {"id": "9001"}, "to": [{"id": "9007"}, {"id": "9008"}]}]})
        .status, 204, "taken away together")
    same(fake.post(PAIR + "/batch/labels/archive", {"inputs": [
        pair("9001", "9001", types=[label(1)])]}).status, 204, "a label")
    same(of(fake, "9001"), {9001: [279], 9009: [279]}, "what is left")


def kinds(fake):
    """Directions of the documented type ids."""
    for a, b, number in (
            ("notes", "contacts", 202), ("notes", "companies", 190),
            ("notes", "deals", 214), ("tasks", "contacts", 204),
            ("meetings", "companies", 188), ("calls", "deals", 206),
            ("emails", "contacts", 198), ("deals", "contacts", 3),
            ("contacts", "deals", 4), ("deals", "companies", 341)):
        same(fake.get(f"/crm/v4/associations/{a}/{b}/labels")["results"][0]
             ["typeId"], number, f"{a} to {b}")
    note = {"hs_timestamp": "2026-02-03T10:00:00Z", "hs_note_body": "hi"}
    for number, status in ((202, 201), (201, 400), (190, 404)):
        reply = fake.post("/crm/v3/objects/notes", {
            "properties": note, "associations": [
                {"to": {"id": "9030"}, "types": [label(number)]}]})
        same(reply.status, status, f"a note on 9030 by {number}")


def follows(fake):
    """A note is an update of whom it is about."""
    def company():
        return fake.get("/crm/v3/objects/companies/9005",
                        properties="notes_last_updated")
    fake.clock(now="2026-11-20T12:00:00Z", stop=True)
    for at in ("2026-02-03T10:00:00Z", "2026-02-01T10:00:00Z",
               "2027-01-01T10:00:00Z"):
        fake.post("/crm/v3/objects/notes", {
            "properties": {"hs_timestamp": at},
            "associations": [{"to": {"id": "9005"}, "types": [label(190)]}]})
    found = company()
    same((found["properties"]["notes_last_updated"], found["updatedAt"]),
         ("2026-02-03T10:00:00.000Z", "2026-11-20T12:00:00.000Z"),
         "the company's last activity, and its time of modification")
    fake.ask("PUT", "/crm/v4/objects/deals/9001/associations/default/contacts/"
             "9030")
    same(fake.get("/crm/v3/objects/deals/9001")["updatedAt"],
         "2025-01-06T08:00:00.000Z", "an association alone is no update")
    made = fake.post("/crm/v3/objects/meetings", {"properties": {
        "hs_timestamp": "2026-02-03T10:00:00Z", "hs_meeting_start_time":
        "2026-02-03T11:00:00Z"}})["properties"]
    same(made["hs_timestamp"], "2026-02-03T11:00:00.000Z",
         "a meeting's time is when it starts")
    task = {"hs_timestamp": "2026-02-03T10:00:00Z", "hs_task_status":
            "COMPLETED"}
    made = fake.post("/crm/v3/objects/tasks", {"properties": task})
    same(made["properties"]["hs_task_completion_date"],
         "2026-11-20T12:00:00.000Z", "a task's end is known")
    made = fake.ask("PATCH", "/crm/v3/objects/tasks/" + made["id"], {
        "properties": {"hs_task_status": "WAITING"}})
    found = fake.get("/crm/v3/objects/tasks/" + made["id"], properties=[
        "hs_task_completion_date"])
    same(found["properties"]["hs_task_completion_date"], None,
         "until it is open again")


run(reads, writes, batches, kinds, follows)
