# SPDX-License-Identifier: MIT
"""search: POST /crm/v3/objects/TYPE/search, over what the index knows.

Archived records are not found.  Times in a filter are epoch milliseconds, as
text; anything else is refused.  The 10,000th result is the last.
"""
import json
import re
from bisect import bisect_right

from ..clock import iso
from ..exchange import as_json
from . import errors

PAGE, WALL, BODY = 200, 10000, 3000
GROUPS, FILTERS, ALL_FILTERS = 5, 6, 18
MEMORY = 16


def comparable(definition, text):
    """A value in a filter, as those of records are compared."""
    if definition.type in ("date", "datetime"):
        if not re.match(r"-?\d{1,14}$", text):
            raise errors.invalid(f"{text} is not a valid time: epoch "
                                 "milliseconds are wanted",
                                 propertyName=[definition.name])
        whole = iso(int(text))
        return whole if definition.type == "datetime" else whole[:10]
    if definition.type == "number":
        try:
            return float(text) if "." in text or "e" in text.lower() \
                else int(text)
        except ValueError:
            raise errors.invalid(f"{text} is not a number",
                                 propertyName=[definition.name]) from None
    return text if definition.type in ("enumeration", "bool") \
        else text.lower()


def stored(definition):
    """A function: a record's value, as those of filters are compared."""
    if definition.type in ("date", "datetime", "enumeration", "bool"):
        return lambda text: text
    if definition.type == "number":
        return lambda text: float(text) if "." in text or "e" in \
            text.lower() else int(text)
    return lambda text: text.lower()


def words(text):
    return re.findall(r"\w+", text.lower())


def token(pattern, text):
    """CONTAINS_TOKEN: a word, with * for any rest of it."""
    wanted = re.compile(".*".join(re.escape(part) for part in
                                  pattern.lower().split("*")) + "$")
    return any(wanted.match(word) for word in words(text)) or \
        bool(wanted.match(text.lower()))


ORDERED = {"LT": lambda a, b: a < b, "LTE": lambda a, b: a <= b,
           "GT": lambda a, b: a > b, "GTE": lambda a, b: a >= b}


class Search:
    def __init__(self, kind):
        self.kind, self.store = kind, kind.store
        self.known = {}   # results of late, by what was asked

    def answer(self, table, request):
        if len(request.body.decode("utf-8", "replace")) > BODY:
            raise errors.invalid("The search request is over the limit of "
                                 f"{BODY} characters")
        body = self.kind.body(request)
        limit, start = self.span(body)
        groups = self.groups(table, body)
        names = self.kind.objects.wanted(table, body.get("properties") or [])
        found, total = self.results(table, body, groups)
        page = found(start, limit)
        result = {"total": total, "results": [
            self.kind.objects.show(table, row, names)
            for row in self.disorder(page, found, start)]}
        if start + limit < total:
            result["paging"] = {"next": {"after": str(start + limit)}}
        return as_json(200, result)

    def disorder(self, page, found, start):
        repeated = self.kind.faults.whole("duplicate-rows") or 0
        if repeated and start:
            page = found(max(0, start - repeated), min(repeated, start)) + page
        if self.kind.faults.setting("reorder"):
            self.kind.noise.shuffle(page)
        return page

    @staticmethod
    def span(body):
        limit, after = body.get("limit", 10), body.get("after") or 0
        if not isinstance(limit, int) or not 1 <= limit <= PAGE:
            raise errors.invalid(f"limit must be from 1 to {PAGE}")
        if not str(after).isdigit():
            raise errors.invalid(f"Invalid after: {after}")
        after = int(after)
        if after + limit > WALL:
            raise errors.invalid("Paging through search results is limited "
                                 f"to the first {WALL}")
        return limit, after

    def groups(self, table, body):
        groups = body.get("filterGroups") or []
        if "filters" in body:
            groups = groups + [{"filters": body["filters"]}]
        filters = [group.get("filters") or [] for group in groups]
        if len(groups) > GROUPS or sum(map(len, filters)) > ALL_FILTERS or \
                any(len(one) > FILTERS for one in filters):
            raise errors.invalid(
                f"Too many filters: {GROUPS} groups of {FILTERS}, "
                f"{ALL_FILTERS} in all, are the most")
        return filters

    # which records

    def results(self, table, body, groups):
        """(a function of start and number giving rows, how many in all).

        Paging by `hs_object_id GT last` asks for the rest of one result again
        and again: that result is kept, by id, and cut."""
        rows = self.store.index.seen(table.name)
        name, descending = self.sort(table, body)
        query = (body.get("query") or "").lower()
        last = self.keyset(groups) if name == "hs_object_id" and \
            not descending else None
        if last:
            groups = [[one for one in groups[0] if one is not last]]
        key = json.dumps([table.name, groups, name, descending, query])
        kept = self.known.get(key)
        if not kept or kept[0] != self.store.index.counter:
            kept = (self.store.index.counter, self.sorted(
                table, self.matching(table, rows, groups, query), name,
                descending))
            if len(self.known) >= MEMORY:
                self.known.clear()
            self.known[key] = kept
        found, first = kept[1], 0
        if last:
            first = bisect_right(found, int(last["value"]),
                                 key=lambda row: int(row.id))
        return (lambda start, number:
                found[first + start:first + start + number],
                len(found) - first)

    @staticmethod
    def keyset(groups):
        """The filter by which one pages beyond the wall, or None."""
        if len(groups) != 1:
            return None
        found = [one for one in groups[0]
                 if one.get("propertyName") == "hs_object_id" and
                 one.get("operator") == "GT" and
                 str(one.get("value", "")).isdigit()]
        return found[0] if len(found) == 1 else None

    @staticmethod
    def sort(table, body):
        """(property, descending?)"""
        sorts = body.get("sorts") or []
        if len(sorts) > 1:
            raise errors.invalid("Only one sort is supported")
        if not sorts:
            return None, False
        one = sorts[0]
        if isinstance(one, str):
            name, descending = one.lstrip("-"), one.startswith("-")
        else:
            name = one.get("propertyName")
            descending = one.get("direction") == "DESCENDING"
        if name not in table.definitions:
            raise errors.invalid(f"There was a problem with the request: no "
                                 f"property {name} to sort by")
        return name, descending

    @staticmethod
    def sorted(table, found, name, descending):
        if name is None or name == "hs_object_id":
            return sorted(found, key=lambda row: int(row.id),
                          reverse=descending)
        value = stored(table.definitions[name])

        def key(row):
            text = row.properties.get(name)
            return (text is not None, value(text) if text is not None
                    else 0, int(row.id))
        return sorted(found, key=key, reverse=descending)

    def matching(self, table, rows, groups, query):
        tests = [[self.test(table, one) for one in group] for group in groups]
        found = []
        for row in rows.values():
            if row.archived:
                continue
            if tests and not any(all(test(row) for test in group)
                                 for group in tests):
                continue
            if query and not any(query in text.lower() for text in
                                 row.properties.values()):
                continue
            found.append(row)
        return found

    def test(self, table, one):
        """A function of a row, for a filter."""
        name, operator = one.get("propertyName"), one.get("operator")
        if isinstance(name, str) and name.startswith("associations."):
            return self.associated(table, name[len("associations."):], one)
        definition = table.definitions.get(name)
        if definition is None or definition.archived:
            raise errors.invalid(f"There was a problem with the request: "
                                 f"property {name} does not exist")
        if operator == "HAS_PROPERTY":
            return lambda row: name in row.properties
        if operator == "NOT_HAS_PROPERTY":
            return lambda row: name not in row.properties
        if operator in ("IN", "NOT_IN"):
            return self.among(definition, one)
        wanted = self.operand(definition, one, "value")
        if operator in ("CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN"):
            hit = operator == "CONTAINS_TOKEN"
            return lambda row: (name in row.properties and token(
                one["value"], row.properties[name])) == hit
        value = stored(definition)
        if operator == "EQ":
            return lambda row: name in row.properties and \
                value(row.properties[name]) == wanted
        if operator == "NEQ":
            return lambda row: name not in row.properties or \
                value(row.properties[name]) != wanted
        if operator == "BETWEEN":
            high = self.operand(definition, one, "highValue")
            return lambda row: name in row.properties and \
                wanted <= value(row.properties[name]) <= high
        if operator not in ORDERED:
            raise errors.invalid(f"Invalid operator {operator}")
        compare = ORDERED[operator]
        return lambda row: name in row.properties and \
            compare(value(row.properties[name]), wanted)

    @staticmethod
    def operand(definition, one, key):
        text = one.get(key)
        if not isinstance(text, str):
            raise errors.invalid(f"A filter by {definition.name} needs "
                                 f"{key}, as text")
        return comparable(definition, text)

    @staticmethod
    def among(definition, one):
        values = one.get("values")
        if not isinstance(values, list) or "value" in one:
            raise errors.invalid("IN and NOT_IN need values, a list")
        # Text is matched against lower case, and not lowered here.
        wanted = set(values) if definition.type == "string" else {
            comparable(definition, str(text)) for text in values}
        value, name = stored(definition), definition.name
        if one["operator"] == "IN":
            return lambda row: name in row.properties and \
                value(row.properties[name]) in wanted
        return lambda row: name not in row.properties or \
            value(row.properties[name]) not in wanted

    def associated(self, table, singular, one):
        other = next((table for table in self.store.list if singular in
                      (table.singular, table.name)), None)
        if other is None or one.get("operator") not in ("EQ", "IN"):
            raise errors.invalid(f"Invalid filter by associations.{singular}")
        wanted = set(one.get("values") or [one.get("value")])
        links = self.kind.links
        return lambda row: any(id_ in wanted for id_, _ in
                               links.others(table, row.id, other))
