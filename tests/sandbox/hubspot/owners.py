# SPDX-License-Identifier: MIT
"""owners: /crm/v3/owners; records carry an owner's id, never the userId."""
from ..clock import iso
from ..exchange import as_json
from . import errors
from .objects import limited

MOST = 500


class Owners:
    def __init__(self, kind):
        self.kind = kind
        self.list = []   # as shown

    def add(self, first, last, archived=False):
        number = len(self.list)
        at = iso(self.kind.began)
        self.list.append({
            "id": str(4161 + number), "type": "PERSON",
            "email": f"{first}.{last}@acme.test".lower(), "firstName": first,
            "lastName": last, "userId": None if archived else 88 + number,
            "userIdIncludingInactive": 88 + number,
            "createdAt": at, "updatedAt": at, "archived": archived,
            "teams": [{"id": "7", "name": "Sales", "primary": True}]})

    def active(self, id_):
        return any(owner["id"] == id_ and not owner["archived"]
                   for owner in self.list)

    def ids(self):
        return [owner["id"] for owner in self.list if not owner["archived"]]

    def answer(self, request):
        archived = request.one("archived", "false") == "true"
        email = request.one("email")
        limit = limited(request, 100, MOST)
        after = request.one("after", "0") or "0"
        if not after.isdigit():
            raise errors.invalid(f"Invalid paging cursor: {after}")
        found = [owner for owner in self.list
                 if owner["archived"] == archived
                 and (not email or owner["email"] == email.lower())]
        start = int(after)
        body = {"results": found[start:start + limit]}
        if len(found) > start + limit:
            body["paging"] = {"next": {"after": str(start + limit), "link":
                                       f"{self.kind.url}{request.path}"}}
        return as_json(200, body)

    def get(self, id_, request):
        archived = request.one("archived", "false") == "true"
        key = "userId" if request.one("idProperty") == "userId" else "id"
        for owner in self.list:
            if str(owner[key]) == id_ and owner["archived"] == archived:
                return as_json(200, owner)
        raise errors.not_found()
