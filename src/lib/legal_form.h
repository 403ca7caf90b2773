/* SPDX-License-Identifier: MIT */
/*
 * legal_form: GmbH, Inc, Ltd, S.A.: words that say what a company is in law
 * and tell nothing about which one it is.
 */
#ifndef LEGAL_FORM_H
#define LEGAL_FORM_H

#include "span.h"

/*
 * A folded name (fold.h) without the legal forms at its end, those of several
 * words too ("gmbh and co kg"), and without "the" before it.  A name that is
 * nothing else stays as it is.
 */
struct span legal_form_strip(struct span name);

#endif
