# SPDX-License-Identifier: MIT
"""tap: checks told as TAP, by the tests in Python."""
import os
import sys

count = failed = 0


def ok(holds, name, *notes):
    """One check; the notes are told where it fails."""
    global count, failed
    count += 1
    failed += not holds
    print(("" if holds else "not ") + f"ok {count} - {name}", flush=True)
    for note in () if holds else notes:
        print("#", str(note)[:3000].replace("\n", "\n# "), flush=True)


def same(got, wanted, name):
    ok(got == wanted, name, f"got {got!r}", f"wanted {wanted!r}")


def done():
    """The plan, and the end of the test."""
    print(f"1..{count}")
    sys.exit(failed != 0)


def release_only(why="the release programs are tested, once"):
    if os.environ.get("CRM_VARIANT", "release") != "release":
        print("1..0 # SKIP", why)
        sys.exit(0)
