# SPDX-License-Identifier: MIT
"""harness: data made once, programs measured, answers compared."""
import json
import os
import shutil
import subprocess
import sys
import time
from decimal import Decimal

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.dirname(os.path.dirname(HERE))
WORK = os.path.join(TREE, ".build", "bench")
BUILT = os.path.join(TREE, ".build", "release", "bench")
ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
REPEAT = int(os.environ.get("BENCH_REPEAT", "3"))
PEERS = os.environ.get("BENCH_PEERS", "bare jq gojq mlr sqlite3 duckdb").split()
SLOW = 10  # seconds after which a program is not run again
SAMPLE = 1000
DATA = os.path.join(WORK, str(ROWS))
OUT = os.path.join(WORK, "out")
COLUMNS = (
    "Id Name Type BillingStreet BillingCity BillingState BillingPostalCode "
    "BillingCountry Phone Fax AccountNumber Website Sic Industry "
    "AnnualRevenue NumberOfEmployees Ownership TickerSymbol Description "
    "Rating OwnerId CreatedDate LastModifiedDate SystemModstamp Email__c"
).split()
FIELDS = ("name email arr created status street city country postcode "
          "industry number rating").split()
ENV = dict(os.environ, PATH=os.path.join(TREE, "bin") + ":" + BUILT + ":"
           + os.environ["PATH"], CRM_MAPPINGS=os.path.join(HERE, "mappings"),
           CRM_HOME=os.path.join(WORK, "home"), LC_ALL="C")


# ---- preparing ----

def data(name):
    """A generated file: accounts.csv, accounts.ndjson, or the same with
    1 % of the rows updated, 0.1 % deleted and 0.1 % added: later.csv."""
    path = os.path.join(DATA, name)
    if not os.path.exists(path):
        stem, form = name.split(".")
        command = [os.path.join(BUILT, "generate"), "-n", str(ROWS), "-f", form]
        if stem == "later":
            command += ["-u", "10", "-d", "1", "-a", "1"]
        with open(path + ".new", "wb") as file:
            subprocess.run(command, stdout=file, check=True)
        os.rename(path + ".new", path)
    return path


def made(name, command):
    """A file made from others by our own programs."""
    path = os.path.join(DATA, name)
    if not os.path.exists(path):
        with open(path + ".new", "wb") as file:
            subprocess.run(["sh", "-c", command], stdout=file, check=True,
                           env=ENV)
        os.rename(path + ".new", path)
    return path


def read(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return file.read()


# ---- measuring ----

class Result:
    def __init__(self, cpu, wall, memory, status):
        self.cpu, self.wall = cpu, wall
        self.memory, self.status = memory, status


def once(command, out):
    with open(out, "wb") as file, open(out + ".err", "wb") as err:
        figures, report = os.pipe()
        child = subprocess.Popen(
            ["sh", "-c", f'exec measure "$@" 3>&{report}', "sh", *command],
            stdout=file, stderr=err, env=ENV, stdin=subprocess.DEVNULL,
            pass_fds=[report])
        os.close(report)
        with os.fdopen(figures) as figures:
            cpu, wall, memory, status = figures.read().split()
        child.wait()
    return Result(float(cpu), float(wall), int(memory) / 1024, int(status))


def measure(command, out, before=None):
    """The fastest of some runs; `before` prepares each of them."""
    best = None
    for _ in range(REPEAT):
        if before:
            before()
        result = once(command, out)
        if not best or result.wall < best.wall:
            best = result
        if result.status or result.wall > SLOW:
            break
    return best


def sh(text):
    return ["sh", "-c", text]


class Task:
    """One table: ours first, then the peers, all doing the same."""

    def __init__(self, title, sample=None):
        self.title, self.sample = title, sample
        self.ours = self.expected = None
        print(f"\n{title}, {ROWS} rows")
        print(f"  {'':<22}{'CPU s':>9}{'wall s':>9}{'MB':>8}"
              f"{'x CPU':>8}{'x wall':>8}")

    def run(self, name, command, before=None, accept=(0,)):
        """Returns the result, None if it is not there or failed."""
        out = os.path.join(OUT, name.split()[0].replace("/", "-"))
        result = measure(command, out, before)
        if result.status not in accept:
            with open(out + ".err", encoding="utf-8", errors="replace") as err:
                why = (err.read().strip().splitlines() or ["?"])[0]
            print(f"  {name:<22} exit {result.status}: {why[:70]}")
            return None
        self.show(name, result, self.judge(out))
        if not self.ours:
            self.ours = result
        return result

    def show(self, name, result, remark):
        ratio = ""
        if self.ours:
            ratio = (f"{result.cpu / self.ours.cpu:8.2f}"
                     f"{result.wall / self.ours.wall:8.2f}")
        print(f"  {name:<22}{result.cpu:9.2f}{result.wall:9.2f}"
              f"{result.memory:8.0f}{ratio:>16}  {remark}".rstrip(),
              flush=True)

    def judge(self, out):
        """Whether a sample of the answer is the same as ours."""
        if not self.sample:
            return ""
        answer = self.sample(out)
        if self.expected is None:
            self.expected = answer
            return "" if answer else "EMPTY"
        if answer == self.expected:
            return "same answer"
        for want, got in zip(self.expected, answer):
            if want != got:
                return "DIFFERS: " + unequal(want, got)
        return f"DIFFERS: {len(answer)} lines not {len(self.expected)}"

    def peer(self, name, command):
        tool = name.split()[0]
        if tool not in PEERS:
            return
        if tool == "duckdb":
            if os.path.isdir(os.path.join(WORK, "peers", "node_modules")):
                self.run(name, command)
        elif shutil.which(tool):
            self.run(name, command)


def duckdb(sql, threads):
    return ["node", os.path.join(HERE, "duckdb.cjs"),
            os.path.join(WORK, "peers"), str(threads),
            "SET preserve_insertion_order=true; " + sql]


def duck_out(threads):
    """DuckDB writes its own file: the one its answer is looked for in."""
    return os.path.join(OUT, "duckdb")


def sqlite(script):
    return sh("sqlite3 :memory: <<'END'\n" + script + "\nEND")


# ---- answers, made comparable ----

def unequal(want, got):
    """The first member of two records that differs."""
    if isinstance(want, tuple) and want[0] != got[0]:
        return f"{got[0]} not {want[0]}"
    if isinstance(want, tuple):
        return unequal(want[1], got[1])
    for name in sorted({*want, *got}):
        if want.get(name) != got.get(name):
            return f"{name} {got.get(name)!r} not {want.get(name)!r}"
    return "?"


def lines(path):
    with open(path, encoding="utf-8") as file:
        for text in file:
            yield json.loads(text, parse_float=Decimal, parse_int=Decimal)


def head(items, count):
    return [item for _, item in zip(range(count), items)]


def rows_of(path):
    """The cells of plain objects or of a stream's records, blank left out."""
    records = (line.get("data", line) for line in lines(path)
               if "Id" in line or "data" in line)
    return head(({name: value for name, value in record.items()
                  if value not in ("", None)} for record in records), SAMPLE)


def fields_of(path):
    found = (line for line in lines(path) if "fields" in line)
    return head(((line["id"], {k: str(Decimal(v).normalize())
                               if k == "arr" else str(v)
                               for k, v in line["fields"].items()
                               if v not in ("", None)})
                 for line in found), SAMPLE)


# ---- a home to work in ----

def new_home(systems='salesforce: {}'):
    """A home with the application's store, and nothing in it."""
    shutil.rmtree(os.path.join(WORK, "app"), ignore_errors=True)
    shutil.rmtree(ENV["CRM_HOME"], ignore_errors=True)
    subprocess.run(["crm-state", "-q", "init"], env=ENV, check=True, cwd=WORK)
    with open(os.path.join(ENV["CRM_HOME"], "systems.jq"), "w",
              encoding="utf-8") as file:
        file.write(f'{{app: {{kind: "file", path: "app"}}, {systems}}}\n')
