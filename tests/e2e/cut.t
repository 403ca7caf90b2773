#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A stream cut anywhere, before any stage: nothing is concluded from it.

The input of every stage is cut at every ninth byte, from another one each day;
with the argument N at every Nth.  A cut inside a section is exit
3; no end comes out for it, no deletion, and no checkpoint moves.  Both exports
differ by one change, one new record and one that is gone, so that there is a
deletion to infer.
"""
import os
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from stages import (FIRST, LOAD, RESOLVE, SECOND, Sync,  # noqa: E402
                    check, done)


STRIDE = int(sys.argv[1]) if sys.argv[1:] else 9
START = int(time.time()) // 86400 % STRIDE


def places(text):
    """Where it is cut."""
    return range(START, len(text), STRIDE)


def whole_prefix(text):
    """True when the cut stream is itself a whole stream."""
    lines = text.splitlines()
    return not lines or (lines[-1].startswith(b'{"type":"end"')
                         and lines[-1].endswith(b"}"))


def sections(text):
    """How many sections it has the whole of."""
    return sum(line.startswith(b'{"type":"end"') and line.endswith(b"}")
               for line in text.splitlines())


def cut_file(sync, command):
    """An export that ends inside a row was cut: it ends badly, and nothing
    is concluded from what it lacks.  One that ends between two rows cannot
    be told from a shorter one."""
    with open(sync.path("accounts.csv"), "rb") as file:
        text = file.read()
    why = None
    for n in places(text):
        if n and text[n - 1:n] == b"\n":
            continue
        with open(sync.path("accounts.csv"), "wb") as file:
            file.write(text[:n])
        ended = sync.run(command)
        if ended.status not in (1, 2, 3) or (
                sections(ended.out) and b'"absence":false' not in ended.out):
            why = f"cut at {n} of {len(text)}: {ended}"
            break
    with open(sync.path("accounts.csv"), "wb") as file:
        file.write(text)
    check(why is None, f"salesforce extract: cut inside a row, {len(text)} "
          "bytes", why or "")


def cut_filter(sync, name, command, text):
    """A stage that only reads state: exit 3, no end, no deletion."""
    why = None
    for n in places(text):
        cut = text[:n]
        if whole_prefix(cut):
            continue
        ended = sync.run(command, cut)
        if (ended.status != 3 or sections(ended.out) != sections(cut)
                or (not sections(cut) and b'"op":"delete"' in ended.out)):
            why = f"cut at {n} of {len(text)}: {ended}"
            break
    check(why is None, f"{name}: cut at {len(places(text))} bytes", why or "")


def cut_resolve(sync, text):
    before, why = sync.state(), None
    for n in places(text):
        cut = text[:n]
        if whole_prefix(cut):
            continue
        ended = sync.run(RESOLVE, cut)
        if (ended.status != 3 or b'"type":"operation"' in ended.out
                or sync.state() != before):
            why = f"cut at {n} of {len(text)}: {ended}"
            break
    check(why is None, f"resolve: cut at {len(places(text))} bytes, "
          "the state stays as it was, byte for byte", why or "")


def cut_load(sync, plan, want):
    """It may deliver what arrived, and the whole plan then brings the rest."""
    before, trial, why = sync, sync.copy(), None
    for n in places(plan):
        cut = plan[:n]
        if whole_prefix(cut):
            continue
        trial.back_to(before)
        ended = trial.run(LOAD, cut)
        again = trial.run(LOAD + ["--pending"])
        if ended.status != 3 or again.status not in (0, 1) \
                or trial.store() != want:
            why = (f"cut at {n} of {len(plan)}: {ended}\n{again}\n"
                   f"{trial.store()}\nnot\n{want}")
            break
    trial.remove()
    check(why is None, f"load: cut at {len(places(plan))} bytes, "
          "--pending then brings the rest", why or "")


def main():
    sync = Sync()
    resolved, loaded = sync.sync(FIRST)
    if not check(resolved.status == 0 and loaded.status == 0,
                 "the first import is done", resolved, loaded):
        done()
    sync.now += 1
    sync.export(SECOND)
    steps, joined = sync.sides()
    check(b'"op":"delete"' in joined, "there is a deletion to infer",
          joined[-2000:])
    cut_file(sync, steps[0][1])
    for name, command, text in steps:
        if text:
            cut_filter(sync, name, command, text)
    cut_resolve(sync, joined)
    whole = sync.copy()
    plan = sync.run(RESOLVE, joined)
    whole.back_to(sync)
    whole.run(LOAD, plan.out)
    cut_load(sync, plan.out, whole.store())
    whole.remove()
    sync.remove()
    done()


main()
