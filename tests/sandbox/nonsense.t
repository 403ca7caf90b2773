#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Bodies and paths of all wrong shapes: refused as HubSpot refuses, never by a
fault of the sandbox, and nothing is done.
"""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wire import run, same  # noqa: E402

OBJECTS = "/crm/v3/objects/contacts"
PAIR = "/crm/v4/associations/contacts/companies"
PATHS = [OBJECTS] + [f"{OBJECTS}/{rest}" for rest in (
    "batch/read", "batch/create", "batch/update", "batch/upsert",
    "batch/archive", "search", "merge", "gdpr-delete")] + [
        f"{PAIR}/{rest}" for rest in (
            "batch/read", "batch/create", "batch/associate/default",
            "batch/archive", "batch/labels/archive", "labels")] + [
                "/crm/v3/properties/contacts",
                "/crm/v3/properties/contacts/groups",
                "/crm/v3/properties/contacts/batch/read",
                "/crm-object-schemas/v3/schemas"]
ODD = [None, 1, "x", [], [1], {"a": 1}, [{"a": [1]}]]
KEYS = ("inputs", "properties", "associations", "filterGroups", "filters",
        "sorts", "limit", "after", "query", "idProperty", "id", "from", "to",
        "types", "propertiesWithHistory", "name", "label", "options",
        "primaryObjectId", "objectId", "labels", "associatedObjects", "type",
        "values", "propertyName", "operator", "groupName")


def bodies():
    yield from ODD
    for key in KEYS:
        for value in ODD:
            yield {key: value}
            yield {"inputs": [{key: value}]}
            yield {"filterGroups": [{"filters": [{
                "propertyName": "city", "operator": "IN", key: value}]}]}
            yield {"properties": {"email": "x@y.zz"}, key: value}
            yield {"name": "abc", "label": "l", "type": "enumeration",
                   "fieldType": "select", "groupName": "contactinformation",
                   key: value}


def nonsense(fake):
    many = list(bodies())
    for path in PATHS:
        broken = []
        for body in many:
            status = fake.post(path, body).status
            if status >= 500:
                broken.append(body)
        same(broken[:3], [], f"{path}: {len(many)} odd bodies")
    for path in (OBJECTS + "/%00", OBJECTS + "/%FF?idProperty=email",
                 OBJECTS + "?limit=x", OBJECTS + "?after=-1", "//", "/crm",
                 OBJECTS + "/batch", "/oauth", "/crm/v3/owners?after=x",
                 "/crm/v4/objects/contacts/9001/associations/companies"
                 "?after=%%%", "/oauth/v1/access-tokens/x", "/oauth/v3"):
        same(fake.get(path).status // 100, 4, f"{path}: refused")
    for body in (b"\xff", b"%", b"a=b=c&&", b"=", b"grant_type=refresh_token"):
        same(fake.ask("POST", "/oauth/v3/token", body, headers={
            "Content-Type": "application/x-www-form-urlencoded"}).status
            // 100, 4, f"a form of {body}")


run(nonsense)
