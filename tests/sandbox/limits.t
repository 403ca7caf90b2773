#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How many requests there may be, what is said of it, and what is refused."""
import os
import sys
from email.utils import parsedate_to_datetime

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wire import ok, run, same  # noqa: E402

ONE = "/crm/v3/objects/contacts/9001"
SEARCH = "/crm/v3/objects/contacts/search"


def stand(fake, spec):
    """A clock that stands still, and only these faults."""
    fake.clock(now="2026-11-20T12:00:00Z", stop=True)
    fake.ask("PUT", "/_sandbox/faults", ("lag=0," + spec).encode())


def rolling(fake):
    stand(fake, "")
    reply = fake.get(ONE)
    same([reply.headers["x-hubspot-ratelimit-" + name] for name in (
        "max", "remaining", "interval-milliseconds", "daily",
        "daily-remaining")], ["190", "189", "10000", "650000", "649999"],
        "said with an answer")
    fake.clock(advance=5)
    statuses = [fake.get(ONE).status for _ in range(190)]
    same(statuses, [200] * 189 + [429], "190 in ten seconds")
    reply = fake.get(ONE)
    found = reply.json
    same((found["status"], found["errorType"], found["policyName"],
          "category" in found), ("error", "RATE_LIMIT",
                                 "TEN_SECONDLY_ROLLING", False),
         "the body of a 429 is not that of others")
    same(reply.headers["x-hubspot-ratelimit-remaining"], "0", "none are left")
    ok("retry-after" not in reply.headers, "and when to come is not said")
    fake.clock(advance=5)
    same([fake.get(ONE).status for _ in "12"], [200, 429],
         "the window rolls: one is free again")
    fake.clock(advance=5)
    same(fake.get(ONE).status, 200, "and then all")


def oauth(fake):
    stand(fake, "rate=3,oauth-rate=2")
    access = fake.form("/oauth/v3/token", grant_type="refresh_token",
                       **{name: fake.said[name] for name in (
                           "client_id", "client_secret", "refresh_token")})
    token = access["access_token"]
    reply = fake.ask("GET", ONE, token=token)
    same((reply.headers["x-hubspot-ratelimit-max"],
          "x-hubspot-ratelimit-daily" in reply.headers), ("2", False),
         "an OAuth app has its own, and is told nothing of the day")
    same([fake.ask("GET", ONE, token=token).status for _ in "12"],
         [200, 429], "its own are spent")
    same([fake.get(ONE).status for _ in "1234"], [200, 200, 200, 429],
         "a private app's are not")


def associations(fake):
    stand(fake, "association-rate=2")
    path = "/crm/v4/objects/contacts/9001/associations/companies"
    same([fake.get(path).status for _ in "123"], [200, 200, 429],
         "associations have a limit of their own")
    same(fake.get(ONE).headers["x-hubspot-ratelimit-remaining"], "189",
         "and leave that of others alone")


def searches(fake):
    stand(fake, "")
    replies = [fake.post(SEARCH, {}) for _ in range(6)]
    same([reply.status for reply in replies], [200] * 5 + [429],
         "five searches a second")
    same((replies[5]["policyName"], replies[5]["message"]),
         ("SECONDLY", "You have reached your secondly limit."), "its body")
    ok("x-hubspot-ratelimit-max" not in replies[0].headers and
       "x-hubspot-ratelimit-daily" in replies[0].headers,
       "a search says only what is left of the day", replies[0])
    same(fake.get(ONE).status, 200, "other requests are free")
    fake.clock(advance=1)
    same(fake.post(SEARCH, {}).status, 200, "and a second later")
    stand(fake, "search-rate=1")
    fake.clock(advance=3)
    same([fake.post(SEARCH, {}).status for _ in "12"], [200, 429],
         "search-rate=1")


def daily(fake):
    stand(fake, "daily-left=2")
    replies = [fake.get(ONE) for _ in "123"]
    same([reply.status for reply in replies], [200, 200, 429],
         "daily-left=2: a day that is nearly spent")
    same((replies[1].headers["x-hubspot-ratelimit-daily-remaining"],
          replies[1].headers["x-hubspot-ratelimit-daily"]), ("0", "650000"),
         "which is said")
    same((replies[2]["policyName"], replies[2]["message"]),
         ("DAILY", "You have reached your daily limit."), "its body")
    fake.clock(advance=10)
    same(fake.get(ONE).status, 429, "waiting does not help")
    fake.clock(now="2026-11-21T04:59:59Z")
    same(fake.get(ONE).status, 429, "not at midnight of UTC")
    fake.ask("PUT", "/_sandbox/faults", b"lag=0,daily=3")
    fake.clock(now="2026-11-21T05:00:00Z")
    same([fake.get(ONE).status for _ in "1234"], [200, 200, 200, 429],
         "but at that of the account")


def retry_after(fake):
    stand(fake, "rate=1,retry-after=seconds")
    fake.get(ONE)
    same(fake.get(ONE).headers["retry-after"], "10", "in seconds")
    fake.faults("rate=1,retry-after=date")
    when = parsedate_to_datetime(fake.get(ONE).headers["retry-after"])
    same(when.isoformat(), "2026-11-20T12:00:10+00:00", "as a date")
    fake.faults("storm=7:n=2,retry-after=seconds")
    replies = [fake.get(ONE) for _ in "123"]
    same([reply.status for reply in replies], [200, 429, 200],
         "storm: a 429 at no limit at all")
    same((replies[1].headers["retry-after"], replies[1]["policyName"]),
         ("7", "TEN_SECONDLY_ROLLING"), "with its seconds")
    fake.faults("storm=1+2,retry-after=seconds")
    same([fake.get(ONE).headers["retry-after"] for _ in "123"],
         ["1", "3", "5"], "longer each time")
    fake.faults("storm:from=2:times=3")
    same([fake.get(ONE).status for _ in "123456"],
         [200, 429, 429, 429, 200, 200], "three in a row")
    same(fake.post(SEARCH, {}).status, 200, "and no more")


run(rolling, oauth, associations, searches, daily, retry_after)
