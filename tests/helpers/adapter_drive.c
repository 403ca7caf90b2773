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

#include "clock.h"
#include "http_date.h"
#include "http_words.h"
#include "json.h"
#include "mapping.h"
#include "web.h"
#include "xalloc.h"

static const char *const rcs[] = { "ok", "end", "record", "config", "retry",
	"remote", "system", "person", "state" };
static const char *const verdicts[] = { "take", "not done", "failed", "down",
	"auth" };
static const char *const statuses[] = { "none", "done", "failed", "stale",
	"gone", "exists", "unknown", "not sent" };
static const char *const kinds[] = { "create", "update", "archive", "delete" };
static const char *const wishes[] = { "open", "there", "made", "failed" };

static const struct web *web;
static struct arena arena;
static struct json doing;       /* DO */
static struct span script;      /* what is left of WIRE */
static struct buf said, line;
static const char *said_path;
static int64_t now;
static int64_t clock_at; /* what our own clock has; 0: nobody looks at it */
static unsigned asked;
static struct mapping *mapping;
static uint64_t emitted, most;  /* records; most: 0 is all */

static void
write_said(void)
{
	FILE *f = said_path ? fopen(said_path, "wb") : NULL;

	if (!f)
		return;
	if (said.len)
		fwrite(said.ptr, 1, said.len, f);
	fclose(f);
}

static void
die(const char *what)
{
	fprintf(stderr, "adapter_drive: %s\n", what);
	write_said();
	exit(2);
}

static struct span
slurp(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct buf b;
	size_t n;

	if (!f)
		die(path);
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

/* ---- what is printed ---- */

/* `{"WHAT":{` */
static void
begin(const char *what)
{
	buf_reset(&line);
	buf_printf(&line, "{\"%s\":{", what);
}

static void
put_flag(const char *name, bool on)
{
	if (!on)
		return;
	json_put_key(&line, span_str(name));
	BUF_LIT(&line, "true");
}

static void
put_raw(const char *name, struct span json)
{
	if (!json.len)
		return;
	json_put_key(&line, span_str(name));
	buf_span(&line, json);
}

static void
finish(void)
{
	printf("%.*s}}\n", SPAN_ARG(buf_view(&line)));
}

/* ---- the script ---- */

struct scripted {
	struct span status; /* "200", "unknown", "unsent" */
	struct http_answer answer;
};

static struct span
peek_line(struct span s)
{
	const char *end = s.len ? memchr(s.ptr, '\n', s.len) : NULL;

	return span_of(s.ptr, end ? (size_t)(end - s.ptr) : s.len);
}

static void
skip(struct span *s, size_t n)
{
	n = n < s->len ? n : s->len;
	*s = span_of(s->ptr + n, s->len - n);
}

static bool
begins(struct span s, const char *with)
{
	size_t n = strlen(with);

	return s.len >= n && memcmp(s.ptr, with, n) == 0;
}

/* From the first answer to the next request. */
static struct span
next_group(void)
{
	struct span group;

	while (script.len && !begins(script, "> "))
		skip(&script, peek_line(script).len + 1);
	while (script.len && !begins(script, "< "))
		skip(&script, peek_line(script).len + 1);
	group = span_of(script.ptr, 0);
	while (script.len && !begins(script, "> "))
		skip(&script, peek_line(script).len + 1);
	group.len = script.len ? (size_t)(script.ptr - group.ptr) :
	    group.len;
	if (!script.len && group.ptr)
		group.len = (size_t)(script.ptr - group.ptr);
	return group;
}

/* Takes one answer off the group's front. */
static bool
take_scripted(struct span *group, struct scripted *out)
{
	struct http_answer *a = &out->answer;
	struct span l = peek_line(*group);

	if (!begins(l, "< "))
		return false;
	out->status = span_of(l.ptr + 2, l.len - 2);
	buf_reset(&a->headers);
	buf_reset(&a->body);
	skip(group, l.len + 1);
	for (l = peek_line(*group); begins(l, "< ") &&
	    memchr(l.ptr, ':', l.len); l = peek_line(*group)) {
		buf_put(&a->headers, l.ptr + 2, l.len - 2);
		buf_putc(&a->headers, '\n');
		skip(group, l.len + 1);
	}
	for (; group->len && !begins(l, "< "); l = peek_line(*group)) {
		if (a->body.len)
			buf_putc(&a->body, '\n');
		buf_span(&a->body, l);
		skip(group, l.len + 1);
	}
	return true;
}

/* ---- requests ---- */

struct slot {
	struct web_ask ask;
	struct span group;
	unsigned number;
};

static void
write_request(struct slot *s)
{
	static const char *const repeats[] = { "", " idempotent", " once" };
	const struct web_ask *ask = &s->ask;

	if (!ask->method || !ask->path.len)
		die("a request without a method or a path");
	buf_printf(&said, "> %s %.*s\n", ask->method,
	    SPAN_ARG(buf_view(&ask->path)));
	if (ask->repeat || ask->lane || ask->cost > 1 || ask->wait) {
		BUF_LIT(&said, ">");
		buf_printf(&said, "%s", repeats[ask->repeat]);
		if (ask->lane)
			buf_printf(&said, " lane=%u", ask->lane);
		if (ask->cost > 1)
			buf_printf(&said, " cost=%u", ask->cost);
		if (ask->wait)
			buf_printf(&said, " wait=%lld", (long long)ask->wait);
		buf_putc(&said, '\n');
	}
	if (ask->type && strcmp(ask->type, "application/json") != 0)
		buf_printf(&said, "> %s\n", ask->type);
	if (ask->body.len && !ask->type)
		die("a body without a type");
	if (ask->body.len)
		buf_printf(&said, "+ %.*s\n", SPAN_ARG(buf_view(&ask->body)));
	s->group = next_group();
	s->number = ++asked;
	if (!s->group.len)
		BUF_LIT(&said, "< none is left\n");
	buf_span(&said, s->group);
}

/* ---- as lib/http does ---- */

struct ending {
	enum rc rc;
	struct err e;
	bool over, maybe;
};

static void
read_head(struct http_answer *a)
{
	if (!http_date_parse(http_answer_header(a, SPAN("date")), &a->date))
		a->date = 0;
	a->retry_after = http_date_retry_after(http_answer_header(a,
	    SPAN("retry-after")), a->date ? a->date : now);
}

static void
say_status(const struct http_answer *a, struct err *e)
{
	struct buf words;

	buf_init(&words, ERR_TEXT, "words");
	if (a->status >= 300)
		http_words_put(&words, buf_view(&a->body));
	err_set(e, RC_OK, "HTTP %d%s%.*s", a->status, words.len ? ": " : "",
	    (int)words.len, words.ptr ? words.ptr : "");
	buf_free(&words);
}

static void
print_verdict(const struct slot *s, const struct http_answer *a,
    enum http_verdict v, int64_t wait, const struct err *e)
{
	struct budget_told told = { .lane = s->ask.lane, .daily = -1,
		.left_today = -1 };
	int64_t left;

	if (web->limits)
		web->limits(a, &told);
	left = told.left_today;
	if (v == HTTP_TAKE && a->status < 300 && left < 0)
		return;
	begin("answer");
	buf_printf(&line, "\"to\":%u,\"status\":%d,\"verdict\":\"%s\"",
	    s->number, a->status, verdicts[v]);
	if (wait >= 0)
		buf_printf(&line, ",\"wait\":%lld", (long long)wait);
	if (left >= 0)
		buf_printf(&line, ",\"left_today\":%lld", (long long)left);
	if (a->status >= 300 || v)
		json_put_text(&line, "error", span_str(e->text));
	finish();
}

static void
judge(const struct slot *s, struct http_answer *a, struct ending *end,
    bool more)
{
	http_judge *how = web->judge ? web->judge : http_judge_status;
	enum http_verdict v;
	int64_t wait;

	read_head(a);
	say_status(a, &end->e);
	wait = a->retry_after;
	v = how(NULL, a, &wait, &end->e);
	print_verdict(s, a, v, wait, &end->e);
	end->over = v == HTTP_TAKE || v == HTTP_DOWN || !more;
	end->rc = v == HTTP_TAKE ? RC_OK : v == HTTP_DOWN || v == HTTP_AUTH ?
	    RC_REMOTE : RC_RETRY;
	end->maybe |= v == HTTP_FAILED;
	if (v == HTTP_FAILED && s->ask.repeat == HTTP_ONCE && more)
		die("what must be sent once has a second answer");
}

static void
break_off(struct http_answer *a, struct span how, struct ending *end,
    bool more)
{
	a->status = 0;
	end->over = !more;
	if (span_eq(how, SPAN("unsent"))) {
		a->outcome = HTTP_UNSENT;
		end->rc = err_set(&end->e, RC_REMOTE, "nothing was sent");
	} else if (span_eq(how, SPAN("unknown"))) {
		a->outcome = HTTP_UNKNOWN;
		end->maybe = true;
		end->rc = err_set(&end->e, RC_RETRY, "no answer came");
	} else {
		die("an answer that is no status, \"unknown\" or \"unsent\"");
	}
}

/* All attempts: what the talk is given. */
static void
exchange(struct slot *s, struct scripted *c, struct ending *end)
{
	struct http_answer *a = &c->answer;

	*end = (struct ending){ .over = false };
	a->attempts = 0;
	while (!end->over && take_scripted(&s->group, c)) {
		bool more = begins(s->group, "< ");

		a->attempts++;
		a->status = atoi(c->status.ptr);
		a->outcome = HTTP_ANSWERED;
		if (a->status >= 200)
			judge(s, a, end, more);
		else
			break_off(a, c->status, end, more);
	}
	if (!a->attempts)
		die("a request the script has no answer to");
	if (begins(s->group, "< "))
		die("an attempt after the last");
	if (end->rc && end->maybe)
		a->outcome = HTTP_UNKNOWN;
}

/* ---- the talk ---- */

static enum rc
give(struct talk *t, struct slot *s, struct err *e)
{
	static struct scripted c;
	struct ending end;

	if (!c.answer.body.what)
		http_answer_init(&c.answer);
	exchange(s, &c, &end);
	if (c.answer.date)
		now = c.answer.date;
	t->now = now;
	t->lead = clock_at ? now - clock_at : 0;
	return t->take(t, &s->ask, &c.answer, end.rc, &end.e, e);
}

static struct slot *
new_slot(void)
{
	struct slot *s = xcalloc(1, sizeof *s);

	buf_init(&s->ask.path, LIMIT_URL, "web address");
	buf_init(&s->ask.body, LIMIT_ANSWER, "request");
	return s;
}

static void
free_slot(struct slot *s)
{
	buf_free(&s->ask.path);
	buf_free(&s->ask.body);
	free(s);
}

#define AHEAD 64

static enum rc
drive(struct talk *t, bool late, struct err *e)
{
	struct slot *slots[AHEAD];
	size_t room = late && t->ahead ? t->ahead : 1, count = 0;
	enum rc rc = RC_OK, more;

	room = room < AHEAD ? room : AHEAD;
	for (;;) {
		for (more = RC_OK; !rc && !more && count < room;) {
			struct slot *s = new_slot();

			t->now = now;
			more = t->next(t, &s->ask, e);
			if (more && more != RC_END)
				rc = more;
			if (!more)
				write_request(s);
			if (!more)
				slots[count++] = s;
			else
				free_slot(s);
		}
		if (!count)
			break;
		if (!rc)
			rc = give(t, slots[0], e);
		free_slot(slots[0]);
		count--;
		memmove(slots, slots + 1, count * sizeof *slots);
	}
	if (t->free)
		t->free(t);
	return rc == RC_END ? RC_OK : rc;
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
		die(e.text);
	return mapping;
}

static enum rc
on_record(void *arg, const struct read_record *r, const struct err *problem,
    struct err *e)
{
	(void)arg, (void)e;
	if (most && emitted++ == most)
		return RC_END;
	begin("record");
	json_put_member(&line, "id", r->id);
	json_put_member(&line, "modified", r->modified);
	json_put_member(&line, "version", r->version);
	put_flag("deleted", r->deleted);
	put_flag("missing", r->missing);
	put_flag("if_known", r->if_known);
	if (problem)
		json_put_text(&line, "problem", span_str(problem->text));
	put_raw("times", r->times);
	if (problem)
		json_put_member(&line, "data", r->data);
	else
		put_raw("data", r->data);
	finish();
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

	system = (struct system){ .name = span_str(web->profile->kind),
		.kind = span_str(web->profile->kind), .enabled = true };
	req.system = &system;
	most = (uint64_t)json_get_int(&doing, of, SPAN("limit"), 0);
	buf_init(&req.checkpoint, 16u << 20, "checkpoint");
	return req;
}

static void
print_end(enum rc rc, struct read_request *req, const struct err *e)
{
	begin("end");
	json_put_text(&line, "rc", span_str(rcs[rc]));
	if (rc)
		json_put_text(&line, "error", span_str(e->text));
	if (req) {
		if (clock_at)
			clock_put_member(&line, "covers", req->covers);
		put_raw("checkpoint", buf_view(&req->checkpoint));
		put_flag("whole", req->whole);
		put_flag("lost", req->lost);
		buf_free(&req->checkpoint);
	}
	finish();
}

/* `begun`: what setting the talk up came to. */
static enum rc
run(struct talk *t, enum rc begun, bool late, struct err *e)
{
	if (!begun)
		return drive(t, late, e);
	if (t->free)
		t->free(t);
	return begun;
}

static void
do_read(struct talk *t, uint32_t of, bool late)
{
	struct read_request req = request_of(of);
	struct err e = { "" };
	enum rc rc = run(t, web->read(t, &req, &e), late, &e);

	print_end(rc, &req, &e);
}

static struct span *
list_of(uint32_t of, const char *name, size_t *n)
{
	uint32_t list = json_get(&doing, of, span_str(name));
	struct span *out = arena_zero(&arena, 100000 * sizeof *out);

	*n = 0;
	if (!list)
		die(name);
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
	enum rc rc = run(t, web->fetch(t, &req, ids, n, &e), late, &e);

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
	die("an item of no kind");
	return item;
}

static void
print_item(size_t i, const struct write_item *item)
{
	begin("item");
	buf_printf(&line, "\"n\":%zu,\"status\":\"%s\"", i,
	    statuses[item->status]);
	json_put_member(&line, "new_id", item->new_id);
	json_put_member(&line, "new_version", item->new_version);
	if (item->modified)
		clock_put_member(&line, "modified", item->modified);
	json_put_member(&line, "error", span_str(item->error.text));
	finish();
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
		die("no items");
	for (JSON_ITEMS(&doing, list, item))
		n += item > 0;
	items = arena_zero(&arena, n * sizeof *items);
	n = 0;
	for (JSON_ITEMS(&doing, list, item))
		items[n++] = item_of(item);
	rc = run(t, web->write(t, &to, items, n, &arena, &e), late, &e);
	for (size_t i = 0; i < n; i++)
		print_item(i, &items[i]);
	print_end(rc, NULL, &e);
}

/* ---- what it has ---- */

static enum rc
on_field(void *arg, const struct web_field *f, struct err *e)
{
	(void)arg, (void)e;
	begin("field");
	json_put_text(&line, "name", f->name);
	json_put_member(&line, "label", f->label);
	json_put_member(&line, "type", f->type);
	json_put_member(&line, "native", f->native);
	json_put_member(&line, "to", f->to);
	put_flag("writable", f->writable);
	put_flag("required", f->required);
	put_flag("unique", f->unique);
	put_flag("custom", f->custom);
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
	finish();
	return RC_OK;
}

static void
do_describe(struct talk *t, uint32_t of, bool late)
{
	struct err e = { "" };
	enum rc rc = run(t, web->describe(t, text_of(of, "object"), on_field,
	    NULL, &e), late, &e);

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
		die("no wishes");
	for (JSON_ITEMS(&doing, from, wish))
		list[n++] = wish_of(wish);
	rc = run(t, web->setup(t, text_of(of, "object"), list, n,
	    json_get_true(&doing, of, SPAN("look")), &e), late, &e);
	for (size_t i = 0; i < n; i++) {
		begin("wish");
		json_put_text(&line, "name", list[i].name);
		json_put_text(&line, "became",
		    span_str(wishes[list[i].became]));
		put_flag("standard", list[i].standard);
		if (list[i].became == WISH_FAILED)
			json_put_text(&line, "error",
			    span_str(list[i].error.text));
		finish();
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
		die("no such kind");
	web = a->web;
	arena_init(&arena);
	json_init(&doing);
	buf_init(&said, 64u << 20, "transcript");
	buf_init(&line, 16u << 20, "line");
	if (json_parse(&doing, slurp(argv[1]), &e))
		die(e.text);
	script = slurp(argv[2]);
	said_path = argv[3];
	now = clock_now();
}

/* By the order of main's acts. */
static bool
able(size_t act)
{
	const bool can[] = { web->read != NULL, web->fetch != NULL,
		web->write != NULL, web->describe != NULL,
		web->setup != NULL };

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
		die("adapter_drive [-l] KIND DO WIRE SAID");
	argv += 1 + late;
	start(argv);
	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
		uint32_t of = json_get(&doing, 0, span_str(acts[i].name));

		if (!of)
			continue;
		if (!able(i))
			die("that kind cannot do that");
		if (clock_parse(text_of(of, "now"), &said_now))
			now = said_now;
		if (!clock_parse(text_of(of, "clock"), &clock_at))
			clock_at = 0;
		talk.now = now;
		acts[i].act(&talk, of, late);
	}
	write_said();
	mapping_free(mapping);
	return 0;
}
