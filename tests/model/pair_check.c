/* SPDX-License-Identifier: MIT */
/* What must hold of two records of which one was merged into the other. */
#include "pair.h"

#include <string.h>

enum { ROUNDS = 6 };

static size_t
living(const struct pair *p, size_t system)
{
	size_t n = 0;

	for (size_t i = 0; i < PLACES; i++)
		n += p->place[system][i].life == PLACE_LIVE;
	return n;
}

static const char *
check_any(const struct pair *p)
{
	if (p->astray)
		return "the second record of another system is written";
	if (p->place[0][Y].life == PLACE_MERGED && living(p, 0) > 1)
		return "what was merged is there again";
	if (p->followed && !p->beside && living(p, 1) > 1)
		return "it is made beside what is its own by now";
	return NULL;
}

static bool
round_of_all(struct pair *p)
{
	struct pair before = *p;

	for (size_t s = 0; s < SYSTEMS; s++)
		(void)pair_read(p, s);
	for (size_t s = 0; s < SYSTEMS; s++)
		for (size_t r = 0; r < RECORDS; r++) {
			(void)pair_claim(p, s, r);
			(void)pair_send(p, FATE_DONE);
			(void)pair_acknowledge(p);
		}
	before.now = p->now;
	return memcmp(&before, p, sizeof *p) == 0;
}

static const char *
check_end(const struct pair *p)
{
	const struct place *own = &p->place[1][p->shown[1][X].id];

	if (p->place[0][X].value != p->last)
		return "an edit is lost";
	if (!p->shown[1][X].live || own->life != PLACE_LIVE)
		return "it lives on one side only";
	if (own->value != p->last)
		return "the two sides differ";
	if (p->beside && (p->place[1][Y].life != PLACE_LIVE ||
	    p->place[1][Y].value != p->second))
		return "the second record is not as it was";
	if (p->beside && !p->asked)
		return "nobody is asked of the second record";
	return NULL;
}

const char *
pair_check(const struct pair *from)
{
	struct pair p = *from;
	const char *problem = check_any(from);

	if (problem || p.sending.stage)
		return problem;
	p.humans = p.crashes = 0;
	for (size_t i = 0; i < ROUNDS; i++) {
		bool settled = round_of_all(&p);

		problem = check_any(&p);
		if (problem || settled)
			return problem ? problem : check_end(&p);
	}
	return "it never settles";
}
