# SPDX-License-Identifier: MIT
"""journal: what was asked and answered, counted and kept."""
from collections import Counter, deque

KEPT = 20000
BYTES = 64 << 20  # of bodies, in all


class Journal:
    def __init__(self):
        self.clear()

    def clear(self):
        self.entries = deque()
        self.size = 0
        self.counts = Counter()
        self.number = 0

    def begin(self, request):
        self.number += 1
        request.number = self.number

    def end(self, request, tags, status, fault, at):
        """status 0: no answer at all."""
        counts = self.counts
        counts["all"] += 1
        counts[f"status {status}"] += 1
        for tag in tags:
            counts[tag] += 1
        if fault:
            counts[f"fault {fault}"] += 1
        self.entries.append((request, tags, status, fault, at))
        self.size += len(request.body)
        while len(self.entries) > KEPT or self.size > BYTES:
            self.size -= len(self.entries.popleft()[0].body)

    def log(self, bodies):
        for request, tags, status, fault, at in self.entries:
            entry = {"n": request.number, "at": at, "tags": list(tags),
                     "method": request.method, "target": request.target,
                     "status": status, "fault": fault}
            if bodies:
                entry["headers"] = request.headers
                entry["body"] = request.body.decode("utf-8", "replace")
            yield entry
