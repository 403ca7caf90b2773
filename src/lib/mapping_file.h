/* SPDX-License-Identifier: MIT */
/*
 * mapping_file: where entity and system files are, found along $CRM_MAPPINGS
 * (parted by ':'), ./mappings, PREFIX/share/crm/mappings.
 */
#ifndef MAPPING_FILE_H
#define MAPPING_FILE_H

#include <stdbool.h>

#include "arena.h"
#include "err.h"
#include "home.h"
#include "literal.h"
#include "span.h"

/*
 * "customer.hubspot-eu" or "dir/customer.hubspot-eu[.jq]", taken apart.  With
 * a directory, only that one is searched.
 */
struct mapping_name {
	struct span directory; /* empty: the search path */
	struct span entity;
	struct span system;    /* empty: the name of an entity */
	struct span kind;      /* of the system, may be the same */
};

/* RC_CONFIG when it is not of that form. */
enum rc mapping_file_name(struct mapping_name *n, struct span text,
    const struct systems *systems, struct err *e) RC_CHECK;

/* The search path, directory by directory. */
struct mapping_path {
	struct span listed; /* what is left of $CRM_MAPPINGS */
	size_t always;      /* how many of those behind it were given */
};
struct mapping_path mapping_file_path(void);
/* False when there is none left. */
bool mapping_file_next(struct mapping_path *p, struct span *dir);

/* Path of STEM.jq in the first directory that has it, NULL when none has. */
const char *mapping_file_find(struct arena *a, struct span directory,
    struct span entity, struct span system);

/* The bytes of a file that was found. */
enum rc mapping_file_read(struct buf *raw, const char *path, struct err *e)
    RC_CHECK;

/* The system's own file, else its kind's; NULL when there is neither. */
const char *mapping_file_system(struct arena *a,
    const struct mapping_name *n);

/*
 * The names of all entities that have a file along the search path, in order
 * of bytes, each once.  RC_SYSTEM when a directory there cannot be read.
 */
enum rc mapping_file_entities(struct arena *a, struct span **names,
    size_t *count, struct err *e) RC_CHECK;

/* Words for a message: which directories were searched. */
const char *mapping_file_searched(struct arena *a, struct span directory);

/* A member that must be a text when there: false (err set) when it is not. */
enum rc mapping_file_string(const struct json *j, uint32_t object,
    const char *key, struct arena *a, struct span *out, struct err *e)
    RC_CHECK;
/* The same for a text or a list of texts; *count 0 when absent. */
enum rc mapping_file_strings(const struct json *j, uint32_t object,
    const char *key, struct arena *a, struct span **out, size_t *count,
    struct err *e) RC_CHECK;
/* The same for a whole number from min to max. */
enum rc mapping_file_count(const struct json *j, uint32_t object,
    const char *key, int64_t min, int64_t max, int64_t *out, struct err *e)
    RC_CHECK;
/* The same for true or false. */
enum rc mapping_file_flag(const struct json *j, uint32_t object,
    const char *key, bool *out, struct err *e) RC_CHECK;
/* The same for one of some words: its index. */
enum rc mapping_file_word(const struct json *j, uint32_t object,
    const char *key, const char *const *words, int *out, struct err *e)
    RC_CHECK;

#endif
