# SPDX-License-Identifier: MIT
"""shapes: what the members of a body must be, by their names.

null is as if it were not there.  The values of a record's properties are
looked at where they are read.
"""
from . import errors


def text(value):
    return isinstance(value, str)


def scalar(value):
    return isinstance(value, (str, int)) and not isinstance(value, bool)


def record(value):
    return isinstance(value, dict)


def many(of):
    return lambda value: isinstance(value, list) and all(map(of, value))


def either(*tests):
    return lambda value: any(test(value) for test in tests)


def anything(_):
    return True


SHAPES = {
    **dict.fromkeys(
        ("idProperty", "propertyName", "operator", "direction", "query",
         "name", "label", "inverseLabel", "type", "fieldType", "groupName",
         "description", "value", "highValue", "objectWriteTraceId",
         "primaryDisplayProperty", "associationCategory"), text),
    **dict.fromkeys(("id", "objectId", "primaryObjectId", "objectIdToMerge",
                     "after", "associationTypeId"), scalar),
    **dict.fromkeys(("inputs", "filterGroups", "filters", "types", "options",
                     "associations"), many(record)),
    **dict.fromkeys(("values", "propertiesWithHistory", "associatedObjects",
                     "requiredProperties"), many(text)),
    **dict.fromkeys(("from", "labels"), record),
    "to": either(record, many(record)),
    "sorts": many(either(text, record)),
    "properties": either(record, many(text), many(record)),
}


def fitted(value, within=None):
    """value without what is null; raises errors.Trouble at a wrong shape."""
    if isinstance(value, list):
        return [fitted(one) for one in value]
    if not isinstance(value, dict) or within == "properties":
        return value
    found = {}
    for name, one in value.items():
        if one is None:
            continue
        if not SHAPES.get(name, anything)(one):
            raise errors.bad_json(f"Cannot deserialize the value of {name}")
        found[name] = fitted(one, name)
    return found
