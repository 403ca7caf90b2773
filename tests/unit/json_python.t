#!/bin/sh
# SPDX-License-Identifier: MIT
# json_parse accepts what Python's json module accepts, and the canonical form
# says the same, over thousands of changed documents.  Beyond Python we refuse
# duplicate keys, lone surrogates, NaN and Infinity, and more than 64 levels;
# the judge below refuses these too.  SEED=N tries another corpus.
. "${0%/*}/../lib.sh"

command -v python3 > /dev/null || skip_all "python3 is not installed"
variant=${CRM_VARIANT:-release}
[ "$variant" != valgrind ] || variant=release
helper=$TREE/.build/$variant/helper/json_accept

python3 - "$TREE/tests/fuzz/json" "${SEED:-20261120}" "$helper" > out 2>&1 <<'PY'
import json, os, random, subprocess, sys

seeds, seed, helper = sys.argv[1], int(sys.argv[2]), sys.argv[3]
print('# seed', seed)
rng = random.Random(seed)
WORDS = ['"', '\\', '\\u', '\\u0061', '\\ud83d', '\\ude00', '\\n', '\\x', ',',
    ':', '{', '}', '[', ']', '0', '-', '1', '.', 'e', 'E+', '00', '1.5', 'true',
    'nul', 'NaN', 'Infinity', ' ', '\n', '\t', '\r', '\x0b', '\0', '\x1f',
    '\x7f', '\u00e4', '\u20ac', '\U0001f600', '\u00a0', '\ufeff', '"a":1,',
    '//', '/**/', "'", '{"a":1}', '[]', '""', '+', '\u0661', '\u2028']
WORDS = [w.encode() for w in WORDS] + [b'\x80', b'\xff', b'\xc3', b'\xed\xa0\x80',
    b'\xc0\x80', b'\xf4\x90\x80\x80', b'\xe2\x82', b'\xed\xa0\xbd\xed\xb8\x80']

def scalar():
    return rng.choice([
        lambda: str(rng.randint(-10**rng.randint(1, 30), 10**20)),
        lambda: '%d.%de%d' % (rng.randint(-9, 9), rng.randint(0, 999), rng.randint(-400, 400)),
        lambda: rng.choice(['true', 'false', 'null', '0', '-0', '0.0', '1E5']),
        lambda: json.dumps(text()),
        lambda: json.dumps(text(), ensure_ascii=False)])()

def text():
    return ''.join(rng.choice('ab"\\/\n\t\0\x1f \u00e4\u20ac\U0001f600\uffffz')
        for _ in range(rng.choice([0, 1, 2, 7, 15, 16, 17, 40])))

def space():
    return rng.choice(['', '', '', ' ', '\n', '\t \r\n'])

def value(depth):
    kind = rng.random()
    if depth == 0 or kind < 0.5:
        return scalar()
    items = range(rng.randint(0, 5))
    if kind < 0.7:
        return '[' + space() + (space() + ',' + space()).join(
            value(depth - 1) for _ in items) + space() + ']'
    return '{' + space() + ','.join(space() + json.dumps(rng.choice(
        ['a', 'b', 'c', 'd', '\u00e4', text()])) + space() + ':' + space() +
        value(depth - 1) for _ in items) + '}'

def change(doc):
    doc = bytearray(doc)
    for _ in range(rng.randint(0, 3)):
        at = rng.randint(0, len(doc))
        what = rng.randrange(5)
        if what == 0:
            doc[at:at + rng.randint(0, 3)] = b''
        elif what == 1 and at < len(doc):
            doc[at] = rng.randrange(256)
        elif what == 2:
            doc[at:] = b''
        else:
            doc[at:at + rng.randint(0, 1)] = rng.choice(WORDS)
    return bytes(doc)

class Refused(Exception):
    pass

def pairs(members):
    if len({k for k, _ in members}) != len(members):
        raise Refused('duplicate key')
    return ['object', members]

def constant(name):
    raise Refused(name)

def depth_of(v):
    if isinstance(v, list) and v[:1] == ['object']:
        return 1 + max([depth_of(m[1]) for m in v[1]], default=0)
    if isinstance(v, list):
        return 1 + max([depth_of(i) for i in v[1:]], default=0)
    return 0

def mark(v):
    """Arrays get a head too, so that no array looks like an object."""
    if isinstance(v, list) and len(v) == 2 and v[0] == 'object' and isinstance(v[1], list):
        return ['object', [(k, mark(i)) for k, i in v[1]]]
    return ['array'] + [mark(i) for i in v] if isinstance(v, list) else v

def read(doc):
    v = json.loads(doc.decode('utf-8'), object_pairs_hook=pairs,
        parse_constant=constant, parse_int=lambda s: ('number', s),
        parse_float=lambda s: ('number', s))
    repr(v).encode()
    surrogates(v)
    v = mark(v)
    if depth_of(v) > 64:
        raise Refused('deep')
    return v

def surrogates(v):
    if isinstance(v, str):
        v.encode('utf-8')
    elif isinstance(v, (list, tuple)):
        for i in v:
            surrogates(i)

docs = [open(os.path.join(seeds, f), 'rb').read() for f in sorted(os.listdir(seeds))]
docs += [value(5).encode() for _ in range(1000)]
docs += [b'[' * n + b'1' + b']' * n for n in (63, 64, 65, 100)]
docs += [b'\xef\xbb\xbf1', b'', b' ']
docs += [change(rng.choice(docs)) for _ in range(12000)]
docs += [b''.join(rng.choice(WORDS) for _ in range(rng.randint(1, 6))) for _ in range(4000)]

lines = ''.join(d.hex() + '\n' for d in docs).encode()
run = subprocess.run([helper], input=lines, capture_output=True)
if run.returncode:
    sys.exit('json_accept: %d %s' % (run.returncode, run.stderr.decode()[-2000:]))
answers = run.stdout.split(b'\n')[:-1]
if len(answers) != len(docs):
    sys.exit('%d answers to %d texts' % (len(answers), len(docs)))
good = wrong = 0
for doc, answer in zip(docs, answers):
    try:
        want = read(doc)
        accepted = True
    except (ValueError, Refused, RecursionError) as e:
        accepted, want = False, e
    same = accepted == answer.startswith(b'1')
    if same and accepted:
        good += 1
        same = read(answer[2:]) == want
    if not same:
        wrong += 1
        if wrong < 10:
            print('# python:', want, '\n# ours:  ', answer, '\n# text:  ', doc)
print('# %d texts, %d of them good' % (len(docs), good))
if wrong or good < 1000 or len(docs) - good < 1000:
    sys.exit('%d judged otherwise' % wrong)
PY
status=$?
sed 's/^[^#]/# &/' out
ok $status "accepted, refused and written as Python reads it"
done_testing
