/* SPDX-License-Identifier: MIT */
/*
 * flow: how many records went in from each system and out to it, by entity,
 * and how long they took; what crm-status tells.
 *
 *   meta  "flow" \0 system \0 entity \0 HOUR  ->  struct flow
 *
 * HOUR is "2026-11-20T12", UTC; rows of hours are kept for 35 days.  An empty
 * HOUR is the sum of all since ever, without latencies.
 */
#ifndef FLOW_H
#define FLOW_H

#include "histogram.h"
#include "state.h"

enum flow_count {
	/* in: crm-resolve, once its input is committed */
	FLOW_READ,     /* records a section held */
	FLOW_CHANGED,  /* of those: not as they were known */
	FLOW_REJECTED, /* what a stage set aside */
	/* out: crm-load, with each acknowledgement */
	FLOW_CREATED, FLOW_UPDATED, FLOW_ARCHIVED, FLOW_DELETED,
	FLOW_FAILED,   /* refused, or not fit to be sent */
	FLOW_UNSENT,   /* the system could not be reached */
	FLOW_STALE,    /* moved there meanwhile: read and decided again */
	FLOW_UNKNOWN,  /* no answer came */
	FLOW_BACKLOG,  /* delivered, but modified before its source was first
	                  read: no latency is counted */
	FLOW_BUSY,     /* ms that loaders worked */
	FLOW_COUNTS    /* how many there are */
};

/* All zero is none. */
struct flow {
	uint64_t n[FLOW_COUNTS];
	int64_t delivered;        /* ms: the last that was; 0: none */
	int64_t failed;           /* ms: the last that was not */
	struct histogram latency; /* ms from modified to receipt */
};

/* Counts it in the hour of `now` (ms). */
enum rc flow_add(struct txn *t, struct span system, struct span entity,
    int64_t now, const struct flow *f, struct err *e) RC_CHECK;

/* Adds all hours from that of `since` (ms) on. */
enum rc flow_sum(struct txn *t, struct span system, struct span entity,
    int64_t since, struct flow *f, struct err *e) RC_CHECK;
/* Adds what was since ever. */
enum rc flow_total(struct txn *t, struct span system, struct span entity,
    struct flow *f, struct err *e) RC_CHECK;

/* Who has anything, in key order; a failure of `visit` is returned. */
typedef enum rc flow_visit(void *arg, struct span system, struct span entity,
    struct err *e);
enum rc flow_each(struct txn *t, flow_visit *visit, void *arg,
    struct err *e) RC_CHECK;

/* Of what was sent and answered. */
uint64_t flow_done(const struct flow *f);
/* And of what was not done, though it was tried. */
uint64_t flow_undone(const struct flow *f);

#endif
