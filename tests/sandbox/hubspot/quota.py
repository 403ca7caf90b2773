# SPDX-License-Identifier: MIT
"""quota: how many requests an account's apps may make, and what is said of it.

Ten seconds have a limit for each app, and one of their own for associations; a
second has one for searches, a day (until midnight of the account's zone) one
for all.
"""
from email.utils import formatdate

from ..limits import Daily, Rolling
from . import errors

EAST = -5 * 3600000


class Quota:
    def __init__(self, kind):
        self.kind, self.faults, self.clock = kind, kind.faults, kind.clock
        self.bursts = {name: Rolling(10000) for name in (
            "rate", "oauth-rate", "association-rate")}
        self.searches, self.day = Rolling(1000), Daily(EAST)
        self.left = self.most = None

    @staticmethod
    def name(grant, tags):
        if "association" in tags:
            return "association-rate"
        return "rate" if grant.static else "oauth-rate"

    def daily(self):
        """How many a day; daily-left counts from when it was set."""
        left = self.faults.whole("daily-left")
        if left is None:
            self.left = None
            return self.faults.whole("daily")
        if left != self.left:
            self.left, self.most = left, self.day.count + left
        return self.most

    def take(self, grant, tags):
        """Counts a request; or the policy it is refused by."""
        now, name = self.clock.now(), self.name(grant, tags)
        if not self.day.take(now, self.daily()):
            return "DAILY"
        if "search" in tags and not self.searches.take(
                now, self.faults.whole("search-rate")):
            return "SECONDLY"
        if not self.bursts[name].take(now, self.faults.whole(name)):
            return "TEN_SECONDLY_ROLLING"
        return None

    def refusal(self, policy, seconds=None):
        form, headers = self.faults.setting("retry-after"), []
        now = self.clock.now()
        if seconds is None:
            wait = {"DAILY": self.day, "SECONDLY": self.searches}.get(
                policy, self.bursts["rate"])
            seconds = -(-wait.wait(now) // 1000)
        if form == "seconds":
            headers.append(("Retry-After", str(int(seconds))))
        elif form == "date":
            headers.append(("Retry-After", formatdate(
                now / 1000 + seconds, usegmt=True)))
        correlation = self.kind.correlation()
        return errors.too_many(policy, correlation,
                               self.kind.correlation().replace("-", ""),
                               headers)

    def headers(self, grant, tags):
        """What an answer says of limits: a search only of the day, an OAuth
        app nothing of it."""
        now, found = self.clock.now(), []
        name = self.name(grant, tags)
        most = self.faults.whole(name)
        if "search" not in tags and most is not None:
            left, second = self.bursts[name].left(now, most), most // 10
            found += [
                ("X-HubSpot-RateLimit-Max", str(most)),
                ("X-HubSpot-RateLimit-Remaining", str(left)),
                ("X-HubSpot-RateLimit-Interval-Milliseconds", "10000"),
                ("X-HubSpot-RateLimit-Secondly", str(second)),
                ("X-HubSpot-RateLimit-Secondly-Remaining",
                 str(min(second, left)))]
        most = self.daily()
        if grant.static and most is not None:
            # Of a nearly spent day the whole is still what it was.
            found += [
                ("X-HubSpot-RateLimit-Daily",
                 str(self.faults.whole("daily") or most)),
                ("X-HubSpot-RateLimit-Daily-Remaining",
                 str(self.day.left(now, most)))]
        return found
