# SPDX-License-Identifier: MIT
"""grants: OAuth's codes, access tokens and refresh tokens, and static ones.

What each is called on the wire, and how a refusal looks, is the kind's.
"""
import base64
import hashlib


class Refused(Exception):
    """why: client, secret, code, redirect, verifier, refresh."""

    def __init__(self, why):
        super().__init__(why)
        self.why = why


class Grant:
    """What a token allows; family: the refresh tokens that came of one
    consent, all dead once one of them comes a second time."""

    def __init__(self, scopes, family=None, static=False):
        self.scopes, self.family, self.static = scopes, family, static
        self.ends = None
        self.dead = False


class Grants:
    """New tokens are made of random and begin with `prefixes`, a dict:
    code, access, refresh, static, client, secret."""

    def __init__(self, clock, faults, random, prefixes, lenient):
        self.clock, self.faults, self.random = clock, faults, random
        self.prefixes, self.lenient = prefixes, lenient
        self.clients, self.codes = {}, {}
        self.access, self.refresh = {}, {}
        self.spent = {}     # a refresh token that was rotated: its family
        self.ended = set()  # families

    def word(self, what, size=32):
        letters = "abcdefghijklmnopqrstuvwxyz0123456789"
        return self.prefixes.get(what, "") + "".join(
            self.random.choices(letters, k=size))

    def client(self):
        """A registered application: its id and secret."""
        name, secret = self.word("client"), self.word("secret")
        self.clients[name] = secret
        return name, secret

    def static(self, scopes):
        token = self.word("static")
        self.access[token] = Grant(list(scopes), static=True)
        return token

    def consent(self, scopes, client):
        """A refresh token, as if somebody had agreed long ago."""
        token = self.word("refresh")
        self.refresh[token] = Grant(list(scopes), (client, token))
        return token

    def code(self, client, redirect, scopes, challenge, method):
        code = self.word("code")
        ends = self.clock.now() + 1000 * self.faults.whole("code-life")
        self.codes[code] = (client, redirect, scopes, challenge, method, ends)
        return code

    def check_client(self, client, secret):
        if self.lenient:
            return
        if client not in self.clients:
            raise Refused("client")
        if self.clients[client] != secret:
            raise Refused("secret")

    def exchange(self, client, secret, code, redirect, verifier):
        """(access, refresh, grant) for a code, which is good once."""
        self.check_client(client, secret)
        found = self.codes.pop(code, None)
        if not found:
            raise Refused("code")
        owner, address, scopes, challenge, method, ends = found
        if owner != client or self.clock.now() >= ends:
            raise Refused("code")
        if address != redirect:
            raise Refused("redirect")
        if challenge and not proves(challenge, method, verifier or ""):
            raise Refused("verifier")
        refresh = self.consent(scopes, client)
        return self._issue(refresh)

    def renew(self, client, secret, refresh):
        """(access, refresh, grant) for a refresh token."""
        self.check_client(client, secret)
        if refresh in self.spent:
            # Somebody has a copy: whoever it is, none of it holds now.
            self.end(self.spent[refresh])
            raise Refused("refresh")
        grant = self.refresh.get(refresh)
        if self.lenient and not grant:
            self.refresh[refresh] = grant = Grant([], (client, refresh))
        if not grant or (not self.lenient and grant.family[0] != client):
            raise Refused("refresh")
        if self.faults.setting("rotate"):
            self.spent[refresh] = grant.family
            del self.refresh[refresh]
            refresh = self.word("refresh")
            self.refresh[refresh] = grant
        return self._issue(refresh)

    def _issue(self, refresh):
        source = self.refresh[refresh]
        token = self.word("access", 48)
        grant = Grant(source.scopes, source.family)
        grant.ends = self.clock.now() + \
            1000 * self.faults.whole("token-life")
        self.access[token] = grant
        return token, refresh, grant

    def end(self, family):
        self.ended.add(family)
        for tokens in (self.refresh, self.access):
            for token in [token for token, grant in tokens.items()
                          if grant.family == family]:
                del tokens[token]

    def revoke(self, token):
        """True if it was a refresh token; access tokens live on."""
        return self.refresh.pop(token, None) is not None

    def look(self, token):
        """(grant, None), or (None, "unknown" or "expired")."""
        grant = self.access.get(token)
        if not grant:
            return (Grant([], static=True), None) if self.lenient and token \
                else (None, "unknown")
        if grant.dead or (grant.ends is not None and
                          self.clock.now() >= grant.ends):
            return None, "expired"
        return grant, None


def proves(challenge, method, verifier):
    """PKCE, RFC 7636."""
    if not 43 <= len(verifier) <= 128:
        return False
    if method == "S256":
        digest = hashlib.sha256(verifier.encode()).digest()
        verifier = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return verifier == challenge
