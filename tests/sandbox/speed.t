#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How fast it answers: 1,000 requests a second and more, on connections that
are kept.  What is judged is its own processor time, so that a machine that is
busy fails nothing; SPEED_SECONDS=5 measures longer.
"""
import os
import socket
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wire import QUICK, Fake, done, ok  # noqa: E402

SECONDS = float(os.environ.get("SPEED_SECONDS", "1"))


def spent(process):
    """Processor seconds of a process."""
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(fake, method, path, body, name):
    """Requests a second of its processor time; one client, each request
    after the other's answer."""
    host, port = fake.host.split(":")
    line = socket.create_connection((host, int(port)))
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    request = (f"{method} {path} HTTP/1.1\r\nHost: {fake.host}\r\n"
               f"Authorization: Bearer {fake.token}\r\nContent-Type: "
               f"application/json\r\nContent-Length: {len(body)}\r\n\r\n"
               ).encode() + body
    before, count, start = spent(fake.program), 0, time.monotonic()
    while time.monotonic() - start < SECONDS:
        # Another value each time, so that an update is one.
        line.sendall(request.replace(b"%", b"%d" % (count % 10)))
        found = line.recv(1 << 20)
        if not found.startswith(b"HTTP/1.1 200"):
            break
        head, _, rest = found.partition(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(
            b"\r\n")[0])
        while len(rest) < length:
            rest += line.recv(1 << 20)
        count += 1
    wall = count / (time.monotonic() - start)
    rate = count / max(spent(fake.program) - before, 0.01)
    print(f"# {name}: {wall:.0f} a second, {rate:.0f} a second of its own")
    return rate


fake = Fake(QUICK + ",daily=off", "--records", "500")
one = "/crm/v3/objects/contacts/9001"
rates = [
    measure(fake, "GET", one, b"", "get"),
    measure(fake, "PATCH", one, b'{"properties":{"city":"%"}}', "updates"),
    measure(fake, "GET", "/account-info/v3/details", b"", "details")]
ok(min(rates) >= 1000, "1,000 a second and more", rates)
measure(fake, "GET", "/crm/v3/objects/contacts?limit=100", b"",
        "pages of 100")
measure(fake, "POST", "/crm/v3/objects/contacts/search", b'{"limit":200,'
        b'"sorts":["hs_object_id"],"filterGroups":[{"filters":[{'
        b'"propertyName":"lastmodifieddate","operator":"GTE","value":"0"},{'
        b'"propertyName":"hs_object_id","operator":"GT","value":"9200"}]}]}',
        "searches of 200")
fake.end()
done()
