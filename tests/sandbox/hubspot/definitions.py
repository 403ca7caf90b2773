# SPDX-License-Identifier: MIT
"""definitions: what is known of one property."""
from ..clock import iso

TYPES = {
    "string": ("text", "textarea", "html", "file", "phonenumber"),
    "number": ("number",), "date": ("date",), "datetime": ("date",),
    "phone_number": ("phonenumber",),
    "enumeration": ("select", "radio", "checkbox", "booleancheckbox"),
    "bool": ("booleancheckbox",),
}


class Definition:
    """options: {"value":, "label":, ...} of each, in order."""

    def __init__(self, name, type_, field, **rest):
        self.name, self.type, self.field = name, type_, field
        self.label = rest.get("label", name)
        self.group = rest.get("group", "information")
        self.description = rest.get("description", "")
        self.options = rest.get("options", [])
        self.unique = rest.get("unique", False)
        self.read_only = rest.get("read_only", False)
        self.calculated = rest.get("calculated", False)
        self.external = rest.get("external", False)
        self.theirs = rest.get("theirs", False)
        self.default = rest.get("default", False)
        self.created = rest.get("created", 0)
        self.updated = self.created
        self.archived = None
        self.values = {option["value"] for option in self.options}

    def retouch(self, at, **changes):
        for name, value in changes.items():
            setattr(self, name, value)
        self.values = {option["value"] for option in self.options}
        self.updated = at

    @property
    def several(self):
        return self.type == "enumeration" and self.field == "checkbox"

    def state(self):
        found = {
            "name": self.name, "label": self.label, "type": self.type,
            "fieldType": self.field, "description": self.description,
            "groupName": self.group, "options": self.options,
            "displayOrder": -1, "calculated": self.calculated,
            "externalOptions": self.external, "archived": bool(self.archived),
            "hasUniqueValue": self.unique, "hidden": False,
            "formField": not self.read_only,
            "modificationMetadata": {
                "archivable": not self.theirs,
                "readOnlyDefinition": self.theirs,
                "readOnlyValue": self.read_only},
        }
        if self.theirs:
            found["hubspotDefined"] = True
        else:
            found["createdAt"] = iso(self.created)
            found["updatedAt"] = iso(self.updated)
        if self.archived:
            found["archivedAt"] = iso(self.archived)
        return found


def options(values):
    return [{"label": value.replace("_", " ").capitalize(), "value": value,
             "displayOrder": place, "hidden": False}
            for place, value in enumerate(values)]


def of_line(line, group):
    """A line of the catalogue."""
    name, type_, field, flags, *values = line.split()
    if type_ == "bool":
        values = ["true", "false"]
    return Definition(
        name, type_, field, label=name.replace("_", " ").capitalize(),
        group=group, options=options(values), theirs=True,
        read_only="r" in flags, calculated="c" in flags,
        external="e" in flags, default="d" in flags)
