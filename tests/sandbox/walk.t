#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random walks over all the API does, in the process: whatever is asked, no
fault of the sandbox; a batch that is refused leaves nothing; associations are
the same from both sides; a unique value has one owner; and search comes to
know of all.

usage: walk.t [HOW MANY [FIRST SEED]]
"""
import json
import os
import random
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]
from sandbox.exchange import Request  # noqa: E402
from sandbox.hubspot import Kind  # noqa: E402
from sandbox.world import World  # noqa: E402
from wire import done, ok  # noqa: E402

TYPES = ["contacts", "companies", "deals", "notes", "tasks", "leads",
         "tickets", "meetings"]
STEPS = 150


class Walk:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.world = World("hubspot", Kind, "rate=off,search-rate=off,"
                           "association-rate=off,daily=off,lag=0-2", seed, 8, False)
        self.world.clock.stop()
        self.kind = self.world.kind
        self.refused = self.undone = 0
        self.go("POST", "/crm/v3/properties/companies", {
            "name": "ext_id", "label": "x", "type": "string", "fieldType":
            "text", "groupName": "companyinformation",
            "hasUniqueValue": True})

    def go(self, method, path, body=None):
        headers = {"content-type": "application/json", "authorization":
                   "Bearer " + self.kind.given["token"]}
        answer = self.world.serve(Request(
            method, path, headers, b"" if body is None else
            json.dumps(body).encode()))
        assert answer.status != 500, (method, path, body, answer.body)
        return answer.status

    def state(self):
        return [json.dumps(row, sort_keys=True) for row in self.kind.state()]

    def id(self):
        return str(9001 + self.random.randrange(14))

    def properties(self, type_):
        pick, number = self.random.choice, self.random.randrange(14)
        return {
            "contacts": lambda: pick([
                {"email": f"w{number}@x.yy"}, {"firstname": "a"},
                {"lifecyclestage": pick(["lead", "customer", ""])},
                {"email": "bad"}]),
            "companies": lambda: pick([
                {"name": "n", "ext_id": str(number)},
                {"ext_id": str(number), "domain": "x.yy"}, {"city": "q"}]),
            "deals": lambda: {"dealname": "d", "dealstage": pick(
                ["closedwon", "x", "contractsent"])},
            "leads": lambda: {"hs_lead_name": "l"},
            "tickets": lambda: {"subject": "s", "hs_pipeline_stage":
                                pick("125")},
        }.get(type_, lambda: {"hs_timestamp": pick(
            ["2024-01-01", "1700000000000", ""])})()

    def rows(self, type_, what):
        """Inputs of a batch."""
        traced, found = self.random.random() < .5, []
        for number in range(self.random.randrange(1, 6)):
            row = {"properties": self.properties(type_)}
            if what != "create":
                row["id"] = self.id()
            if what == "upsert" and type_ == "companies":
                row.update(idProperty="ext_id", id=self.id()[2:])
            elif what == "upsert" and type_ == "contacts":
                row.update(idProperty="email", id=f"w{number}@x.yy")
            if traced:
                row["objectWriteTraceId"] = str(number)
            found.append(row)
        return found

    def batch(self, type_, _):
        what = self.random.choice(["create", "update", "upsert"])
        before = self.state()
        if self.go("POST", f"/crm/v3/objects/{type_}/batch/{what}",
                   {"inputs": self.rows(type_, what)}) >= 400:
            self.refused += 1
            self.undone += before == self.state()

    def one(self, type_, _):
        path = f"/crm/v3/objects/{type_}"
        self.random.choice([
            lambda: self.go("POST", path,
                            {"properties": self.properties(type_)}),
            lambda: self.go("PATCH", f"{path}/{self.id()}",
                            {"properties": self.properties(type_)}),
            lambda: self.go("DELETE", f"{path}/{self.id()}"),
            lambda: self.go("POST", path + "/merge", {
                "primaryObjectId": self.id(), "objectIdToMerge": self.id()}),
        ])()

    def link(self, type_, other):
        path = f"/crm/v4/objects/{type_}/{self.id()}/associations/"
        end = f"{other}/{self.id()}"
        labels = list(self.kind.links.labels.get((type_, other), {}).values())
        label = self.random.choice(labels) if labels else None
        self.random.choice([
            lambda: self.go("PUT", f"{path}default/{end}"),
            lambda: self.go("DELETE", path + end),
            lambda: label and self.go("PUT", path + end, [{
                "associationCategory": label.category,
                "associationTypeId": label.type_id}])])()

    def person(self, type_, _):
        try:
            self.kind.edit({"type": type_, "id": self.id(),
                            self.random.choice(["restore", "purge",
                                                "archive"]): True})
        except (KeyError, ValueError):
            pass  # nobody is there, or it cannot be

    def look(self, type_, other):
        path = f"/crm/v3/objects/{type_}"
        self.go("GET", f"{path}?after={self.id()}&associations={other}"
                "&propertiesWithHistory=email,city")
        self.go("POST", path + "/search", {"sorts": ["hs_object_id"]})
        self.world.clock.advance(self.random.randrange(3000))

    def walk(self):
        for _ in range(STEPS):
            self.random.choice([self.batch, self.one, self.one, self.link,
                                self.person, self.look])(
                *self.random.choices(TYPES, k=2))

    # what must hold

    def same_from_both_sides(self):
        links = self.kind.links
        for (a, a_id), others in links.of.items():
            assert a_id in self.kind.store.tables[a].rows or \
                not any(others.values()), (a, a_id)
            for b, found in others.items():
                labels = links.labels[a, b]
                for b_id, had in found.items():
                    assert next(iter(labels)) in had, (a, a_id, b, b_id)
                    for number in had:
                        assert labels[number].back in \
                            links.of[b, b_id][a][a_id], (a, a_id, b, b_id)
                for number, label in labels.items():
                    assert not label.primary or sum(
                        number in had for had in found.values()) == \
                        bool(found) or a == b, (a, a_id, b, found)

    def one_owner(self):
        for table in self.kind.store.list:
            assert table.order == sorted(map(int, table.rows))
            for name, owners in table.unique.items():
                found = [(row.properties[name], row.id)
                         for row in table.rows.values()
                         if name in row.properties and not row.archived]
                assert sorted(owners.items()) == sorted(found), found

    def found_in_the_end(self):
        self.world.clock.advance(5000)
        for table in self.kind.store.list:
            assert self.kind.store.index.seen(table.name) == table.rows


many = int(sys.argv[1]) if len(sys.argv) > 1 else 12
first = int(sys.argv[2]) if len(sys.argv) > 2 else 1
refused = 0
for seed in range(first, first + many):
    walk, why = Walk(seed), ""
    try:
        walk.walk()
        walk.same_from_both_sides()
        walk.one_owner()
        walk.found_in_the_end()
        assert walk.refused == walk.undone, "a refused batch left something"
    except AssertionError as error:
        why = repr(error)
    refused += walk.refused
    ok(not why, f"walk.t 1 {seed}: {STEPS} steps", why)
ok(refused > many, "batches were refused, too", refused)
done()
