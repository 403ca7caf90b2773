/* SPDX-License-Identifier: MIT */
/* filestore_merge: makes new lines of the store out of old ones. */
#ifndef FILESTORE_MERGE_H
#define FILESTORE_MERGE_H

#include "filestore_line.h"

/*
 * A new record's line (without LF), appended to `out`: the store's members,
 * then those of the object `data`, null ones left out.  Returns its content
 * hash.  p is scratch.
 */
uint32_t filestore_merge_create(struct filestore_parser *p, struct span uid,
    const struct json *data, uint64_t number, struct span modified,
    struct buf *out);

/*
 * The line that p holds with the members of the object `patch` (NULL: none)
 * put over its own, appended to `out`: null removes, new members come last,
 * all others stay as they are, byte for byte.  Its version is written for
 * content 0; filestore_merge_seal puts the right one in.  `old`, unless NULL,
 * receives the former values of the members named in patch as an object.
 * False when the patch changes nothing.  Of the store's own members `patch`
 * changes none, but with `stamp` the uid.
 */
bool filestore_merge(struct filestore_parser *p, const struct json *patch,
    bool stamp, uint64_t number, struct span modified, struct buf *out,
    struct buf *old);

/*
 * Ends what filestore_merge began at out->ptr + from.  p is used again, *l
 * describes the new line; its text is good until `out` is touched.
 */
enum rc filestore_merge_seal(struct filestore_parser *p, struct buf *out,
    size_t from, struct filestore_line *l, struct err *e) RC_CHECK;

/* The same value, by its canonical text (json_canonical.h)?  Node 0 stands for
 * null. */
bool filestore_merge_equal(const struct json *a, uint32_t na,
    const struct json *b, uint32_t nb, struct arena *scratch);

#endif
