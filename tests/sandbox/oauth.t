#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tokens: how they are had, what they allow, and how they end."""
import base64
import hashlib
import os
import sys
from urllib.parse import parse_qs, urlencode, urlsplit

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wire import QUICK, Fake, ok, run, same  # noqa: E402

BACK = "http://localhost:8123/cb"
CONTACT = "/crm/v3/objects/contacts/9001"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(
    VERIFIER.encode()).digest()).decode().rstrip("=")


def agree(fake, method="GET", **more):
    given = {"client_id": fake.said["client_id"], "redirect_uri": BACK,
             "scope": "oauth crm.objects.contacts.read", "state": "s1",
             **more}
    given = {name: value for name, value in given.items()
             if value is not None}
    if method == "POST":
        return fake.form("/oauth/authorize", **given)
    return fake.ask("GET", "/oauth/authorize?" + urlencode(given),
                    token=False)


def told(reply):
    """The parameters of a redirect."""
    return {name: values[0] for name, values in parse_qs(
        urlsplit(reply.headers["location"]).query).items()}


def token(fake, **fields):
    fields.setdefault("client_id", fake.said["client_id"])
    fields.setdefault("client_secret", fake.said["client_secret"])
    return fake.form("/oauth/v3/token", **fields)


def exchange(fake, code, **more):
    return token(fake, grant_type="authorization_code", code=code,
                 **{"redirect_uri": BACK, **more})


def refresh(fake, which=None, **more):
    return token(fake, grant_type="refresh_token", refresh_token=which or
                 fake.said["refresh_token"], **more)


def consent(fake):
    page = agree(fake)
    ok(page.status == 200 and b"Connect app" in page.bytes and
       b"crm.objects.contacts.read" in page.bytes, "a page that asks", page)
    reply = agree(fake, "POST", sandbox_decision="yes")
    ok(reply.status == 302 and reply.headers["location"].startswith(
        BACK + "?code=") and told(reply)["state"] == "s1",
       "yes: back with a code and the state", reply)
    reply = agree(fake, "POST", sandbox_decision="no")
    same(told(reply)["error"], "access_denied", "no: back with that")
    for name, value in (("client_id", "x"), ("redirect_uri", "http://x.test/"),
                        ("redirect_uri", None), ("scope", "crm.all"),
                        ("scope", None), ("code_challenge_method", "S512")):
        reply = agree(fake, **{name: value})
        ok(reply.status == 400 and "location" not in reply.headers,
           f"{name}={value}: said on a page, not by a redirect", reply)
    fake.faults("consent=auto")
    code = told(agree(fake, state=None))
    ok("code" in code and "state" not in code, "consent=auto, and no state "
       "when none was sent")
    fake.faults("consent=deny")
    same(told(agree(fake))["error"], "access_denied", "consent=deny")


def codes(fake):
    fake.faults("consent=auto")

    def code(**more):
        return told(agree(fake, **more))["code"]
    given = code()
    reply = exchange(fake, given)
    same((reply.status, reply["token_type"], reply["expires_in"],
          reply["hub_id"], reply["scopes"]),
         (200, "bearer", 1800, 4021177,
          ["oauth", "crm.objects.contacts.read"]), "tokens for a code")
    same(fake.ask("GET", CONTACT, token=reply["access_token"]).status, 200,
         "which are good")
    again = exchange(fake, given)
    same((again.status, again["status"]), (400, "BAD_AUTH_CODE"),
         "a code is good once")
    same(exchange(fake, code(), redirect_uri=BACK + "2")["status"],
         "BAD_REDIRECT_URI", "for the same redirect")
    same(exchange(fake, code(), client_secret="x").status, 401,
         "with the secret")
    same(exchange(fake, code(), client_id="x").status, 401, "of the client")
    given = code()
    fake.clock(advance=601)
    same(exchange(fake, given)["status"], "BAD_AUTH_CODE", "not for long")
    fake.faults("consent=auto,code-life=2")
    given = code()
    fake.clock(advance=2)
    same(exchange(fake, given)["status"], "BAD_AUTH_CODE", "code-life")
    for more, status in (({"code_verifier": VERIFIER}, 200),
                         ({"code_verifier": "w" * 43}, 400), ({}, 400),
                         ({"code_verifier": CHALLENGE}, 400)):
        given = code(code_challenge=CHALLENGE, code_challenge_method="S256")
        same(exchange(fake, given, **more).status, status,
             f"with PKCE, {more}")
    reply = fake.ask("POST", "/oauth/v3/token?" + urlencode(
        {"grant_type": "refresh_token"}), b"", token=False)
    same(reply.status, 400, "parameters in the address are none")
    reply = fake.post("/oauth/v3/token", {"grant_type": "refresh_token"})
    same(reply.status, 400, "nor are those in JSON")
    same(token(fake, grant_type="password").status, 400, "no other grant")


def refreshes(fake):
    reply = refresh(fake)
    same((reply.status, reply["refresh_token"]),
         (200, fake.said["refresh_token"]), "refreshed, the token is the same")
    first = reply["access_token"]
    same(refresh(fake, "x")["status"], "BAD_REFRESH_TOKEN", "an unknown one")
    fake.clock(advance=1799)
    same(fake.ask("GET", CONTACT, token=first).status, 200, "until it ends")
    fake.clock(advance=1)
    reply = fake.ask("GET", CONTACT, token=first)
    same((reply.status, reply["category"]), (401, "EXPIRED_AUTHENTICATION"),
         "after 30 minutes")
    fake.faults("rotate")
    reply = refresh(fake)
    second = reply["refresh_token"]
    ok(second != fake.said["refresh_token"], "rotate: another one each time")
    third = refresh(fake, second)
    same(third.status, 200, "which is good")
    same(refresh(fake, second).status, 400, "once; a second time")
    same(refresh(fake, third["refresh_token"]).status, 400,
         "ends all of the family")
    reply = fake.ask("GET", CONTACT, token=third["access_token"])
    same(reply.status, 401, "its access tokens, too")


def facts(fake):
    access = refresh(fake)["access_token"]
    who = {"client_id": fake.said["client_id"],
           "client_secret": fake.said["client_secret"]}
    found = fake.form("/oauth/v3/token/introspect", token=access, **who).json
    same((found["active"], found["token_use"], found["hub_id"],
          found["user"]), (True, "access_token", 4021177,
                           "ann.ng@acme.test"), "introspect")
    same(fake.form("/oauth/v3/token/introspect", token="x", **who).json,
         {"active": False}, "an unknown one")
    same(fake.form("/oauth/v3/token/introspect", token=access).status, 401,
         "only for the client")
    same(fake.get("/oauth/v1/access-tokens/" + access)["hub_id"], 4021177,
         "v1, a token's facts")
    same(fake.form("/oauth/v1/token", grant_type="refresh_token",
                   refresh_token=fake.said["refresh_token"], **who).status,
         200, "v1, refresh")
    same(fake.form("/oauth/2026-03/token/revoke",
                   token=fake.said["refresh_token"], **who).status, 200,
         "revoked, by a dated path")
    same(refresh(fake).status, 400, "and dead")
    same(fake.ask("GET", CONTACT, token=access).status, 200,
         "but access tokens live on")
    same(fake.ask("DELETE", "/oauth/v1/refresh-tokens/x").status, 204,
         "v1, revoke")


def refused(fake):
    for name, reply in (
            ("no token", fake.ask("GET", CONTACT, token=False)),
            ("another", fake.ask("GET", CONTACT, token="pat-na1-x")),
            ("Basic", fake.ask("GET", CONTACT, headers={
                "Authorization": "Basic eA=="}))):
        same((reply.status, reply["category"]),
             (401, "INVALID_AUTHENTICATION"), name)
    only = fake.post("/_sandbox/tokens", {
        "scopes": ["crm.objects.contacts.read"]})["token"]
    same(fake.ask("GET", CONTACT, token=only).status, 200, "a scope to read")
    for method, path, body, scope in (
            ("PATCH", CONTACT, {"properties": {}},
             "crm.objects.contacts.write"),
            ("GET", "/crm/v3/objects/deals", None, "crm.objects.deals.read"),
            ("GET", "/crm/v3/owners", None, "crm.objects.owners.read"),
            ("POST", "/crm/v3/properties/contacts", {},
             "crm.schemas.contacts.write"),
            ("POST", "/crm/v3/objects/notes/batch/create", {"inputs": []},
             "crm.objects.contacts.write"),
            ("PUT", "/crm/v4/objects/deals/9001/associations/default/contacts"
             "/9001", None, "crm.objects.deals.write"),
            ("GET", "/crm/v3/objects/tickets", None, "tickets")):
        reply = fake.ask(method, path, body, token=only)
        same((reply.status, reply["category"], reply["errors"][0]["context"]
              ["requiredGranularScopes"][0]), (403, "MISSING_SCOPES", scope),
             f"{method} {path}: {scope}")
    same(fake.ask("GET", "/crm/v3/properties/contacts", token=only).status,
         200, "who reads records may read their properties")
    same(fake.ask("GET", "/account-info/v3/details", token=only).status, 200,
         "and whose account it is")


def ends(fake):
    access = refresh(fake)["access_token"]
    fake.post("/_sandbox/tokens", {"expire": "access"})
    same(fake.ask("GET", CONTACT, token=access).status, 401, "all end now")
    access = refresh(fake)["access_token"]
    fake.faults("expire-token:n=3")
    same([fake.ask("GET", CONTACT, token=access).status for _ in "1234"],
         [200, 200, 401, 401], "expire-token: midway")
    same(fake.get(CONTACT).status, 200, "a static one does not")
    fake.faults("token-life=5")
    reply = refresh(fake)
    fake.clock(advance=5)
    same((reply["expires_in"], fake.ask("GET", CONTACT, token=reply[
        "access_token"]).status), (5, 401), "token-life")


def lenient():
    fake = Fake(QUICK, "--lenient-ids")
    same(fake.ask("GET", CONTACT, token="any").status, 200,
         "--lenient-ids: any token")
    same(fake.ask("GET", CONTACT, token=False).status, 401, "but one")
    reply = refresh(fake, "x", client_id="y", client_secret="z")
    same(reply.status, 200, "any client, secret and refresh token")
    same(fake.ask("GET", CONTACT, token=reply["access_token"]).status, 200,
         "whose token is good")
    fake.end()


lenient()
run(consent, codes, refreshes, facts, refused, ends)
