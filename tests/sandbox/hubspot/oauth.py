# SPDX-License-Identifier: MIT
"""oauth: /oauth/authorize, and the tokens of /oauth/v3 and /oauth/v1.

A code is good once, for the client and redirect URI it was given for, and with
PKCE for the one verifier.  redirect URIs: https, or http to localhost.
"""
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit

from ..exchange import Answer, as_html, as_json
from ..grants import Refused
from . import errors, scopes

FORM = "application/x-www-form-urlencoded"

# why: status, error, HubSpot's own status, message
REFUSALS = {
    "client": (401, "invalid_client", "BAD_CLIENT_ID",
               "missing or unknown client id"),
    "secret": (401, "invalid_client", "BAD_CLIENT_SECRET",
               "missing or invalid client secret"),
    "code": (400, "invalid_grant", "BAD_AUTH_CODE",
             "missing or unknown auth code"),
    "redirect": (400, "redirect_uri_mismatch", "BAD_REDIRECT_URI",
                 "missing or unknown redirect URI"),
    "verifier": (400, "invalid_grant", "BAD_CODE_VERIFIER",
                 "code verifier does not match the code challenge"),
    "refresh": (400, "invalid_grant", "BAD_REFRESH_TOKEN",
                "refresh token is invalid, expired or revoked"),
    "grant": (400, "unsupported_grant_type", "BAD_GRANT_TYPE",
              "missing or unknown grant type"),
    "form": (400, "invalid_request", "BAD_REQUEST",
             "parameters are expected in a form body"),
    "token": (404, "invalid_request", "BAD_TOKEN", "token not found"),
}


def refusal(why):
    status, error, own, message = REFUSALS[why]
    return as_json(status, {"error": error, "error_description": message,
                            "status": own, "message": message})


class OAuth:
    def __init__(self, kind):
        self.kind, self.grants = kind, kind.grants

    def find(self, method, rest):
        """The handler of /oauth/REST, or None."""
        if rest == ["authorize"]:
            return {"GET": self.authorize, "POST": self.agreed}.get(method)
        if not rest or rest[0] not in ("v1", "v3"):
            return None
        version, rest = rest[0], rest[1:]
        if rest == ["token"] and method == "POST":
            return self.token
        if version == "v3" and method == "POST":
            return {"introspect": self.introspect, "revoke": self.revoke}.get(
                rest[1] if len(rest) == 2 and rest[0] == "token" else None)
        if version == "v1" and len(rest) == 2:
            return {
                ("GET", "access-tokens"):
                lambda request: self.info(rest[1], self.grants.access),
                ("GET", "refresh-tokens"):
                lambda request: self.info(rest[1], self.grants.refresh),
                ("DELETE", "refresh-tokens"):
                lambda request: self.delete(rest[1]),
            }.get((method, rest[0]))
        return None

    # in the browser

    def wish(self, given):
        """(client, redirect, scopes, state, challenge, method) of a request
        to agree; else why not, said on a page, and never by a redirect."""
        client = given.get("client_id", "")
        if client not in self.grants.clients and not self.grants.lenient:
            raise ValueError("The client id is unknown.")
        redirect = given.get("redirect_uri", "")
        parts = urlsplit(redirect)
        local = parts.hostname in ("localhost", "127.0.0.1")
        if not parts.netloc or parts.fragment or \
                parts.scheme not in (("http", "https") if local else
                                     ("https",)):
            raise ValueError("The redirect URI is not one of this app's.")
        wanted = given.get("scope", "").split()
        if not wanted or set(wanted) - set(scopes.ALL):
            raise ValueError("The scopes are not those of this app.")
        more = (given.get("optional_scope") or
                given.get("optional_scopes") or "").split()
        wanted += [one for one in more if one in scopes.ALL and
                   one not in wanted]
        challenge = given.get("code_challenge")
        method = given.get("code_challenge_method", "plain")
        if method not in ("plain", "S256") or (challenge is not None and
                                               not challenge):
            raise ValueError("The code challenge is not understood.")
        return (client, redirect, wanted, given.get("state"), challenge,
                method)

    def authorize(self, request):
        given = dict(parse_qsl(request.query_text))
        consent = self.kind.faults.setting("consent")
        if consent in ("auto", "deny"):
            return self.decide(given, consent == "auto")
        try:
            wanted = self.wish(given)[2]
        except ValueError as error:
            return self.page(400, str(error))
        hidden = "".join(
            f'<input type="hidden" name="{escape(name)}" '
            f'value="{escape(value)}">' for name, value in given.items())
        return self.page(200, "An app wants to connect. It asks for: "
                         f"{escape(' '.join(wanted))}</p><form method="
                         f'"post" action="/oauth/authorize">{hidden}<button '
                         'name="sandbox_decision" value="yes">Connect app'
                         '</button> <button name="sandbox_decision" '
                         'value="no">Cancel</button></form><p>')

    def agreed(self, request):
        given = request.form()
        return self.decide(given, given.pop("sandbox_decision", "") == "yes")

    def decide(self, given, yes):
        try:
            client, redirect, wanted, state, challenge, method = \
                self.wish(given)
        except ValueError as error:
            return self.page(400, str(error))
        if yes:
            back = {"code": self.grants.code(client, redirect, wanted,
                                             challenge, method)}
        else:
            back = {"error": "access_denied", "error_description":
                    "The user denied the request"}
        if state is not None:
            back["state"] = state
        mark = "&" if urlsplit(redirect).query else "?"
        return Answer(302, headers=[
            ("Location", redirect + mark + urlencode(back))])

    @staticmethod
    def page(status, text):
        return as_html(status, "<!DOCTYPE html><title>Connect</title>"
                       f"<h1>HubSpot (sandbox)</h1><p>{text}</p>")

    # by the app

    @staticmethod
    def form(request):
        content = request.headers.get("content-type", "").split(";")[0]
        if content != FORM or request.query_text:
            return None
        return request.form()

    def token(self, request):
        given = self.form(request)
        if given is None:
            return refusal("form")
        client = given.get("client_id", "")
        secret = given.get("client_secret", "")
        try:
            if given.get("grant_type") == "authorization_code":
                issued = self.grants.exchange(
                    client, secret, given.get("code", ""),
                    given.get("redirect_uri", ""), given.get("code_verifier"))
            elif given.get("grant_type") == "refresh_token":
                issued = self.grants.renew(client, secret,
                                           given.get("refresh_token", ""))
            else:
                return refusal("grant")
        except Refused as refused:
            return refusal(refused.why)
        access, refresh, grant = issued
        return as_json(200, {
            "token_type": "bearer", "access_token": access,
            "refresh_token": refresh, "expires_in":
            self.kind.faults.whole("token-life"),
            "hub_id": self.kind.portal, "scopes": grant.scopes})

    def facts(self, grant):
        left = (grant.ends - self.kind.clock.now()) // 1000 \
            if grant.ends else None
        found = {"hub_id": self.kind.portal, "hub_domain": "acme.test",
                 "user": "ann.ng@acme.test", "user_id": 88, "app_id": 51,
                 "scopes": grant.scopes}
        if left is not None:
            found["expires_in"] = left
        return found

    def introspect(self, request):
        given = self.form(request)
        if given is None:
            return refusal("form")
        try:
            self.grants.check_client(given.get("client_id", ""),
                                     given.get("client_secret", ""))
        except Refused as refused:
            return refusal(refused.why)
        token = given.get("token", "")
        if token in self.grants.refresh:
            return as_json(200, {
                "active": True, "token_use": "refresh_token",
                **self.facts(self.grants.refresh[token])})
        grant, _ = self.grants.look(token)
        if grant is None:
            return as_json(200, {"active": False})
        return as_json(200, {"active": True, "token_use": "access_token",
                             **self.facts(grant)})

    def revoke(self, request):
        given = self.form(request)
        if given is None:
            return refusal("form")
        try:
            self.grants.check_client(given.get("client_id", ""),
                                     given.get("client_secret", ""))
        except Refused as refused:
            return refusal(refused.why)
        self.grants.revoke(given.get("token", ""))
        return as_json(200, {})

    def info(self, token, among):
        grant = among.get(token)
        if grant is None or grant.static:
            return refusal("token")
        if grant.dead or (grant.ends or 2**62) <= self.kind.clock.now():
            return errors.unauthenticated("expired").answer(
                self.kind.correlation())
        return as_json(200, {"token": token, "token_type":
                             "access" if grant.ends else "refresh",
                             **self.facts(grant)})

    def delete(self, token):
        self.grants.revoke(token)
        return Answer(204)
