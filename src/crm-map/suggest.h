/* SPDX-License-Identifier: MIT */
/* suggest: proposing a system file; its parts. */
#ifndef SUGGEST_H
#define SUGGEST_H

#include "../lib/arena.h"
#include "../lib/err.h"
#include "../lib/mapping.h"
#include "../lib/span.h"

/* What a source says of one of its fields. */
struct suggest_column {
	struct span name;
	struct span label;  /* may be empty */
	struct span type;   /* the source's word for it, may be empty */
	bool read_only;
};

struct suggest_source {
	struct arena arena; /* owns all below */
	struct span object; /* its own name, where the source says */
	struct suggest_column *items;
	size_t count;
};

/*
 * Reads what stands in `text`: an answer to describe (Salesforce), properties
 * (HubSpot), fields (Pipedrive) or attributes (Dynamics); a stream of records;
 * or a CSV header.  RC_CONFIG when it is none of these.
 */
enum rc suggest_source_read(struct suggest_source *s, struct span text,
    struct err *e) RC_CHECK;
void suggest_source_free(struct suggest_source *s);

/* From 0 to 100: is this column that field?  SUGGEST_SURE is proposed. */
#define SUGGEST_SURE 80
#define SUGGEST_MAYBE 60
int suggest_score(struct span entity, const struct entity_field *f,
    const struct suggest_column *c);

/* The same for what is no field: "id", "modified", "deleted", "uid". */
int suggest_score_word(struct span entity, const char *word,
    const struct suggest_column *c);

/*
 * Known names of a field, '|' between: the entity's own list, else the common
 * one, else NULL.
 */
const char *suggest_names(struct span entity, struct span field);

#endif
