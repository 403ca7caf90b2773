# SPDX-License-Identifier: MIT
"""world: one kind with its clock, faults and journal, serving requests."""
import copy
import random
import sys
import traceback

from .clock import Clock
from .control import PREFIX, Control
from .exchange import Answer
from .faults import AFTER, BEFORE, Faults
from .journal import Journal


class World:
    def __init__(self, name, kind, spec, seed, records, lenient):
        self.name, self.seed, self.records = name, seed, records
        self.lenient, self.made, self.spec = lenient, kind, spec
        self.control, self.saved = Control(self), {}
        self.begin()

    def begin(self):
        """As at the start: records, tokens, clock, faults."""
        self.random = random.Random(f"{self.name} {self.seed}")
        self.clock = Clock()
        self.faults = Faults(self.spec, f"{self.name} {self.seed}",
                             getattr(self.made, "DEFAULTS", {}))
        self.journal = Journal()
        self.kind = self.made(self)

    def save(self, name):
        """All there is, under a name."""
        self.saved[name] = self.copied(self.state())

    def load(self, name):
        self.__dict__.update(self.copied(self.saved[name]))

    def state(self):
        return {part: getattr(self, part) for part in (
            "random", "clock", "faults", "journal", "kind")}

    def copied(self, state):
        return copy.deepcopy(state, {id(self): self})

    def serve(self, request):
        if request.path.startswith(PREFIX):
            return self.control.answer(request)
        self.journal.begin(request)
        found = self.kind.find(request)
        tags = found[0] if found else ("unknown",)
        answer, fault = self.disturbed(request, tags, found)
        if answer.manner is None or not {"drop", "hold"} & set(answer.manner):
            status = answer.status
        else:
            status = 0
        self.journal.end(request, tags, status, fault, self.clock.now())
        return answer

    def disturbed(self, request, tags, found):
        """(answer, the name of the fault that struck or None)"""
        before = self.faults.strike(BEFORE, request.path, tags)
        after = self.faults.strike(AFTER, request.path, tags)
        if before:
            return self.instead(request, tags, before), before.name
        answer = self.work(request, tags, found)
        if after:
            return self.delivered(answer, after), after.name
        return answer, request.notes.get("fault")

    def work(self, request, tags, found):
        """What would happen with nothing in the way."""
        answer = self.kind.admit(request, tags)
        if answer is None:
            answer = self.handled(request, found)
        self.kind.finish(request, tags, answer)
        return answer

    def handled(self, request, found):
        try:
            return found[1]() if found else self.kind.unknown(request)
        except Exception:  # a fault of ours: seen, and no connection hangs
            traceback.print_exc(file=sys.stderr)
            return Answer(500, b"a fault of the sandbox itself")

    def instead(self, request, tags, strike):
        if strike.name == "storm":
            first, _, more = strike.value.partition("+")
            return self.kind.storm(request, tags, float(first) + float(
                more or 0) * (strike.hits - 1))
        if strike.name == "status":
            return self.kind.gateway(int(strike.value))
        answer = Answer(204)
        if strike.name == "drop-before-commit":
            answer.manner = {"drop": True}
        elif strike.name == "commit-late":
            late, _, hold = strike.value.partition("+")
            answer.manner = {"late": float(late), "hold": float(hold or 3600)}
        else:
            answer.manner = {"hold": float(strike.value)}
        return answer

    def delivered(self, answer, strike):
        if strike.name == "status-after-commit":
            return self.kind.gateway(int(strike.value))
        value = float(strike.value or 0)
        answer.manner = {
            "drop-after-commit": {"drop": True},
            "timeout-after-commit": {"hold": value},
            "drop-mid-body": {"cut": int(len(answer.body) * value)},
            "delay": {"delay": value},
            "trickle": {"trickle": value},
        }[strike.name]
        return answer

    def do_late(self, request):
        """A request whose client has long given up."""
        found = self.kind.find(request)
        self.work(request, found[0] if found else ("unknown",), found)
