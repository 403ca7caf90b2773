# SPDX-License-Identifier: MIT
"""pipelines: /crm/v3/pipelines/TYPE and the stages of each."""
from ..clock import iso
from ..exchange import as_json
from . import catalogue, errors


def metadata(table, state):
    """What is said of a stage besides its name, all of it text."""
    if table == "deals":
        return {"isClosed": "true" if state in ("0.0", "1.0") else "false",
                "probability": state}
    return {"ticketState" if table == "tickets" else "leadState": state,
            "isClosed": "true" if state == "CLOSED" else "false"}


class Pipelines:
    def __init__(self, kind):
        self.kind = kind
        self.tables = {}   # type: {pipeline id: {label, stages: {id: ...}}}
        for table, id_, label, stages in catalogue.PIPELINES:
            self.tables.setdefault(table, {})[id_] = {
                "label": label, "stages": {
                    stage: {"label": name, "metadata": metadata(table, state)}
                    for stage, name, state in stages}}

    def of(self, table):
        return self.tables.get(table, {})

    def state(self, table):
        at = iso(self.kind.began)
        return [{
            "id": id_, "label": pipeline["label"], "displayOrder": place,
            "createdAt": at, "updatedAt": at, "archived": False,
            "stages": [{"id": stage, "label": known["label"],
                        "displayOrder": order, "metadata": known["metadata"],
                        "createdAt": at, "updatedAt": at, "archived": False}
                       for order, (stage, known) in
                       enumerate(pipeline["stages"].items())]}
            for place, (id_, pipeline) in enumerate(self.of(table).items())]

    def answer(self, table, rest):
        """rest: what follows the type in the path."""
        found = self.state(table.name)
        if not rest:
            return as_json(200, {"results": found})
        pipeline = next((one for one in found if one["id"] == rest[0]), None)
        if pipeline and len(rest) == 1:
            return as_json(200, pipeline)
        if pipeline and rest[1:] == ["stages"]:
            return as_json(200, {"results": pipeline["stages"]})
        for stage in pipeline["stages"] if pipeline else ():
            if rest[1:] == ["stages", stage["id"]]:
                return as_json(200, stage)
        raise errors.not_found()
