/* SPDX-License-Identifier: MIT */
#include "audit_read.h"

#include <fcntl.h>

#include "scratch.h"
#include "tap.h"

static struct err why;
static struct state *state;

static void
give_up(const char *text)
{
	printf("Bail out! %s\n", text);
	exit(1);
}

static void
must(enum rc rc)
{
	if (rc && rc != RC_END)
		give_up(why.text);
}

/* A transaction that says `n` things; -1: it fails before its commit. */
static void
say(struct audit *a, int n, bool commit)
{
	struct txn t;

	must(txn_begin(&t, state, true, &why));
	must(audit_begin(a, &t, &why));
	for (int i = 0; i < n; i++) {
		struct buf *b = audit_line(a, "test");

		buf_printf(b, ",\"i\":%d", i);
		if (i % 2)
			buf_printf(audit_values(a), "{\"name\":\"N%d\"}", i);
		audit_end(a);
	}
	must(audit_put(a, &t, &why));
	if (commit)
		must(txn_commit(&t, &why));
	txn_abort(&t);
}

struct found {
	uint64_t lines, wrong, voids, behind;
};

/* The chain as the reader sees it. */
static struct found
follow(void)
{
	struct audit_hash *h = audit_hash_new();
	struct audit_reader r;
	struct audit_entry entry;
	struct audit_claim c;
	struct audit_place end;
	struct found f = { 0 };
	struct txn t;
	struct json j;
	unsigned char key[AUDIT_HASH] = { 0 }, last[AUDIT_HASH] = { 0 };
	char hex[AUDIT_HASH_TEXT];
	enum rc rc;

	must(txn_begin(&t, state, false, &why));
	must(audit_place_get(&t, &end, &why));
	must(audit_key_get(&t, key, &why));
	txn_abort(&t);
	audit_hash_key(h, key);
	json_init(&j);
	must(audit_read_open(&r, &end, "", &why));
	for (rc = audit_read_next(&r, &entry, &why); rc == RC_OK;
	    rc = audit_read_next(&r, &entry, &why)) {
		audit_hash_text(last, AUDIT_HASH, hex);
		f.lines++;
		if (audit_claim(&j, entry.text, &c, &why) || c.n != f.lines ||
		    !span_eq(c.prev, span_of(hex, sizeof hex)) ||
		    !audit_claim_holds(h, entry.text, &c)) {
			f.wrong++;
			continue;
		}
		f.voids += span_eq(c.type, SPAN("void"));
		audit_claim_hash(h, entry.text, &c, last);
	}
	f.wrong += rc != RC_END || f.lines != end.n ||
	    memcmp(last, end.hash, AUDIT_HASH) != 0;
	f.behind = r.behind;
	audit_read_close(&r);
	json_free(&j);
	audit_hash_free(h);
	return f;
}

static void
test_chain(void)
{
	struct audit *a = audit_new(), *b = audit_new();
	struct found f;

	say(a, 0, true);
	f = follow();
	ok(f.lines == 0 && !f.wrong, "nothing said, nothing written");
	say(a, 3, true);
	say(b, 2, true);
	say(a, 1, true);
	f = follow();
	ok(f.lines == 6 && !f.wrong, "two programs append to one chain");
	audit_free(a);
	audit_free(b);
}

static void
test_void(void)
{
	struct audit *a = audit_new();
	struct found f;

	say(a, 2, false);
	f = follow();
	ok(f.lines == 6 && !f.wrong && f.behind, "what was not committed is "
	    "behind the end");
	say(a, 1, true);
	f = follow();
	ok(f.lines == 8 && !f.wrong && f.voids == 1 && !f.behind,
	    "the next to append says that it is void");
	say(a, 1, false);
	say(a, 1, false);
	say(a, 1, true);
	f = follow();
	ok(f.lines == 10 && !f.wrong && f.voids == 2, "a void line that never "
	    "came to pass is void too");
	audit_free(a);
}

/* A line cut in the middle: the disk was full, or power went. */
static void
test_cut(const char *day)
{
	struct audit *a = audit_new();
	char path[AUDIT_PATH];
	struct found f;
	int fd;

	audit_path(path, day);
	fd = open(path, O_WRONLY | O_APPEND);
	if (fd < 0 || write(fd, "{\"prev\":\"00", 11) != 11)
		give_up("append");
	close(fd);
	say(a, 2, true);
	f = follow();
	ok(f.lines == 13 && !f.wrong && f.voids == 3, "so is half a line");
	audit_free(a);
}

/* A transaction that began a day and failed, with or without more days. */
static void
test_days(void)
{
	char path[AUDIT_PATH];
	struct audit *a = audit_new();
	struct found f;
	int fd;

	audit_path(path, "2026-11-19");
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	close(fd);
	ok(follow().wrong == 0, "an empty file of a day is none");
	unlink(path);
	audit_path(path, "2026-11-21");
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	if (fd < 0 || write(fd, "{}\n", 3) != 3)
		give_up("append");
	close(fd);
	f = follow();
	ok(!f.wrong && f.behind == 3, "a later day than the end's never came "
	    "to pass");
	say(a, 1, true);
	ok(follow().wrong == 0, "nor does it now");
	audit_free(a);
}

static void
test_group(void)
{
	struct audit *a = audit_new();
	struct audit_reader r;
	struct audit_entry entry;
	struct audit_place end;
	struct txn t;
	struct json j;
	uint64_t lines = 0, records = 0;
	char uid[32];

	must(txn_begin(&t, state, true, &why));
	must(audit_begin(a, &t, &why));
	must(audit_place_get(&t, &end, &why));
	for (int i = 0; i < 10000; i++) {
		snprintf(uid, sizeof uid, "u\"%d", i);
		audit_group(a, "created", i < 5000 ? SPAN("\"from\":\"a\"") :
		    SPAN("\"from\":\"b\""), span_str(uid), SPAN("\"x\""));
	}
	must(audit_put(a, &t, &why));
	must(txn_commit(&t, &why));
	must(txn_begin(&t, state, false, &why));
	lines = end.n;
	must(audit_place_get(&t, &end, &why));
	lines = end.n - lines;
	txn_abort(&t);
	json_init(&j);
	must(audit_read_open(&r, &end, "", &why));
	while (audit_read_next(&r, &entry, &why) == RC_OK) {
		uint32_t at;

		must(json_parse(&j, entry.text, &why));
		at = json_get(&j, 0, SPAN("records"));
		if (at)
			for (JSON_EACH(&j, at, key, value))
				records++;
	}
	audit_read_close(&r);
	json_free(&j);
	ok(records == 10000 && lines == 4, "10,000 records in 4 lines");
	ok(follow().wrong == 0, "which are of the chain");
	audit_free(a);
}

static void
test_broken(void)
{
	static const char prev[] = "{\"prev\":\"0000000000000000000000000000000"
	    "000000000000000000000000000000000\"";
	static const char *const tails[] = { "}", ",\"n\":1}",
		",\"n\":0,\"type\":\"x\"}", ",\"n\":\"1\",\"type\":\"x\"}",
		",\"n\":1,\"type\":2}", ",\"n\":-1,\"type\":\"x\"}",
		",\"n\":1,\"type\":\"x\",\"values\":{}}",
		",\"n\":1,\"type\":\"x\",\"salt\":\"00\"}",
		",\"n\":1,\"type\":\"x\",\"n\":2}", "" };
	static const char *const lines[] = { "", "[]", "1", "{}", "null",
		"{\"n\":1,\"type\":\"x\",\"prev\":\"00\"}",
		"{\"n\":1,\"type\":\"x\",\"prev\":null}", "\xff" };
	struct audit_claim c;
	struct json j;
	bool all = true;
	char text[256];

	json_init(&j);
	for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
		snprintf(text, sizeof text, "%s%s", prev, tails[i]);
		all &= audit_claim(&j, span_str(text), &c, &why) == RC_RECORD;
	}
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		all &= audit_claim(&j, span_str(lines[i]), &c, &why) ==
		    RC_RECORD;
	snprintf(text, sizeof text, "%s,\"n\":1,\"type\":\"x\"}", prev);
	ok(all && audit_claim(&j, span_str(text), &c, &why) == RC_OK,
	    "what is no line of an audit is told from one");
	json_free(&j);
	ok(audit_is_file("2026-11-20.ndjson") && !audit_is_file("x") &&
	    !audit_is_file("2026-11-2a.ndjson") &&
	    !audit_is_file("2026-11-20.ndjson~"), "and its files from others");
}

int
main(void)
{
	setenv("CRM_NOW", "2026-11-20T12:00:00Z", 1);
	setenv("CRM_RUN", "test-run", 1);
	state = scratch_state();
	test_chain();
	test_void();
	test_cut("2026-11-20");
	test_days();
	test_group();
	test_broken();
	state_close(state);
	return tap_done();
}
