# SPDX-License-Identifier: MIT
"""associations: /crm/v4/objects/... and /crm/v4/associations/..."""
import base64

from ..clock import iso
from ..exchange import Answer, as_json
from . import errors
from .objects import limited

READ_MOST, WRITE_MOST, PAGE = 1000, 2000, 500


def cursor(place):
    return base64.b64encode(str(place).encode()).decode()


def place_of(after):
    try:
        return int(base64.b64decode(after, validate=True)) if after else 0
    except ValueError:
        raise errors.invalid(f"Invalid paging cursor: {after}") from None


class Associations:
    def __init__(self, kind):
        self.kind, self.links = kind, kind.links

    def one(self, a, a_id, b, other_id, types):
        """How a pair's labels are shown."""
        labels = self.links.labels[a.name, b.name]
        return {"toObjectId": int(other_id), "associationTypes": [
            labels[number].state() for number in sorted(types)]}

    def page(self, a, a_id, b, after, limit):
        start = place_of(after)
        found = self.links.others(a, a_id, b)
        body = {"results": [self.one(a, a_id, b, *pair) for pair in
                            found[start:start + limit]]}
        if len(found) > start + limit:
            body["paging"] = {"next": {"after": cursor(start + limit)}}
        return body

    def present(self, table, id_):
        row = table.find(id_)
        if row is None or row.archived:
            raise errors.not_found(f"{table.legacy} {id_} does not exist",
                                   ids=[id_])
        return row.id

    def list(self, a, id_, b, request):
        self.links.known(a.name, b.name)
        limit = limited(request, PAGE, PAGE)
        return as_json(200, self.page(a, self.present(a, id_), b,
                                      request.one("after"), limit))

    def shown(self, a, a_id, b, b_id):
        labels = self.links.labels[a.name, b.name]
        names = [labels[number].label for number in sorted(
            self.links.between(a, a_id, b, b_id)) if labels[number].label]
        return {"fromObjectTypeId": a.type_id, "fromObjectId": int(a_id),
                "toObjectTypeId": b.type_id, "toObjectId": int(b_id),
                "labels": names}

    def types(self, a, b, given):
        """Type ids of [{associationCategory, associationTypeId}]."""
        labels = self.links.known(a.name, b.name)
        if not isinstance(given, list) or not given:
            raise errors.invalid("At least one association type is needed")
        found = []
        for spec in given:
            number = spec.get("associationTypeId")
            if number not in labels or labels[number].category != \
                    spec.get("associationCategory"):
                raise errors.invalid(
                    f"Association type {number} is not valid from "
                    f"{a.type_id} to {b.type_id}")
            found.append(number)
        return found

    def put(self, a, a_id, b, b_id, request):
        """These labels instead of those there were."""
        types = self.types(a, b, self.kind.json(request, list))
        a_id, b_id = self.present(a, a_id), self.present(b, b_id)
        labels = self.links.labels[a.name, b.name]
        keep = {next(iter(labels)), *types}
        gone = [number for number in self.links.between(a, a_id, b, b_id)
                if number not in keep and not labels[number].primary]
        if gone:
            self.links.take(a, a_id, b, b_id, gone)
        self.links.add(a, a_id, b, b_id, types)
        return as_json(201, self.shown(a, a_id, b, b_id))

    def put_default(self, a, a_id, b, b_id):
        a_id, b_id = self.present(a, a_id), self.present(b, b_id)
        self.links.add(a, a_id, b, b_id, [])
        return self.done(200, [self.default(a, a_id, b, b_id),
                               self.default(b, b_id, a, a_id)], [])

    def default(self, a, a_id, b, b_id):
        label = next(iter(self.links.known(a.name, b.name).values()))
        return {"from": {"id": a_id}, "to": {"id": b_id},
                "associationSpec": {
                    "associationCategory": label.category,
                    "associationTypeId": label.type_id}}

    def delete(self, a, a_id, b, b_id):
        self.links.take(a, self.present(a, a_id), b, b_id)
        return Answer(204)

    # batches

    def done(self, status, results, failed):
        now = iso(self.kind.clock.now())
        body = {"status": "COMPLETE", "results": results, "startedAt": now,
                "completedAt": now}
        if failed:
            body.update(numErrors=len(failed), errors=failed)
            status = 207
        return as_json(status, body)

    def read(self, a, b, request):
        self.links.known(a.name, b.name)
        _, inputs = self.kind.batches.inputs(request, READ_MOST)
        results, failed = [], []
        for one in inputs:
            id_ = str(one.get("id", ""))
            row = a.find(id_)
            body = self.page(a, row.id, b, one.get("after"), PAGE) \
                if row and not row.archived else {"results": []}
            if not body["results"]:
                failed.append(self.nothing(a, id_, b))
                continue
            found = {"from": {"id": id_}, "to": body["results"]}
            if "paging" in body:
                found["paging"] = body["paging"]
            results.append(found)
        return self.done(200, results, failed)

    @staticmethod
    def nothing(a, id_, b):
        """So it is said of a record without any, too."""
        return {"status": "error", "category": "OBJECT_NOT_FOUND",
                "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
                "message": f"No {b.singular} is associated with "
                f"{a.singular} {id_}.",
                "context": {"fromObjectId": [id_],
                            "fromObjectType": [a.singular],
                            "toObjectType": [b.singular]}}

    def each(self, a, b, request, act):
        """(results, failed) of a batch that writes."""
        _, inputs = self.kind.batches.inputs(request, WRITE_MOST)
        results, failed = [], []
        for one in inputs:
            a_id = str(one.get("from", {}).get("id", ""))
            try:
                a_id = self.present(a, a_id)
                results += act(a_id, one)
            except errors.Trouble as trouble:
                if trouble.category != "OBJECT_NOT_FOUND":
                    raise
                failed.append(trouble.row(None, []))
        return results, failed

    def create(self, a, b, request):
        def act(a_id, one):
            types = self.types(a, b, one.get("types"))
            b_id = self.present(b, str(one.get("to", {}).get("id", "")))
            self.links.add(a, a_id, b, b_id, types)
            return [self.shown(a, a_id, b, b_id)]
        return self.done(201, *self.each(a, b, request, act))

    def create_default(self, a, b, request):
        def act(a_id, one):
            b_id = self.present(b, str(one.get("to", {}).get("id", "")))
            self.links.add(a, a_id, b, b_id, [])
            return [self.default(a, a_id, b, b_id)]
        return self.done(200, *self.each(a, b, request, act))

    def archive(self, a, b, request):
        def act(a_id, one):
            for to in one.get("to", ()):
                self.links.take(a, a_id, b, str(to.get("id", "")))
            return []
        self.each(a, b, request, act)
        return Answer(204)

    def archive_labels(self, a, b, request):
        def act(a_id, one):
            types = self.types(a, b, one.get("types"))
            self.links.take(a, a_id, b, str(one["to"]["id"]), types)
            return []
        self.each(a, b, request, act)
        return Answer(204)

    # labels

    def list_labels(self, a, b):
        labels = self.links.known(a.name, b.name)
        return as_json(200, {"results": [label.state() for label in
                                         labels.values()]})

    def create_label(self, a, b, request):
        body = self.kind.body(request)
        if not body.get("label") or not body.get("name"):
            raise errors.invalid("label and name are required")
        if any(label.label == body["label"] for label in
               self.links.known(a.name, b.name).values()):
            raise errors.conflict("That label exists already")
        there, back = self.links.custom(a.name, b.name, body["label"],
                                        body.get("inverseLabel"))
        return as_json(200, {"results": [
            self.links.labels[a.name, b.name][there].state(),
            self.links.labels[b.name, a.name][back].state()]})
