# SPDX-License-Identifier: MIT
"""control: /_sandbox/..., by which a test looks in and meddles.

No token is needed, nothing is counted, and no fault strikes.

    GET    dump        every record, one line of JSON each, in a fixed order
    POST   edit        what a person does in the CRM's own pages: JSON, or
                       several lines of it; see the kind's edit.py
    GET    clock       {"now": "2026-...Z", "stopped": false}
    POST   clock       {"now": "2026-...Z"}, {"advance": SECONDS},
                       {"stop": true}, {"stop": false}; together or alone
    GET    counters    requests by tag, by status, by fault
    GET    log         requests, one line each; ?bodies=1 with their bodies
    DELETE log         forgets them, and the counters
    GET    faults      what holds
    PUT    faults      SPEC, instead of what held; POST: besides it
    DELETE faults      none of what was asked for
    POST   tokens      {"expire": "access"}: all OAuth access tokens end now;
                       {"end": true}: all refresh tokens too;
                       {"scopes": [...]}: a static token with these only
    GET    credentials as printed at the start
    POST   reset       all is as at the start, faults and clock too; with
                       {"records": N} or {"seed": N} as from another
    POST   save        {"name": TEXT}: all as it is now is kept under a name
    POST   load        {"name": TEXT}: and is so again
"""
import json

from . import clock as time_of
from .exchange import Malformed, as_json, as_lines
from .faults import BadSpec

PREFIX = "/_sandbox/"


class Control:
    def __init__(self, world):
        self.world = world

    def answer(self, request):
        name = request.path[len(PREFIX):]
        handler = getattr(self, f"{request.method.lower()}_{name}", None)
        if not handler:
            return as_json(404, {"error": "no such thing; see control.py"})
        try:
            return handler(request)
        except (Malformed, BadSpec, KeyError, TypeError, ValueError) as error:
            return as_json(400, {"error": repr(error)})

    def get_dump(self, _):
        return as_lines(self.world.kind.state())

    def get_credentials(self, _):
        return as_json(200, self.world.kind.credentials())

    def post_reset(self, request):
        wish, world = json.loads(request.body or b"{}"), self.world
        world.records = int(wish.get("records", world.records))
        world.seed = int(wish.get("seed", world.seed))
        url = world.kind.url
        world.begin()
        world.kind.url = url
        return self.get_credentials(request)

    def post_save(self, request):
        self.world.save(request.json()["name"])
        return as_json(200, {})

    def post_load(self, request):
        self.world.load(request.json()["name"])
        return as_json(200, {})

    def post_edit(self, request):
        changes = [json.loads(line) for line in
                   request.body.decode().splitlines() if line.strip()]
        return as_lines([self.world.kind.edit(change) for change in changes])

    def get_clock(self, _):
        clock = self.world.clock
        return as_json(200, {"now": time_of.iso(clock.now()),
                             "stopped": clock.stopped is not None})

    def post_clock(self, request):
        clock, wish = self.world.clock, request.json()
        at = time_of.parse(wish["now"]) if "now" in wish else None
        if "now" in wish and at is None:
            raise ValueError(wish["now"])
        if wish.get("stop") is True:  # first: no moment passes after "now"
            clock.stop()
        if at is not None:
            clock.set(at)
        if "advance" in wish:
            clock.advance(int(wish["advance"] * 1000))
        if wish.get("stop") is False:
            clock.run()
        return self.get_clock(request)

    def get_counters(self, _):
        return as_json(200, dict(sorted(self.world.journal.counts.items())))

    def get_log(self, request):
        return as_lines(self.world.journal.log(request.one("bodies")))

    def delete_log(self, request):
        self.world.journal.clear()
        return self.get_counters(request)

    def get_faults(self, _):
        faults = self.world.faults
        return as_json(200, {
            "settings": {name: value for name, value in
                         faults.settings.items()
                         if value != faults.defaults[name]},
            "strikes": [{"name": strike.name, "seen": strike.seen,
                         "hits": strike.hits} for strike in faults.strikes]})

    def put_faults(self, request):
        self.world.faults.set(request.body.decode())
        return self.get_faults(request)

    def post_faults(self, request):
        self.world.faults.add(request.body.decode())
        return self.get_faults(request)

    def delete_faults(self, request):
        self.world.faults.set("")
        return self.get_faults(request)

    def post_tokens(self, request):
        grants, wish = self.world.kind.grants, request.json()
        if "scopes" in wish:
            return as_json(200, {"token": grants.static(wish["scopes"])})
        for grant in grants.access.values():
            grant.dead = grant.dead or not grant.static
        if wish.get("end"):
            grants.refresh.clear()
        return as_json(200, {})
