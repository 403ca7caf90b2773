/* SPDX-License-Identifier: MIT */
/*
 * adapter_drive: one errand of a kind spoken to over HTTP, against a script of
 * answers, without a network (tests/adapters/README says what the files hold).
 *
 *   adapter_drive [-l] KIND DO WIRE SAID
 *
 * What comes of it is printed, a JSON object a line; SAID becomes what WIRE
 * would be with the requests that were made.  -l: an answer is taken as late
 * as the errand's `ahead` allows, else at once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adapter_drive/line.h"
#include "adapter_drive/wire.h"
#include "clock.h"
#include "json.h"
#include "mapping.h"
#include "xalloc.h"

static const char *const rcs[] = { "ok", "end", "record", "config", "retry",
	"remote", "system", "person", "state" };
static const char *const statuses[] = { "none", "done", "failed", "stale",
	"gone", "exists", "unknown", "not sent" };
static const char *const kinds[] = { "create", "update", "archive", "delete" };
static const char *const wishes[] = { "open", "there", "made", "failed" };

static struct arena arena;
static struct json doing;       /* DO */
static struct mapping *mapping;
static uint64_t emitted, most;  /* records; most: 0 is all */

static struct span
slurp(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct buf b;
	size_t n;

	if (!f)
		wire_die(path);
	buf_init(&b, 64u << 20, "file");
	for (;;) {
		buf_reserve(&b, 65536);
		n = fread(b.ptr + b.len, 1, b.room - b.len, f);
		if (!n)
			break;
		b.len += n;
	}
	fclose(f);
	return buf_view(&b);
}

/* ---- reading ---- */

static struct span
text_of(uint32_t of, const char *name)
{
	return json_get_string(&doing, of, span_str(name), &arena);
}

static struct span
value_of(uint32_t of, const char *name)
{
	uint32_t node = json_get(&doing, of, span_str(name));

	if (!node || json_kind(&doing, node) == JSON_NULL)
		return span_of(NULL, 0);
	return json_text(&doing, node);
}

static struct mapping *
mapping_of(uint32_t of)
{
	static struct systems systems;
	struct span name = text_of(of, "mapping");
	struct err e;

	if (!name.len)
		return NULL;
	if (systems_load(&systems, &e) ||
	    mapping_load(&mapping, name, &systems, &e))
		wire_die(e.text);
	return mapping;
}

static enum rc
on_record(void *arg, const struct read_record *r, const struct err *problem,
    struct err *e)
{
	(void)arg, (void)e;
	if (most && emitted++ == most)
		return RC_END;
	line_begin("record");
	json_put_member(&line, "id", r->id);
	json_put_member(&line, "modified", r->modified);
	json_put_member(&line, "version", r->version);
	line_flag("deleted", r->deleted);
	line_flag("missing", r->missing);
	line_flag("if_known", r->if_known);
	if (problem)
		json_put_text(&line, "problem", span_str(problem->text));
	line_raw("times", r->times);
	if (problem)
		json_put_member(&line, "data", r->data);
	else
		line_raw("data", r->data);
	line_finish();
	return RC_OK;
}

static struct read_request
request_of(uint32_t of)
{
	static struct system system;
	struct read_request req = {
		.object = text_of(of, "object"),
		.mapping = mapping_of(of),
		.full = json_get_true(&doing, of, SPAN("full")),
		.cursor = value_of(of, "cursor"),
		.emit = on_record,
	};

	system = (struct system){ .name = span_str(wire.web->profile->kind),
		.kind = span_str(wire.web->profile->kind), .enabled = true };
	req.system = &system;
	most = (uint64_t)json_get_int(&doing, of, SPAN("limit"), 0);
	buf_init(&req.checkpoint, 16u << 20, "checkpoint");
	return req;
}

static void
print_end(enum rc rc, struct read_request *req, const struct err *e)
{
	line_begin("end");
	json_put_text(&line, "rc", span_str(rcs[rc]));
	if (rc)
		json_put_text(&line, "error", span_str(e->text));
	if (req) {
		if (wire.clock_at)
			clock_put_member(&line, "covers", req->covers);
		line_raw("checkpoint", buf_view(&req->checkpoint));
		line_flag("whole", req->whole);
		line_flag("lost", req->lost);
		buf_free(&req->checkpoint);
	}
	line_finish();
}

/* `begun`: what setting the talk up came to. */
static enum rc
run(struct talk *t, enum rc begun, bool late, struct err *e)
{
	if (!begun)
		return wire_drive(t, late, e);
	if (t->free)
		t->free(t);
	return begun;
}

static void
do_read(struct talk *t, uint32_t of, bool late)
{
	struct read_request req = request_of(of);
	struct err e = { "" };
	enum rc rc = run(t, wire.web->read(t, &req, &e), late, &e);

	print_end(rc, &req, &e);
}

static struct span *
list_of(uint32_t of, const char *name, size_t *n)
{
	uint32_t list = json_get(&doing, of, span_str(name));
	struct span *out = arena_zero(&arena, 100000 * sizeof *out);

	*n = 0;
	if (!list)
		wire_die(name);
	for (JSON_ITEMS(&doing, list, item))
		out[(*n)++] = json_string(&doing, item, &arena);
	return out;
}

static void
do_fetch(struct talk *t, uint32_t of, bool late)
{
	struct read_request req = request_of(of);
	size_t n;
	struct span *ids = list_of(of, "ids", &n);
	struct err e = { "" };
	enum rc rc = run(t, wire.web->fetch(t, &req, ids, n, &e), late, &e);

	print_end(rc, &req, &e);
}

/* ---- writing ---- */

static struct write_item
item_of(uint32_t of)
{
	struct span kind = text_of(of, "kind");
	struct write_item item = {
		.uid = text_of(of, "uid"), .id = text_of(of, "id"),
		.version = text_of(of, "version"),
		.repeat = json_get_true(&doing, of, SPAN("repeat")),
		.stamp = json_get_true(&doing, of, SPAN("stamp")),
		.data = value_of(of, "data"),
		.expected = value_of(of, "expected"),
	};

	for (size_t i = 0; i < 4; i++)
		if (span_eq(kind, span_str(kinds[i]))) {
			item.kind = (enum write_kind)i;
			return item;
		}
	wire_die("an item of no kind");
	return item;
}

static void
print_item(size_t i, const struct write_item *item)
{
	line_begin("item");
	buf_printf(&line, "\"n\":%zu,\"status\":\"%s\"", i,
	    statuses[item->status]);
	json_put_member(&line, "new_id", item->new_id);
	json_put_member(&line, "new_version", item->new_version);
	if (item->modified)
		clock_put_member(&line, "modified", item->modified);
	json_put_member(&line, "error", span_str(item->error.text));
	line_finish();
}

static void
do_write(struct talk *t, uint32_t of, bool late)
{
	struct web_target to = { text_of(of, "object"), mapping_of(of),
		json_get_true(&doing, of, SPAN("compare")) };
	uint32_t list = json_get(&doing, of, SPAN("items"));
	struct write_item *items;
	struct err e = { "" };
	size_t n = 0;
	enum rc rc;

	if (!list)
		wire_die("no items");
	for (JSON_ITEMS(&doing, list, item))
		n += item > 0;
	items = arena_zero(&arena, n * sizeof *items);
	n = 0;
	for (JSON_ITEMS(&doing, list, item))
		items[n++] = item_of(item);
	rc = run(t, wire.web->write(t, &to, items, n, &arena, &e), late, &e);
	for (size_t i = 0; i < n; i++)
		print_item(i, &items[i]);
	print_end(rc, NULL, &e);
}

/* ---- what it has ---- */

static enum rc
on_field(void *arg, const struct web_field *f, struct err *e)
{
	(void)arg, (void)e;
	line_begin("field");
	json_put_text(&line, "name", f->name);
	json_put_member(&line, "label", f->label);
	json_put_member(&line, "type", f->type);
	json_put_member(&line, "native", f->native);
	json_put_member(&line, "to", f->to);
	line_flag("writable", f->writable);
	line_flag("required", f->required);
	line_flag("unique", f->unique);
	line_flag("custom", f->custom);
	if (f->max_length)
		buf_printf(&line, ",\"max_length\":%zu", f->max_length);
	if (f->option_count)
		BUF_LIT(&line, ",\"options\":{");
	for (size_t i = 0; i < f->option_count; i++) {
		json_put_key(&line, f->options[i].value);
		json_put_string(&line, f->options[i].label);
	}
	if (f->option_count)
		buf_putc(&line, '}');
	line_finish();
	return RC_OK;
}

static void
do_describe(struct talk *t, uint32_t of, bool late)
{
	struct err e = { "" };
	enum rc rc = run(t, wire.web->describe(t, text_of(of, "object"),
	    on_field, NULL, &e), late, &e);

	print_end(rc, NULL, &e);
}

static struct web_wish
wish_of(uint32_t of)
{
	uint32_t options = json_get(&doing, of, SPAN("options"));
	struct web_option *list = arena_zero(&arena, 64 * sizeof *list);
	struct web_wish wish = { .name = text_of(of, "name"),
		.label = text_of(of, "label"),
		.description = text_of(of, "description"),
		.type = text_of(of, "type"), .options = list,
		.unique = json_get_true(&doing, of, SPAN("unique")) };

	if (options)
		for (JSON_EACH(&doing, options, key, value))
			list[wish.option_count++] = (struct web_option){
				json_string(&doing, key, &arena),
				json_string(&doing, value, &arena) };
	return wish;
}

static void
do_setup(struct talk *t, uint32_t of, bool late)
{
	struct web_wish list[64];
	uint32_t from = json_get(&doing, of, SPAN("wishes"));
	struct err e = { "" };
	size_t n = 0;
	enum rc rc;

	if (!from)
		wire_die("no wishes");
	for (JSON_ITEMS(&doing, from, wish))
		list[n++] = wish_of(wish);
	rc = run(t, wire.web->setup(t, text_of(of, "object"), list, n,
	    json_get_true(&doing, of, SPAN("look")), &e), late, &e);
	for (size_t i = 0; i < n; i++) {
		line_begin("wish");
		json_put_text(&line, "name", list[i].name);
		json_put_text(&line, "became",
		    span_str(wishes[list[i].became]));
		line_flag("standard", list[i].standard);
		if (list[i].became == WISH_FAILED)
			json_put_text(&line, "error",
			    span_str(list[i].error.text));
		line_finish();
	}
	print_end(rc, NULL, &e);
}

/* ---- */

static void
start(char **argv)
{
	const struct adapter *a = adapter_find(span_str(argv[0]));
	struct err e;

	if (!a || !a->web)
		wire_die("no such kind");
	wire.web = a->web;
	arena_init(&arena);
	json_init(&doing);
	buf_init(&wire.said, 64u << 20, "transcript");
	buf_init(&line, 16u << 20, "line");
	if (json_parse(&doing, slurp(argv[1]), &e))
		wire_die(e.text);
	wire.script = slurp(argv[2]);
	wire.said_path = argv[3];
	wire.now = clock_now();
}

/* By the order of main's acts. */
static bool
able(size_t act)
{
	const bool can[] = { wire.web->read != NULL, wire.web->fetch != NULL,
		wire.web->write != NULL, wire.web->describe != NULL,
		wire.web->setup != NULL };

	return can[act];
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*act)(struct talk *t, uint32_t of, bool late);
	} acts[] = {
		{ "read", do_read }, { "fetch", do_fetch },
		{ "write", do_write }, { "describe", do_describe },
		{ "setup", do_setup },
	};
	bool late = argc > 1 && strcmp(argv[1], "-l") == 0;
	struct talk talk = { .ahead = 0 };
	int64_t said_now;

	if (argc != 5 + late)
		wire_die("adapter_drive [-l] KIND DO WIRE SAID");
	argv += 1 + late;
	start(argv);
	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
		uint32_t of = json_get(&doing, 0, span_str(acts[i].name));

		if (!of)
			continue;
		if (!able(i))
			wire_die("that kind cannot do that");
		if (clock_parse(text_of(of, "now"), &said_now))
			wire.now = said_now;
		if (!clock_parse(text_of(of, "clock"), &wire.clock_at))
			wire.clock_at = 0;
		talk.now = wire.now;
		acts[i].act(&talk, of, late);
	}
	wire_keep();
	mapping_free(mapping);
	return 0;
}
