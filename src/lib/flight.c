/* SPDX-License-Identifier: MIT */
#include "flight.h"

#include "hash.h"

/* The next field off the front; false at the end, or where it is damaged. */
static bool
take(struct span *flight, uint64_t *field, uint64_t *digest)
{
	return span_take_varint(flight, field) &&
	    span_take_bytes(flight, digest, sizeof *digest);
}

bool
flight_has(struct span flight, uint32_t field)
{
	uint64_t is, digest;

	while (take(&flight, &is, &digest))
		if (is == field)
			return true;
	return false;
}

static bool
holds(struct span flight, uint32_t field, uint64_t value)
{
	uint64_t is, digest;

	while (take(&flight, &is, &digest))
		if (is == field && digest == value)
			return true;
	return false;
}

bool
flight_holds(struct span flight, uint32_t field, struct span value,
    uint64_t seed)
{
	return flight.len && holds(flight, field, hash64(value, seed));
}

void
flight_add(struct buf *b, struct span before, uint32_t field,
    struct span value, uint64_t seed)
{
	uint64_t digest = hash64(value, seed);

	if (holds(before, field, digest))
		return;
	buf_varint(b, field);
	buf_put(b, &digest, sizeof digest);
}
