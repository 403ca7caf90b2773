#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Properties and their creation, owners, pipelines, types of one's own, and who
the account is.
"""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wire import ok, run, same  # noqa: E402

PROPERTIES = "/crm/v3/properties/companies"
SCHEMAS = "/crm-object-schemas/v3/schemas"


def properties(fake):
    found = {one["name"]: one for one in fake.get(PROPERTIES)["results"]}
    one = found["industry"]
    same((one["type"], one["fieldType"], one["hubspotDefined"],
          one["modificationMetadata"]["readOnlyValue"],
          one["options"][0]["value"]),
         ("enumeration", "select", True, False, "ACCOUNTING"), "industry")
    ok(found["hs_num_open_deals"]["calculated"] and
       found["hs_object_id"]["modificationMetadata"]["readOnlyValue"] and
       found["hubspot_owner_id"]["externalOptions"], "what cannot be written, "
       "and what has its values elsewhere")
    same(fake.get(PROPERTIES + "/domain")["label"], "Domain", "one")
    same(fake.get(PROPERTIES + "/foo").status, 404, "one that is not there")


def creation(fake):
    wanted = {"groupName": "crm_sync", "name": "health_score",
              "label": "Health", "type": "number", "fieldType": "number"}
    same(fake.post(PROPERTIES, wanted).status, 400, "a group must be there")
    group = {"name": "crm_sync", "label": "CRM Sync", "displayOrder": -1}
    same([fake.post(PROPERTIES + "/groups", group).status for _ in "12"],
         [201, 409], "which can be made, once")
    same(fake.get(PROPERTIES + "/groups/crm_sync")["label"], "CRM Sync",
         "and read")
    reply = fake.post(PROPERTIES, wanted)
    same((reply.status, reply["name"], reply["modificationMetadata"]
          ["archivable"]), (201, "health_score", True), "created")
    same(fake.post(PROPERTIES, wanted).status, 409, "but not twice")
    for change in ({"name": "Health"}, {"name": "1x"}, {"type": "text"},
                   {"fieldType": "text"}, {"label": ""}):
        same(fake.post(PROPERTIES, {**wanted, "name": "other", **change})
             .status, 400, f"not with {change}")
    write = fake.ask("PATCH", "/crm/v3/objects/companies/9001", {
        "properties": {"health_score": "7.5"}})
    same(write["properties"]["health_score"], "7.5", "written")
    same(fake.ask("PATCH", "/crm/v3/objects/contacts/9001", {
        "properties": {"health_score": "7.5"}}).status, 400,
        "only for that type")
    text = {**wanted, "type": "string", "fieldType": "text",
            "hasUniqueValue": True}
    statuses = [fake.post(PROPERTIES, {**text, "name": f"key{n}"}).status
                for n in range(11)]
    same(statuses, [201] * 10 + [400], "ten unique ones and no more")
    fake.post(PROPERTIES, {**wanted, "name": "since", "type": "date",
                           "fieldType": "date"})

    def since(value):
        return fake.ask("PATCH", "/crm/v3/objects/companies/9001", {
            "properties": {"since": value}})
    same([since(value)["properties"]["since"] for value in (
        "2026-11-20", "1795132800000", "2026-11-20T00:00:00Z")],
        ["2026-11-20"] * 3, "a day, however it is said")
    for value, code in (("1795132800001", "INVALID_DATE"),
                        ("2026-11-20T12:00:00Z", "INVALID_DATE"),
                        ("2026-02-30", "INVALID_LONG"),
                        ("11/20/2026", "INVALID_LONG")):
        reply = since(value)
        same((reply.status, reply["errors"][0]["code"]), (400, code),
             f"but not {value}")
    same(fake.post("/crm/v3/objects/companies/search", {"filterGroups": [
        {"filters": [{"propertyName": "since", "operator": "EQ",
                      "value": "1795132800000"}]}]})["total"], 1,
        "searched by its milliseconds")
    choice = fake.post(PROPERTIES, {
        **wanted, "name": "risk", "type": "enumeration", "fieldType":
        "select", "options": [{"label": "High", "value": "high"}]})
    same(choice["options"][0]["value"], "high", "with values")
    same(fake.ask("PATCH", PROPERTIES + "/risk", {"options": [
        {"label": "High", "value": "high"}, {"label": "Low", "value": "low"}]})
        .status, 200, "more of them later")
    same(fake.ask("PATCH", "/crm/v3/objects/companies/9001", {
        "properties": {"risk": "low"}}).status, 200, "which can be written")
    same(fake.ask("DELETE", PROPERTIES + "/risk").status, 204, "archived")
    same(fake.get(PROPERTIES + "/risk").status, 404, "it is gone")
    same(fake.ask("DELETE", PROPERTIES + "/name").status, 400,
         "but not HubSpot's")
    ok(any(row["type"] == "property" and row["name"] == "health_score"
           for row in fake.dump()), "the dump has those that were made")


def owners(fake):
    found = fake.get("/crm/v3/owners", limit=2).json
    same(([one["id"] for one in found["results"]],
          found["paging"]["next"]["after"]), (["4161", "4162"], "2"), "a page")
    same(found["results"][0]["userId"], 88, "userId is another number")
    same([one["firstName"] for one in fake.get(
        "/crm/v3/owners/", email="BEN.osei@acme.test")["results"]], ["Ben"],
        "by e-mail, with / at the end")
    same([one["id"] for one in fake.get("/crm/v3/owners", archived="true")
          ["results"]], ["4166"], "those who left")
    same([fake.get(f"/crm/v3/owners/{id_}").status for id_ in (4161, 88)],
         [200, 404], "one")
    same(fake.get("/crm/v3/owners/88", idProperty="userId")["id"], "4161",
         "one by userId")
    fake.edit({"type": "owners", "id": "4162", "archive": True})
    same(fake.ask("PATCH", "/crm/v3/objects/companies/9001", {"properties": {
        "hubspot_owner_id": "4162"}}).status, 400,
        "who has left can be given nothing")


def pipelines(fake):
    found = fake.get("/crm/v3/pipelines/deals")["results"]
    same([one["id"] for one in found], ["default", "renewals"], "of deals")
    same(found[0]["stages"][5]["metadata"], {"isClosed": "true",
                                             "probability": "1.0"},
         "what is said of a stage is text")
    same(fake.get("/crm/v3/pipelines/tickets/0/stages")["results"][3]
         ["label"], "Closed", "stages")
    same(fake.get("/crm/v3/pipelines/deals/nil").status, 404, "none such")


def schemas(fake):
    wanted = {"name": "machine", "labels": {"singular": "Machine",
                                            "plural": "Machines"},
              "primaryDisplayProperty": "serial", "requiredProperties":
              ["serial"], "associatedObjects": ["COMPANY"], "properties": [
                  {"name": "serial", "label": "Serial", "type": "string",
                   "fieldType": "text", "hasUniqueValue": True}]}
    reply = fake.post(SCHEMAS, wanted)
    same((reply.status, reply["objectTypeId"], reply["fullyQualifiedName"]),
         (201, "2-1001", "p4021177_machine"), "a type of one's own")
    same(fake.post(SCHEMAS, wanted).status, 409, "once")
    same(fake.post(SCHEMAS, {**wanted, "name": "x", "requiredProperties":
                             ["y"]}).status, 400, "what it needs it must have")
    same(fake.post("/crm/v3/objects/machine", {"properties": {}}).status, 400,
         "which it checks")
    made = fake.post("/crm/v3/objects/2-1001", {
        "properties": {"serial": "S1"}})
    same((made.status, made["id"]), (201, "9001"), "a record of it")
    for name in ("machine", "p_machine", "p4021177_machine", "2-1001"):
        same(fake.get(f"/crm/v3/objects/{name}/S1?idProperty=serial").status,
             200, f"by {name}")
    same(fake.post("/crm/v3/objects/machine/search", {"sorts": [
        "hs_lastmodifieddate"]})["total"], 1, "searched")
    same(fake.ask("PUT", "/crm/v4/objects/machine/9001/associations/default/"
                  "companies/9001").status, 200, "associated")
    same([one["name"] for one in fake.get(SCHEMAS)["results"]], ["machine"],
         "listed")
    same(fake.ask("DELETE", SCHEMAS + "/machine").status, 400,
         "not deleted while there are records")
    fake.ask("DELETE", "/crm/v3/objects/machine/9001")
    same(fake.ask("DELETE", SCHEMAS + "/machine").status, 204, "but then")
    same(fake.get("/crm/v3/objects/machine").status, 400, "it is gone")


def account(fake):
    same(fake.get("/account-info/v3/details")["portalId"], 4021177, "who")


run(properties, creation, owners, pipelines, schemas, account)
