# SPDX-License-Identifier: MIT
"""server: connections; bytes in, requests; answers, bytes out.

HTTP/1.1 with keep-alive, pipelining, chunked request bodies, gzip both ways
and Expect: 100-continue.  One thread serves all connections in turn, so that
what a request does is done whole before the next one begins.

How an answer is delivered (Answer.manner, a dict):
    delay S     after S seconds
    late S      the work itself is done S seconds later, and nothing answered
    hold S      never; the connection is dropped after S seconds
    drop        not at all: the connection is dropped
    cut N       only N bytes of the body, then the connection is dropped
    trickle S   a few bytes at a time, S seconds in between
"""
import asyncio
import gzip
import socket
import zlib
from email.utils import formatdate

from .control import PREFIX
from .exchange import REASONS, Answer, Request

HEAD_MAX = 64 * 1024
TARGET_MAX = 8000
BODY_MAX = 32 * 1024 * 1024
GZIP_MIN = 1000
TRICKLE = 64


class Broken(Exception):
    """Bytes that are no request; the answer's status."""

    def __init__(self, status):
        super().__init__(status)
        self.status = status


def head_of(buffer):
    """(method, target, headers, length of the head), or None as yet."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        if len(buffer) > HEAD_MAX:
            raise Broken(431)
        return None
    lines = bytes(buffer[:end]).decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise Broken(400)
    if len(words[1]) > TARGET_MAX:
        raise Broken(414)
    headers = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or name != name.strip():
            raise Broken(400)
        headers[name.lower()] = value.strip()
    return words[0], words[1], headers, end + 4


def chunks_of(buffer, start):
    """(body, where it ends) of a chunked body, or None as yet."""
    body = bytearray()
    while True:
        line = buffer.find(b"\r\n", start)
        if line < 0:
            return None
        try:
            size = int(bytes(buffer[start:line]).split(b";")[0], 16)
        except ValueError:
            raise Broken(400) from None
        start = line + 2
        if len(buffer) < start + size + 2:
            return None
        if not size:
            return bytes(body), start + 2
        body += buffer[start:start + size]
        if len(body) > BODY_MAX:
            raise Broken(413)
        start += size + 2


def body_of(buffer, headers, start):
    """(body, where it ends), or None as yet."""
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return chunks_of(buffer, start)
    length = headers.get("content-length", "0")
    if not length.isdigit():
        raise Broken(400)
    length = int(length)
    if length > BODY_MAX:
        raise Broken(413)
    if len(buffer) < start + length:
        return None
    return bytes(buffer[start:start + length]), start + length


class Connection(asyncio.Protocol):
    def __init__(self, world):
        self.world = world
        self.buffer = bytearray()
        self.transport = None
        self.busy = self.closing = self.continued = False
        self.answers = 0

    def connection_made(self, transport):
        self.transport = transport
        transport.get_extra_info("socket").setsockopt(
            socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def connection_lost(self, exc):
        self.closing = True

    def data_received(self, data):
        self.buffer += data
        self.work()

    def work(self):
        """Answers what has come whole, one request after another."""
        while self.buffer and not self.busy and not self.closing:
            try:
                request = self.take()
            except Broken as broken:
                self.closing = True
                self.send(Answer(broken.status), None)
                return
            if request is None:
                return
            self.serve(request)

    def take(self):
        head = head_of(self.buffer)
        if head is None:
            return None
        method, target, headers, start = head
        found = body_of(self.buffer, headers, start)
        if found is None:
            if headers.get("expect") == "100-continue" and not self.continued:
                self.continued = True
                self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            return None
        body, end = found
        del self.buffer[:end]
        self.continued = False
        if headers.get("content-encoding") == "gzip":
            try:
                body = gzip.decompress(body)
            except (OSError, EOFError, zlib.error):
                raise Broken(400) from None
        return Request(method, target, headers, body)

    def serve(self, request):
        self.busy = True
        answer = self.world.serve(request)
        manner = answer.manner or {}
        loop = asyncio.get_running_loop()
        if "late" in manner:
            loop.call_later(manner["late"], self.world.do_late, request)
        if "drop" in manner:
            self.transport.abort()
        elif "hold" in manner:
            loop.call_later(manner["hold"], self.transport.abort)
        elif "delay" in manner:
            loop.call_later(manner["delay"], self.deliver, answer, request)
        else:
            self.deliver(answer, request)

    def deliver(self, answer, request):
        manner = answer.manner or {}
        if self.transport.is_closing():
            return
        if "cut" in manner or "trickle" in manner:
            head, body = self.encode(answer, request)
            if "cut" in manner:
                # At least one byte is missing, so that it can be noticed.
                keep = min(manner["cut"], max(len(body) - 1, 0))
                self.transport.write(head + body[:keep])
                self.transport.close()
            else:
                self.trickle(head + body, manner["trickle"])
            return
        self.send(answer, request)
        self.busy = False
        if self.buffer and not self.closing:
            asyncio.get_running_loop().call_soon(self.work)

    def trickle(self, data, pause):
        if self.transport.is_closing():
            return
        self.transport.write(data[:TRICKLE])
        if len(data) > TRICKLE:
            asyncio.get_running_loop().call_later(
                pause, self.trickle, data[TRICKLE:], pause)
        else:
            self.busy = False
            self.work()

    def encode(self, answer, request):
        lines = [f"HTTP/1.1 {answer.status} "
                 f"{REASONS.get(answer.status, 'Unknown')}",
                 "Date: " + formatdate(self.world.clock.now() / 1000,
                                       usegmt=True)]
        body = answer.body
        wanted = self.world.faults.setting("gzip")
        if len(body) >= GZIP_MIN and wanted != "off" and request and (
                wanted == "always" or "gzip" in
                request.headers.get("accept-encoding", "")):
            body = gzip.compress(body, 1)
            lines.append("Content-Encoding: gzip")
        lines += [f"{name}: {value}" for name, value in answer.headers]
        chunked = body and self.world.faults.setting("chunked")
        if chunked:
            lines.append("Transfer-Encoding: chunked")
            half = len(body) // 2 + 1
            body = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in
                            (body[:half], body[half:]) if part) + b"0\r\n\r\n"
        elif answer.status != 204:
            lines.append(f"Content-Length: {len(body)}")
        if request and request.headers.get("connection") == "close":
            self.closing = True
        if self.closing:
            lines.append("Connection: close")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        return head, b"" if request and request.method == "HEAD" else body

    def send(self, answer, request):
        if not self.transport.is_closing():
            head, body = self.encode(answer, request)
            self.transport.write(head + body)
            self.answers += bool(request) and \
                not request.path.startswith(PREFIX)
            if self.closing or self.answers == \
                    self.world.faults.whole("keep-alive"):
                self.closing = True
                self.transport.close()


async def listen(world, port):
    """Serves world on loopback; the port it has."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(world),
                                      "127.0.0.1", port, backlog=512)
    return server, server.sockets[0].getsockname()[1]
