#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A home on a network file system is refused, not only where it is made."""
import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from world import World, done, ok  # noqa: E402

NFS = r"""#define _DEFAULT_SOURCE
#include <string.h>
#include <sys/vfs.h>
static int say(void *fs, unsigned long size)
{
	memset(fs, 0, size);
	((struct statfs *)fs)->f_type = 0x6969;
	return 0;
}
int statfs(const char *path, struct statfs *fs)
{
	return path ? say(fs, sizeof *fs) : -1;
}
int statfs64(const char *path, struct statfs *fs)
{
	return path ? say(fs, sizeof *fs) : -1;
}
"""


def main():
    if os.environ.get("CRM_VARIANT") in ("asan", "valgrind"):
        print("1..0 # skip: its preload does not go with this variant")
        return 0
    w = World()
    w.sync()
    w.write("nfs.c", NFS)
    subprocess.run(["cc", "-fPIC", "-shared", "-o", w.path("nfs.so"),
                    w.path("nfs.c")], check=True)
    w.extra = {"LD_PRELOAD": w.path("nfs.so")}
    for command in ("crm-state queue", "crm-resolve < plan", "crm-load a"
                    " --pending", "crm-diff < plan", "crm-state dump"):
        ended = w.run(command)
        ok(ended.returncode == 2 and "is on NFS" in ended.stderr,
           f"{command.split(' <')[0]} does not work on it", ended.returncode,
           ended.stderr)
    w.remove()
    return done()


if __name__ == "__main__":
    sys.exit(main())
