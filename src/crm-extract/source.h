/* SPDX-License-Identifier: MIT */
/* source: from the command line to what is read, and by which adapter. */
#ifndef SOURCE_H
#define SOURCE_H

#include "../adapters/adapter.h"

struct source_options {
	const char *mapping;
	const char *system, *object, *id_column;
	const char *delimiter, *quote, *encoding, *null_marker;
	bool full, delta, whole;
	bool by_id;
};

struct extraction {
	const struct adapter *adapter;
	struct read_request request; /* its spans live until source_close */
	struct system named;         /* csv FILE: a system made up for it */
	struct systems systems;
	struct mapping *mapping;     /* owned */
};

/* RC_CONFIG with words.  Nothing is owned after a failure. */
enum rc source_open(struct extraction *s, const struct source_options *said,
    char **operand, struct err *e) RC_CHECK;
void source_close(struct extraction *s);

#endif
