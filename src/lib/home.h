/* SPDX-License-Identifier: MIT */
/*
 * home: where a sync lives ($CRM_HOME, else ./.crm) and which systems it has
 * (systems.jq there).  Only crm-state init makes a home; anywhere else a
 * missing one is RC_CONFIG.
 *
 *   systems.jq  {app: {kind: "file", path: "app"},
 *                "hubspot-eu": {kind: "hubspot", enabled: true}}
 *
 * Its keys are told in crm-systems(5); one nobody knows is an error.  A bare
 * kind is a system too, declared or not.
 */
#ifndef HOME_H
#define HOME_H

#include <stdbool.h>

#include "arena.h"
#include "err.h"
#include "json.h"
#include "span.h"

/* A file of this name and content says that a directory is a home. */
#define HOME_MARKER "format"
#define HOME_FORMAT "crm-home 1\n"

/* $CRM_HOME, else ".crm"; whether or not it is there. */
const char *home_path(void);
/* True when it is a directory made by crm-state init; also when that cannot
 * be told: then home_require says why. */
bool home_exists(void);
/* RC_OK: there is one, RC_END: there is none; else as home_require. */
enum rc home_look(struct err *e) RC_CHECK;
/* RC_CONFIG with what to do ("run crm-state init") when it does not, or when
 * another version of these programs made it; RC_SYSTEM when that cannot be
 * told. */
enum rc home_require(struct err *e) RC_CHECK;

/* How long is waited for what, ms; 0: as limits.h says. */
struct system_timeouts {
	unsigned connect, first, stall, whole, patience;
};

struct system {
	struct span name;
	struct span kind;
	const char *path; /* kinds file and csv; NULL elsewhere.  A relative
	                     one is from the home's parent directory, where
	                     the user stands */
	bool enabled;
	struct span api;  /* base address of its own, without a '/' at the
	                     end; ptr NULL: its kind's */
	const char *const *token_command; /* argv, or NULL */
	int reserve;      /* percent of a day's calls that are left to people;
	                     -1: not said */
	struct system_timeouts timeouts;
	uint32_t node;    /* its object in systems.json, 0 for a bare kind */
};

struct systems {
	struct arena arena;  /* owns all below */
	struct json json;    /* the evaluated file */
	struct buf text;
	struct system *items;
	size_t count;
};

/* Reads systems.jq; a missing file or home is an empty list. */
enum rc systems_load(struct systems *s, struct err *e) RC_CHECK;
void systems_free(struct systems *s);

/* Letters, digits, '-' and '_', not '-' first: a system's or entity's name. */
bool home_is_name(struct span s);

/* A declared system by name, else a bare kind; NULL when neither. */
const struct system *systems_find(const struct systems *s, struct span name);

#endif
