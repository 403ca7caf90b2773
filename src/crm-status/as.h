/* SPDX-License-Identifier: MIT */
/* as: one status, as each likes to read it. */
#ifndef AS_H
#define AS_H

#include "status.h"

void as_text(struct buf *b, const struct status *s);
/* One line: how it is, and why. */
void as_text_line(struct buf *b, const struct status *s);
/* One object. */
void as_json(struct buf *b, const struct status *s);
/* Metrics, with what they mean. */
void as_prometheus(struct buf *b, const struct status *s);
/* A whole page. */
void as_html(struct buf *b, const struct status *s);

#endif
