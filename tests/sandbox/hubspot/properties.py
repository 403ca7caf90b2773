# SPDX-License-Identifier: MIT
"""properties: /crm/v3/properties/TYPE, their creation, and their groups."""
import re

from ..exchange import Answer, as_json
from . import definitions, errors
from .definitions import Definition

NAME = re.compile(r"[a-z][a-z0-9_]{0,99}$")
UNIQUE_MOST = 10


class Properties:
    def __init__(self, kind):
        self.kind = kind

    def list(self, table, request):
        archived = request.one("archived", "false") == "true"
        return as_json(200, {"results": [
            definition.state() for definition in table.definitions.values()
            if bool(definition.archived) == archived]})

    def find(self, table, name, archived=False):
        definition = table.definitions.get(name)
        if definition is None or bool(definition.archived) != archived:
            raise errors.not_found(f'Property "{name}" does not exist')
        return definition

    def get(self, table, name, request):
        archived = request.one("archived", "false") == "true"
        return as_json(200, self.find(table, name, archived).state())

    def read(self, table, request):
        body, inputs = self.kind.batches.inputs(request)
        archived = bool(body.get("archived"))
        results, failed = [], []
        for one in inputs:
            try:
                results.append(self.find(table, one.get("name"),
                                         archived).state())
            except errors.Trouble as trouble:
                failed.append(trouble.row(None, [one.get("name")]))
        return self.kind.batches.respond(200, results, failed,
                                         self.kind.clock.now())

    def create(self, table, request):
        return as_json(201, self.made(table, self.kind.body(request)))

    def create_batch(self, table, request):
        _, inputs = self.kind.batches.inputs(request)
        return self.kind.batches.respond(
            201, [self.made(table, one) for one in inputs], [],
            self.kind.clock.now())

    def made(self, table, body):
        """A new property of an account; as shown."""
        name, type_ = body.get("name", ""), body.get("type")
        for key in ("name", "label", "type", "fieldType", "groupName"):
            if not body.get(key):
                raise errors.invalid(f"{key} is required")
        if not NAME.match(name):
            raise errors.invalid(f"{name} is not a valid name: lower case "
                                 "letters, digits and _, a letter first")
        if body["fieldType"] not in definitions.TYPES.get(type_, ()):
            raise errors.invalid(f"fieldType {body['fieldType']} is not valid "
                                 f"for type {type_}")
        if body["groupName"] not in table.groups:
            raise errors.invalid(f"Property group {body['groupName']} does "
                                 "not exist")
        if name in table.definitions:
            raise errors.conflict(f'A property named "{name}" already exists')
        unique = bool(body.get("hasUniqueValue"))
        if unique and len([one for one in table.definitions.values()
                           if one.unique]) >= UNIQUE_MOST:
            raise errors.invalid("The limit of unique properties is "
                                 f"{UNIQUE_MOST}")
        table.define(Definition(
            name, type_, body["fieldType"], label=body["label"],
            group=body["groupName"], unique=unique,
            description=body.get("description", ""),
            options=self.options(type_, body.get("options")),
            created=self.kind.clock.now()))
        return table.definitions[name].state()

    @staticmethod
    def options(type_, given):
        if type_ == "bool":
            given = given or definitions.options(["true", "false"])
        elif type_ != "enumeration":
            return []
        found, seen = [], set()
        for place, one in enumerate(given or ()):
            if not one.get("value") or not one.get("label") or \
                    one["value"] in seen:
                raise errors.invalid("Options need a label and a value, each "
                                     "once")
            seen.add(one["value"])
            found.append({"label": one["label"], "value": one["value"],
                          "displayOrder": one.get("displayOrder", place),
                          "hidden": bool(one.get("hidden"))})
        return found

    def update(self, table, name, request):
        definition, body = self.find(table, name), self.kind.body(request)
        if definition.theirs and set(body) - {"options"}:
            raise errors.invalid(f"{name} is defined by HubSpot")
        changes = {}
        if "options" in body:
            changes["options"] = self.options(definition.type,
                                              body["options"])
        for key, name_ in (("label", "label"), ("groupName", "group"),
                           ("description", "description")):
            if key in body:
                changes[name_] = body[key]
        definition.retouch(self.kind.clock.now(), **changes)
        return as_json(200, definition.state())

    def archive(self, table, name):
        definition = table.definitions.get(name)
        if definition and definition.theirs:
            raise errors.invalid(f"{name} is defined by HubSpot")
        if definition:
            definition.archived = self.kind.clock.now()
        return Answer(204)

    # groups

    @staticmethod
    def group(table, name):
        return {"name": name, "label": table.groups[name],
                "displayOrder": -1, "archived": False}

    def list_groups(self, table):
        return as_json(200, {"results": [self.group(table, name)
                                         for name in table.groups]})

    def get_group(self, table, name):
        if name not in table.groups:
            raise errors.not_found(f"Property group {name} does not exist")
        return as_json(200, self.group(table, name))

    def create_group(self, table, request):
        body = self.kind.body(request)
        name = body.get("name", "")
        if not NAME.match(name) or not body.get("label"):
            raise errors.invalid("A group needs a name and a label")
        if name in table.groups:
            raise errors.conflict(f"A group named {name} already exists")
        table.groups[name] = body["label"]
        return as_json(201, self.group(table, name))
