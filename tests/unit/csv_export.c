/* SPDX-License-Identifier: MIT */
/* csv_export: a file written once, row by row, and nothing taken on a lie. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <signal.h>
#include <unistd.h>

#include "adapter.h"
#include "csv_export.h"
#include "mapping.h"
#include "tap.h"

extern const struct adapter adapter_csv;

static char folder[] = "/tmp/unit-export-XXXXXX";
static char path[64];
static struct system target = { .name = SPAN("out"), .kind = SPAN("csv"),
	.enabled = true };
static struct systems systems;
static struct mapping *mapping;
static struct err err;

static void
put_file(const char *name, const char *text)
{
	char full[128];
	FILE *f;

	snprintf(full, sizeof full, "%s/%s", folder, name);
	f = fopen(full, "w");
	if (!f || fputs(text, f) < 0 || fclose(f) != 0)
		abort();
}

static void
is_file(const char *want, const char *name)
{
	char text[4096];
	int fd = open(path, O_RDONLY);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text);

	if (fd >= 0)
		close(fd);
	is(span_of(text, n < 0 ? 0 : (size_t)n), span_str(want), name);
}

static struct write_item
item(enum write_kind kind, const char *uid, const char *data)
{
	return (struct write_item){ .kind = kind, .uid = span_str(uid),
	    .data = span_str(data) };
}

#define HEADER "\"Id\",\"Uid\",\"Name\",\"Amount\"\n"

static void
test_write(void)
{
	struct write_item items[] = {
		item(WRITE_CREATE, "u1", "{\"Name\":\"A, \\\"B\\\"\\n\","
		    "\"Amount\":12.50}"),
		item(WRITE_UPDATE, "u2", "{\"Name\":\"x\"}"),
		item(WRITE_CREATE, "u3", "{\"Name\":\"\",\"Amount\":null}"),
		item(WRITE_DELETE, "u4", "{}"),
		item(WRITE_CREATE, "u5", "{\"Other\":1}"),
		item(WRITE_CREATE, "u6", "not JSON"),
		item(WRITE_CREATE, "u7", "{\"Name\":\"a\\u0000b\"}"),
	};
	struct writer *w;

	ok(!adapter_csv.write_open(&w, &target, SPAN("rows"), mapping, &err),
	    "opens a new file");
	is_file(HEADER, "its header is there");
	ok(!adapter_csv.write(w, items, 7, &err), "writes");
	is_file(HEADER "\"u1\",\"u1\",\"A, \"\"B\"\"\n\",\"12.50\"\n"
	    "\"u3\",\"u3\",\"\",\n\"u5\",\"u5\",,\n", "rows, before the close");
	ok(items[0].status == WRITE_DONE && items[2].status == WRITE_DONE &&
	    items[4].status == WRITE_DONE, "creates are done");
	is(items[0].new_id, SPAN("u1"), "the id is our uid");
	ok(items[1].status == WRITE_FAILED && items[3].status == WRITE_FAILED
	    && strstr(items[1].error.text, "written once"),
	    "update and delete are refused");
	ok(items[5].status == WRITE_FAILED, "and what is no JSON");
	ok(items[6].status == WRITE_FAILED && strstr(items[6].error.text,
	    "Name"), "and a NUL, which no reader takes: %s",
	    items[6].error.text);
	ok(!adapter_csv.write_close(w, &err), "closes");
	ok(adapter_csv.write_open(&w, &target, SPAN("rows"), mapping, &err)
	    == RC_CONFIG && strstr(err.text, "there already"),
	    "does not open it again: %s", err.text);
	ok(w == NULL, "and gives no writer");
	unlink(path);
}

/* A file as long as it may be stands for a full disk. */
static void
test_full(void)
{
	struct rlimit was, small = { 64, RLIM_INFINITY };
	struct write_item one = item(WRITE_CREATE, "u1", "{\"Name\":\"a\"}");
	struct write_item two = item(WRITE_CREATE, "u2",
	    "{\"Name\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}");
	struct writer *w;

	getrlimit(RLIMIT_FSIZE, &was);
	small.rlim_max = was.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	small.rlim_cur = 8;
	setrlimit(RLIMIT_FSIZE, &small);
	ok(adapter_csv.write_open(&w, &target, SPAN("rows"), mapping, &err) ==
	    RC_SYSTEM && access(path, F_OK) != 0, "no room for the header: no "
	    "file: %s", err.text);
	setrlimit(RLIMIT_FSIZE, &was);
	if (adapter_csv.write_open(&w, &target, SPAN("rows"), mapping, &err))
		abort();
	small.rlim_cur = 64;
	setrlimit(RLIMIT_FSIZE, &small);
	ok(!adapter_csv.write(w, &one, 1, &err), "a row that fits");
	ok(adapter_csv.write(w, &two, 1, &err) == RC_SYSTEM, "one that does "
	    "not: %s", err.text);
	ok(two.status != WRITE_DONE, "is not done");
	setrlimit(RLIMIT_FSIZE, &was);
	is_file(HEADER "\"u1\",\"u1\",\"a\",\n", "and taken back");
	ok(!adapter_csv.write(w, &two, 1, &err) && two.status == WRITE_DONE,
	    "with room again it is written");
	ok(!adapter_csv.write_close(w, &err), "closes");
	unlink(path);
}

static void
test_refused(void)
{
	struct system nowhere = target;
	struct writer *w;

	ok(adapter_csv.write_open(&w, &target, SPAN("rows"), NULL, &err) ==
	    RC_CONFIG, "needs a mapping");
	nowhere.path = NULL;
	ok(adapter_csv.write_open(&w, &nowhere, SPAN("rows"), mapping, &err)
	    == RC_CONFIG, "needs a path");
	nowhere.path = "/nonexistent/x.csv";
	ok(adapter_csv.write_open(&w, &nowhere, SPAN("rows"), mapping, &err)
	    == RC_SYSTEM, "needs the folder: %s", err.text);
}

int
main(void)
{
	if (!mkdtemp(folder))
		abort();
	put_file("thing.jq", "{entity: \"thing\", match: [[\"name\"]], fields:"
	    " {name: {type: \"text\"}, amount: {type: \"number\"},"
	    " seen: {type: \"text\"}}}\n");
	put_file("thing.out.jq", "{entity: \"thing\", kind: \"csv\", object:"
	    " \"rows\", id: \"Id\", uid: \"Uid\", fields: {name: {from:"
	    " \"Name\", dir: \"push\"}, amount: {from: \"Amount\", dir:"
	    " \"both\"}, seen: {from: \"Seen\", dir: \"pull\"}}}\n");
	setenv("CRM_MAPPINGS", folder, 1);
	if (!ok(!mapping_load(&mapping, SPAN("thing.out"), &systems, &err),
	    "mapping: %s", err.text))
		return tap_done();
	snprintf(path, sizeof path, "%s/out.csv", folder);
	target.path = path;
	test_write();
	test_full();
	test_refused();
	mapping_free(mapping);
	if (chdir(folder) != 0 || unlink("thing.jq") != 0 ||
	    unlink("thing.out.jq") != 0 || rmdir(folder) != 0)
		perror(folder);
	return tap_done();
}
