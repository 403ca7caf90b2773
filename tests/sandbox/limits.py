# SPDX-License-Identifier: MIT
"""limits: how many requests may come within a rolling window, or a day."""
from collections import deque


class Rolling:
    """At most `most` within any `length` milliseconds; None: no limit."""

    def __init__(self, length):
        self.length = length
        self.times = deque()

    def _forget(self, now):
        times = self.times
        while times and (times[0] <= now - self.length or times[0] > now):
            times.popleft()

    def take(self, now, most):
        """Counts a request, unless there were too many; refused ones are
        not counted."""
        self._forget(now)
        if most is not None and len(self.times) >= most:
            return False
        self.times.append(now)
        return True

    def left(self, now, most):
        self._forget(now)
        return max(0, most - len(self.times))

    def wait(self, now):
        """Milliseconds until the oldest one leaves the window."""
        return max(0, self.times[0] + self.length - now) if self.times else 0


class Daily:
    """At most so many a day; the day ends at midnight of a time zone."""

    def __init__(self, ahead):
        self.ahead = ahead  # milliseconds ahead of UTC
        self.day = None
        self.count = 0

    def _turn(self, now):
        day = (now + self.ahead) // 86400000
        if day != self.day:
            self.day, self.count = day, 0

    def take(self, now, most):
        self._turn(now)
        if most is not None and self.count >= most:
            return False
        self.count += 1
        return True

    def left(self, now, most):
        self._turn(now)
        return max(0, most - self.count)

    def wait(self, now):
        return (self.day + 1) * 86400000 - self.ahead - now
