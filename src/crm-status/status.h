/* SPDX-License-Identifier: MIT */
/*
 * status: how a sync does, read from its state and written nowhere.
 *
 *   main.c        options, and which of these is asked for
 *   survey.c      who there is, what was read, what went in and out
 *   backlog.c     what is pending, and what waits to be read again
 *   network.c     calls left of the day, and who is not asked for now
 *   disputes.c    fields that wait for a person, by field and rule
 *   census.c      all records: who has them, and where they agree, in fields
 *                 that are mapped (mapped.c)
 *   judge.c       healthy, degraded or failed, by thresholds
 *   as_text.c as_json.c as_prometheus.c as_html.c   the same, as each likes
 *                 to read it
 *   lapse.c       times and shares as people write them
 *   records.c     a pass over all records
 *   runs.c        the last runs
 *   compare.c     two systems, field by field (compare.h)
 */
#ifndef STATUS_H
#define STATUS_H

#include "../lib/flow.h"
#include "../lib/home.h"
#include "../lib/link.h"
#include "../lib/policy.h"
#include "../lib/reasons.h"
#include "../lib/run.h"
#include "../lib/stream.h"

/* From best to worst. */
enum health { HEALTHY, DEGRADED, FAILED };

/* What the outbox holds for one system and entity. */
struct backlog {
	uint64_t released;      /* a loader may send them now */
	uint64_t waiting;       /* for their next attempt */
	uint64_t claimed;       /* a loader is at them */
	uint64_t proposed;      /* they wait for approval */
	uint64_t kept;          /* outside of crm-resolve's share */
	uint64_t held;          /* refused: they wait for a change */
	uint64_t skipped;       /* a person said so */
	uint64_t tried;         /* any of these, once tried in vain */
	int64_t oldest;         /* ms: the longest pending that drains */
	int64_t latest;         /* ms: the last of the next attempts */
	struct reasons reasons; /* last errors */
};

/* How it does, and why not better. */
#define FINDINGS 8
#define FINDING_TEXT 160
struct verdict {
	enum health health;
	struct finding {
		enum health health;
		char text[FINDING_TEXT];
	} findings[FINDINGS];
	size_t count;
};

/* One system's share of one entity; of none, if it never had any. */
struct share {
	struct span system, entity; /* the arena's */
	uint32_t id;                /* the system's, interned; or NO_ID */
	bool declared;              /* in systems.jq, and enabled */
	uint64_t live;              /* records linked there */
	int64_t read;               /* ms: when it was last read, wholly */
	int64_t full;               /* and all of it */
	struct flow window, total;
	struct backlog backlog;
	uint64_t todo;              /* to be read again, whatever the cursor */
	uint64_t linked;            /* of the census: records live there, */
	uint64_t fields, agreeing;  /* their mapped fields, and those alike */
	unsigned char *mapped;      /* by interned name; NULL: what it shows */
	struct verdict verdict;
};
#define NO_ID UINT32_MAX

/* Fields that wait, of one name for one reason. */
struct dispute {
	struct span field, rule, why;
	uint64_t count;
	int64_t oldest; /* ms */
};

struct topic { /* an entity */
	struct span name;
	uint64_t conflicts;         /* fields */
	uint64_t reviews;           /* records of which it is not clear who */
	struct dispute *disputes;   /* by count, most first */
	size_t dispute_count;
	uint64_t records;           /* of the census: live ones, */
	uint64_t matched;           /* and those in every system */
	size_t systems;             /* which are so many */
	uint64_t fields, agreeing;  /* of all of them */
	struct verdict verdict;
};

/* A system spoken to over HTTP. */
struct link_state {
	struct span system;
	uint64_t most, left; /* calls of the day; UINT64_MAX: not known */
	int64_t end;         /* ms: when there are more */
	int64_t closed;      /* ms: it failed and is not asked before; or 0 */
	struct verdict verdict;
};

#define STATUS_SHARES 1024

struct status {
	struct run *run;
	struct state *state;
	struct txn txn;
	struct systems systems;
	struct arena arena;
	int64_t now, since;         /* ms; the window */
	bool counted;               /* there was a census */
	struct share **shares;      /* owned; by system, entity */
	size_t share_count;
	struct link_state network[LIMIT_SYSTEMS]; /* those ever asked */
	size_t network_count;
	struct topic *topics;       /* owned; by name */
	size_t topic_count;
	enum health health;
};

/* survey.c: all but a census. */
enum rc survey(struct status *s, struct err *e) RC_CHECK;
void survey_free(struct status *s);
/* Added when it is new; NULL when there are too many. */
struct share *survey_share(struct status *s, struct span system,
    struct span entity);
struct topic *survey_topic(struct status *s, struct span entity);

/* backlog.c, disputes.c */
enum rc backlog(struct status *s, struct err *e) RC_CHECK;
enum rc disputes(struct status *s, struct err *e) RC_CHECK;
uint64_t backlog_drains(const struct backlog *b); /* what loaders will send */
uint64_t backlog_depth(const struct backlog *b);  /* and what waits for us */
/* ms until all that drains is delivered; -1: that cannot be told. */
int64_t backlog_eta(const struct share *h, int64_t now);

/* network.c */
void network(struct status *s);

/* mapped.c: which fields each system is mapped to, for the census. */
void mapped(struct status *s);
/* census.c: every record once, in the order of the rows. */
enum rc census(struct status *s, struct err *e) RC_CHECK;

#endif
