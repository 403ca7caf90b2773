/* SPDX-License-Identifier: MIT */
/*
 * dump: the lines that crm-state dump writes and restore reads.
 *
 *   {"type":"dump","format":5,"epoch":"…","at":"…","run":"…"}
 *   {"type":"file","name":"systems.jq","text":"…"}
 *   {"type":"row","table":"…","key":"…","text":"…"}     or key64, value
 *   {"type":"part","value":"…"}                         a row that goes on
 *   {"type":"dump-end","rows":N,"digest":"…"}           of all lines before
 */
#ifndef DUMP_H
#define DUMP_H

#include "../lib/audit_hash.h"

#define DUMP_PART ((size_t)3 << 20) /* bytes of a row in one line */

struct dump_digest {
	struct audit_hash *hash;
	unsigned char last[AUDIT_HASH];
	struct buf text;
};

void dump_digest_init(struct dump_digest *d);
void dump_digest_free(struct dump_digest *d);
void dump_digest_add(struct dump_digest *d, struct span line);

#endif
