/* SPDX-License-Identifier: MIT */
/* intake: what reading the stream keeps in hand; see intake.c, section.c. */
#ifndef INTAKE_H
#define INTAKE_H

#include "heir.h"
#include "resolve.h"

struct intake {
	struct resolve *r;
	struct stream_in in;
	struct line line;
	struct txn txn;
	struct walk links;
	/* of the section */
	struct policy *policy;     /* NULL: an entity nobody asked for */
	uint32_t policy_at;
	size_t system_at;          /* of the policy */
	struct observe_head head;
	struct span scope, mapping, account, started;
	struct span covers;        /* or empty */
	struct span from;          /* the cursor it began at, or empty */
	bool todo;                 /* some of it is read for that alone */
	bool making_known, making; /* a loader makes records of it */
	struct arena names;
	struct buf prefix;         /* how its same lines start */
	struct buf change_prefix;  /* and its changes */
	struct buf key;
	size_t key_prefix;
	struct buf payload;
	struct spool *doubtful;    /* copied.h: held back; NULL: nobody is */
	struct heir heir;
};

enum spooled { SPOOLED_LINKED, SPOOLED_UNLINKED, SPOOLED_DELETE,
	SPOOLED_UNREADABLE, SPOOLED_BLIND };

/* Spools an entry of the section's entity; an empty text only recalls it. */
enum rc intake_spool(struct intake *n, enum spooled how, struct span uid,
    struct span text, struct err *e) RC_CHECK;

/*
 * recall.c: a system that was read completely for the first time may be told
 * from now on: all that it lacks is decided again.
 */
enum rc recall_lacking(struct intake *n, struct span system, struct err *e)
    RC_CHECK;
/* What somebody asked to be decided again, of the entities read. */
enum rc recall_asked(struct intake *n, struct err *e) RC_CHECK;
/* Every record of the entity is looked at again. */
enum rc recall_all(struct intake *n, struct err *e) RC_CHECK;

/* section.c: a section's begin and end. */
enum rc section_begin(struct intake *n, struct err *e) RC_CHECK;
enum rc section_end(struct intake *n, struct err *e) RC_CHECK;
/* That record is as it was: if it was on the todo list, it leaves it. */
enum rc section_settle(struct intake *n, struct span id, struct err *e)
    RC_CHECK;

#endif
