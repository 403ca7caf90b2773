# SPDX-License-Identifier: MIT
"""batches: /crm/v3/objects/TYPE/batch/...

One bad row fails all of a create, update or upsert, unless every input has an
objectWriteTraceId of its own: then it is among the errors of a 207.  A row
whose record is not there is always answered by itself.
"""
import json

from ..clock import iso
from ..exchange import Answer, as_json
from . import errors, records
from .errors import Trouble

MOST = 100


class Batches:
    def __init__(self, kind):
        self.kind = kind

    def inputs(self, request, most=MOST):
        """(body, inputs) of a batch."""
        body = self.kind.body(request)
        inputs = body.get("inputs")
        if not isinstance(inputs, list) or \
                not all(isinstance(one, dict) for one in inputs):
            raise errors.bad_json("inputs must be a list of objects")
        if len(inputs) > most:
            raise errors.invalid(f"The maximum number of inputs supported in "
                                 f"a batch request is {most}, received "
                                 f"{len(inputs)}")
        return body, inputs

    def respond(self, status, results, failed, began):
        """200 or 201, or 207 when some failed."""
        if self.kind.faults.setting("reorder"):
            self.kind.noise.shuffle(results)
        body = {"status": "COMPLETE", "results": results,
                "startedAt": iso(began),
                "completedAt": iso(self.kind.clock.now())}
        if failed:
            body["numErrors"] = len(failed)
            body["errors"] = failed
            status = 207
        return as_json(status, body)

    # reading

    def read(self, table, request):
        began = self.kind.clock.now()
        body, inputs = self.inputs(request)
        by = body.get("idProperty")
        archived = request.one("archived", "false") == "true"
        if by and by != "hs_object_id" and by not in table.unique:
            raise non_unique(table, by)
        names = self.kind.objects.wanted(table, body.get("properties") or [])
        history = body.get("propertiesWithHistory") or []
        results, absent = {}, []
        for one in inputs:
            id_ = str(one.get("id", ""))
            row = self.look(table, by, id_)
            if row is None or bool(row.archived) != archived:
                absent.append(id_)
                continue
            shown = self.kind.objects.show(table, row, names)
            if history:
                shown["propertiesWithHistory"] = \
                    self.kind.objects.past(table, row, history)
            results[row.id] = shown
        failed = [errors.not_found(
            "Could not get some " + table.legacy + " objects, they may be "
            "deleted or not exist. Check that ids are valid.",
            ids=absent).row(None, absent)] if absent else []
        return self.respond(200, list(results.values()), failed, began)

    def look(self, table, by, id_):
        if by and by != "hs_object_id":
            return table.by_value(by, id_)
        if id_ in table.became and \
                self.kind.faults.setting("merged-read") == "missing":
            return None
        return table.find(id_)

    # writing

    def each(self, table, request, act, status, key=None):
        """act(one): what is shown of a row.  When one bad row fails all,
        what was done for those before it is undone."""
        began = self.kind.clock.now()
        _, inputs = self.inputs(request)
        if key:
            distinct(inputs, key)
        traces = [one.get("objectWriteTraceId") for one in inputs]
        # By e-mail there is no upsert of some rows only.
        alone = None not in traces and len(set(traces)) == len(traces) and \
            not ("upsert" in request.notes["tags"] and any(
                one.get("idProperty") == "email" for one in inputs))
        tags = request.notes["tags"]
        results, failed = [], []
        self.kind.store.begin()
        for one, trace in zip(inputs, traces):
            try:
                if self.kind.faults.row(request.path, tags,
                                        lambda row=one: json.dumps(row)):
                    request.notes["fault"] = "refuse-row"
                    # as always the value is quoted
                    name = one.get("properties", {}).get("name")
                    raise errors.bad_values([(
                        "name", "INVALID_OPTION",
                        f"{name} was refused by the sandbox")])
                shown = act(one)
            except Trouble as trouble:
                if not alone and trouble.category != "OBJECT_NOT_FOUND":
                    self.kind.store.undo()
                    raise
                ids = [str(one["id"])] if "id" in one else []
                failed.append(trouble.row(trace, ids))
                continue
            if shown:
                if trace is not None:
                    shown["objectWriteTraceId"] = trace
                results.append(shown)
        self.kind.store.keep()
        return self.respond(status, results, failed, began)

    def create(self, table, request):
        def act(one):
            row = self.kind.records.create(
                table, one.get("properties", {}), one.get("associations"),
                records.PROGRAM)
            return self.kind.objects.written(table, row)
        return self.each(table, request, act, 201)

    def update(self, table, request):
        def act(one):
            by, id_ = one.get("idProperty"), str(one.get("id", ""))
            if by and (by not in table.unique or by == "email"):
                raise non_unique(table, by)
            if not by and not id_.isdigit():
                return None  # left aside without a word
            # An id that was merged away is not followed here.
            row = table.by_value(by, id_) if by else table.rows.get(id_)
            return self.apply(table, row, one, id_)
        return self.each(table, request, act, 200,
                         lambda one: (one.get("idProperty"), one.get("id")))

    def apply(self, table, row, one, id_):
        if row is None or row.archived:
            raise errors.not_found(
                f"{table.legacy} {id_} does not exist", ids=[id_])
        given = one.get("properties", {})
        row = self.kind.records.update(table, row, given, records.PROGRAM)
        return self.kind.objects.written(table, row, given)

    def upsert(self, table, request):
        def act(one):
            by, id_ = one.get("idProperty"), str(one.get("id", ""))
            if not by:
                return {**self.apply(table, table.rows.get(id_), one, id_),
                        "new": False}
            if by not in table.unique:
                raise non_unique(table, by)
            row = table.by_value(by, id_)
            if row:
                return {**self.apply(table, row, one, id_), "new": False}
            given = {by: id_, **one.get("properties", {})}
            row = self.kind.records.create(
                table, given, one.get("associations"), records.PROGRAM)
            return {**self.kind.objects.written(table, row), "new": True}
        return self.each(table, request, act, 200,
                         lambda one: (one.get("idProperty"), one.get("id")))

    def archive(self, table, request):
        _, inputs = self.inputs(request)
        for one in inputs:
            row = table.rows.get(str(one.get("id", "")))
            if row:
                self.kind.records.archive(table, row, records.PROGRAM)
        return Answer(204)


def distinct(inputs, key):
    seen, twice = set(), []
    for one in inputs:
        value = key(one)
        if value in seen:
            twice.append(str(one.get("id")))
        seen.add(value)
    if twice:
        raise errors.invalid("Duplicate IDs found in batch input: "
                             f"[{', '.join(twice)}]. IDs must be unique",
                             ids=twice)


def non_unique(table, name):
    return errors.invalid("Unable to perform update/upsert by non-unique "
                          f"{table.type_id} property {name}")
