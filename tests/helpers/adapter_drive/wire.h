/* SPDX-License-Identifier: MIT */
/*
 * wire: an errand driven as lib/http and web_drive do it, against a script of
 * answers (tests/adapters/README says what that is).
 */
#ifndef WIRE_H
#define WIRE_H

#include "web.h"

extern struct wire {
	const struct web *web;
	struct span script;    /* what is left of it */
	struct buf said;       /* the script with the requests made */
	const char *said_path; /* where that is kept; NULL: nowhere */
	int64_t now;           /* what time the system has */
	int64_t clock_at;      /* what our own clock has; 0: nobody looks */
	unsigned asked;
} wire;

/* Until it is over.  `late`: each answer is taken as late as may be. */
enum rc wire_drive(struct talk *t, bool late, struct err *e);
/* Keeps what was said. */
void wire_keep(void);
/* The case makes no sense. */
_Noreturn void wire_die(const char *what);

#endif
