#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""files.t: kinds spoken to over HTTP against recorded answers, as TAP.

usage: tests/adapters/files.t [-u] [CASE...]

CASE is a folder below here ("hubspot", "hubspot/list-pages") or a path.
-u records what happens instead.  README says what a case consists of.
"""
import concurrent.futures
import difflib
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.dirname(os.path.dirname(HERE))
VARIANT = os.environ.get("CRM_VARIANT", "release")
DRIVE = os.path.join(TREE, ".build", {"valgrind": "release"}.get(
    VARIANT, VARIANT), "helper", "adapter_drive")
SHOWN = 40  # lines of a difference that are shown


def find(names):
    found = set()
    for top in [resolve(name) for name in names] or [HERE]:
        for folder, below, files in os.walk(top):
            if "do" in files:
                found.add(folder)
                below.clear()
    return sorted(found)


def resolve(name):
    for path in (os.path.join(HERE, name), os.path.abspath(name)):
        if os.path.isdir(path):
            return path
    sys.exit(f"files.t: no such case: {name}")


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""


def environment(case):
    near = [os.path.join(folder, "mappings") for folder in
            (case, os.path.dirname(case), TREE)]
    env = {"PATH": os.environ["PATH"], "CRM_NOW": "2026-11-20T12:00:00Z",
           "CRM_RUN": "test-run", "CRM_HOME": "/nonexistent",
           "CRM_MAPPINGS": next(filter(os.path.isdir, near))}
    for name, value in os.environ.items():
        if name.startswith(("ASAN_", "UBSAN_", "LSAN_", "LLVM_", "GCOV_")):
            env[name] = value
    return env


def execute(case, late):
    """{name: bytes} of what came out; "died" when it did."""
    kind = os.path.relpath(case, HERE).split(os.sep)[0]
    with tempfile.TemporaryDirectory(prefix="adapter.") as work:
        said = os.path.join(work, "said")
        done = subprocess.run(
            [DRIVE, *(["-l"] if late else []), kind,
             os.path.join(case, "do"), os.path.join(case, "wire"), said],
            cwd=work, env=environment(case), capture_output=True, timeout=60)
        got = {"out": done.stdout, "wire": read(said)}
    if done.returncode or done.stderr:
        got["died"] = b"status %d: %s" % (done.returncode, done.stderr)
    return got


def difference(name, want, got):
    lines = list(difflib.unified_diff(
        want.decode("utf-8", "backslashreplace").splitlines(),
        got.decode("utf-8", "backslashreplace").splitlines(),
        "expected " + name, "got " + name, lineterm=""))
    if not lines:
        lines = [f"{name}: differs in line ends only"]
    more = [f"({len(lines) - SHOWN} more lines)"] if len(lines) > SHOWN else []
    return [line[:500] for line in lines[:SHOWN]] + more


def record(case, got):
    for name in ("out", "wire"):
        if got[name] and "died" not in got:
            with open(os.path.join(case, name), "wb") as file:
                file.write(got[name])


def run(case, late, update):
    got = execute(case, late)
    if update and not late:
        record(case, got)
    lines = got.get("died", b"").decode("utf-8", "backslashreplace").split(
        "\n") if "died" in got else []
    for name in ("out", "wire"):
        want = read(os.path.join(case, name))
        if want != got[name] or (name == "out" and not want):
            lines += difference(name, want, got[name])
    return lines


def main():
    names = sys.argv[1:]
    if any(name in ("-h", "--help") for name in names):
        print(__doc__)
        return 0
    update = "-u" in names
    rounds = []
    for case in find([name for name in names if name != "-u"]):
        rounds.append((case, False))
        if not os.path.exists(os.path.join(case, "late")):
            rounds.append((case, True))
    if not rounds:
        print("1..0 # skip no cases")
        return 0
    print(f"1..{len(rounds)}")
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(
            1 if update else os.cpu_count()) as pool:
        results = pool.map(lambda one: run(*one, update), rounds)
        for number, (one, lines) in enumerate(zip(rounds, results), 1):
            failed += bool(lines)
            print("not ok" if lines else "ok", number, "-",
                  os.path.relpath(one[0], HERE) + (", late" if one[1] else
                                                   ""))
            for line in lines:
                print("# " + line, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
