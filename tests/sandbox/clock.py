# SPDX-License-Identifier: MIT
"""clock: the time all of a sandbox goes by, in milliseconds since 1970.

It runs with the machine's, may be set and advanced, and may stand still.
"""
import re
import time
from calendar import timegm

ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)"
                 r"(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d))?$")


def iso(at):
    """2026-11-20T12:00:00.000Z"""
    seconds, milli = divmod(at, 1000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + \
        f".{milli:03d}Z"


def parse(text):
    """Milliseconds of an ISO date or time; None if it is none."""
    found = ISO.match(text)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in
                                              found.groups()[:6])
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60
            and second < 61):
        return None
    try:
        at = timegm((year, month, day, hour, minute, second)) * 1000
    except ValueError:
        return None
    if iso(at)[:10] != text[:10]:
        return None
    at += int((found[7] or "0").ljust(3, "0")[:3])
    zone = found[8]
    if zone and zone != "Z":
        ahead = (int(zone[1:3]) * 60 + int(zone[-2:])) * 60000
        at += -ahead if zone[0] == "+" else ahead
    return at


class Clock:
    def __init__(self):
        self.offset = 0
        self.stopped = None

    def now(self):
        if self.stopped is not None:
            return self.stopped
        return time.time_ns() // 1000000 + self.offset

    def set(self, at):
        if self.stopped is not None:
            self.stopped = at
        else:
            self.offset += at - self.now()

    def advance(self, milliseconds):
        self.set(self.now() + milliseconds)

    def stop(self):
        self.stopped = self.now()

    def run(self):
        at, self.stopped = self.now(), None
        self.set(at)
