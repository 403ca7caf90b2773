/* SPDX-License-Identifier: MIT */
/* entity: loading an entity file, for the mapping modules and their tests. */
#ifndef ENTITY_H
#define ENTITY_H

#include "arena.h"
#include "buf.h"
#include "jqprog.h"
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

/* entity_rule.c: a field's `rule`, of type known already.  RC_CONFIG "rule:
 * ...". */
enum rc entity_rule(struct entity_field *f, const struct json *j,
    uint32_t node, struct arena *a, struct err *e) RC_CHECK;

/* Compiles RULE_JQ's expression; the caller frees it. */
enum rc entity_rule_program(const struct entity_field *f, struct jqprog **p,
    struct err *e) RC_CHECK;

/* "latest", "prefer", ...: by enum field_rule. */
extern const char *const entity_rules[];

#endif
