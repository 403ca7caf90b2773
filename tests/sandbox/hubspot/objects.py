# SPDX-License-Identifier: MIT
"""objects: /crm/v3/objects/TYPE: list, get, create, update, archive, merge."""
from ..clock import iso
from ..exchange import Answer, as_json
from . import errors, records, shapes
from .store import shown

LIST_MAX, HISTORY_MAX = 100, 50


class Objects:
    def __init__(self, kind):
        self.kind, self.store = kind, kind.store
        self.cursors = {}   # (path, after): when it was given out

    # what is shown of a record

    def wanted(self, table, names):
        """Asked for, and those that always come; unknown ones are left out
        without a word."""
        if isinstance(names, dict) or not all(map(shapes.text, names)):
            raise errors.bad_json("properties must be a list of names")
        names = [name for name in names if name in table.definitions]
        if not names:
            return records.defaults(table)
        always = (table.created, table.modified, "hs_object_id")
        return list(dict.fromkeys([*names, *always]))

    def show(self, table, row, names):
        setting = self.kind.faults.setting
        return shown(row, names, table.definitions, setting("reformat"),
                     setting("short-times"))

    def written(self, table, row, changes=None):
        """After a write: all that has a value, or what was changed."""
        names = row.properties if changes is None else self.wanted(
            table, [*changes, *records.defaults(table)])
        return self.show(table, row, names)

    def past(self, table, row, names):
        """propertiesWithHistory, newest first."""
        found = {}
        for name in names:
            if name not in table.definitions:
                continue
            known = table.history.get(row.id, {}).get(name)
            if known is None:
                known = [(row.properties[name], row.created,
                          "INTEGRATION", None)] \
                    if name in row.properties else []
            found[name] = [
                {"value": value, "timestamp": iso(at), "sourceType": kind,
                 **({"sourceId": source} if source else {})}
                for value, at, kind, source in known]
        return found

    def full(self, table, row, request):
        """As list and get show it."""
        names = self.wanted(table, request.names("properties"))
        found = self.show(table, row, names)
        history = request.names("propertiesWithHistory")
        if history:
            found["propertiesWithHistory"] = self.past(table, row, history)
        others = request.names("associations")
        if others:
            linked = self.kind.links.inline(table, row.id, others)
            if linked:
                found["associations"] = linked
        return found

    # reading

    def list(self, table, request):
        archived = request.one("archived", "false") == "true"
        most = HISTORY_MAX if request.names("propertiesWithHistory") \
            else LIST_MAX
        limit = limited(request, 10, most)
        after = request.one("after")
        start = self.start(table, request, after)
        rows = table.rows
        if self.kind.faults.span("late-list")[1]:
            rows = self.store.late.seen(table.name)
        found = table.page(start, archived, limit, rows)
        page, rest = found[:limit], found[limit:]
        body = {"results": [self.full(table, row, request) for row in
                            self.disorder(table, page, start, rows, after)]}
        if rest:
            self.cursors[request.path, rest[0].id] = self.kind.clock.now()
            link = (f"{self.kind.url}{request.path}?limit={limit}"
                    f"&after={rest[0].id}")
            body["paging"] = {"next": {"after": rest[0].id, "link": link}}
        return as_json(200, body)

    def start(self, table, request, after):
        if not after:
            return 0
        if not after.isdigit():
            raise errors.invalid(f"Invalid paging cursor: {after}")
        life = self.kind.faults.whole("cursor-life")
        given = self.cursors.get((request.path, after), 0)
        tags = ("read", "list", table.name)
        if (life and self.kind.clock.now() > given + 1000 * life) or \
                self.kind.faults.strike(("expire-cursor",), request.path,
                                        tags):
            request.notes["fault"] = "expire-cursor"
            raise errors.invalid(f"The paging cursor {after} has expired")
        return int(after)

    def disorder(self, table, page, start, rows, after):
        """What the faults make of the order and number of rows."""
        repeated = self.kind.faults.whole("duplicate-rows") or 0
        if repeated and after:
            before = [row for row in table.rows.values() if
                      int(row.id) < start and not row.archived]
            before.sort(key=lambda row: int(row.id))
            page = before[-repeated:] + page
        if self.kind.faults.setting("reorder"):
            self.kind.noise.shuffle(page)
        return page

    def row(self, table, id_, request):
        """The record a path names; by idProperty, another's value."""
        name = request.one("idProperty")
        if name and name != "hs_object_id":
            if name not in table.unique:
                raise errors.invalid(f"{name} is not a unique property of "
                                     f"{table.type_id}")
            return table.by_value(name, id_)
        return table.find(id_)

    def present(self, table, id_, request, archived=False):
        row = self.row(table, id_, request)
        if row is None or bool(row.archived) != archived:
            raise errors.not_found()
        return row

    def get(self, table, id_, request):
        archived = request.one("archived", "false") == "true"
        row = self.present(table, id_, request, archived)
        return as_json(200, self.full(table, row, request))

    # writing

    def create(self, table, request):
        body = self.kind.body(request)
        row = self.kind.records.create(table, body.get("properties", {}),
                                       body.get("associations"),
                                       records.PROGRAM)
        return as_json(201, self.written(table, row))

    def update(self, table, id_, request):
        given = self.kind.body(request).get("properties", {})
        row = self.present(table, id_, request)
        row = self.kind.records.update(table, row, given, records.PROGRAM)
        return as_json(200, self.written(table, row, given))

    def archive(self, table, id_, request):
        row = self.row(table, id_, request)
        if row:
            self.kind.records.archive(table, row, records.PROGRAM)
        return Answer(204)

    def merge(self, table, request):
        body = self.kind.body(request)
        pair = []
        for name in ("primaryObjectId", "objectIdToMerge"):
            row = table.find(str(body.get(name, "")))
            if row is None or row.archived:
                raise errors.not_found()
            pair.append(row)
        row = self.kind.records.merge(table, *pair, records.PROGRAM)
        return as_json(200, self.written(table, row))

    def purge(self, table, request):
        body = self.kind.body(request)
        name, id_ = body.get("idProperty"), str(body.get("objectId", ""))
        row = table.by_value(name, id_) if name in table.unique \
            else table.find(id_)
        if row:
            self.kind.records.purge(table, row)
        return Answer(204)


def limited(request, usual, most):
    text = request.one("limit", str(usual))
    if not text.isdigit() or not 1 <= int(text) <= most:
        raise errors.invalid(f"Invalid limit {text}: it must be from 1 to "
                             f"{most}")
    return int(text)
