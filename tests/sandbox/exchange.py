# SPDX-License-Identifier: MIT
"""exchange: a request and an answer, as the kinds see them."""
import json
from urllib.parse import parse_qs, unquote

REASONS = {
    200: "OK", 201: "Created", 202: "Accepted", 204: "No Content",
    207: "Multi-Status", 302: "Found", 400: "Bad Request",
    401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
    405: "Method Not Allowed", 409: "Conflict", 411: "Length Required",
    413: "Content Too Large", 414: "URI Too Long",
    415: "Unsupported Media Type", 423: "Locked", 429: "Too Many Requests",
    431: "Request Header Fields Too Large", 477: "Migration in Progress",
    500: "Internal Server Error", 502: "Bad Gateway",
    503: "Service Unavailable", 504: "Gateway Timeout",
}


class Malformed(Exception):
    """A body that is not what its type says."""


class Request:
    __slots__ = ("method", "target", "path", "query_text", "headers", "body",
                 "number", "grant", "notes", "_query")

    def __init__(self, method, target, headers, body):
        self.method, self.target = method, target
        self.headers, self.body = headers, body
        path, _, self.query_text = target.partition("?")
        self.path = path
        self.number = 0
        self.grant = None
        self.notes = {}
        self._query = None

    @property
    def query(self):
        """Each parameter's values, a list."""
        if self._query is None:
            self._query = parse_qs(self.query_text, keep_blank_values=True)
        return self._query

    def one(self, name, default=None):
        values = self.query.get(name)
        return values[-1] if values else default

    def names(self, name):
        """A list of names: by commas, or the parameter repeated."""
        found = []
        for value in self.query.get(name, ()):
            found += [part for part in value.split(",") if part]
        return found

    def segments(self):
        return [unquote(part) for part in self.path.split("/")[1:]]

    def json(self):
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise Malformed(str(error)) from None

    def form(self):
        try:
            text = self.body.decode("utf-8")
            found = parse_qs(text, keep_blank_values=True,
                             strict_parsing=bool(text))
        except ValueError as error:
            raise Malformed(str(error)) from None
        return {name: values[-1] for name, values in found.items()}


class Answer:
    """manner: how it is delivered; see server.Connection.deliver."""
    __slots__ = ("status", "headers", "body", "manner")

    def __init__(self, status, body=b"", content="text/plain", headers=()):
        self.status, self.body = status, body
        self.headers = list(headers)
        if body:
            self.headers.append(("Content-Type", content))
        self.manner = None


def as_json(status, value, headers=()):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Answer(status, text.encode(), "application/json;charset=utf-8",
                  headers)


def as_html(status, text, headers=()):
    return Answer(status, text.encode(), "text/html;charset=utf-8", headers)


def as_lines(values):
    """NDJSON."""
    text = "".join(json.dumps(value, ensure_ascii=False, sort_keys=True) + "\n"
                   for value in values)
    return Answer(200, text.encode(), "application/x-ndjson")
