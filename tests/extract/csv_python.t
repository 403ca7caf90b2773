#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""crm-extract csv against two other readers: Python's csv module on files that
it wrote, and on random text the plain reader below, which says the rules of
crm-extract(1) once more, a character at a time.  Some files are longer than
the blocks we read.  SEED=N tries others."""
import csv
import io
import json
import os
import random
import subprocess

TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
PROGRAM = os.path.join(os.environ.get("CRM_BIN", os.path.join(TREE, "bin")),
                       "crm-extract")
SEED = int(os.environ.get("SEED", "20261120"))
rng = random.Random(SEED)


def extract(data, *options):
    done = subprocess.run(
        [PROGRAM, "csv", "-", "-s", "s", "-o", "o", "--rejects", "/dev/null",
         *options], input=data, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return done.returncode, lines, done.stderr.decode()


# ---- what Python wrote ----

WORDS = ["a", "b", " ", "  ", "\t", ",", '"', "\n", "\r\n", "é", "𝄞", "x" * 40,
         ";", "\\", "\x01", "z z", " lead", "trail ", "|", "\x7f", "\u2028"]


def text(most):
    return "".join(rng.choice(WORDS) for _ in range(rng.randint(0, most)))


def written(rows, encoding, **how):
    out = io.StringIO(newline="")
    csv.writer(out, **how).writerows(rows)
    return out.getvalue().encode(encoding)


def compare_written(count, most):
    for _ in range(count):
        names = ["id"] + [f"c{i}" for i in range(rng.randint(1, 6))]
        rows = [[str(i)] + [text(6) for _ in names[1:]]
                for i in range(rng.randint(0, most))]
        encoding = rng.choice(["utf-8", "utf-8-sig", "utf-16", "utf-32"])
        delimiter = rng.choice(",;\t|")
        data = written([names] + rows, encoding, delimiter=delimiter,
                       lineterminator=rng.choice(["\n", "\r\n"]),
                       quoting=rng.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
        status, lines, err = extract(data)
        got = [line["data"] for line in lines if line["type"] == "record"]
        want = [{name: value for name, value in zip(names, row)} for row in
                rows]
        # nothing between two delimiters is absent
        got = [{name: line.get(name, "") for name in names} for line in got]
        if status or got != want or lines[-1]["count"] != len(rows):
            return f"{encoding} {delimiter!r} status {status} {err}"
    return None


# ---- the rules, a character at a time ----

class Stop(Exception):
    pass


class Reader:
    def __init__(self, data, whole):
        self.text, self.at, self.line, self.whole = data, 0, 1, whole

    def peek(self):
        return self.text[self.at] if self.at < len(self.text) else ""

    def take(self):
        c = self.text[self.at]
        self.at += 1
        if c == "\n" or (c == "\r" and self.peek() != "\n"):
            self.line += 1
        return c

    def line_end(self):
        """Takes one, CR LF being one."""
        if self.take() == "\r" and self.peek() == "\n":
            self.take()

    def quoted(self):
        self.take()
        cell = ""
        while True:
            if not self.peek():
                raise Stop(3)
            c = self.take()
            if c != '"':
                cell += c
            elif self.peek() == '"':
                cell += self.take()
            elif self.peek() in ("", ",", "\n", "\r"):
                return cell
            else:
                return None

    def plain(self):
        cell = ""
        while self.peek() not in ("", ",", "\n", "\r"):
            if self.peek() == '"' and cell and not cell.strip(" \t"):
                self.take()
                return None
            cell += self.take()
        return cell

    def doubt(self):
        """Both readings must end the row at the same line end."""
        inside, outside = "quoted", "plain"
        while self.peek():
            c = self.take()
            inside = step(inside, c, "quoted")
            outside = step(outside, c, "plain")
            ends = [c in "\r\n" and place == "start"
                    for place in (inside, outside)]
            if all(ends):
                if c == "\r" and self.peek() == "\n":
                    self.take()
                return
            if any(ends):
                break
        raise Stop(2)

    def row(self):
        """Cells, whether a line end follows, whether it is bad."""
        cells = []
        while True:
            cell = self.quoted() if self.peek() == '"' else self.plain()
            if cell is None:
                self.doubt()
                return cells, True, True
            cells.append(cell)
            if self.peek() == ",":
                self.take()
                continue
            ended = self.peek() != ""
            if ended:
                self.line_end()
            return cells, ended, False


def step(place, c, after_quote):
    if place == "start" and c == '"':
        return "quoted"
    if place == "quoted":
        return "quote" if c == '"' else "quoted"
    if place == "quote" and c == '"':
        return "quoted"
    if c in ",\r\n":
        return "start"
    return after_quote if place == "quote" else "plain"


def judge(cells, ended, bad, lines, columns, whole):
    """What becomes of a row: its type, its id, whether absence is lost."""
    told = cells[0].strip(" \t\n\v\f\r") if cells else ""
    right = len(cells) == columns
    if not bad and not right and not ended and not whole \
            and len(cells) < columns:
        raise Stop(3)
    if not bad and right and (ended or whole) and told:
        return "record", told, False
    known = told and (ended or columns > 1 if right else len(cells) > 1)
    return ("seen" if known else None), told, \
        not known or lines > 1 or not ended


def read(data, columns, whole):
    reader, found, lost, status = Reader(data, whole), [], False, 0
    try:
        while reader.peek():
            if reader.peek() in "\r\n":
                reader.line_end()
                continue
            line = reader.line
            cells, ended, bad = reader.row()
            if line == 1:
                continue
            lines = reader.line - line + (0 if ended else 1)
            kind, told, hides = judge(cells, ended, bad, lines, columns, whole)
            lost |= hides
            status |= kind != "record"
            if kind:
                found.append((kind, told, cells if kind == "record" else None))
    except Stop as stop:
        return stop.args[0], found, None
    return int(status), found, lost


PIECES = ['"', '""', ",", "\n", "\r\n", "\r", " ", "a", "bc", "7", "é", "\t",
          '"x"', '"x",', ',"y', "\n8,", "\n9,p,q\n", "long" * 8]


def compare_random(count, most):
    for _ in range(count):
        body = "".join(rng.choice(PIECES)
                       for _ in range(rng.randint(0, most)))
        if most > 1000:  # a quote out of place ends the comparison early
            body = "".join(rng.choice(PIECES[3:6] + PIECES[6:13])
                           for _ in range(most)) + "\n" + body[:200]
        whole = rng.random() < 0.5
        data = "id,a,b\n" + body
        status, lines, err = extract(data.encode(),
                                     *["--whole"] * whole)
        got = [(line["type"], line["id"],
                [line["data"].get(name, "") for name in ("id", "a", "b")]
                if line["type"] == "record" else None)
               for line in lines if line["type"] in ("record", "seen")]
        end = lines[-1] if lines[-1]["type"] == "end" else None
        lost = None if end is None else end.get("absence") is False
        want = read(data, 3, whole)
        if (status, got, lost) != want:
            at = sum(1 for a, b in zip(got, want[1]) if a == b)
            return (f"{data[:400]!r} whole {whole}: got {status} {lost} "
                    f"{got[at:at + 2]}, want {want[0]} {want[2]} "
                    f"{want[1][at:at + 2]}: {err}")
    return None


def main():
    print("# seed", SEED)
    checks = [
        ("small files of Python's", compare_written(150, 30)),
        ("files of Python's beyond a block", compare_written(4, 20000)),
        ("random text", compare_random(1500, 30)),
        ("random text beyond a block", compare_random(4, 400000)),
    ]
    for number, (name, wrong) in enumerate(checks, 1):
        print("not ok" if wrong else "ok", number, "-", name)
        if wrong:
            print("#", wrong[:2000])
    print(f"1..{len(checks)}")


main()
