# SPDX-License-Identifier: MIT
"""values: is a property's new value allowed, and what is stored for it?"""
import re

from ..clock import iso, parse
from . import catalogue, errors

LONGEST = 65536
EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s.,;<>]+$")
NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$")
DAY = 86400000


class Bad(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code, self.message = code, message


def text_of(value):
    """JSON's value as HubSpot reads it; None: not given."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    raise errors.bad_json("Cannot deserialize value of type "
                          "`java.lang.String` from an object or array")


def moment(text):
    """Milliseconds of epoch milliseconds or of an ISO time."""
    if re.match(r"-?\d+$", text):
        return int(text)
    at = parse(text)
    if at is None:
        raise Bad("INVALID_LONG", f"{text} was not a valid long.")
    return at


def date(_, text):
    at = moment(text)
    if at % DAY:
        raise Bad("INVALID_DATE",
                  f"{at} is at {iso(at)[11:23]} UTC, not midnight!")
    return iso(at)[:10]


def datetime(_, text):
    return iso(moment(text))


def number(definition, text):
    text = text.strip()
    if not NUMBER.match(text):
        raise Bad("INVALID_INTEGER", f"{text} was not a valid number.")
    return text


def enumeration(definition, text):
    if definition.external:
        return text
    values = [part for part in text.split(";") if part] \
        if definition.several else [text]
    for value in values:
        if value not in definition.values:
            allowed = ", ".join(option["value"] for option in
                                definition.options)
            raise Bad("INVALID_OPTION", f"{value} was not one of the allowed "
                      f"options: [{allowed}]")
    return ";".join(dict.fromkeys(values))


def string(definition, text):
    if len(text) > LONGEST:
        raise Bad("PROPERTY_VALUE_TOO_LONG",
                  f"The value of {definition.name} has {len(text)} "
                  f"characters, over the limit of {LONGEST}")
    if definition.name == "email":
        text = text.strip().lower()
        if not EMAIL.match(text):
            raise Bad("INVALID_EMAIL", f"Email address {text} is invalid")
    elif definition.name == "domain":
        text = re.sub(r"^https?://(www\.)?", "", text.strip().lower())
        text = text.split("/")[0]
    return text


READERS = {"date": date, "datetime": datetime, "number": number,
           "enumeration": enumeration, "bool": enumeration,
           "string": string, "phone_number": string}


def backward(old, new):
    """lifecyclestage only moves forward, unless it was cleared; a value
    that would move it back is left aside without a word."""
    stages = catalogue.STAGES.split()
    return old in stages and new in stages and \
        stages.index(new) < stages.index(old)


def checked(kind, table, given, row):
    """{property: value, or None to clear} of what a write asks for; row: the
    record as it is, or None.  Raises errors.Trouble."""
    if not isinstance(given, dict):
        raise errors.bad_json("properties must be an object")
    changes, problems = {}, []
    for name, value in given.items():
        text = text_of(value)
        if text is None:
            continue
        definition = table.definitions.get(name)
        try:
            if definition is None or definition.archived:
                raise Bad("PROPERTY_DOESNT_EXIST",
                          f'Property "{name}" does not exist')
            if definition.read_only:
                raise Bad("READ_ONLY_VALUE", f'"{name}" is a read only '
                          "property; its value cannot be set.")
            changes[name] = one(kind, definition, text, row)
        except Bad as bad:
            problems.append((name, bad.code, bad.message))
    if "lifecyclestage" in changes and row and backward(
            row.properties.get("lifecyclestage"), changes["lifecyclestage"]):
        del changes["lifecyclestage"]
    staged(kind, table, changes, row, problems)
    if problems:
        raise errors.bad_values(problems)
    return changes


def one(kind, definition, text, row):
    if text == "":
        return None
    if definition.several and text.startswith(";"):
        had = row.properties.get(definition.name, "") if row else ""
        text = had + text
    value = READERS[definition.type](definition, text)
    if definition.name == "hubspot_owner_id" and \
            not kind.owners.active(value):
        raise Bad("INVALID_OWNER_ID", f"Owner {value} does not exist")
    return value


def staged(kind, table, changes, row, problems):
    """A stage is one of its pipeline's; a pipeline is one of the type's."""
    if table.name not in catalogue.STAGE_OF:
        return
    pipeline_name, stage_name = catalogue.STAGE_OF[table.name]
    if pipeline_name not in changes and stage_name not in changes:
        return
    had = row.properties if row else {}
    known = kind.pipelines.of(table.name)
    pipeline = changes.get(pipeline_name, had.get(pipeline_name))
    stage = changes.get(stage_name, had.get(stage_name))
    if pipeline is None:
        pipeline = changes[pipeline_name] = next(iter(known))
    if pipeline not in known:
        problems.append((pipeline_name, "INVALID_OPTION", f"{pipeline} was "
                         "not one of the allowed options: "
                         f"[{', '.join(known)}]"))
    elif stage is not None and stage not in known[pipeline]["stages"]:
        problems.append((stage_name, "INVALID_OPTION", f"{stage} was not a "
                         f"stage of the pipeline {pipeline}: "
                         f"[{', '.join(known[pipeline]['stages'])}]"))


def complete(table, properties):
    """Raises unless what a new record needs is there."""
    names = [name for name in table.needed.split() if "|" not in name and
             name not in properties]
    for group in table.needed.split():
        if "|" in group and not any(name in properties for name in
                                    group.split("|")):
            names += group.split("|")
    if names:
        raise errors.missing(table, names)


def free(kind, table, changes, id_):
    """Raises when another record has a value that must be unique."""
    for name, owners in table.unique.items():
        value = changes.get(name)
        if not value:
            continue
        owner = owners.get(value.strip().lower() if name == "email"
                           else value)
        if owner is None and name == "email":
            owner = table.others.get(value)
        if owner is None or owner == id_:
            continue
        if name == "email" and id_ is None:
            raise errors.conflict(
                f"Contact already exists. Existing ID: {owner}")
        raise errors.taken(kind, table, name, value, id_ or "0", owner)
