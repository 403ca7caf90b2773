#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""HTTP/2 on TLS: many requests share a connection, and what is to be done once
is asked for once when it ends.  Needs node for a server."""
import os
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from drive import done, drive, ok, same  # noqa: E402

# Says its port, then "METHOD" for each request; the second POST on ends its
# connection without an answer.
SERVER = """
const http2 = require('http2'), fs = require('fs');
const server = http2.createSecureServer({
    key: fs.readFileSync(process.argv[2]),
    cert: fs.readFileSync(process.argv[3])});
let posts = 0;
server.on('sessionError', () => {});
server.on('stream', (stream, headers) => {
    const method = headers[':method'];
    fs.writeSync(1, method + '\\n');
    stream.on('error', () => {});
    stream.resume();
    stream.on('end', () => {
        if (method === 'POST' && ++posts === 2)
            return stream.session.destroy();
        setTimeout(() => {
            stream.respond({':status': 200});
            stream.end('here');
        }, 30);
    });
});
server.listen(0, '127.0.0.1', () =>
    fs.writeSync(1, server.address().port + '\\n'));
process.stdin.resume();
process.stdin.on('end', () => process.exit());
"""

if not shutil.which("node"):
    print("1..0 # skip no node")
    sys.exit()
folder = tempfile.mkdtemp()
key, cert, script = (os.path.join(folder, name) for name in
                     ("key", "cert", "server.js"))
subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
                "-keyout", key, "-out", cert, "-days", "30", "-subj",
                "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1"],
               check=True, stderr=subprocess.DEVNULL)
with open(script, "w", encoding="utf-8") as file:
    file.write(SERVER)
server = subprocess.Popen(["node", script, key, cert], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True)
url = "https://127.0.0.1:" + server.stdout.readline().strip()

got, connections, took = drive(url, "GET", "/", "-n", 40, "-c", 8, "-a", cert)
same([r.head for r in got], [["answered", "200", "ok"]] * 40, "forty answers")
same(connections, 1, "over one connection")
ok(took < 1.2, "at a time", took)
got, _, _ = drive(url, "POST", "/", "-n", 3, "-c", 1, "-r", "once", "-b",
                  "{}", "-a", cert)
same([r.outcome for r in got], ["answered", "unknown", "answered"],
     "a connection that ends: unknown")
server.stdin.close()
same(server.stdout.read().split().count("POST"), 3, "and asked for once")
server.wait()
done()
