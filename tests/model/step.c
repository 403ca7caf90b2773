/* SPDX-License-Identifier: MIT */
/* Every step that can be taken has a number. */
#include "model.h"

#include <stdio.h>

static bool
edit(struct world *w, size_t a, size_t b)
{
	return world_edit(w, a / FIELDS, a % FIELDS, (enum how)b);
}

static bool
delete(struct world *w, size_t a, size_t b)
{
	return world_delete(w, a, b);
}

static bool
restore(struct world *w, size_t a, size_t b)
{
	(void)b;
	return world_restore(w, a);
}

/* Of idle workers the first begins: they are alike. */
static bool
may_begin(const struct world *w, size_t worker)
{
	return !worker_idle(w, worker) || worker == 0 || !worker_idle(w, 0);
}

static bool
read_it(struct world *w, size_t a, size_t b)
{
	return may_begin(w, a / SYSTEMS) &&
	    look_read(w, a / SYSTEMS, a % SYSTEMS, b);
}

static bool
compare(struct world *w, size_t a, size_t b)
{
	return look_compare(w, a / SYSTEMS, a % SYSTEMS, b);
}

static bool
cut(struct world *w, size_t a, size_t b)
{
	(void)b;
	return look_cut(w, a / SYSTEMS, a % SYSTEMS);
}

static bool
decide_all(struct world *w, size_t a, size_t b)
{
	(void)b;
	return commit(w, a);
}

static bool
compute(struct world *w, size_t a, size_t b)
{
	return may_begin(w, a / SYSTEMS) &&
	    claim_compute(w, a / SYSTEMS, a % SYSTEMS, b);
}

static bool
take(struct world *w, size_t a, size_t b)
{
	(void)b;
	return claim_take(w, a);
}

static bool
send_it(struct world *w, size_t a, size_t b)
{
	return deliver_send(w, a, (enum fate)b);
}

static bool
acknowledge(struct world *w, size_t a, size_t b)
{
	(void)b;
	return deliver_acknowledge(w, a);
}

static bool
die(struct world *w, size_t a, size_t b)
{
	(void)b;
	return worker_die(w, a);
}

static bool
stall(struct world *w, size_t a, size_t b)
{
	(void)b;
	return worker_stall(w, a);
}

static bool
compute_pending(struct world *w, size_t a, size_t b)
{
	(void)b;
	return compute(w, a, false);
}

static bool
compute_line(struct world *w, size_t a, size_t b)
{
	(void)b;
	return compute(w, a, true);
}

static bool
approve(struct world *w, size_t a, size_t b)
{
	(void)b;
	return release_approve(w, a);
}

static bool
throw_away(struct world *w, size_t a, size_t b)
{
	(void)b;
	return release_throw_away(w, a);
}

static bool
restore_state(struct world *w, size_t a, size_t b)
{
	(void)a;
	(void)b;
	return backup_restore(w);
}

/* What a is: %s in the text. */
enum of { OF_SYSTEM_FIELD, OF_SYSTEM, OF_WORKER_SYSTEM, OF_WORKER,
	OF_STATE };

static const struct family {
	bool (*take)(struct world *w, size_t a, size_t b);
	size_t as, bs;
	enum of of;
	const char *text[4];
} families[] = {
	{ decide_all, WORKERS, 1, OF_WORKER,
	    { "decides what it has seen and commits" } },
	{ edit, SYSTEMS * FIELDS, HOWS, OF_SYSTEM_FIELD,
	    { "set to a new value", "cleared", "set to what the other has",
	    "put back as it was before our write" } },
	{ delete, SYSTEMS, 2, OF_SYSTEM,
	    { "the record archived", "the record removed" } },
	{ restore, SYSTEMS, 1, OF_SYSTEM, { "the record restored" } },
	{ read_it, WORKERS * SYSTEMS, 2, OF_WORKER_SYSTEM,
	    { "reads", "reads, from now on only," } },
	{ compare, WORKERS * SYSTEMS, 2, OF_WORKER_SYSTEM,
	    { "compares what it read of",
	    "takes its old copy for a new one and compares it:" } },
	{ cut, WORKERS * SYSTEMS, 1, OF_WORKER_SYSTEM,
	    { "gets no more than the beginning of" } },
	{ compute_pending, WORKERS * SYSTEMS, 1, OF_WORKER_SYSTEM,
	    { "computes what to send to" } },
	{ take, WORKERS, 1, OF_WORKER, { "claims the entry" } },
	{ send_it, WORKERS, FATES, OF_WORKER, { "sends",
	    "sends, and the answer is lost", "sends, and nothing arrives" } },
	{ acknowledge, WORKERS, 1, OF_WORKER, { "acknowledges" } },
	{ die, WORKERS, 1, OF_WORKER, { "dies" } },
	{ stall, WORKERS, 1, OF_WORKER, { "stalls until its lease ends" } },
	/* of some roots only */
	{ compute_line, WORKERS * SYSTEMS, 1, OF_WORKER_SYSTEM,
	    { "gets the line of a plan for" } },
	{ approve, SYSTEMS, 1, OF_SYSTEM,
	    { "what the line is of is approved" } },
	{ throw_away, SYSTEMS, 1, OF_SYSTEM, { "the line is thrown away" } },
	{ restore_state, 1, 1, OF_STATE, { "is restored of its backup" } },
};

static const size_t family_count = sizeof families / sizeof families[0];
enum { ALWAYS = 13 }; /* families of every root */

size_t
step_count(const struct world *w)
{
	size_t n = 0, count = w->modes ? family_count : ALWAYS;

	for (size_t i = 0; i < count; i++)
		n += families[i].as * families[i].bs;
	return n;
}

static const struct family *
find(size_t *step)
{
	const struct family *f = families;

	while (*step >= f->as * f->bs) {
		*step -= f->as * f->bs;
		f++;
	}
	return f;
}

bool
step_take(struct world *w, size_t step)
{
	const struct family *f = find(&step);

	return f->take(w, step / f->bs, step % f->bs);
}

void
step_say(size_t step, char *text, size_t room)
{
	const struct family *f = find(&step);
	const char *what = f->text[step % f->bs];
	unsigned a = (unsigned)(step / f->bs);

	switch (f->of) {
	case OF_SYSTEM_FIELD:
		(void)snprintf(text, room, "a person in %c: field %u %s",
		    'A' + a / FIELDS, a % FIELDS + 1, what);
		break;
	case OF_SYSTEM:
		(void)snprintf(text, room, "a person in %c: %s", 'A' + a,
		    what);
		break;
	case OF_WORKER_SYSTEM:
		(void)snprintf(text, room, "worker %u %s %c",
		    a / SYSTEMS + 1, what, 'A' + a % SYSTEMS);
		break;
	case OF_STATE:
		(void)snprintf(text, room, "the state %s", what);
		break;
	default:
		(void)snprintf(text, room, "worker %u %s", a + 1, what);
	}
}
