# SPDX-License-Identifier: MIT
"""store: the records of an account, and what search knows of them.

A row is never changed, only replaced, so that an older one can stay in the
index until its time has come.
"""
import heapq
from bisect import bisect_left, insort

from ..clock import iso

REVISIONS = 20  # of a property's history


class Row:
    """properties: only those with a value; archived: when, or None."""
    __slots__ = ("id", "properties", "created", "updated", "archived")

    def __init__(self, id_, properties, created, updated, archived=None):
        self.id, self.properties = id_, properties
        self.created, self.updated = created, updated
        self.archived = archived


class Table:
    """All records of a type."""

    def __init__(self, name, singular, type_id, legacy, scope, needed):
        self.name, self.singular, self.type_id = name, singular, type_id
        self.legacy, self.scope, self.needed = legacy, scope, needed
        self.definitions = {}
        self.groups = {}
        self.rows = {}      # by id, a string
        self.order = []     # ids as numbers, ascending
        self.became = {}    # a merged id: the id it was merged into
        self.merged = {}    # id: the ids merged into it
        self.history = {}   # id: {property: [(value, at, type, source)]}
        self.unique = {}    # property: {value: id}
        self.others = {}    # contacts' additional emails: id
        self.next = 9001    # the same in each type: ids are not global
        self.modified = "hs_lastmodifieddate"
        self.created = "hs_createdate"
        self.labels = None  # of a custom type: its schema

    def define(self, definition):
        self.definitions[definition.name] = definition
        if definition.unique:
            self.unique.setdefault(definition.name, {})

    def find(self, id_):
        """The row of an id, also of one that was merged, or None."""
        while id_ in self.became:
            id_ = self.became[id_]
        return self.rows.get(id_)

    def by_value(self, name, value):
        """The row with this value of a unique property, or None."""
        id_ = self.unique[name].get(fold(name, value))
        if id_ is None and name == "email":
            id_ = self.others.get(fold(name, value))
        return self.rows.get(id_)

    def page(self, start, archived, limit, rows):
        """Rows by id from start on, at most limit + 1."""
        found = []
        for place in range(bisect_left(self.order, start), len(self.order)):
            row = rows.get(str(self.order[place]))
            if row and bool(row.archived) == archived:
                found.append(row)
                if len(found) > limit:
                    break
        return found


def fold(name, value):
    """How unique values are compared."""
    return value.strip().lower() if name == "email" else value


class Index:
    """What search sees, each write after its own lag."""

    def __init__(self, clock, faults, random):
        self.clock, self.faults, self.random = clock, faults, random
        self.rows = {}     # table name: {id: row}
        self.waiting = []
        self.order = 0
        self.newest = {}   # (table, id): order of its newest write shown
        self.counter = 0   # changes when what is seen does

    def at_once(self, table, row):
        self.rows.setdefault(table, {})[row.id] = row
        self.counter += 1

    def later(self, table, id_, row):
        """row: None when the record is gone."""
        least, most = self.faults.span("lag")
        self.order += 1
        at = self.clock.now() + (self.random.randint(least, most)
                                 if most else 0)
        heapq.heappush(self.waiting, (at, self.order, table, id_, row))

    def forget(self, mark):
        """What was to come after this order."""
        self.waiting = [one for one in self.waiting if one[1] <= mark]
        heapq.heapify(self.waiting)

    def seen(self, table):
        """{id: row} as of now."""
        now = self.clock.now()
        while self.waiting and self.waiting[0][0] <= now:
            _, order, name, id_, row = heapq.heappop(self.waiting)
            if self.newest.get((name, id_), 0) > order:
                continue  # a later write was quicker
            self.newest[name, id_] = order
            self.counter += 1
            if row is None:
                self.rows.setdefault(name, {}).pop(id_, None)
            else:
                self.rows.setdefault(name, {})[id_] = row
        return self.rows.get(table, {})


class Store:
    """Every write goes through put or drop."""

    def __init__(self, clock, faults, random):
        self.clock = clock
        self.index = Index(clock, faults, random)
        self.late = Index(clock, LateLists(faults), random)
        self.tables = {}   # by every name a type goes by
        self.list = []
        self.trail = None  # how to undo what was done since begin()

    def begin(self):
        self.trail = []

    def keep(self):
        self.trail = None

    def undo(self):
        trail, self.trail = self.trail, None
        for step in reversed(trail):
            step()

    def did(self, *step):
        """step: a function and its arguments that undo what was just done."""
        if self.trail is not None:
            self.trail.append(lambda: step[0](*step[1:]))

    def _unput(self, table, old, id_, history, marks):
        self._claim(table, table.rows[id_], old)
        if old is None:
            del table.rows[id_]
            table.order.remove(int(id_))
        else:
            table.rows[id_] = old
        table.history[id_] = history
        for index, mark in zip((self.index, self.late), marks):
            index.forget(mark)

    def add(self, table, *names):
        self.list.append(table)
        for name in names:
            self.tables[name] = table

    def new_id(self, table):
        table.next += 1
        return str(table.next - 1)

    def put(self, table, row, changes, source):
        """changes: {property: new value or None}, for history and unique."""
        old = table.rows.get(row.id)
        if self.trail is not None:
            history = {name: list(known) for name, known in
                       table.history.get(row.id, {}).items()}
            self.did(self._unput, table, old, row.id, history,
                     (self.index.order, self.late.order))
        table.rows[row.id] = row
        if old is None:
            insort(table.order, int(row.id))
        self._note(table, old, row, changes, source)
        self._claim(table, old, row)
        self.index.later(table.name, row.id, row)
        self.late.later(table.name, row.id, row)

    def seed(self, table, row):
        """As put, but long ago."""
        table.rows[row.id] = row
        table.order.append(int(row.id))
        self._claim(table, None, row)
        self.index.at_once(table.name, row)
        self.late.at_once(table.name, row)

    def drop(self, table, row):
        """The record is no more: merged or purged."""
        self._claim(table, row, None)
        del table.rows[row.id]
        table.order.remove(int(row.id))
        self.index.later(table.name, row.id, None)
        self.late.later(table.name, row.id, None)

    def _note(self, table, old, row, changes, source):
        if old is None:
            return
        history = table.history.setdefault(row.id, {})
        for name, value in changes.items():
            known = history.get(name)
            if known is None:
                known = history[name] = []
                if name in old.properties:
                    known.append((old.properties[name], old.created,
                                  "INTEGRATION", None))
            known.insert(0, (value or "", row.updated, *source))
            del known[REVISIONS:]

    @staticmethod
    def _claim(table, old, row):
        """An archived record's values are free."""
        for name, owners in table.unique.items():
            value = old and old.properties.get(name)
            if value and owners.get(fold(name, value)) == old.id:
                del owners[fold(name, value)]
            value = row and not row.archived and row.properties.get(name)
            if value:
                owners[fold(name, value)] = row.id


class LateLists:
    """The lag of lists, for an Index."""

    def __init__(self, faults):
        self.faults = faults

    def span(self, _):
        return self.faults.span("late-list")


def shown(row, names, definitions, reformat, short):
    """A record as JSON, with these properties; short: no .000 of times."""
    properties = row.properties
    found = {name: properties.get(name) for name in names}
    if reformat:
        for name, value in found.items():
            if value and name in definitions:
                found[name] = reformatted(definitions[name], value)
    result = {"id": row.id, "properties": found,
              "createdAt": iso(row.created), "updatedAt": iso(row.updated),
              "archived": bool(row.archived)}
    if row.archived:
        result["archivedAt"] = iso(row.archived)
    if short:
        for part in (found, result):
            for name, value in part.items():
                if isinstance(value, str) and value.endswith(".000Z") \
                        and value[10:11] == "T":
                    part[name] = value[:-5] + "Z"
    return result


def reformatted(definition, value):
    if definition.type == "number" and "." in value:
        return value.rstrip("0").rstrip(".")
    if definition.field == "phonenumber":
        digits = "".join(letter for letter in value if letter.isdigit())
        return "+" + digits if digits else value
    return value
