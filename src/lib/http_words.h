/* SPDX-License-Identifier: MIT */
/* http_words: what an error's body says, in a few words of plain text. */
#ifndef HTTP_WORDS_H
#define HTTP_WORDS_H

#include "buf.h"
#include "span.h"

/*
 * Appends the title of a page of HTML, or its first words, or those of plain
 * text; nothing for JSON, which its reader knows better.  Control characters
 * and runs of blanks become one blank, mailboxes "***"; cut at a limit.
 */
void http_words_put(struct buf *b, struct span body);

#endif
