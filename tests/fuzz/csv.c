/* SPDX-License-Identifier: MIT */
/*
 * Whatever the file, each record the csv adapter gives has an id and is one
 * valid JSON object; and (tried for one file in 16) the same bytes behind more
 * than a block of good rows give the same records.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "adapter.h"
#include "hash.h"
#include "json.h"
#include "limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct adapter adapter_csv;

struct seen {
	uint64_t records, bad, digest;
};

static struct json json;
static struct err err;

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static enum rc
on_record(void *arg, const struct read_record *rec, const struct err *problem,
    struct err *e)
{
	struct seen *seen = arg;

	(void)e;
	if (problem) {
		must(problem->text[0] != '\0');
		seen->bad++;
		return RC_OK;
	}
	must(rec->id.len > 0 && rec->id.len <= LIMIT_ID);
	must(json_parse(&json, rec->data, &err) == RC_OK);
	must(json_kind(&json, 0) == JSON_OBJECT);
	/* the filling rows say so */
	if (span_eq(rec->id, SPAN("filling")))
		return RC_OK;
	seen->records++;
	seen->digest = hash64(rec->data, seen->digest);
	return RC_OK;
}

/* A file of three parts, read; what the adapter returned. */
static enum rc
read_parts(const struct span *parts, struct seen *seen)
{
	char path[] = "/tmp/fuzz-csv-XXXXXX";
	struct system system = { .name = SPAN("s"), .kind = SPAN("csv"),
	    .path = path, .enabled = true };
	struct read_request req = { .system = &system, .object = SPAN("o"),
	    .emit = on_record, .arg = seen };
	int fd = mkstemp(path);
	size_t i;
	enum rc rc;

	must(fd >= 0);
	for (i = 0; i < 3; i++)
		must(write(fd, parts[i].ptr, parts[i].len) ==
		    (ssize_t)parts[i].len);
	close(fd);
	rc = adapter_csv.read(&req, &err);
	unlink(path);
	must(req.whole == (rc == RC_OK));
	return rc;
}

static struct span
filling(void)
{
	static char text[READ_BLOCK + 4096];
	static const char row[] = "filling,\"a\n, \"\"b\"\" \",c\n";
	size_t n;

	if (text[0])
		return span_of(text, strlen(text));
	for (n = 0; n + sizeof row < sizeof text; n += sizeof row - 1)
		memcpy(text + n, row, sizeof row);
	return span_of(text, n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span whole = span_of((const char *)data, size);
	struct span header = SPAN("id,a,b\n"), none = SPAN("");
	struct seen alone = { 0, 0, 0 }, placed = { 0, 0, 0 };
	struct seen as_is = { 0, 0, 0 };
	enum rc one, two;

	if (!json.nodes)
		json_init(&json);
	/* as it is, and behind a header that is no matter of doubt */
	(void)!read_parts((struct span[]){ whole, none, none }, &as_is);
	if (hash64(whole, 0) % 16 > 0)
		return 0;
	one = read_parts((struct span[]){ header, none, whole }, &alone);
	two = read_parts((struct span[]){ header, filling(), whole }, &placed);
	must(one == two && alone.records == placed.records &&
	    alone.bad == placed.bad && alone.digest == placed.digest);
	return 0;
}
