# SPDX-License-Identifier: MIT
"""links: which record is associated with which, under which labels.

A label has an id in each direction.  Every pair that is associated at all has
the unlabelled one; where a pair of types knows a primary, the first of a
record's others becomes it.
"""
from ..clock import iso
from . import catalogue, errors


class Label:
    def __init__(self, type_id, category, label, back, primary=False):
        self.type_id, self.category, self.label = type_id, category, label
        self.back, self.primary = back, primary

    def state(self):
        return {"category": self.category, "typeId": self.type_id,
                "label": self.label}


class Links:
    def __init__(self, kind):
        self.kind = kind
        self.labels = {}   # (from, to): {type id: Label}, unlabelled first
        self.of = {}       # (table, id): {other: {other id: set of type ids}}
        self.next = 1      # of labels somebody defines
        for a, b, there, back, first, first_back in catalogue.ASSOCIATIONS:
            self.pair(a, b, there, back, "HUBSPOT_DEFINED", None)
            if first:
                self.pair(a, b, first, first_back, "HUBSPOT_DEFINED",
                          "Primary", True)
        self.pair("companies", "companies", 13, 14, "HUBSPOT_DEFINED",
                  "Child Company", back_label="Parent Company")

    def pair(self, a, b, there, back, category, label, primary=False,
             back_label=None):
        self.labels.setdefault((a, b), {})[there] = Label(
            there, category, label, back, primary)
        self.labels.setdefault((b, a), {})[back] = Label(
            back, category, back_label or label, there)

    def custom(self, a, b, label=None, back_label=None):
        """A label somebody defines, or the unlabelled one of a new type."""
        there, self.next = self.next, self.next + 1
        back = there
        if label or a != b:
            back, self.next = self.next, self.next + 1
        self.pair(a, b, there, back, "USER_DEFINED", label,
                  back_label=back_label)
        return there, back

    def known(self, a, b):
        labels = self.labels.get((a, b))
        if not labels:
            raise errors.invalid(f"No association between {a} and {b} is "
                                 "defined")
        return labels

    def checked(self, table, given):
        """[(table, id, type ids)] of the associations of a new record."""
        found = []
        for one in given or ():
            types = [(spec.get("associationCategory"),
                      spec.get("associationTypeId"))
                     for spec in one.get("types", ())]
            id_ = str(one.get("to", {}).get("id", ""))
            other = self.other(table, types)
            row = other.find(id_)
            if row is None or row.archived:
                raise errors.not_found(
                    f"No {other.legacy} with ID {id_} exists", ids=[id_])
            found.append((other, row.id, [number for _, number in types]))
        return found

    def other(self, table, types):
        """The table that all of these labels of table lead to."""
        for (a, b), labels in self.labels.items():
            if a == table.name and types and all(
                    number in labels and labels[number].category == category
                    for category, number in types):
                return self.kind.store.tables[b]
        raise errors.invalid(f"One or more association types are not valid "
                             f"for {table.type_id}: {types}")

    def between(self, a, a_id, b, b_id):
        return self.of.get((a.name, a_id), {}).get(b.name, {}).get(b_id, ())

    def add(self, a, a_id, b, b_id, types):
        """With these labels besides those there are."""
        labels = self.known(a.name, b.name)
        back = self.known(b.name, a.name)
        if a is not b and any(label.primary for label in back.values()):
            # Who has a primary is the other side.
            self.add(b, b_id, a, a_id,
                     [labels[number].back for number in types])
            return
        wanted = {next(iter(labels)), *types}
        primary = next((number for number, label in labels.items()
                        if label.primary), None)
        had = self.of.get((a.name, a_id), {}).get(b.name, {})
        if primary and not any(primary in one for one in had.values()):
            wanted.add(primary)
        if primary in wanted:
            for other in [other for other, one in had.items()
                          if primary in one and other != b_id]:
                self.take(a, a_id, b, other, [primary])
        for number in wanted:
            self._set(a, a_id, b, b_id, number)
            self._set(b, b_id, a, a_id, labels[number].back)
        self.follow(a, a_id, b)
        self.follow(b, b_id, a)

    def seed(self, a, a_id, b, b_id):
        """As add, but long ago: nothing is written because of it."""
        labels = self.known(a.name, b.name)
        back = self.known(b.name, a.name)
        if any(label.primary for label in back.values()):
            self.seed(b, b_id, a, a_id)
            return
        for number, label in labels.items():
            if label.label is None or label.primary:
                self._set(a, a_id, b, b_id, number)
                self._set(b, b_id, a, a_id, label.back)
        self.presume(a, a_id, b, b_id)

    def presume(self, a, a_id, b, b_id):
        """The properties that follow, put where they are."""
        row, other = a.rows[a_id].properties, b.rows[b_id].properties
        if b.name == "companies" and a.name == "contacts":
            row["associatedcompanyid"] = b_id
        elif b.name == "companies" and a.name == "deals":
            row["hs_primary_associated_company"] = b_id
        elif a.name == "leads" and b.name == "contacts":
            for name in ("firstname", "lastname", "email"):
                row[f"hs_associated_contact_{name}"] = other[name]

    def _set(self, a, a_id, b, b_id, number):
        had = self.of.setdefault((a.name, a_id), {}).setdefault(
            b.name, {}).setdefault(b_id, set())
        if number not in had:
            had.add(number)
            self.kind.store.did(self._unset, a, a_id, b, b_id, number)

    def _unset(self, a, a_id, b, b_id, number):
        others = self.of.get((a.name, a_id), {}).get(b.name, {})
        had = others.get(b_id)
        if had and number in had:
            had.discard(number)
            self.kind.store.did(self._set, a, a_id, b, b_id, number)
            if not had:
                del others[b_id]

    def take(self, a, a_id, b, b_id, types=None):
        """Without these labels; None or the unlabelled: not at all."""
        labels = self.labels.get((a.name, b.name), {})
        had = self.between(a, a_id, b, b_id)
        gone = [number for number in had if types is None or number in types]
        if any(number == next(iter(labels)) for number in gone):
            gone = list(had)
        for number in gone:
            self._unset(a, a_id, b, b_id, number)
            self._unset(b, b_id, a, a_id, labels[number].back)
        self.follow(a, a_id, b)
        self.follow(b, b_id, a)

    def others(self, table, id_, other):
        """[(id, type ids)], by id."""
        found = self.of.get((table.name, id_), {}).get(other.name, {})
        return sorted(found.items(), key=lambda pair: int(pair[0]))

    def primary(self, table, id_, other):
        for number, label in self.labels.get((table.name, other.name),
                                             {}).items():
            if label.primary:
                for other_id, had in self.others(table, id_, other):
                    if number in had:
                        return other_id
        return None

    def follow(self, table, id_, other):
        """Properties that say whom a record is associated with."""
        records = self.kind.records
        if other.name == "companies" and table.name == "contacts":
            records.derived(table, id_, {"associatedcompanyid": self.primary(
                table, id_, other)})
        elif other.name == "companies" and table.name == "deals":
            records.derived(table, id_, {
                "hs_primary_associated_company": self.primary(table, id_,
                                                              other)})
        elif other.name == table.name == "companies":
            above = [b for b, had in self.others(table, id_, other)
                     if 14 in had]
            records.derived(table, id_, {
                "hs_parent_company_id": above[0] if above else None})
        elif table.name == "leads" and other.name == "contacts":
            self.lead(table, id_, other)
        elif other.name in ("notes", "calls", "emails", "meetings") and \
                "notes_last_updated" in table.definitions:
            self.activity(table, id_)

    def activity(self, table, id_):
        """When somebody was last in touch; which is an update of a record
        that nobody wrote to."""
        now = iso(self.kind.clock.now())
        rows = [other.rows.get(other_id) for other in
                (self.kind.store.tables[name] for name in
                 ("notes", "calls", "emails", "meetings"))
                for other_id, _ in self.others(table, id_, other)]
        times = [row.properties.get("hs_timestamp", "") for row in rows
                 if row and not row.archived]
        times = [at for at in times if at and at <= now]
        if times:
            self.kind.records.derived(table, id_,
                                      {"notes_last_updated": max(times)})

    def lead(self, table, id_, contacts):
        contact = contacts.rows.get(self.primary(table, id_, contacts) or "")
        had = contact.properties if contact else {}
        self.kind.records.derived(table, id_, {
            f"hs_associated_contact_{name}": had.get(name)
            for name in ("firstname", "lastname", "email")})

    def move(self, table, old, new):
        """A merged record's associations go over to the new one."""
        for name, others in list(self.of.get((table.name, old), {}).items()):
            other = self.kind.store.tables[name]
            for other_id, types in list(others.items()):
                types = list(types)
                if self.primary(table, new, other):
                    labels = self.labels[table.name, name]
                    types = [number for number in types
                             if not labels[number].primary]
                self.take(table, old, other, other_id)
                if (other.name, other_id) != (table.name, new):
                    self.add(table, new, other, other_id, types)

    def forget(self, table, id_):
        for name, others in list(self.of.get((table.name, id_), {}).items()):
            for other_id in list(others):
                self.take(table, id_, self.kind.store.tables[name], other_id)

    def inline(self, table, id_, names):
        """As `associations=` of list and get shows them: a record once for
        each label."""
        found = {}
        for name in names:
            other = self.kind.store.tables.get(name)
            if other is None:
                continue
            rows = [{"id": other_id, "type": self.name_of(table, other,
                                                          number)}
                    for other_id, had in self.others(table, id_, other)
                    for number in sorted(had)]
            if rows:
                found[other.name.replace("_", " ")] = {"results": rows}
        return found

    def name_of(self, table, other, number):
        label = self.labels[table.name, other.name][number]
        name = f"{table.singular}_to_{other.singular}"
        if label.label is None:
            return name + "_unlabeled" if any(
                one.label for one in self.labels[table.name, other.name]
                .values()) else name
        return name if label.label == "Primary" else \
            label.label.lower().replace(" ", "_")
