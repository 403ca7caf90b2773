/* SPDX-License-Identifier: MIT */
/* The kind `file`, called as crm-extract and crm-load call it. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "adapter.h"
#include "tap.h"

static char dir[] = "/tmp/adapter_file.XXXXXX";
static struct system app;
static const struct adapter *file;
static char log_text[4096];

static struct write_item
item(enum write_kind kind, const char *uid, const char *id, const char *data)
{
	return (struct write_item){ .kind = kind, .uid = span_str(uid),
		.id = span_str(id), .data = span_str(data) };
}

/* "DONE u1 1.…; …": statuses and ids of a batch in one text. */
static struct span
statuses(const struct write_item *items, size_t n)
{
	static const char *const words[] = { "none", "done", "failed",
		"stale", "gone", "exists", "unknown" };
	static char text[512];
	size_t len = 0, i;

	for (i = 0; i < n; i++)
		len += (size_t)snprintf(text + len, sizeof text - len,
		    "%s %.*s;", words[items[i].status],
		    SPAN_ARG(items[i].new_id));
	return span_of(text, len);
}

static enum rc
note(void *arg, const struct read_record *rec, const struct err *problem,
    struct err *e)
{
	size_t *left = arg, len = strlen(log_text);

	(void)e;
	if ((*left)-- == 0)
		return RC_END;
	snprintf(log_text + len, sizeof log_text - len, "%s%.*s;",
	    problem ? "bad" : "", SPAN_ARG(rec->id));
	return RC_OK;
}

static enum rc
read_object(struct read_request *req, size_t most, struct err *e)
{
	log_text[0] = '\0';
	req->system = &app;
	req->object = SPAN("customer");
	req->emit = note;
	req->arg = &most;
	buf_init(&req->checkpoint, 4096, "checkpoint");
	return file->read(req, e);
}

static void
test_registry(void)
{
	size_t i, n = 0;

	for (i = 0; kind_at(i); i++)
		n += kind_find(span_str(kind_at(i)->name)) == kind_at(i) &&
		    adapter_find(span_str(kind_at(i)->name))->kind ==
		    kind_at(i);
	ok(n == i && n >= 2, "all %zu kinds are found by name", n);
	ok(kind_at(i + 1) == NULL, "nothing after the last");
	ok(!adapter_find(SPAN("nothing")) && !adapter_find(SPAN("")) &&
	    !adapter_find(SPAN("fil")), "nothing else is found");
	ok(file->batch_max > 1 && file->kind->caps == (CAP_LIST_IS_ALL |
	    CAP_IF_MATCH | CAP_CREATE_BY_UID | CAP_ARCHIVE | CAP_DELETE |
	    CAP_CURSOR | CAP_CURRENT | CAP_WRITE),
	    "what the store can do");
}

static void
test_write(void)
{
	struct write_item first[] = {
		item(WRITE_CREATE, "u1", "", "{\"name\":\"A\"}"),
		item(WRITE_CREATE, "u2", "", "{\"name\":\"B\"}"),
		item(WRITE_CREATE, "u1", "", "{\"name\":\"C\"}"),
		item(WRITE_CREATE, "", "", "{}"),
	};
	struct write_item second[] = {
		item(WRITE_UPDATE, "u1", "u1", "{\"name\":\"AA\"}"),
		item(WRITE_UPDATE, "u9", "u9", "{\"name\":\"X\"}"),
		item(WRITE_ARCHIVE, "u2", "u2", ""),
		item(WRITE_DELETE, "u9", "u9", ""),
		item(WRITE_DELETE, "u2", "u2", ""),
	};
	struct writer *w, *other;
	struct err e;

	ok(!file->write_open(&w, &app, SPAN("customer"), NULL, &e), "opens");
	ok(file->write_open(&other, &app, SPAN("customer"), NULL, &e) ==
	    RC_RETRY && !other, "once: %s", e.text);
	ok(!file->write(w, first, 4, &e), "a batch");
	is(statuses(first, 4), SPAN("done u1;done u2;exists u1;failed ;"),
	    "creates");
	ok(first[0].new_version.len > 8 && first[0].modified > 0,
	    "with version and time");
	second[0].version = SPAN("1.00000000");
	ok(!file->write(w, second, 5, &e), "another");
	is(statuses(second, 5), SPAN("stale u1;gone u9;done u2;done u9;"
	    "done u2;"), "the other kinds");
	ok(!file->write_close(w, &e), "closes");
	ok(!file->write_close(NULL, &e), "nothing to close");
}

static void
test_read(void)
{
	struct read_request req = { 0 };
	struct err e;

	ok(!read_object(&req, 100, &e) && req.whole && !req.lost, "reads");
	is(span_str(log_text), SPAN("u1;"), "what is there");
	ok(req.bytes_done == req.bytes_total && req.bytes_total > 0,
	    "to the last byte");
	buf_free(&req.checkpoint);
	req = (struct read_request){ 0 };
	ok(read_object(&req, 0, &e) == RC_END && !req.whole &&
	    req.checkpoint.len == 0, "stopped: not whole, no checkpoint");
	buf_free(&req.checkpoint);
}

static void
test_no_path(void)
{
	struct system bare = { .name = SPAN("app"), .kind = SPAN("file") };
	struct writer *w;
	struct err e;

	ok(file->write_open(&w, &bare, SPAN("customer"), NULL, &e) ==
	    RC_CONFIG && !w, "no path: %s", e.text);
}

static void
clean(void)
{
	struct dirent *entry;
	DIR *d = opendir(dir);

	if (!d || chdir(dir) != 0)
		return;
	for (entry = readdir(d); entry; entry = readdir(d))
		if (entry->d_name[0] != '.')
			unlink(entry->d_name);
	closedir(d);
	rmdir(dir);
}

int
main(void)
{
	if (!mkdtemp(dir))
		return 3;
	app = (struct system){ .name = SPAN("app"), .kind = SPAN("file"),
		.path = dir, .enabled = true };
	file = adapter_find(SPAN("file"));
	test_registry();
	test_write();
	test_read();
	test_no_path();
	clean();
	return tap_done();
}
