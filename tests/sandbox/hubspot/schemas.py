# SPDX-License-Identifier: MIT
"""schemas: /crm-object-schemas/v3/schemas, types of one's own."""
import re

from ..clock import iso
from ..exchange import Answer, as_json
from . import catalogue, definitions, errors, shapes
from .store import Table

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*$")


class Schemas:
    def __init__(self, kind):
        self.kind = kind
        self.next = 1001

    def list(self):
        return as_json(200, {"results": [self.state(table) for table in
                                         self.kind.store.list
                                         if table.labels]})

    def get(self, table):
        return as_json(200, self.state(table))

    def state(self, table):
        at = iso(table.made)
        links = [{"id": str(label.type_id), "fromObjectTypeId": table.type_id,
                  "toObjectTypeId": self.kind.store.tables[b].type_id,
                  "name": f"{table.singular}_to_{b}", "cardinality":
                  "ONE_TO_MANY", "inverseCardinality": "ONE_TO_MANY"}
                 for (a, b), labels in self.kind.links.labels.items()
                 if a == table.name for label in labels.values()]
        return {"id": table.type_id[2:], "objectTypeId": table.type_id,
                "name": table.singular, "fullyQualifiedName":
                f"p{self.kind.portal}_{table.singular}",
                "labels": table.labels, "primaryDisplayProperty": table.first,
                "requiredProperties": table.needed.split(),
                "searchableProperties": [], "archived": False,
                "createdAt": at, "updatedAt": at, "associations": links,
                "properties": [one.state() for one in
                               table.definitions.values()]}

    def create(self, request):
        body = self.kind.body(request)
        name, labels = body.get("name", ""), body.get("labels")
        if not NAME.match(name) or not isinstance(labels, dict):
            raise errors.invalid("A schema needs a name and labels")
        if name.lower() in self.kind.store.tables:
            raise errors.conflict(f"An object named {name} already exists")
        required = body.get("requiredProperties") or []
        if not shapes.many(shapes.record)(body.get("properties")):
            raise errors.invalid("A schema needs properties")
        names = [one.get("name") for one in body["properties"]]
        if not names or set(required) - set(names) or \
                body.get("primaryDisplayProperty") not in names:
            raise errors.invalid("primaryDisplayProperty and "
                                 "requiredProperties must be among properties")
        table = self.table(name, labels, required)
        table.first = body["primaryDisplayProperty"]
        for one in body["properties"]:
            one.setdefault("groupName", next(iter(table.groups)))
            self.kind.properties.made(table, one)
        for other in body.get("associatedObjects") or []:
            self.kind.links.custom(
                table.name, self.kind.table(str(other).lower()).name)
        return as_json(201, self.state(table))

    def table(self, name, labels, required):
        """A new type, known by its id, its name and its full name."""
        low = name.lower()
        table = Table(low, low, f"2-{self.next}", low.upper(), "custom",
                      " ".join(required))
        self.next += 1
        table.labels, table.made = labels, self.kind.clock.now()
        table.groups[f"{low}_information"] = f"{name} information"
        for line in filter(None, catalogue.PROPERTIES[
                "custom"].splitlines()):
            table.define(definitions.of_line(line, f"{low}_information"))
        self.kind.store.add(table, low, table.type_id, f"p_{low}",
                            f"p{self.kind.portal}_{low}")
        return table

    def delete(self, table):
        if any(not row.archived for row in table.rows.values()):
            raise errors.invalid("A type with records cannot be deleted")
        store = self.kind.store
        store.list.remove(table)
        for name in [name for name, one in store.tables.items()
                     if one is table]:
            del store.tables[name]
        return Answer(204)
