# SPDX-License-Identifier: MIT
"""sandbox: CRMs that stand in for the real ones, for tests and rehearsals.

    run          the program: starts the kinds asked for, prints where they are
    with         the same beside a command, which it tells of them
    server.py    connections: bytes in, requests; answers, bytes out
    exchange.py  a request and an answer, as the kinds see them
    faults.py    every nasty behaviour, its switch, and when it strikes
    clock.py     the time all of a sandbox goes by
    limits.py    requests within a rolling window, and within a day
    grants.py    OAuth: codes, access tokens, refresh tokens
    journal.py   what was asked and answered, counted and kept
    control.py   /_sandbox/..., by which a test looks in and meddles
    world.py     one kind with all of the above, serving requests
    hubspot/     HubSpot; each further kind is a module or folder like it

A kind is a module with `Kind`, a class with these:

    Kind(world)            fills itself with records, by world.random
    credentials()          what a client needs, printed by run
    find(request)          (tags, handler) of a path, or None; tags are the
                           words by which a fault may be aimed (`on=`)
    admit(request, tags)   an Answer that refuses it (token, scope, limit)
    finish(request, tags, answer)   headers that every answer carries
    unknown(request), gateway(status), storm(request, tags)   Answers: no such
                           path, a 5xx of a gateway, a refusal for too many
    state()                every record, one JSON object each, for dump
    edit(change)           what a person does in the CRM's own pages
"""
