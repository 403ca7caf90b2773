# SPDX-License-Identifier: MIT
"""edit: what a person does in HubSpot's own pages, for POST /_sandbox/edit.

One JSON object each; `type` is a type's name:
    {"type": "companies", "id": "9001", "properties": {"city": "Linz"}}
    {"type": "companies", "create": {"name": "New"}, "associations": [...]}
    {"type": "companies", "id": "9001", "archive": true}   or "restore", "purge"
    {"type": "companies", "id": "9001", "merge": "9002"}   9002 into 9001
    {"type": "contacts", "id": "9001", "associate": {"type": "companies",
     "id": "9002", "label": 1}}                            or "dissociate"
    {"type": "owners", "id": "4161", "archive": true}
Answered by the record as it is then.
"""
from . import errors
from .records import PERSON


def edit(kind, change):
    if change["type"] == "owners":
        owner = next(one for one in kind.owners.list
                     if one["id"] == change["id"])
        owner["archived"] = bool(change["archive"])
        return owner
    table = kind.table(change["type"])
    try:
        row = act(kind, table, change)
    except errors.Trouble as trouble:
        raise ValueError(trouble.message) from None
    return kind.record(table, table.find(row.id) or row)


def act(kind, table, change):
    records = kind.records
    if "create" in change:
        return records.create(table, change["create"],
                              change.get("associations"), PERSON)
    row = table.find(change["id"])
    if row is None:
        raise KeyError(change["id"])
    if "properties" in change:
        row = records.update(table, row, change["properties"], PERSON)
    if change.get("archive"):
        records.archive(table, row, PERSON)
    if change.get("restore"):
        row = records.restore(table, row, PERSON)
    if change.get("purge"):
        records.purge(table, row)
    if "merge" in change:
        row = records.merge(table, row, table.find(change["merge"]), PERSON)
    for word in ("associate", "dissociate"):
        if word in change:
            link(kind, table, row, change[word], word)
    return row


def link(kind, table, row, to, word):
    other = kind.table(to["type"])
    labels = [to["label"]] if "label" in to else []
    if word == "associate":
        kind.links.add(table, row.id, other, to["id"], labels)
    else:
        kind.links.take(table, row.id, other, to["id"], labels or None)
