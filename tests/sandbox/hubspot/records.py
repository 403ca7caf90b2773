# SPDX-License-Identifier: MIT
"""records: what a write does to a record, whoever writes.

source is what history says of it: (sourceType, sourceId).
"""
from ..clock import iso
from . import errors, values
from .store import Row

PERSON = ("CRM_UI", "userId:88")
PROGRAM = ("INTEGRATION", "51")


class Records:
    def __init__(self, kind):
        self.kind, self.store = kind, kind.store

    def create(self, table, given, associations, source):
        kind = self.kind
        changes = values.checked(kind, table, given, None)
        changes = {name: value for name, value in changes.items()
                   if value is not None}
        values.complete(table, changes)
        values.free(kind, table, changes, None)
        links = kind.links.checked(table, associations)
        if table.name == "leads" and not links:
            raise errors.invalid("A lead must be associated with a contact "
                                 "or a company")
        at = kind.clock.now()
        id_ = self.store.new_id(table)
        row = self.stamped(table, Row(id_, changes, at, at))
        self.store.put(table, row, changes, source)
        for other, other_id, types in links:
            kind.links.add(table, id_, other, other_id, types)
        return table.rows[id_]

    def update(self, table, row, given, source):
        changes = values.checked(self.kind, table, given, row)
        values.free(self.kind, table, changes, row.id)
        return self.change(table, row, changes, source)

    def change(self, table, row, changes, source):
        """With values already checked; nothing new is no write at all."""
        changes = {name: value for name, value in changes.items()
                   if row.properties.get(name) != value}
        if not changes:
            return row
        properties = {**row.properties, **changes}
        properties = {name: value for name, value in properties.items()
                      if value is not None}
        fresh = self.stamped(table, Row(row.id, properties, row.created,
                                        self.kind.clock.now(), row.archived))
        self.store.put(table, fresh, changes, source)
        return fresh

    def archive(self, table, row, source):
        if row.archived:
            return
        at = self.kind.clock.now()
        self.store.put(table, Row(row.id, row.properties, row.created,
                                  row.updated, at), {}, source)

    def restore(self, table, row, source):
        """Only a person can, in HubSpot's pages."""
        values.free(self.kind, table, row.properties, row.id)
        row = self.stamped(table, Row(row.id, dict(row.properties),
                                      row.created, self.kind.clock.now()))
        self.store.put(table, row, {}, source)
        return row

    def stamped(self, table, row):
        """With the properties HubSpot itself sets."""
        properties = row.properties
        properties["hs_object_id"] = row.id
        properties[table.created] = iso(row.created)
        properties[table.modified] = iso(row.updated)
        if table.name == "deals" and "dealstage" in properties:
            self.closed(properties)
        elif table.name == "line_items" and "price" in properties:
            properties["amount"] = properties["price"]
        elif table.name == "meetings" and "hs_timestamp" in properties:
            start = properties.setdefault("hs_meeting_start_time",
                                          properties["hs_timestamp"])
            properties["hs_timestamp"] = start
        elif table.name == "tasks":
            if properties.get("hs_task_status") != "COMPLETED":
                properties.pop("hs_task_completion_date", None)
            else:
                properties.setdefault("hs_task_completion_date",
                                      iso(row.updated))
        return row

    def closed(self, properties):
        stages = self.kind.pipelines.of("deals").get(
            properties.get("pipeline"), {}).get("stages", {})
        stage = stages.get(properties["dealstage"])
        if stage:
            chance = stage["metadata"]["probability"]
            ended = stage["metadata"]["isClosed"]
            properties["hs_deal_stage_probability"] = chance
            properties["hs_is_closed"] = ended
            properties["hs_is_closed_won"] = \
                "true" if ended == "true" and chance == "1.0" else "false"

    def merge(self, table, primary, other, source):
        """A third record, to which the ids of both now lead."""
        if primary.id == other.id:
            raise errors.invalid("Cannot merge a record with itself")
        at = self.kind.clock.now()
        properties = {**other.properties, **primary.properties}
        merged = table.merged.pop(primary.id, []) + [primary.id] + \
            table.merged.pop(other.id, []) + [other.id]
        properties["hs_merged_object_ids"] = ";".join(merged)
        id_ = self.store.new_id(table)
        if table.name == "contacts":
            self.emails(table, properties, primary, other, id_)
        for row in (primary, other):
            self.store.drop(table, row)
            table.became[row.id] = id_
        table.merged[id_] = merged
        row = self.stamped(table, Row(id_, properties,
                                      min(primary.created, other.created),
                                      at))
        self.store.put(table, row, {}, source)
        for gone in (primary, other):
            self.kind.links.move(table, gone.id, id_)
        return table.rows[id_]

    @staticmethod
    def emails(table, properties, primary, other, id_):
        """The loser's address stays, and stays taken."""
        more = [row.properties.get(name) for row in (primary, other)
                for name in ("email", "hs_additional_emails")]
        every = dict.fromkeys(address for text in more if text
                              for address in text.split(";"))
        every.pop(properties.get("email"), None)
        if every:
            properties["hs_additional_emails"] = ";".join(every)
        for address in every:
            table.others[address] = id_

    def purge(self, table, row):
        """For good; as gdpr-delete."""
        self.kind.links.forget(table, row.id)
        self.store.drop(table, row)

    def derived(self, table, id_, changes):
        """Properties that follow from associations."""
        row = table.rows.get(id_)
        if row and all(name in table.definitions for name in changes):
            self.change(table, row, changes, ("ASSOCIATIONS", None))


def defaults(table):
    return [name for name, definition in table.definitions.items()
            if definition.default]
