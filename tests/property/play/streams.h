/* SPDX-License-Identifier: MIT */
/*
 * streams: what programs read as stdin and write as stdout, by name, in
 * memory: opening files for them cost a third of a play.  The linker puts
 * read and write in place of the real ones (--wrap) for those two descriptors
 * only; programs see the very bytes a file would give them.
 */
#ifndef STREAMS_H
#define STREAMS_H

#include <stdbool.h>
#include <stddef.h>

#include "../../../src/lib/span.h"

/* Once in a process: what goes through stdio is written there too. */
void streams_start(void);

/*
 * The next program's stdin and stdout, emptied; NULL: nothing to read, nobody
 * reads.  False when nobody wrote `in`.
 */
bool streams_connect(const char *in, const char *out);
/* It has ended: from now on read and write are the real ones. */
void streams_disconnect(void);

/* Nothing when nobody wrote it; valid until it is written again. */
struct span streams_view(const char *name);
void streams_put(const char *name, struct span text);
/* It breaks off there. */
void streams_cut(const char *name, size_t size);

/* Nobody wrote any. */
void streams_forget(void);

#endif
