/* SPDX-License-Identifier: MIT */
/* report: what an import did, as text or JSON. */
#include "load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "../lib/clock.h"
#include "../lib/fault.h"

#define REPORT_CAP (1u << 20)

static uint64_t
sum(const struct json *j, uint32_t stages, struct span name)
{
	uint64_t n = 0;

	if (!stages || json_kind(j, stages) != JSON_ARRAY)
		return 0;
	for (JSON_ITEMS(j, stages, stage))
		if (json_kind(j, stage) == JSON_OBJECT)
			n += (uint64_t)json_get_int(j, stage, name, 0);
	return n;
}

static void
add_stages(struct report *r, const struct json *j, uint32_t stages)
{
	r->skipped += sum(j, stages, SPAN("rejected"));
	r->duplicates += sum(j, stages, SPAN("duplicates"));
	if (!stages || json_kind(j, stages) != JSON_ARRAY)
		return;
	for (JSON_ITEMS(j, stages, stage))
		if (json_kind(j, stage) == JSON_OBJECT)
			reasons_take(&r->reasons, j, stage);
}

/* What the target itself shows unchanged is no part of what is imported. */
static bool
is_ours(struct load *l, const struct json *j, uint32_t section)
{
	return span_eq(json_get_string(j, section, SPAN("system"),
	    &l->arena), l->system->name);
}

void
report_plan_end(struct load *l, const struct json *j)
{
	struct report *r = &l->report;
	uint32_t sections = json_get(j, 0, SPAN("sections"));
	uint32_t stages = json_get(j, 0, SPAN("stages"));

	add_stages(r, j, stages);
	if (!sections || json_kind(j, sections) != JSON_ARRAY)
		return;
	for (JSON_ITEMS(j, sections, section)) {
		if (json_kind(j, section) != JSON_OBJECT)
			continue;
		stages = json_get(j, section, SPAN("stages"));
		add_stages(r, j, stages);
		if (!is_ours(l, j, section))
			r->unchanged += sum(j, stages, SPAN("same"));
	}
}

struct figure {
	const char *name;
	uint64_t n;
};

#define FIGURES 11

static void
figures(const struct report *r, struct figure f[FIGURES])
{
	const struct figure all[FIGURES] = {
		{ "created", r->created }, { "updated", r->updated },
		{ "archived", r->archived }, { "deleted", r->deleted },
		{ "unchanged", r->unchanged },
		{ "duplicate", r->duplicates },
		{ "skipped", r->skipped }, { "failed", r->failed },
		{ "held", r->held }, { "stale", r->stale },
		{ "unknown", r->unknown },
	};

	memcpy(f, all, sizeof all);
}

static void
put_text(struct buf *b, const struct load *l)
{
	const struct report *r = &l->report;
	struct figure f[FIGURES];

	figures(r, f);
	buf_printf(b, "%.*s: ", SPAN_ARG(l->system->name));
	for (size_t i = 0; i < FIGURES; i++) {
		/* the usual ones always, the rest when there are any */
		if (i >= 2 && i != 4 && !f[i].n)
			continue;
		buf_printf(b, "%s%llu %s", i ? ", " : "",
		    (unsigned long long)f[i].n, f[i].name);
	}
	buf_putc(b, '\n');
	for (size_t i = 0; i < r->reasons.count; i++)
		buf_printf(b, "  %llu x %s\n",
		    (unsigned long long)r->reasons.items[i].count,
		    r->reasons.items[i].text);
	if (r->reasons.others)
		buf_printf(b, "  %llu x other reasons\n",
		    (unsigned long long)r->reasons.others);
}

static void
put_json(struct buf *b, const struct load *l)
{
	const struct report *r = &l->report;
	struct figure f[FIGURES];

	figures(r, f);
	BUF_LIT(b, "{\"type\":\"report\",\"system\":");
	json_put_string(b, l->system->name);
	buf_printf(b, ",\"run\":\"%s\"", clock_run_id());
	for (size_t i = 0; i < FIGURES; i++)
		buf_printf(b, ",\"%s\":%llu", f[i].name,
		    (unsigned long long)f[i].n);
	reasons_put(b, &r->reasons);
	BUF_LIT(b, "}\n");
}

static enum rc
write_all(int fd, struct span s)
{
	while (s.len) {
		ssize_t n = write(fd, s.ptr, s.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return RC_SYSTEM;
		s.ptr += n;
		s.len -= (size_t)n;
	}
	return RC_OK;
}

enum rc
report_print(struct load *l, struct err *e)
{
	struct buf b;
	enum rc rc = RC_OK;
	int fd;

	if (!l->report_path)
		return RC_OK;
	fd = strcmp(l->report_path, "-") == 0 ? dup(STDERR_FILENO) :
	    open(l->report_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
	    0600);
	if (fd < 0)
		return err_errno(e, RC_SYSTEM, "report %s", l->report_path);
	buf_init(&b, REPORT_CAP, "report");
	if (l->report_form && strcmp(l->report_form, "json") == 0)
		put_json(&b, l);
	else
		put_text(&b, l);
	fault_step("write the report");
	rc = write_all(fd, buf_view(&b));
	if (rc)
		err_errno(e, rc, "report %s", l->report_path);
	if (close(fd) < 0 && !rc)
		rc = err_errno(e, RC_SYSTEM, "report %s", l->report_path);
	buf_free(&b);
	return rc;
}
