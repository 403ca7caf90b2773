#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A CSV file cut at any byte: what is read of it is a record of the whole file,
never a part of one, and unless the cut is at a line end there is either no
`end` and exit 3, or the last row is rejected, exit 1, and nothing that is
missing counts as deleted."""
import json
import os
import subprocess

TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
PROGRAM = os.path.join(os.environ.get("CRM_BIN", os.path.join(TREE, "bin")),
                       "crm-extract")

FILES = {
    "quoted": b'"id","name","note"\r\n"1","Acme, Inc.","say ""hi"""\r\n'
              b'"2","two\r\nlines","x"\r\n"3","","' + "Zürich 東京".encode()
              + b'"\r\n',
    "plain": b'id,name,note\n1,Acme,abc\n2,"B, ""C""",5" pipe\n3,,\n'
             b'4,last,"q ""r"" s"\n',
    "semicolons": b'id;name\n1;a,b\n2;"c;d"\n',
    "utf-16": b"\xff\xfe" + 'id\tname\n1\té\n2\t"a\nb"\n'.encode("utf-16-le"),
}


def extract(data):
    done = subprocess.run([PROGRAM, "csv", "-", "-s", "s", "-o", "o"],
                          input=data, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return done.returncode, lines, done.stderr.decode()


def judge(data, cut, whole):
    """None, or what is wrong with reading the first `cut` bytes."""
    status, lines, said = extract(data[:cut])
    records = [line for line in lines if line["type"] == "record"]
    ended = lines[-1]["type"] == "end"
    if records != whole[:len(records)]:
        return "a record that the file does not have"
    if cut == len(data):
        return None if status == 0 and records == whole and ended else "whole"
    if status == 3 and not ended:
        return None
    if status == 2 and data[:2] == b"\xff\xfe" and cut == 1:
        return None  # half a byte order mark is no UTF-8
    if status == 1 and ended and lines[-1].get("absence") is False:
        return None
    # CR is a line end too, so a cut between CR and LF is one at a line end
    if status == 0 and data[cut - 1:cut] in (b"\n", b"\r", b"\0"):
        return None
    return f"status {status}, ended {ended}: {said}"


def main():
    count = 0
    for name, data in FILES.items():
        whole = [line for line in extract(data)[1] if line["type"] == "record"]
        wrong = [f"{cut}: {why}" for cut in range(len(data) + 1)
                 for why in [judge(data, cut, whole)] if why]
        count += 1
        print("not ok" if wrong or not whole else "ok", count, "-", name,
              f"cut at each of {len(data)} bytes")
        for line in wrong:
            print("#", line)
    print(f"1..{count}")


main()
