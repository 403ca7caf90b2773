#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The examples of the man pages do what the pages say.

In EXAMPLES, inside a .Bd block or after .Dl, a line "$ command" is run, with
the lines "> more" below it.  The lines after it are what it prints, both
outputs together; with none, what it prints is not compared.  It must exit 0
unless the page shows $? itself.  A page's commands run in one shell in a fresh
folder, which starts with the files of tests/docs/files/PAGE if there are any.
Every page has an example.
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
ENV = dict(os.environ)
ENV.setdefault("CRM_NOW", "2026-11-20T12:00:00Z")
ENV.setdefault("CRM_RUN", "test-run")
ENV.setdefault("CRM_MAPPINGS", os.path.join(TREE, "mappings"))
ENV["PATH"] = (os.environ.get("CRM_BIN", os.path.join(TREE, "bin"))
               + ":" + os.path.join(TREE, "pipelines")
               + ":/usr/local/bin:/usr/bin:/bin")


def plain(line):
    """A literal line of mdoc as it is shown."""
    line = re.sub(r"^\\&", "", line)
    return (line.replace(r"\&", "").replace(r"\(aq", "'")
            .replace(r"\(dq", '"').replace(r"\-", "-").replace(r"\e", "\\")
            .replace("\\\\", "\\"))


def literal_lines(page):
    """What EXAMPLES shows as is; None ends a block."""
    inside = block = False
    with open(page, encoding="utf-8") as file:
        for line in file.read().splitlines():
            if line.startswith(".Sh "):
                inside = line == ".Sh EXAMPLES"
            elif inside and line.startswith(".Dl "):
                yield plain(line[4:])
                yield None
            elif line.startswith((".Bd", ".Ed")):
                block = line.startswith(".Bd")
                yield None
            elif inside and block:
                yield plain(line)


def commands(lines):
    """Pairs of a command and the lines it is said to print."""
    found = []
    for line in lines:
        if line is None:
            found.append(None)
        elif line.startswith("$ "):
            found.append((line[2:], []))
        elif found and found[-1]:
            command, output = found[-1]
            if line.startswith("> ") and not output:
                found[-1] = (command + "\n" + line[2:], output)
            else:
                output.append(line)
    return [item for item in found if item]


def run_page(page, check):
    name = os.path.basename(page)
    files = os.path.join(TREE, "tests", "docs", "files", name)
    todo = commands(literal_lines(page))
    check(bool(todo), f"{name} has an example that runs", [])
    with tempfile.TemporaryDirectory(prefix="docs.") as work:
        if os.path.isdir(files):
            shutil.copytree(files, work, dirs_exist_ok=True)
        for (command, want), (status, got) in zip(todo, run(todo, work)):
            passed = status == 0 and (not want or got == want)
            check(passed, f"{name}: {command.splitlines()[0]}",
                  [f"status {status}", "got:", *got[:20],
                   "want:", *want[:20]])


def run(todo, work):
    """Runs the commands in one shell; pairs of a status and what it printed.
    A command that ends the shell takes the later ones with it."""
    with tempfile.TemporaryDirectory(prefix="docs.") as kept:
        script = "".join(
            f"{{\n{command}\n}} > {kept}/{n} 2>&1 < /dev/null\n"
            f"echo $? > {kept}/{n}.status\n"
            for n, (command, _) in enumerate(todo))
        subprocess.run(["sh"], input=script.encode(), cwd=work, env=ENV,
                       timeout=60, check=False)
        for n in range(len(todo)):
            got, status = read(f"{kept}/{n}"), read(f"{kept}/{n}.status")
            yield int(status or "255"), got.splitlines()


def read(path):
    try:
        with open(path, encoding="utf-8", errors="backslashreplace") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def main():
    count = failed = 0

    def check(passed, name, why):
        nonlocal count, failed
        count += 1
        failed += not passed
        print("ok" if passed else "not ok", count, "-", name)
        for line in [] if passed else why:
            print("# " + line)

    for page in sorted(glob.glob(os.path.join(TREE, "src", "*.[1-8]"))
                       + glob.glob(os.path.join(TREE, "src", "*", "*.[1-8]"))):
        run_page(page, check)
    print(f"1..{count}" if count else "1..0 # skip no man page")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
