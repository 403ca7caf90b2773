# SPDX-License-Identifier: MIT
"""hubspot: an account of HubSpot that stands in for a real one.

    catalogue.py    types, properties, pipelines, association types: data
    definitions.py  one property
    store.py        records, and what the index of search knows of them
    values.py       what a property's value may be
    records.py      what a write does
    objects.py, batches.py, search.py, links.py and associations.py,
    properties.py, schemas.py, owners.py, pipelines.py, oauth.py: the API
    routes.py, scopes.py, quota.py, shapes.py, errors.py: of all of these
    people.py, edit.py: who was there at first, and what a person does
"""
import random

from ..clock import iso
from ..exchange import Malformed, as_json
from ..grants import Grants
from . import catalogue, definitions, errors, people, scopes
from .associations import Associations
from .batches import Batches
from .edit import edit
from .links import Links
from .oauth import OAuth
from .objects import Objects
from .owners import Owners
from .pipelines import Pipelines
from .properties import Properties
from .quota import EAST, Quota
from .records import Records
from .routes import Routes
from .schemas import Schemas
from .search import Search
from .shapes import fitted
from .store import Store, Table

PREFIXES = {"static": "pat-na1-", "refresh": "na1-", "access": "CPj",
            "code": "na1-code-", "client": "", "secret": ""}


class Kind:
    portal = 4021177
    began = people.BEGAN

    def __init__(self, world):
        self.world, self.faults, self.clock = world, world.faults, world.clock
        self.random = world.random
        self.noise = random.Random(f"noise {world.seed}")  # of what is chance
        self.url = "http://127.0.0.1"
        self.grants = Grants(self.clock, self.faults, self.random, PREFIXES,
                             world.lenient)
        self.store = Store(self.clock, self.faults, self.noise)
        self.pipelines, self.owners = Pipelines(self), Owners(self)
        self.links, self.records = Links(self), Records(self)
        self.objects, self.batches = Objects(self), Batches(self)
        self.search, self.associations = Search(self), Associations(self)
        self.properties, self.schemas = Properties(self), Schemas(self)
        self.oauth, self.routes = OAuth(self), Routes(self)
        self.quota = Quota(self)
        for entry in catalogue.TYPES:
            self.add(entry)
        client, secret = self.grants.client()
        self.given = {"token": self.grants.static(scopes.ALL),
                      "client_id": client, "client_secret": secret,
                      "refresh_token": self.grants.consent(scopes.ALL,
                                                           client)}
        people.People(self, world.records)

    def add(self, entry):
        table = Table(*entry)
        group = f"{table.singular}information".replace("_", "")
        table.groups[group] = table.singular.capitalize() + " information"
        for line in filter(None, catalogue.PROPERTIES[
                table.name].splitlines()):
            table.define(definitions.of_line(line, group))
        if "createdate" in table.definitions:
            table.created = "createdate"
        if table.name == "contacts":
            table.modified = "lastmodifieddate"
            table.unique["email"] = {}
        self.store.add(table, table.name, table.singular, table.type_id)

    def credentials(self):
        return self.given

    def table(self, name):
        table = self.store.tables.get(name.lower())
        if table is None:
            raise errors.invalid(f"Unable to infer object type from: {name}")
        return table

    # bodies

    @staticmethod
    def json(request, wanted=dict):
        content = request.headers.get("content-type", "").split(";")[0]
        if content.strip().lower() != "application/json":
            raise errors.Trouble(415, None, "Unsupported Media Type")
        try:
            body = request.json()
        except Malformed as error:
            raise errors.bad_json(error) from None
        if not isinstance(body, wanted):
            raise errors.bad_json("of another type than expected")
        return fitted(body)

    body = json

    # of every request

    def correlation(self):
        digits = f"{self.noise.getrandbits(128):032x}"
        return "-".join((digits[:8], digits[8:12], digits[12:16],
                         digits[16:20], digits[20:]))

    def find(self, request):
        route = self.routes.find(request)
        if not route:
            return None
        request.notes["route"] = route
        request.notes["tags"] = route.tags
        return route.tags, lambda: self.handled(route)

    def handled(self, route):
        try:
            return route.handler()
        except errors.Trouble as trouble:
            return self.trouble(trouble)
        except Malformed as error:
            return self.trouble(errors.bad_json(error))

    def trouble(self, trouble):
        if trouble.status == 404 and \
                self.faults.setting("not-found") == "html":
            return errors.page(404, "Not Found")
        return trouble.answer(self.correlation())

    def admit(self, request, tags):
        """Token, then limits, then scopes."""
        route = request.notes.get("route")
        if "oauth" in tags or not route:
            return None
        word, _, token = request.headers.get("authorization",
                                             "").partition(" ")
        grant, why = self.grants.look(token.strip()) \
            if word.lower() == "bearer" else (None, "unknown")
        if grant and not grant.static and self.faults.strike(
                ("expire-token",), request.path, tags):
            request.notes["fault"] = "expire-token"
            grant.dead, grant, why = True, None, "expired"
        if grant is None:
            return self.trouble(errors.unauthenticated(why))
        request.grant = grant
        refused = self.quota.take(grant, tags)
        if refused:
            return self.quota.refusal(refused)
        needed = scopes.needed(route.area, route.right, route.scope)
        if needed and not self.world.lenient and \
                not set(needed) & set(grant.scopes):
            return self.trouble(errors.scopes(needed))
        return None

    def storm(self, request, tags, seconds):
        return self.quota.refusal("SECONDLY" if "search" in tags else
                                  "TEN_SECONDLY_ROLLING", seconds)

    def finish(self, request, tags, answer):
        answer.headers.append(("X-HubSpot-Correlation-Id",
                               self.correlation()))
        if request.grant:
            answer.headers += self.quota.headers(request.grant, tags)

    def unknown(self, request):
        """No such path, or none with this method."""
        said = request.method
        for request.method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            if self.routes.find(request):
                request.method = said
                return errors.Trouble(405, None, "Method Not Allowed").answer(
                    self.correlation())
        request.method = said
        return errors.page(404, "Not Found")

    def gateway(self, status):
        if status >= 500:
            return errors.page(status, {502: "Bad Gateway"}.get(
                status, "Service Temporarily Unavailable"))
        answer = as_json(status, {
            "status": "error", "message": "The account is being moved"
            if status == 477 else "The resource is locked",
            "correlationId": self.correlation()})
        if status == 477:
            answer.headers.append(("Retry-After", "2"))
        return answer

    # what else there is

    def details(self):
        return as_json(200, {
            "portalId": self.portal, "accountType": "STANDARD",
            "timeZone": "US/Eastern", "companyCurrency": "USD",
            "additionalCurrencies": ["EUR"], "utcOffset": "-05:00",
            "utcOffsetMilliseconds": EAST, "uiDomain": "app.hubspot.com",
            "dataHostingLocation": "na1"})

    def edit(self, change):
        return edit(self, change)

    def record(self, table, row):
        """All of a record, for a test."""
        found = {"type": table.name, "id": row.id, "archived":
                 bool(row.archived), "properties": row.properties,
                 "created": iso(row.created), "updated": iso(row.updated)}
        links = {other: {id_: sorted(had) for id_, had in
                         sorted(others.items())}
                 for other, others in self.links.of.get(
                     (table.name, row.id), {}).items() if others}
        if links:
            found["associations"] = links
        if row.id in table.merged:
            found["merged"] = table.merged[row.id]
        return found

    def state(self):
        for table in self.store.list:
            for number in table.order:
                yield self.record(table, table.rows[str(number)])
        for table in self.store.list:
            for one in table.definitions.values():
                if not one.theirs:
                    yield {"type": "property", "of": table.name,
                           "name": one.name, "definition": one.state()}
