/* SPDX-License-Identifier: MIT */
/* entity: loading an entity file, for the mapping modules and their tests. */
#ifndef ENTITY_H
#define ENTITY_H

#include "arena.h"
#include "buf.h"
#include "mapping.h"

/* What entity_load allocates; `entity` comes first. */
struct entity_file {
	struct entity entity;
	struct arena arena;
};

/* From memory; `evaluated` (or NULL) gets the compact JSON, for the hash. */
enum rc entity_parse(struct entity **out, struct span name, struct span text,
    const char *what, struct buf *evaluated, struct err *e) RC_CHECK;

/* As entity_load, from one directory when it is not empty. */
enum rc entity_load_from(struct entity **out, struct span directory,
    struct span name, struct buf *evaluated, struct err *e) RC_CHECK;

#endif
