# SPDX-License-Identifier: MIT
"""faults: every nasty behaviour, its switch, and when it strikes.

SPEC is ITEM[,ITEM...].  A setting holds all the time: NAME or NAME=VALUE.  A
strike hits the requests it is aimed at: NAME[=VALUE][:WHEN...], with

    on=TAG[|TAG...]  only requests with one of these tags: read write list get
                     search create update upsert archive merge batch
                     association metadata oauth, a type (companies), or a
                     part of the path that begins with /
    p=0.05           each with this probability (also 5%)
    n=3              the third only
    every=10         each tenth
    from=4           not before the fourth
    times=2          no more than twice
    row=TEXT         refuse-row: only rows in which TEXT occurs

By the same seed the same requests are hit, if they come in the same order.
For example: timeout-after-commit:on=create:n=2,storm:p=2%,lag=2-5,daily-left=40
"""
import random

# name: what is so without it, what it may be, what it means
SETTINGS = {
    "lag": ("1-3", "span", "SECONDS: search knows of a write only so much "
            "later"),
    "late-list": ("0", "span", "SECONDS: so do lists"),
    "reorder": ("", "flag", "rows come in any order within a page"),
    "duplicate-rows": ("0", "whole", "N: a page repeats the last N of the one "
                       "before"),
    "rate": ("190", "limit", "N or off: requests in 10 s, static tokens"),
    "oauth-rate": ("110", "limit", "N or off: requests in 10 s, OAuth"),
    "search-rate": ("5", "limit", "N or off: searches a second"),
    "association-rate": ("150", "limit", "N or off: in 10 s, associations"),
    "daily": ("650000", "limit", "N or off: requests a day"),
    "daily-left": ("off", "limit", "N: of them, how many are left"),
    "retry-after": ("none", "none seconds date", "said with a 429"),
    "token-life": ("1800", "whole", "SECONDS: an access token's life"),
    "code-life": ("600", "whole", "SECONDS: an authorization code's life"),
    "rotate": ("", "flag", "a refresh gives a new refresh token; a used one "
               "that comes again ends all of its family"),
    "consent": ("page", "page auto deny", "what the authorize page does"),
    "cursor-life": ("off", "limit", "SECONDS: how long a paging cursor "
                    "holds"),
    "reformat": ("", "flag", "numbers and telephone numbers come back "
                 "reformatted"),
    "short-times": ("", "flag", "times of whole seconds have no .000"),
    "merged-read": ("follow", "follow missing", "batch read of a merged id"),
    "unique": ("400", "400 409", "a collision of a custom unique property"),
    "not-found": ("json", "json html", "the body of a 404 for a record"),
    "gzip": ("on", "on off always", "answers are gzip if that is accepted, "
             "or asked for or not"),
    "chunked": ("", "flag", "answers are chunked"),
    "keep-alive": ("off", "limit", "N: a connection ends after so many "
                   "answers, and does not say so"),
}

# name: its value if none is given ("": it has none), what it does
STRIKES = {
    "timeout-after-commit": ("3600", "done, and no answer for SECONDS"),
    "timeout-before-commit": ("3600", "not done, and no answer for SECONDS"),
    "commit-late": ("2", "no answer; done SECONDS later; 2+0.5: and the "
                    "connection is dropped after 0.5"),
    "drop-before-commit": ("", "not done; the connection is dropped"),
    "drop-after-commit": ("", "done; the connection is dropped"),
    "drop-mid-body": ("0.5", "done; the connection is dropped after this "
                      "share of the body"),
    "storm": ("1", "429; SECONDS to wait, in the form of retry-after; 1+2: "
              "first 1, and 2 more each time"),
    "status": ("503", "not done; this status, 5xx with a page of HTML"),
    "status-after-commit": ("502", "done; this status, with HTML"),
    "delay": ("1", "answered SECONDS late"),
    "trickle": ("0.01", "a few bytes at a time, SECONDS in between"),
    "refuse-row": ("", "one row of a batch is refused"),
    "expire-token": ("", "the access token has just expired"),
    "expire-cursor": ("", "the paging cursor has expired"),
}

# Which of them end a request before anything is done.
BEFORE = ("drop-before-commit", "timeout-before-commit", "commit-late",
          "storm", "status")
AFTER = ("drop-after-commit", "timeout-after-commit", "drop-mid-body",
         "status-after-commit", "delay", "trickle")


class BadSpec(Exception):
    pass


def number(text):
    try:
        if text.endswith("%"):
            return float(text[:-1]) / 100
        return float(text)
    except ValueError:
        raise BadSpec(f"not a number: {text}") from None


def allowed(name, value):
    """A setting's value, as it is kept; flags that are off are ""."""
    form = SETTINGS[name][1]
    if form == "flag":
        form = "on off"
    elif value == "off" and form == "limit":
        return value
    if form in ("span", "whole", "limit"):
        for part in value.split("-") if form == "span" else [value]:
            number(part)
    elif value not in form.split():
        raise BadSpec(f"{name}: not one of: {form}")
    return "" if form == "on off" and value == "off" else value


def worth(name, value):
    """A strike's value: a number, or two."""
    if not STRIKES[name][0]:
        raise BadSpec(f"{name} has no value")
    for part in value.split("+") if name in ("storm", "commit-late") \
            else [value]:
        number(part)
    return value


class Strike:
    def __init__(self, name, value, conditions, seed):
        self.name, self.value = name, value
        self.on = conditions.pop("on", "").split("|")
        self.row = conditions.pop("row", None)
        self.when = {key: number(text) for key, text in conditions.items()}
        unknown = set(self.when) - {"p", "n", "every", "from", "times"}
        if unknown:
            raise BadSpec(f"{name}: no such condition: {min(unknown)}")
        self.random = random.Random(f"{seed} {name} {value} {conditions}")
        self.seen = self.hits = 0

    def aimed(self, path, tags):
        return self.on == [""] or any(
            path.startswith(word) if word.startswith("/") else word in tags
            for word in self.on)

    def hit(self):
        self.seen += 1
        when, seen = self.when, self.seen
        holds = ("n" not in when or seen == when["n"]) and \
            ("every" not in when or seen % when["every"] == 0) and \
            ("from" not in when or seen >= when["from"]) and \
            ("times" not in when or self.hits < when["times"]) and \
            ("p" not in when or self.random.random() < when["p"])
        self.hits += holds
        return holds


class Faults:
    def __init__(self, spec, seed, defaults=()):
        self.seed = seed
        self.defaults = {name: entry[0] for name, entry in SETTINGS.items()}
        self.defaults.update(defaults)
        self.set(spec)

    def set(self, spec):
        """Instead of what was before."""
        settings, strikes = dict(self.defaults), []
        self._read(spec, settings, strikes)
        self.settings, self.strikes = settings, strikes

    def add(self, spec):
        settings, strikes = dict(self.settings), list(self.strikes)
        self._read(spec, settings, strikes)
        self.settings, self.strikes = settings, strikes

    def _read(self, spec, settings, strikes):
        for item in spec.replace("\n", ",").split(","):
            if not item.strip():
                continue
            parts = item.strip().split(":")
            name, given, value = parts[0].partition("=")
            if name in SETTINGS and len(parts) == 1:
                settings[name] = allowed(name, value if given else "on")
            elif name in STRIKES:
                conditions = {}
                for part in parts[1:]:
                    key, equals, text = part.partition("=")
                    if not equals:
                        raise BadSpec(f"{name}: not KEY=VALUE: {part}")
                    conditions[key] = text
                strikes.append(Strike(name, worth(name, value) if given else
                                      STRIKES[name][0], conditions, self.seed))
            else:
                raise BadSpec(f"no such fault: {name}")

    def setting(self, name):
        return self.settings[name]

    def whole(self, name):
        """A setting that is a number, or None for off or nothing."""
        text = self.settings[name]
        return None if text in ("off", "") else int(number(text))

    def span(self, name):
        """(least, most), in milliseconds."""
        least, _, most = self.settings[name].partition("-")
        return (int(number(least) * 1000),
                int(number(most or least) * 1000))

    def strike(self, names, path, tags):
        """The first of these that hits this request, or None."""
        first = None
        for strike in self.strikes:
            if strike.name in names and strike.aimed(path, tags) and \
                    strike.hit() and first is None:
                first = strike
        return first

    def row(self, path, tags, text):
        """Is this row of a batch refused?  text() gives its JSON."""
        return any(strike.name == "refuse-row" and strike.aimed(path, tags)
                   and (strike.row is None or strike.row in text())
                   and strike.hit() for strike in self.strikes)
