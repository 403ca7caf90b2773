/* SPDX-License-Identifier: MIT */
/*
 * source_id: one record of a system has one id, in whichever of the forms the
 * system itself writes it.  Salesforce's reports write the 15 characters of an
 * id, all else 18: three more say which of the 15 are capitals.
 */
#ifndef SOURCE_ID_H
#define SOURCE_ID_H

#include "span.h"

#define SOURCE_ID_ROOM 18

/* The longer form, in `room`, or the id itself, which has but one form. */
struct span source_id(struct span kind, struct span id,
    char room[SOURCE_ID_ROOM]);

#endif
