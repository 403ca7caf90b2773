# SPDX-License-Identifier: MIT
"""errors: refusals, in the form HubSpot gives them.

Texts that were recorded from it: "Property values were not valid: [...]",
"Contact already exists. Existing ID: N", "Cannot set PropertyValueCoordinates
{...} on N. M already has that value.", those of 401, 403 and 429.  Those of
other refusals are only alike.
"""
import json

from ..exchange import as_html, as_json


class Trouble(Exception):
    """A refusal of a request, or of one row of a batch."""

    def __init__(self, status, category, message, errors=None, context=None):
        super().__init__(message)
        self.status, self.category, self.message = status, category, message
        self.errors, self.context = errors, context

    def answer(self, correlation):
        body = {"status": "error", "message": self.message,
                "correlationId": correlation}
        if self.context:
            body["context"] = self.context
        if self.errors:
            body["errors"] = self.errors
        if self.category:
            body["category"] = self.category
        return as_json(self.status, body)

    def row(self, trace, ids):
        """Among the errors of a 207."""
        context = dict(self.context or {})
        if trace is not None:
            context["objectWriteTraceId"] = [trace]
        elif ids:
            context.setdefault("ids", ids)
        entry = {"status": "error", "category": self.category,
                 "message": self.message, "context": context}
        if self.errors:
            entry["errors"] = self.errors
        return entry


def invalid(message, **context):
    return Trouble(400, "VALIDATION_ERROR", message, context=context)


def bad_json(detail):
    return Trouble(400, None, f"Invalid input JSON: {detail}")


def not_found(message="resource not found", **context):
    return Trouble(404, "OBJECT_NOT_FOUND", message, context=context)


def conflict(message, **context):
    return Trouble(409, "CONFLICT", message, context=context)


def bad_values(problems):
    """problems: (property, code, message) of each."""
    rows = [{"isValid": False, "message": message, "error": code,
             "name": name, "localizedErrorMessage": message}
            for name, code, message in problems]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return Trouble(400, "VALIDATION_ERROR",
                   f"Property values were not valid: {text}",
                   [{"message": message, "code": code,
                     "context": {"propertyName": [name]}}
                    for name, code, message in problems])


def taken(kind, table, name, value, on, owner):
    """A value another record has, of a property whose values are unique."""
    message = (
        f"Cannot set PropertyValueCoordinates{{portalId={kind.portal}, "
        f"objectTypeId=ObjectTypeId{{legacyObjectType={table.legacy}}}, "
        f"propertyName={name}, value={value}}} on {on}. {owner} already has "
        "that value.")
    status = kind.faults.whole("unique")
    return Trouble(status, "CONFLICT" if status == 409 else
                   "VALIDATION_ERROR", message)


def missing(table, names):
    return Trouble(
        400, "VALIDATION_ERROR", f"Error creating {table.legacy}. Some "
        "required properties were not set.",
        [{"message": "One or more required property values was not set",
          "code": "REQUIRED_FIELD", "context": {"properties": names}}],
        {"properties": names})


def scopes(needed):
    message = ("This app hasn't been granted all required scopes to make "
               "this call. Read more about required scopes here: "
               "https://developers.hubspot.com/scopes.")
    return Trouble(403, "MISSING_SCOPES", message, [
        {"message": "One or more of the following scopes are required.",
         "context": {"requiredGranularScopes": needed}}])


def unauthenticated(why):
    if why == "expired":
        return Trouble(401, "EXPIRED_AUTHENTICATION",
                       "The OAuth token used to make this call expired.")
    return Trouble(401, "INVALID_AUTHENTICATION",
                   "Authentication credentials not found. This API supports "
                   "OAuth 2.0 authentication and you can find more details "
                   "at https://developers.hubspot.com/docs/methods/auth/"
                   "oauth-overview")


LIMITS = {
    "TEN_SECONDLY_ROLLING": "You have reached your ten_secondly_rolling "
                            "limit.",
    "SECONDLY": "You have reached your secondly limit.",
    "DAILY": "You have reached your daily limit.",
}


def too_many(policy, correlation, request_id, headers):
    return as_json(429, {
        "status": "error", "message": LIMITS[policy],
        "errorType": "RATE_LIMIT", "correlationId": correlation,
        "policyName": policy, "requestId": request_id}, headers)


def page(status, title):
    """What stands before HubSpot answers with pages."""
    return as_html(status, f"<!DOCTYPE html>\n<html><head><title>{status} "
                   f"{title}</title></head>\n<body><center><h1>{status} "
                   f"{title}</h1></center><hr><center>cloudflare</center>"
                   "</body></html>\n")
