#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""crm-map's input cut at every byte: exit 3 and no `end`, except at the very
end; and each record in turn broken: the others come out, the books stay
whole, and nothing may be concluded from what is missing."""
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

TREE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BIN = os.environ.get("CRM_BIN", os.path.join(TREE, "bin"))
ENV = dict(os.environ, CRM_MAPPINGS=os.path.join(TREE, "mappings"),
           CRM_HOME="/nonexistent", CRM_NOW="2026-11-20T12:00:00Z",
           CRM_RUN="test-run")
CSV = b"Id,Name,NumberOfEmployees\n1,Acme,5\n2,B\xc3\xa9ta,\n3,\"C, D\",7\n"
BROKEN = [b'"Acme"', b'"B\xc3\xa9ta"', b'"C, D"']
BAD = [b'"\xff"', b'"\\ud800"', b'"a\x01"', b"NaN", b"01", b'"a', b"{}",
       b'"x","Name":"y"', b"1e", b"[" * 100 + b"]" * 100, b"tru"]


def crm(program, data, *arguments):
    return subprocess.run([os.path.join(BIN, program), *arguments],
                          input=data, env=ENV, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def mapped(data):
    return crm("crm-map", data, "customer.salesforce")


def ended(done):
    return b'"type":"end"' in done.stdout


def sound(done):
    """Broken, not lost: all are counted, and absence says nothing."""
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    kinds = [line["type"] for line in lines]
    if kinds[-1:] != ["end"] or done.returncode != 1:
        return False
    unreadable = kinds.count("record") + kinds.count("seen") < 3
    return (kinds.count("record") == 2
            and (not unreadable or lines[-1].get("absence") is False))


def main():
    stream = crm("crm-extract", CSV, "csv", "-", "-s", "salesforce",
                 "-o", "Account", "-k", "Id").stdout
    count = failed = 0

    def check(passed, what):
        nonlocal count, failed
        count += 1
        failed += not passed
        print("ok" if passed else "not ok", count, "-", what)

    whole = mapped(stream)
    check(whole.returncode == 0 and ended(whole), "the whole stream")
    with ThreadPoolExecutor(2) as pool:
        # cut before its last line's LF, the stream is whole all the same
        cuts = range(1, len(stream) - 1)
        bad = [n for n, done in zip(cuts, pool.map(
            lambda n: mapped(stream[:n]), cuts))
            if done.returncode != 3 or ended(done)]
    check(not bad, f"cut at each of {len(stream) - 2} bytes: exit 3, no end"
          + (f" (not at {bad[:5]})" if bad else ""))
    for name in BROKEN:
        for value in BAD:
            done = mapped(stream.replace(b'"Name":' + name,
                                         b'"Name":' + value))
            check(sound(done), f"{name.decode()} is {value[:12]!r}")
    print(f"1..{count}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
