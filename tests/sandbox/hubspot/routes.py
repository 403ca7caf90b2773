# SPDX-License-Identifier: MIT
"""routes: which handler a request goes to, its tags, and the scope it needs.

The dated forms of paths (/crm/objects/2026-03/...) lead where /crm/v3 does.
"""
import re
from functools import partial

from . import errors

DATED = re.compile(r"/(crm/)?(objects|properties|owners|pipelines|"
                   r"associations|oauth)/20\d\d-\d\d(?:-beta)?(?=/|$)")


def undated(path):
    def to(found):
        if found[2] == "oauth":
            return "/oauth/v3"
        version = "v4" if found[2] == "associations" else "v3"
        return f"/crm/{version}/{found[2]}"
    return DATED.sub(to, path, 1) if "/20" in path else path


class Route:
    """tags: see faults.py; area, right, scope: see scopes.needed."""

    def __init__(self, tags, area, right, scope, handler):
        self.tags, self.handler = tags, handler
        self.area, self.right, self.scope = area, right, scope


class Routes:
    def __init__(self, kind):
        self.kind = kind

    def find(self, request):
        """A Route, or None."""
        request.path = undated(request.path)
        parts = request.segments()
        method = request.method
        if parts[0] == "oauth":
            handler = self.kind.oauth.find(method, parts[1:])
            return handler and Route(("oauth",), "oauth", None, None,
                                     partial(handler, request))
        start, rest = parts[:3], parts[3:]
        if start == ["crm", "v3", "objects"] and rest:
            return self.objects(method, rest[0], rest[1:], request)
        if start == ["crm", "v4", "objects"] and len(rest) >= 4:
            return self.links_of_one(method, rest, request)
        if start == ["crm", "v4", "associations"] and len(rest) >= 3:
            return self.links(method, rest, request)
        if start == ["crm", "v3", "properties"] and rest:
            return self.properties(method, rest[0], rest[1:], request)
        if start == ["crm", "v3", "pipelines"] and rest and method == "GET":
            return self.typed(rest[0], ("read", "metadata"), "objects",
                              "read", lambda table:
                              self.kind.pipelines.answer(table, rest[1:]))
        if start == ["crm", "v3", "owners"] and method == "GET":
            return self.owners(rest, request)
        if start in (["crm", "v3", "schemas"],
                     ["crm-object-schemas", "v3", "schemas"]):
            return self.schemas(method, rest, request)
        if parts == ["account-info", "v3", "details"] and method == "GET":
            return Route(("read", "metadata", "account"), "account", "read",
                         None, self.kind.details)
        return None

    def typed(self, name, tags, area, right, handler):
        """A route of a type; handler takes the table."""
        table = self.kind.store.tables.get(name.lower())
        if table is None:
            def unknown():
                raise errors.invalid("Unable to infer object type from: "
                                     f"{name}")
            return Route(tags, "account", right, None, unknown)
        return Route((*tags, table.name), area, right, table.scope,
                     partial(handler, table))

    def objects(self, method, name, rest, request):
        kind = self.kind
        one = kind.objects
        found = None
        if not rest:
            found = {"GET": ("read list", one.list),
                     "POST": ("write create", one.create)}.get(method)
        elif len(rest) == 1 and method == "POST":
            found = {"search": ("read search", kind.search.answer),
                     "merge": ("write merge", one.merge),
                     "gdpr-delete": ("write archive", one.purge),
                     }.get(rest[0])
        elif len(rest) == 1:
            found = {"GET": ("read get", partial(self.by_id, one.get, rest)),
                     "PATCH": ("write update",
                               partial(self.by_id, one.update, rest)),
                     "DELETE": ("write archive",
                                partial(self.by_id, one.archive, rest)),
                     }.get(method)
        elif rest[0] == "batch" and len(rest) == 2 and method == "POST":
            batch = kind.batches
            found = {"read": ("read batch get", batch.read),
                     "create": ("write batch create", batch.create),
                     "update": ("write batch update", batch.update),
                     "upsert": ("write batch upsert", batch.upsert),
                     "archive": ("write batch archive", batch.archive),
                     }.get(rest[1])
        if not found:
            return None
        tags = tuple(found[0].split())
        return self.typed(name, tags, "objects", tags[0], lambda table:
                          found[1](table, request))

    @staticmethod
    def by_id(handler, rest, table, request):
        return handler(table, rest[0], request)

    def links_of_one(self, method, rest, request):
        """/crm/v4/objects/A/ID/associations/..."""
        one = self.kind.associations
        name, id_, word, *rest = rest
        if word != "associations":
            return None
        if len(rest) == 1 and method == "GET":
            return self.pair(name, rest[0], "read", lambda a, b:
                             one.list(a, id_, b, request))
        if len(rest) == 2 and method == "PUT":
            return self.pair(name, rest[0], "write", lambda a, b:
                             one.put(a, id_, b, rest[1], request))
        if len(rest) == 2 and method == "DELETE":
            return self.pair(name, rest[0], "write", lambda a, b:
                             one.delete(a, id_, b, rest[1]))
        if len(rest) == 3 and rest[0] == "default" and method == "PUT":
            return self.pair(name, rest[1], "write", lambda a, b:
                             one.put_default(a, id_, b, rest[2]))
        return None

    def links(self, method, rest, request):
        """/crm/v4/associations/A/B/..."""
        one = self.kind.associations
        handlers = {
            ("POST", "batch/read"): ("read", one.read),
            ("POST", "batch/create"): ("write", one.create),
            ("POST", "batch/associate/default"): ("write",
                                                  one.create_default),
            ("POST", "batch/archive"): ("write", one.archive),
            ("POST", "batch/labels/archive"): ("write", one.archive_labels),
            ("POST", "labels"): ("write", one.create_label),
            ("GET", "labels"): ("read", lambda a, b, _:
                                one.list_labels(a, b)),
        }
        found = handlers.get((method, "/".join(rest[2:])))
        return found and self.pair(rest[0], rest[1], found[0], lambda a, b:
                                   found[1](a, b, request))

    def pair(self, a, b, right, handler):
        def of(table):
            return handler(table, self.kind.table(b))
        return self.typed(a, (right, "association"), "objects", right, of)

    def properties(self, method, name, rest, request):
        one = self.kind.properties
        handlers = {
            ("GET", 0): ("read", one.list), ("POST", 0): ("write", one.create),
            ("GET", 1): ("read", lambda table, _:
                         one.get(table, rest[0], request)),
            ("PATCH", 1): ("write", lambda table, _:
                           one.update(table, rest[0], request)),
            ("DELETE", 1): ("write", lambda table, _:
                            one.archive(table, rest[0])),
        }
        found = handlers.get((method, len(rest)))
        if rest == ["groups"]:
            found = {"GET": ("read", lambda table, _: one.list_groups(table)),
                     "POST": ("write", one.create_group)}.get(method)
        elif rest[:1] == ["groups"] and len(rest) == 2:
            found = ("read", lambda table, _: one.get_group(table, rest[1])) \
                if method == "GET" else None
        elif rest[:1] == ["batch"] and method == "POST":
            found = {"read": ("read", one.read), "create":
                     ("write", one.create_batch)}.get(rest[-1])
        return found and self.typed(
            name, (found[0], "metadata"), "schemas", found[0],
            lambda table: found[1](table, request))

    def owners(self, rest, request):
        one = self.kind.owners
        if len(rest) > 1:
            return None
        handler = partial(one.get, rest[0]) if rest and rest[0] \
            else one.answer
        return Route(("read", "metadata", "owners"), "owners", "read", None,
                     partial(handler, request))

    def schemas(self, method, rest, request):
        one = self.kind.schemas
        if not rest and method in ("GET", "POST"):
            handler = one.list if method == "GET" else partial(one.create,
                                                               request)
            right = "read" if method == "GET" else "write"
            return Route((right, "metadata"), "schemas", right, "custom",
                         handler)
        if len(rest) == 1 and method in ("GET", "DELETE"):
            right = "read" if method == "GET" else "write"
            return self.typed(rest[0], (right, "metadata"), "schemas", right,
                              one.get if method == "GET" else one.delete)
        return None
