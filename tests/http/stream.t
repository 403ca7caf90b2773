#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Bodies of any size pass through a little memory, both ways; one that is to
be kept whole has a ceiling; SIGTERM lets what is in flight end."""
import os
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from drive import DRIVE, Result, Server, VARIANT, done, drive, ok, reply, same  # noqa: E402,E501

MEGABYTE = 1 << 20
SIZE = 100 * MEGABYTE


def send(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", str(SIZE))
    handler.end_headers()
    block = b"x" * MEGABYTE
    try:
        for _ in range(SIZE // MEGABYTE):
            handler.wfile.write(block)
    except OSError:
        handler.close_connection = True


def peak(*arguments):
    """What http_drive says, and the most memory it had, in megabytes."""
    child = subprocess.Popen([DRIVE, *map(str, arguments)],
                             stdout=subprocess.PIPE, text=True)
    said = child.stdout.read()
    _, _, used = os.wait4(child.pid, 0)
    child.returncode = 0
    return Result(said.splitlines()[0]), used.ru_maxrss / 1024


def down():
    with Server(send) as server:
        got, memory = peak("-s", 1, server.url, "GET", "/")
        same([got.head, got.bytes], [["answered", "200", "ok"], SIZE],
             "100 MB through a sink")
        if VARIANT == "release":
            ok(memory < 30, f"in {memory:.0f} MB of memory", memory)
        got, memory = peak("-A", 1, server.url, "GET", "/")
        ok(got.rc == "remote" and "longer than" in got.words,
           "kept whole, it has a ceiling", got)


def up():
    got = []

    def take(handler):
        if handler.headers.get("Transfer-Encoding") == "chunked":
            total = 0
            while True:
                size = int(handler.rfile.readline(), 16)
                handler.rfile.read(size + 2)
                total += size
                if not size:
                    break
        else:
            left = total = int(handler.headers["Content-Length"])
            while left:
                left -= len(handler.rfile.read(min(left, MEGABYTE)))
        got.append(total)
        reply(handler, 200)

    with Server(take) as server:
        answer, memory = peak("-p", 50 * MEGABYTE, server.url, "POST", "/")
        same([answer.head, got], [["answered", "200", "ok"],
                                  [50 * MEGABYTE]], "50 MB from a stream")
        if VARIANT == "release":
            ok(memory < 30, f"in {memory:.0f} MB of memory", memory)
        answer, _ = peak("-p", 0, server.url, "POST", "/")
        same([answer.status, got[1:]], [200, [100000]],
             "a stream whose length is not known")


def ended():
    def answer(handler):
        time.sleep(0.5)
        reply(handler, 200)

    with Server(answer) as server:
        child = subprocess.Popen([DRIVE, "-n", "4", "-c", "1", "-Z", "1",
                                  server.url, "GET", "/"],
                                 stdout=subprocess.PIPE, text=True)
        while not server.asked:
            time.sleep(0.01)
        child.send_signal(signal.SIGTERM)
        lines = child.stdout.read().splitlines()
        child.wait()
        same([Result(line).head for line in lines[:4]],
             [["answered", "200", "ok"]] + [["unsent", "0", "retry"]] * 3,
             "at SIGTERM one in flight ends, no other begins")
        same(len(server.asked), 1, "the server saw one")


down()
up()
ended()
done()
