/* SPDX-License-Identifier: MIT */
/*
 * filestore_drive: the store from a shell.
 *
 *   filestore_drive read DIR OBJECT [CURSOR]
 *	a line a record: id TAB version TAB modified TAB data, or
 *	"bad" TAB line TAB reason; then "end" TAB whole TAB lost TAB checkpoint
 *   filestore_drive count DIR OBJECT
 *	reads, prints only how many records there are
 *   filestore_drive write DIR OBJECT < operations
 *	fields are parted by TAB, "-" is an empty one:
 *	  create UID DATA
 *	  update ID VERSION DATA EXPECTED
 *	  archive ID VERSION | delete ID VERSION
 *	  make FIRST COUNT BYTES    that many creates, committed each 5000
 *	  touch FIRST COUNT         as many updates
 *	  commit                    answers each operation since the last one:
 *	                            OUTCOME TAB id TAB version [TAB why]
 *	  sleep MILLISECONDS
 *	  abandon                   exit without closing
 *	The end of input commits and closes.
 *
 * Failures go to stderr; the exit code is 10 + rc.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "arena.h"
#include "filestore.h"

#define BATCH 5000

static struct filestore *store;
static struct filestore_result results[BATCH];
static size_t done;

static void
fail(enum rc rc, const struct err *e)
{
	fprintf(stderr, "filestore_drive: %s\n", e->text);
	exit(10 + (int)rc);
}

/* ---- reading ---- */

static enum rc
show(void *arg, const struct filestore_record *r, const struct err *problem,
    struct err *e)
{
	(void)arg;
	(void)e;
	if (problem)
		printf("bad\t%llu\t%s\n", (unsigned long long)r->line,
		    problem->text);
	else
		printf("%.*s\t%.*s\t%.*s\t%.*s\n", SPAN_ARG(r->id),
		    SPAN_ARG(r->version), SPAN_ARG(r->modified),
		    SPAN_ARG(r->data));
	return RC_OK;
}

static enum rc
count(void *arg, const struct filestore_record *r, const struct err *problem,
    struct err *e)
{
	(void)r;
	(void)e;
	*(size_t *)arg += !problem;
	return RC_OK;
}

static int
read_all(char **argv, filestore_emit *emit)
{
	uint64_t bytes_done, bytes_total;
	int64_t as_of;
	size_t n = 0;
	struct buf checkpoint;
	struct filestore_reading r = { .dir = argv[2],
		.object = span_str(argv[3]), .emit = emit, .arg = &n,
		.checkpoint = &checkpoint, .as_of = &as_of,
		.bytes_done = &bytes_done, .bytes_total = &bytes_total };
	struct err e;
	enum rc rc;

	if (argv[4])
		r.cursor = span_str(argv[4]);
	buf_init(&checkpoint, 1024, "checkpoint");
	rc = filestore_read(&r, &e);
	if (rc)
		fail(rc, &e);
	if (emit == count) {
		printf("%zu\n", n);
	} else {
		printf("end\t%d\t%d\t%s", r.whole, r.lost,
		    buf_cstr(&checkpoint));
		if (as_of)
			printf("\t%lld", (long long)as_of);
		putchar('\n');
	}
	buf_free(&checkpoint);
	return 0;
}

/* ---- writing ---- */

/* As a program would: what was done before is merged. */
static void
give_up(enum rc failed, const struct err *why)
{
	struct err e;

	if (filestore_close(store, &e))
		fprintf(stderr, "filestore_drive: close: %s\n", e.text);
	fail(failed, why);
}

static void
commit(void)
{
	static const char *const words[] = { "DONE", "FAILED", "STALE",
		"GONE", "EXISTS" };
	const struct filestore_result *r;
	struct err e;
	enum rc rc = filestore_commit(store, &e);
	size_t i;

	if (rc)
		give_up(rc, &e);
	for (i = 0; i < done; i++) {
		r = &results[i];
		printf("%s\t%.*s\t%.*s", words[r->outcome], SPAN_ARG(r->id),
		    SPAN_ARG(r->version));
		if (r->outcome == FILESTORE_FAILED)
			printf("\t%s", r->why.text);
		putchar('\n');
	}
	fflush(stdout);
	done = 0;
	filestore_begin(store);
}

static void
apply(const struct filestore_change *c)
{
	struct err e;
	enum rc rc = filestore_apply(store, c, &results[done], &e);

	if (rc)
		give_up(rc, &e);
	if (++done == BATCH)
		commit();
}

static struct span
field(char **line)
{
	char *start = *line, *tab = start + strcspn(start, "\t\n");

	*line = *tab ? tab + 1 : tab;
	*tab = '\0';
	return strcmp(start, "-") == 0 ? span_of(NULL, 0) : span_str(start);
}

static unsigned long
number(char **line)
{
	return strtoul(field(line).ptr, NULL, 10);
}

/* Records of about `bytes` bytes, 20 fields each. */
static void
make(char *line)
{
	unsigned long first = number(&line), n = number(&line), i;
	unsigned long bytes = number(&line);
	static char data[1 << 16];
	char id[32];
	size_t len;

	for (i = first; i < first + n; i++) {
		snprintf(id, sizeof id, "crm:Account:%08lu", i);
		len = (size_t)snprintf(data, sizeof data, "{\"name\":"
		    "\"Company %lu\"", i);
		for (int f = 0; len + 140 < bytes && f < 1000; f++)
			len += (size_t)snprintf(data + len,
			    sizeof data - len, ",\"field_%d\":\"value %lu\"",
			    f, i * 7919 % 1000003);
		snprintf(data + len, sizeof data - len, ",\"n\":%lu}", i);
		apply(&(struct filestore_change){ .kind = FILESTORE_CREATE,
		    .uid = span_str(id), .data = span_str(data) });
	}
}

static void
touch(char *line)
{
	unsigned long first = number(&line), n = number(&line), i;
	char id[32], data[64];

	for (i = first; i < first + n; i++) {
		snprintf(id, sizeof id, "crm:Account:%08lu", i);
		snprintf(data, sizeof data, "{\"n\":%lu}", i + 1000000000);
		apply(&(struct filestore_change){ .kind = FILESTORE_UPDATE,
		    .id = span_str(id), .data = span_str(data) });
	}
}

static void
pause_ms(char *line)
{
	unsigned long ms = number(&line);
	struct timespec t = { (time_t)(ms / 1000),
		(long)(ms % 1000) * 1000000 };

	nanosleep(&t, NULL);
}

static void
operate(char *line)
{
	struct span verb = field(&line);
	struct filestore_change c = { 0 };

	if (span_eq(verb, SPAN("commit"))) {
		commit();
		return;
	} else if (span_eq(verb, SPAN("make"))) {
		make(line);
		return;
	} else if (span_eq(verb, SPAN("touch"))) {
		touch(line);
		return;
	} else if (span_eq(verb, SPAN("sleep"))) {
		pause_ms(line);
		return;
	} else if (span_eq(verb, SPAN("abandon"))) {
		_exit(0);
	} else if (span_eq(verb, SPAN("create"))) {
		c.kind = FILESTORE_CREATE;
		c.uid = field(&line);
		c.data = field(&line);
	} else {
		c.kind = span_eq(verb, SPAN("update")) ? FILESTORE_UPDATE :
		    span_eq(verb, SPAN("archive")) ? FILESTORE_ARCHIVE :
		    FILESTORE_DELETE;
		c.id = field(&line);
		c.version = field(&line);
		c.data = field(&line);
		c.expected = field(&line);
	}
	apply(&c);
}

static int
write_all(char **argv)
{
	char *line = NULL;
	size_t room = 0;
	struct err e;
	enum rc rc = filestore_open(&store, argv[2], span_str(argv[3]), &e);

	if (rc)
		fail(rc, &e);
	filestore_begin(store);
	while (getline(&line, &room, stdin) > 0)
		operate(line);
	free(line);
	commit();
	if (filestore_unreadable(store) || filestore_repeated(store))
		fprintf(stderr, "unreadable %llu repeated %llu\n",
		    (unsigned long long)filestore_unreadable(store),
		    (unsigned long long)filestore_repeated(store));
	rc = filestore_close(store, &e);
	if (rc)
		fail(rc, &e);
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc < 4)
		return 2;
	if (strcmp(argv[1], "read") == 0)
		return read_all(argv, show);
	if (strcmp(argv[1], "count") == 0)
		return read_all(argv, count);
	return write_all(argv);
}
