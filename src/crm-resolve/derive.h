/* SPDX-License-Identifier: MIT */
/*
 * derive: fields that no system shows, made of what is known of a record: its
 * address in a system, how it stands, when it was last decided.  They are
 * agreed values like others, and only pushed.
 */
#ifndef DERIVE_H
#define DERIVE_H

#include "field.h"

/*
 * After all else of the record is decided.  Another time alone is no change:
 * it goes along with one.
 */
enum rc derive(struct work *w, struct err *e) RC_CHECK;

#endif
