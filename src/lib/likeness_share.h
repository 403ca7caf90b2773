/* SPDX-License-Identifier: MIT */
/* likeness_share: how much of what agrees two different ones have in common. */
#ifndef LIKENESS_SHARE_H
#define LIKENESS_SHARE_H

#include "likeness.h"

/* What the names say of two records. */
enum likeness_name {
	NAME_AGREES,
	NAME_LAST_DIFFERS,  /* or one has none; the first one agrees */
	NAME_UNKNOWN,       /* a first name lacks, or is hard to tell */
	NAME_DIFFERS,       /* the first one does */
	NAME_COMPANY_DIFFERS
};

/* Weights by slot. */
enum likeness_name likeness_share_name(const struct likeness *l,
    const int *weight);

/* What is to be taken off their sum, from 0 on. */
int likeness_share(const struct likeness *l, const int *weight);

#endif
