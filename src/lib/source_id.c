/* SPDX-License-Identifier: MIT */
#include "source_id.h"

#define SHORT 15
#define GROUP 5  /* characters, for each of which there is one more */

static bool
is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_short(struct span id)
{
	for (size_t i = 0; i < id.len; i++)
		if (!is_capital(id.ptr[i]) && !(id.ptr[i] >= 'a' &&
		    id.ptr[i] <= 'z') && !(id.ptr[i] >= '0' &&
		    id.ptr[i] <= '9'))
			return false;
	return id.len == SHORT;
}

struct span
source_id(struct span kind, struct span id, char room[SOURCE_ID_ROOM])
{
	static const char marks[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

	if (!is_short(id) || !span_eq(kind, SPAN("salesforce")))
		return id;
	memcpy(room, id.ptr, SHORT);
	for (size_t group = 0; group < SHORT / GROUP; group++) {
		unsigned capitals = 0;

		for (size_t i = 0; i < GROUP; i++)
			if (is_capital(id.ptr[group * GROUP + i]))
				capitals |= 1u << i;
		room[SHORT + group] = marks[capitals];
	}
	return span_of(room, SOURCE_ID_ROOM);
}
