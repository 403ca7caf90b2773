# SPDX-License-Identifier: MIT
"""scopes: what a token must be granted for a request."""

TYPES = ("contacts", "companies", "deals", "leads", "line_items", "custom")
ALL = ["oauth", "crm.objects.owners.read", "tickets"] + [
    f"crm.{part}.{name}.{right}" for part in ("objects", "schemas")
    for name in TYPES for right in ("read", "write")]


def needed(area, right, scope):
    """Scopes of which one is enough; none: any token will do.

    area: objects, schemas, owners, account; scope: a table's."""
    if area == "owners":
        return ["crm.objects.owners.read"]
    if area == "account":
        return []
    if scope == "tickets":
        return ["tickets"]
    if area == "schemas" and right == "read":
        # Who may read records may read what their properties are.
        return [f"crm.schemas.{scope}.read", f"crm.objects.{scope}.read"]
    return [f"crm.{area}.{scope}.{right}"]
