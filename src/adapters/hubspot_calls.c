/* SPDX-License-Identifier: MIT */
/* hubspot_calls: how many calls an errand takes, about, and how much there is
 * to read. */
#include "hubspot.h"

#include "../lib/mapping.h"
#include "../lib/xalloc.h"

#include <stdlib.h>

#define BATCH 100   /* records of a page, and of a batch */
#define LINKED 1000 /* whose associations are read or written at a time */

static uint64_t
batches(uint64_t n, uint64_t of)
{
	return (n + of - 1) / of;
}

/* "association:companies" or "associations:companies" */
static bool
is_association(struct span name)
{
	static const char front[] = "association";
	size_t len = sizeof front - 1;

	return name.len > len && memcmp(name.ptr, front, len) == 0 &&
	    (name.ptr[len] == ':' || name.ptr[len] == 's');
}

static uint64_t
associations(const struct mapping *m, enum direction dir)
{
	const struct span *names;
	uint64_t found = 0;
	size_t count = 0;

	names = m ? mapping_list_columns(m, dir, &count) : NULL;
	for (size_t i = 0; i < count; i++)
		found += is_association(names[i]);
	return found;
}

/* Pages of those that live, one at least of those that are archived, and whom
 * they are associated with. */
uint64_t
hubspot_read_calls(const struct read_request *req, uint64_t n)
{
	return batches(n, BATCH) + 1 + batches(n, LINKED) *
	    associations(req->mapping, DIR_PULL);
}

/* What is there is read and compared before, and so are associations. */
uint64_t
hubspot_write_calls(const struct web_target *to, uint64_t made, uint64_t n)
{
	uint64_t links = associations(to->mapping, DIR_PUSH);
	unsigned times = to->compare ? 2 : 1;

	return batches(made, BATCH) + links * batches(made, LINKED) +
	    times * (batches(n, BATCH) + links * batches(n, LINKED));
}

/* ---- counting ---- */

struct counting {
	struct span name;
	uint64_t *n;
	bool asked;
};

static enum rc
next(struct talk *t, struct web_ask *ask, struct err *e)
{
	struct counting *c = t->own;

	if (c->asked)
		return err_set(e, RC_END, "asked");
	c->asked = true;
	ask->method = "POST";
	ask->lane = HUBSPOT_SEARCH;
	ask->type = "application/json";
	buf_printf(&ask->path, "/crm/v3/objects/%.*s/search",
	    SPAN_ARG(c->name));
	BUF_LIT(&ask->body, "{\"limit\":1}");
	return RC_OK;
}

/* What cannot be counted is read all the same, and then says why. */
static enum rc
take(struct talk *t, const struct web_ask *ask, const struct http_answer *a,
    enum rc came, const struct err *why, struct err *e)
{
	struct counting *c = t->own;
	struct json j;

	(void)ask;
	if (came) {
		*e = *why;
		return came;
	}
	json_init(&j);
	if (a->status == 200 && json_parse(&j, buf_view(&a->body), e) ==
	    RC_OK)
		*c->n = (uint64_t)json_get_int(&j, 0, SPAN("total"), 0);
	json_free(&j);
	return RC_OK;
}

static void
free_talk(struct talk *t)
{
	free(t->own);
}

enum rc
hubspot_count(struct talk *t, struct span object, uint64_t *n, struct err *e)
{
	struct hubspot_object o;
	struct counting *c;
	enum rc rc = hubspot_type_object(&o, object, e);

	if (rc)
		return rc;
	if (o.form != HUBSPOT_RECORDS)
		return err_set(e, RC_END, "not to be counted");
	*n = 0;
	c = xcalloc(1, sizeof *c);
	*c = (struct counting){ .name = o.name, .n = n };
	*t = (struct talk){ .next = next, .take = take, .free = free_talk,
		.own = c, .now = t->now, .lead = t->lead };
	return RC_OK;
}
