# SPDX-License-Identifier: MIT
"""found: what random histories found, each as small as it could be made."""

FIELDS = ("name", "price", "email", "phone", "since", "tier")
NAME = {"name": (0, 0)}


def history(*actions, sides=2, deletes="archive", **rules):
    return {"sides": sides, "actions": list(actions), "config": {
        "deletes": deletes,
        "rules": {f: rules.get(f, "latest") for f in FIELDS}}}


FOUND = [
    ("a field the target never showed is edited there before the load: kept",
     history(("create", 1, NAME, 1), ("clean",),
             ("edit", 0, 0, "tier", 0, 0, 2),
             ("round", {}, {"l0": [("edit", 1, 0, "tier", 2, 1, 1)]}))),
    ("a record we created is removed before it was read once: seen",
     history(("create", 1, NAME, 0), ("round", {}, {}), ("remove", 0, 0))),
    ("and when it was edited elsewhere meanwhile it comes back",
     history(("create", 1, NAME, 0), ("round", {}, {}), ("remove", 0, 0),
             ("edit", 1, 0, "phone", 0, 2, 1), deletes="delete")),
    ("what moved meanwhile and is shown again is to be done no more",
     history(("create", 1, NAME, 0), ("round", {}, {}),
             ("edit", 1, 0, "phone", 2, 1, 1),
             ("round", {"order": "X1 X2 R2 R1 L2 L1"}, {}))),
    ("a value that is set back to what an old version tag fits: an edit",
     history(("create", 1, NAME, 0), ("clean",),
             ("edit", 0, 0, "name", 1, 0, 0), ("clean",),
             ("edit", 0, 0, "name", 0, 0, 0))),
    ("archived, brought back and archived again by hand",
     history(("create", 1, NAME, 0), ("clean",), ("archive", 0, 0, 0),
             ("clean",), ("unarchive", 0, 0, 4), ("round", {}, {}),
             ("archive", 0, 0, 0))),
    ("an edit that keeps the time and drops the version",
     history(("create", 1, NAME, 0), ("clean",),
             ("edit", 0, 0, "phone", 1, 0, 0), ("clean",),
             ("clear", 0, 0, "name", True, 2))),
    ("archived in one, edited in the other: it comes back as itself",
     history(("create", 1, NAME, 1), ("round", {}, {}), ("archive", 1, 0, 1),
             ("edit", 0, 0, "phone", 0, 2, 2), ("round", {}, {}),
             ("unarchive", 1, 1, 3))),
    ("and brought back by hand before the load: linked again",
     history(("create", 0, NAME, 3), ("round", {}, {}),
             ("edit", 1, 0, "name", 1, 1, 1), ("archive", 0, 0, 1),
             ("round", {}, {"l0": [("unarchive", 0, 0, 1)]}),
             deletes="delete")),
    ("nor what was archived meanwhile",
     history(("create", 1, NAME, 0), ("round", {}, {}),
             ("round", {"order": "X1 X2 R1 L1 R2 L2"},
              {"X1": [("archive", 1, 0, 2)]}))),
]
