#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""One record at a time: list, get, create, update, archive, merge; and what is
refused, with the bodies HubSpot refuses it with.
"""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wire import ok, run, same  # noqa: E402

CONTACTS, COMPANIES = "/crm/v3/objects/contacts", "/crm/v3/objects/companies"


def code_of(reply):
    return reply["errors"][0]["code"]


def lists(fake):
    first = fake.get(CONTACTS)
    same(len(first["results"]), 10, "ten records a page, if not said")
    same(list(first["results"][0]["properties"]),
         ["hs_object_id", "createdate", "lastmodifieddate", "email",
          "firstname", "lastname"], "few properties, if not said")
    ids, after, pages = [], "0", 0
    while after:
        page = fake.get(CONTACTS, limit=7, after=after).json
        ids += [int(one["id"]) for one in page["results"]]
        after = page.get("paging", {}).get("next", {}).get("after")
        pages += 1
    same((ids, pages), (list(range(9001, 9041)), 6), "all pages, by id")
    same([fake.get(CONTACTS, limit=n).status for n in (100, 101, 0)],
         [200, 400, 400], "a limit from 1 to 100")
    same(fake.get(CONTACTS, limit=51, propertiesWithHistory="email").status,
         400, "50 with history")
    same(fake.get(CONTACTS, after="x").status, 400, "a cursor that is none")
    one = fake.get(CONTACTS, limit=1, properties="fax,foo")["results"][0]
    ok(one["properties"]["fax"] is None and "foo" not in one["properties"],
       "null for what is not set, nothing for what is unknown", one)
    one = fake.get(CONTACTS, limit=1, associations="companies")["results"][0]
    same(one["associations"]["companies"]["results"],
         [{"id": "9001", "type": "contact_to_company"},
          {"id": "9001", "type": "contact_to_company_unlabeled"}],
         "associations in a list, once for each label")
    same(fake.get("/crm/v3/objects/foo").status, 400, "a type that is none")
    reply = fake.get("/crm/v3/nothing")
    ok(reply.status == 404 and b"<html>" in reply.bytes,
       "a path that is none: a page of HTML", reply)
    same([fake.ask("PUT", CONTACTS).status, fake.ask(
        "POST", CONTACTS + "/9001", {}).status], [405, 405],
        "a method that is none of a path's")
    same(fake.get("/crm/objects/2026-03/contacts/9001").status, 200,
         "the dated form of a path")


def gets(fake):
    same(fake.get(CONTACTS + "/9001").json["id"], "9001", "by id")
    reply = fake.get(CONTACTS + "/P3%40C1.example", idProperty="email")
    same(reply["id"], "9004", "by e-mail, whatever its case")
    same(fake.get(CONTACTS + "/9001", idProperty="phone").status, 400,
         "not by a property that is not unique")
    reply = fake.get(CONTACTS + "/1")
    same((reply.status, reply["category"]), (404, "OBJECT_NOT_FOUND"),
         "one that is not there")
    fake.faults("not-found=html")
    reply = fake.get(CONTACTS + "/1")
    ok(reply.status == 404 and b"<html>" in reply.bytes,
       "not-found=html", reply)
    reply = fake.get(CONTACTS + "?properties=" + "x," * 5000)
    same(reply.status, 414, "an address that is too long")


def creates(fake):
    reply = fake.post(CONTACTS, {"properties": {
        "email": " Li@ACME.test ", "firstname": "Li", "lastname": ""},
        "associations": [{"to": {"id": "9002"}, "types": [
            {"associationCategory": "HUBSPOT_DEFINED",
             "associationTypeId": 279}]}]})
    made = reply.json
    same((reply.status, made["properties"]["email"], made["archived"]),
         (201, "li@acme.test", False), "created, its e-mail in lower case")
    found = fake.get(f"{CONTACTS}/{made['id']}", associations="companies",
                     properties="associatedcompanyid").json
    same((found["properties"]["associatedcompanyid"],
          found["associations"]["companies"]["results"][0]["id"]),
         ("9002", "9002"), "with its association, which became the primary")
    again = fake.post(CONTACTS, {"properties": {"email": "li@acme.test"}})
    same((again.status, again["category"], again["message"]),
         (409, "CONFLICT",
          f"Contact already exists. Existing ID: {made['id']}"),
         "the same e-mail again: 409 with the id in the text")
    for given, wanted in (
            ({"jobtitle": "CEO"}, "email"), ({}, "email")):
        reply = fake.post(CONTACTS, {"properties": given})
        same((reply.status, reply["category"],
              reply["errors"][0]["context"]["properties"][0]),
             (400, "VALIDATION_ERROR", wanted), f"not enough: {given}")
    for path, given in (
            ("companies", {"phone": "1"}), ("deals", {"dealname": "x"}),
            ("deals", {"dealstage": "closedwon"}),
            ("tickets", {"subject": "x"}), ("notes", {"hs_note_body": "x"}),
            ("emails", {"hs_timestamp": "0"}), ("leads", {"hs_lead_label":
                                                         "HOT"})):
        reply = fake.post(f"/crm/v3/objects/{path}", {"properties": given})
        same((reply.status, reply["category"]), (400, "VALIDATION_ERROR"),
             f"not enough: {path} {given}")
    same(fake.post("/crm/v3/objects/leads", {"properties": {
        "hs_lead_name": "x"}}).status, 400, "a lead of nobody")
    same(fake.post("/crm/v3/objects/companies", {"properties": {
        "domain": "https://www.Acme.test/x"}})["properties"]["domain"],
        "acme.test", "a domain is only its name")
    twice = [fake.post(COMPANIES, {"properties": {"domain": "a.test"}})
             .status for _ in range(2)]
    same(twice, [201, 201], "companies of one domain are not the same")
    same(fake.post(CONTACTS, b"{", headers={
        "Content-Type": "application/json"}).status, 400, "half a JSON")
    same(fake.post(CONTACTS, b"{}").status, 415, "a body of no type")
    same(fake.post(CONTACTS, {"properties": {"email": {"x": 1}}}).status, 400,
         "an object for a value")


def values(fake):
    def write(**given):
        return fake.ask("PATCH", "/crm/v3/objects/companies/9001",
                        {"properties": given})
    for given, code in (
            ({"foo": "1"}, "PROPERTY_DOESNT_EXIST"),
            ({"hs_object_id": "1"}, "READ_ONLY_VALUE"),
            ({"hs_lastmodifieddate": "1"}, "READ_ONLY_VALUE"),
            ({"industry": "Banking"}, "INVALID_OPTION"),
            ({"industry": "banking"}, "INVALID_OPTION"),
            ({"annualrevenue": "1.000,00"}, "INVALID_INTEGER"),
            ({"is_public": "yes"}, "INVALID_OPTION"),
            ({"hubspot_owner_id": "88"}, "INVALID_OWNER_ID"),
            ({"hubspot_owner_id": "4166"}, "INVALID_OWNER_ID"),
            ({"description": "x" * 65537}, "PROPERTY_VALUE_TOO_LONG")):
        reply = write(**given)
        name = next(iter(given))
        same((reply.status, reply["category"], code_of(reply),
              reply["errors"][0]["context"]),
             (400, "VALIDATION_ERROR", code, {"propertyName": [name]}),
             f"{name}: {code}")
        ok(reply["message"].startswith('Property values were not valid: [{"'),
           f"{name}: said in the message as well", reply["message"])
    reply = write(foo="1", industry="x", name="Neu")
    same(len(reply["errors"]), 2, "all that is wrong, at once")
    ok(fake.get(COMPANIES + "/9001")["properties"]["name"] != "Neu",
       "and nothing of it is done")
    reply = write(annualrevenue=1500.5, is_public=True, industry="RETAIL")
    same((reply.status, reply["properties"]["annualrevenue"],
          reply["properties"]["is_public"]), (200, "1500.5", "true"),
         "numbers and truths of JSON are read as text")
    same(write(industry="")["properties"]["industry"], None, "cleared by ''")

    def contact(**given):
        return fake.ask("PATCH", CONTACTS + "/9001", {"properties": given})
    same(code_of(contact(email="x@y")), "INVALID_EMAIL", "an e-mail")
    reply = contact(email="p1@c0.example")
    ok(reply.status == 400 and "on 9001. 9002 already has that value" in
       reply["message"], "another's e-mail", reply)
    contact(lifecyclestage="")
    contact(lifecyclestage="customer")
    same(contact(lifecyclestage="lead")["properties"]["lifecyclestage"],
         "customer", "lifecyclestage does not go back, without a word")
    contact(lifecyclestage="")
    same(contact(lifecyclestage="lead")["properties"]["lifecyclestage"],
         "lead", "but does when it was cleared")
    contact(hs_buying_role="CHAMPION")
    same(contact(hs_buying_role=";BLOCKER")["properties"]["hs_buying_role"],
         "CHAMPION;BLOCKER", "a leading ; adds to several values")

    def deal(**given):
        return fake.ask("PATCH", "/crm/v3/objects/deals/9001",
                        {"properties": given})
    same(code_of(deal(dealstage="Closed Won")), "INVALID_OPTION",
         "a stage by its label")
    same(code_of(deal(pipeline="renewals", dealstage="closedwon")),
         "INVALID_OPTION", "a stage of another pipeline")
    same(code_of(deal(closedate="20.11.2026")), "INVALID_LONG", "a time")
    reply = deal(dealstage="closedwon", closedate="2026-11-20")
    same((reply.status, reply["properties"]["closedate"]),
         (200, "2026-11-20T00:00:00.000Z"), "a day for a time")
    found = fake.get("/crm/v3/objects/deals/9001", properties="hs_is_closed,"
                     "hs_is_closed_won,hs_deal_stage_probability")
    same([found["properties"][name] for name in (
        "hs_is_closed", "hs_is_closed_won", "hs_deal_stage_probability")],
        ["true", "true", "1.0"], "what follows from a stage")


def updates(fake):
    fake.clock(now="2026-11-20T12:00:00Z", stop=True)
    reply = fake.ask("PATCH", CONTACTS + "/p0%40c0.example?idProperty=email",
                     {"properties": {"firstname": "Eva"}})
    same((reply["id"], reply["updatedAt"]),
         ("9001", "2026-11-20T12:00:00.000Z"), "updated by e-mail")
    fake.clock(advance=60)
    reply = fake.ask("PATCH", CONTACTS + "/9001",
                     {"properties": {"firstname": "Eva"}})
    same(reply["updatedAt"], "2026-11-20T12:00:00.000Z",
         "the same value again is no update")
    fake.edit({"type": "contacts", "id": "9001",
               "properties": {"firstname": "Ada"}})
    found = fake.get(CONTACTS + "/9001", propertiesWithHistory="firstname")
    past = found["propertiesWithHistory"]["firstname"]
    same([(one["value"], one["sourceType"]) for one in past][:2],
         [("Ada", "CRM_UI"), ("Eva", "INTEGRATION")],
         "history, newest first, with who did it")
    same(len(past), 3, "and what there was at first")
    same(fake.ask("PATCH", CONTACTS + "/1", {"properties": {}}).status, 404,
         "one that is not there")


def archives(fake):
    same(fake.ask("DELETE", CONTACTS + "/9001").status, 204, "archived")
    same(fake.ask("DELETE", CONTACTS + "/9001").status, 204, "again")
    same(fake.ask("DELETE", CONTACTS + "/1").status, 204, "what is not there")
    same(fake.get(CONTACTS + "/9001").status, 404, "it is gone")
    found = fake.get(CONTACTS + "/9001", archived="true").json
    ok(found["archived"] and found["archivedAt"], "but among the archived")
    same([one["id"] for one in fake.get(CONTACTS, archived="true")["results"]],
         ["9001"], "their list has only them")
    same(fake.get(CONTACTS)["results"][0]["id"], "9002", "and the other none")
    same(fake.ask("PATCH", CONTACTS + "/9001", {"properties": {}}).status,
         404, "no update of an archived one")
    same(fake.post(CONTACTS, {"properties": {"email": "p0@c0.example"}})
         .status, 201, "its e-mail is free")
    fake.edit({"type": "contacts", "id": "9002", "archive": True})
    fake.edit({"type": "contacts", "id": "9002", "restore": True})
    same(fake.get(CONTACTS + "/9002")["archived"], False,
         "a person restores one")
    same(fake.post(CONTACTS + "/gdpr-delete", {
        "objectId": "p2@c1.example", "idProperty": "email"}).status, 204,
        "purged")
    same([fake.get(CONTACTS + "/9003", archived=said).status for said in
          ("true", "false")], [404, 404], "and in no list")


def merges(fake):
    reply = fake.post(CONTACTS + "/merge", {"primaryObjectId": "9001",
                                            "objectIdToMerge": "9003"})
    new = reply["id"]
    ok(reply.status == 200 and new not in ("9001", "9003"),
       "two become a third", reply)
    same(reply["properties"]["hs_merged_object_ids"], "9001;9003",
         "which says of whom")
    same([fake.get(f"{CONTACTS}/{old}")["id"] for old in ("9001", "9003")],
         [new, new], "the old ids lead to it")
    ids = [one["id"] for one in fake.get(CONTACTS, limit=100)["results"]]
    ok(new in ids and "9001" not in ids and "9003" not in ids,
       "a list has only the third", ids)
    same(fake.get(f"{CONTACTS}/p2%40c1.example", idProperty="email")["id"],
         new, "the other's e-mail leads to it, too")
    same(fake.post(CONTACTS, {"properties": {"email": "p2@c1.example"}})
         .status, 409, "and is still taken")
    same(fake.ask("PATCH", CONTACTS + "/9003", {"properties": {
        "firstname": "X"}})["id"], new, "an update by an old id is followed")
    reply = fake.post(CONTACTS + "/batch/update", {"inputs": [
        {"id": "9003", "properties": {"firstname": "Y"}}]})
    same((reply.status, reply["errors"][0]["context"]["ids"]),
         (207, ["9003"]), "one of a batch is not")
    read = {"inputs": [{"id": "9003"}], "properties": []}
    same(fake.post(CONTACTS + "/batch/read", read)["results"][0]["id"], new,
         "a batch read follows it")
    fake.faults("merged-read=missing")
    same(fake.post(CONTACTS + "/batch/read", read).status, 207,
         "merged-read=missing: and does not")
    others = fake.get(f"/crm/v4/objects/contacts/{new}/associations/"
                      "companies")["results"]
    same([one["toObjectId"] for one in others], [9001, 9003],
         "with the associations of both")
    primary = [one["toObjectId"] for one in others if any(
        label["typeId"] == 1 for label in one["associationTypes"])]
    same(primary, [9001], "of which one is the primary")


run(lists, gets, creates, values, updates, archives, merges)
