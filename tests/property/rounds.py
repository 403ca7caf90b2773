# SPDX-License-Identifier: MIT
"""rounds: the real pipeline over a world, disturbed or clean, and what must
hold when all has come to rest."""
import json
import os

from world import FIELDS, NAMES, Failure, World

QUIESCE_MOST = 12
DAY = 86400


def operations(text):
    return [json.loads(line) for line in text.splitlines()
            if line.startswith('{"type":"operation"')
            or line.startswith('{"type":"conflict"')]


class Round:
    """The steps of one sync: read(side), resolve(), load(side)."""

    def __init__(self, world, faults=None):
        self.w, self.faults = world, faults or {}
        world.runs += 1
        self.run = f"r{world.runs}"
        self.sides = [s for s, _ in enumerate(world.names)
                      if self.faults.get("without") != s]
        self.cut, self.shown = False, {}

    def file(self, what):
        return f"{what}.{self.run}"

    def read_all(self, hook=lambda _: None):
        for side in self.sides:
            self.read(side)
            hook(f"x{side}")

    def read(self, side):
        w, name = self.w, self.w.names[side]
        options = ""
        if self.faults.get("limit", (None,))[0] == side:
            options = f" --limit {self.faults['limit'][1]}"
        stages = [f"crm-extract {name} thing -m thing.{name}{options}",
                  f"crm-map thing.{name}", "crm-diff"]
        given = ""
        for at, command in enumerate(stages):
            out = self.file(f"s{at}.{name}")
            text = command + (f" < {given}" if given else "") + f" > {out}"
            w.command(text, {0, 1, 3} if self.cut else None, self.run)
            self.maybe_cut(side, at, out)
            given = out
            if not at:
                self.shown.update(w.shown(side))

    def maybe_cut(self, side, at, out):
        if self.faults.get("cut", (None,))[:2] != (side, at):
            return
        path = self.w.path(out)
        size = int(os.path.getsize(path) * self.faults["cut"][2])
        with open(path, "rb+") as file:
            file.truncate(size)
        self.w.steps.append(f"truncate -s {size} {out}")
        self.cut = True

    def resolve(self):
        w = self.w
        parts = [self.file(f"s2.{w.names[s]}") for s in self.sides]
        changes, plan = self.file("changes"), self.file("plan")
        with open(w.path(changes), "wb") as out:
            for part in parts:
                with open(w.path(part), "rb") as file:
                    out.write(file.read())
        w.steps.append(f"cat {' '.join(parts)} > {changes}")
        w.command("crm-resolve thing --max-deletes 10000 --max-clears 10000 "
                  f"< {changes} > {plan}",
                  {0, 1, 3} if self.cut else None, self.run)
        with open(w.path(plan), encoding="utf-8") as file:
            self.take_plan(file.read())
        if not self.cut:
            w.seen.update(self.shown)

    def take_plan(self, text):
        self.w.plans.append((len(self.w.events), operations(text)))
        self.w.steps.append(f"# plan: {len(operations(text))} lines")

    def load(self, side):
        name, plan = self.w.names[side], self.file("plan")
        options, may = "", {0, 1, 3} if self.cut else None
        if self.faults.get("noload") == side:
            return
        if self.faults.get("grep", (None,))[0] == side:
            plan = self.grep(side, plan)
            options = " --subset"
        times = 1 + (self.faults.get("twice") == side)
        before = self.w.shown(side)
        for time in range(times):
            self.w.command(f"crm-load {name}{options} < {plan} > "
                           f"{self.file('receipts.' + name)}.{time}", may,
                           self.run)
        self.w.seen.update((key, value) for key, value in
                           self.w.shown(side).items() if key not in before)

    def grep(self, side, plan):
        name, some = self.w.names[side], self.faults["grep"][1]
        with open(self.w.path(plan), encoding="utf-8") as file:
            lines = file.read().splitlines()
        mine = [at for at, line in enumerate(lines)
                if '"type":"operation"' in line and
                f'"system":"{name}"' in line]
        mine.sort(key=lambda at: self.w.unswapped(
            json.loads(lines[at])["uid"]))
        gone = {at for n, at in enumerate(mine, 1) if n % 2 == some % 2}
        kept = [line for at, line in enumerate(lines) if at not in gone]
        out = self.file("subset")
        self.w.put(out, "".join(line + "\n" for line in kept))
        return out

    def pending(self):
        for side in range(len(self.w.names)):
            name = self.w.names[side]
            self.w.command(f"crm-load {name} --pending > "
                           f"{self.file('pending.' + name)}", None, self.run)


def disturbed(world, faults, hooks):
    """One round with things going wrong and people editing in between."""
    def hook(place):
        for action in hooks.get(place, ()):
            world.act(action)

    first = Round(world, faults)
    if "order" not in faults:
        first.read_all(hook)
        hook("plan")
        first.resolve()
        for side in range(len(world.names)):
            hook(f"l{side}")
            first.load(side)
    else:
        second = Round(world)
        for step in faults["order"].split():
            one = first if step[1] == "1" else second
            hook(step)
            if step[0] == "X":
                one.read_all()
            elif step[0] == "R":
                one.resolve()
            else:
                for side in range(len(world.names)):
                    one.load(side)
    world.now += 1200


def clean(world):
    one = Round(world)
    one.read_all()
    one.resolve()
    for side in range(len(world.names)):
        one.load(side)
    one.pending()
    world.now += DAY
    return one


def shown(world, one):
    """Per side: uid -> the live record as crm-map shows it."""
    sides = []
    for side, name in enumerate(world.names):
        records = {}
        run = Round(world)
        out = run.file("shown." + name)
        world.command(f"crm-extract {name} thing --full -m thing.{name} > "
                      f"{out}.0", None, run.run)
        world.command(f"crm-map thing.{name} < {out}.0 > {out}", None,
                      run.run)
        with open(world.path(out), encoding="utf-8") as file:
            lines = file.read().splitlines()
        for line in lines:
            record = json.loads(line, parse_float=str, parse_int=str)
            if record["type"] not in ("record", "seen"):
                continue
            if record["type"] == "seen":
                raise Failure(f"rejected: {name} {record['id']}")
            if record.get("deleted"):
                continue
            uid = record.get("uid") or f"{name}:thing:{record['id']}"
            if uid in records:
                raise Failure(f"duplicate: {name} has {uid} twice")
            records[uid] = record["fields"]
        sides.append(records)
    return sides


# ---- what must hold ----

def no_flips(plans):
    """No value goes A, B, A in the operations of the quiet rounds."""
    seen = {}
    for _, lines in plans:
        for line in lines:
            if line["type"] != "operation":
                continue
            for field, value in line.get("fields", {}).items():
                key = (line["system"], line["uid"], field)
                values = seen.setdefault(key, [])
                value = json.dumps(value)
                if values and values[-1] == value:
                    continue
                if value in values:
                    raise Failure(f"pingpong: {key}: {values + [value]}")
                values.append(value)


def conflicts(dump):
    return {tuple(line.split("\t")[1:3]) for line in dump.splitlines()
            if line.startswith("conflict\t")}


def disputed(world, uid, in_conflict):
    """It was deleted, there or elsewhere, and a field waits for a person."""
    return any(uid == other for other, _ in in_conflict) and \
        any(e["kind"] == "delete" and e["uid"] == uid for e in world.events)


def converged(world, sides, in_conflict):
    for uid in sorted(set().union(*sides)):
        there = [uid in side for side in sides]
        if not all(there) and disputed(world, uid, in_conflict):
            continue
        if not all(there):
            raise Failure(f"diverged: {uid} is live on {there}")
        for field in FIELDS:
            values = [side[uid][field] for side in sides
                      if field in side[uid]]
            # what was never there and what is null are the same
            if len({json.dumps(v) for v in values}) > 1 and \
                    (uid, field) not in in_conflict:
                raise Failure(f"diverged: {uid} {field}: {values}")


def decided(world, event, at):
    """A decision over this edit was shown in some plan after it."""
    for when, lines in world.plans:
        for line in lines:
            if when <= at or line["uid"] != event["uid"]:
                continue
            if line["type"] == "conflict":
                if line["field"] == event["field"]:
                    return True
                continue
            why = line.get("why", {}).get(event["field"])
            if why and why["rule"] != "changed":
                return True
    return False


def nothing_lost(world, sides, in_conflict):
    events = world.events
    for at, event in enumerate(events):
        if event["kind"] != "edit" or event["uid"] not in sides[0] or \
                event["value"] == event["seen"]:
            continue
        uid, field = event["uid"], event["field"]
        later = [e for e in events[at + 1:] if e["uid"] == uid and (
            e["field"] == field and e["kind"] != "absent"
            or e["kind"] == "restore"
            or (e["kind"] in ("delete", "absent")
                and e["side"] == event["side"]))]
        if later or (uid, field) in in_conflict:
            continue
        values = {json.dumps(side[uid].get(field)) for side in sides
                  if field in side.get(uid, ())}
        if json.dumps(event["value"]) in values or \
                (event["value"] is None and not values):
            continue
        if decided(world, event, at):
            continue
        raise Failure(f"lost: {uid} {field} = {event['value']!r} by "
                      f"{world.names[event['side']]}, now {sorted(values)}")


def lives(world, sides):
    """Nobody's record is gone, and an edit after a deletion has won."""
    for uid in sorted({e["uid"] for e in world.events}):
        mine = [(at, e) for at, e in enumerate(world.events)
                if e["uid"] == uid]
        live = uid in sides[0]
        deaths = [at for at, e in mine if e["kind"] == "delete"]
        if not live and not deaths:
            raise Failure(f"gone: {uid}: nobody deleted it")
        last = {(e["side"], e["field"]): at for at, e in mine
                if e["kind"] in ("edit", "create", "restore", "absent")}
        if not live and any(at > deaths[-1]
                            and world.events[at]["kind"] != "absent"
                            and world.events[at]["value"] !=
                            world.events[at]["seen"]
                            for at in last.values()):
            raise Failure(f"gone: {uid}: edited after it was deleted")
        disputed = any(line["type"] == "conflict" and line["uid"] == uid
                       for _, lines in world.plans for line in lines)
        # the side that deletes has not seen what is disputed: it lives on
        if live and deaths and not disputed and \
                mine[-1][0] == deaths[-1] and \
                all(at < quiet_before(world, deaths[-1]) for at, _ in
                    mine[:-1]):
            raise Failure(f"undead: {uid} was deleted and is there")


def quiet_before(world, at):
    """All events before this one had come to rest when `at` happened."""
    marks = [n for n in world.quiet if n <= at]
    return marks[-1] if marks else 0


def stores(world):
    found = []
    for name in world.names:
        with open(world.path(f"{name}/thing.ndjson"), "rb") as file:
            found.append(file.read())
    return found


def quiesce(world):
    """Clean rounds until nothing moves."""
    world.mend()
    start = len(world.plans)
    for _ in range(QUIESCE_MOST):
        before, plans = stores(world), len(world.plans)
        dump = world.dump()
        clean(world)
        if not any(lines for _, lines in world.plans[plans:]) and \
                stores(world) == before and world.dump() == dump:
            break
    else:
        raise Failure(f"restless: after {QUIESCE_MOST} rounds\n{dump}")
    no_flips(world.plans[start:])


def check(world):
    quiesce(world)
    dump = world.dump()
    for kind in ("outbox", "todo"):
        left = [x for x in dump.splitlines() if x.startswith(kind + "\t")]
        if left:
            raise Failure(f"left: {left[0]}")
    in_conflict = conflicts(dump)
    sides = shown(world, None)
    lives(world, sides) if all(side.keys() == sides[0].keys()
                               for side in sides) else None
    converged(world, sides, in_conflict)
    nothing_lost(world, sides, in_conflict)
    return sides


def play(history, swapped=False):
    """Plays it; returns (why it failed or None, sides, world)."""
    names = NAMES[:history["sides"]]
    if swapped:
        names = names[1::-1] + names[2:]
    world = World(history["config"], names)
    world.quiet = []
    sides = None
    try:
        for action in history["actions"]:
            if action[0] == "round":
                disturbed(world, action[1], action[2])
            elif action[0] == "clean":
                clean(world)
                clean(world)
                world.quiet.append(len(world.events))
            else:
                world.act(action)
        sides = check(world)
        return None, sides, world
    except Failure as failure:
        return str(failure), sides, world
