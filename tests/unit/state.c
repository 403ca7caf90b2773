/* SPDX-License-Identifier: MIT */
#include "state.h"

#include <fcntl.h>

#include "scratch.h"
#include "tap.h"

static struct err why;

static enum rc
put(struct state *s, struct span key, struct span value)
{
	struct txn t;
	enum rc rc = txn_begin(&t, s, true, &why);

	if (!rc)
		rc = txn_put(&t, TABLE_TODO, key, value, &why);
	if (!rc)
		rc = txn_commit(&t, &why);
	txn_abort(&t);
	return rc;
}

static bool
has(struct state *s, struct span key, struct span value)
{
	struct txn t;
	struct span got;
	bool same = txn_begin(&t, s, false, &why) == RC_OK &&
	    txn_get(&t, TABLE_TODO, key, &got, &why) == RC_OK &&
	    span_eq(got, value);

	txn_abort(&t);
	return same;
}

static void
test_transactions(struct state *s)
{
	struct txn t;
	struct span got;
	char key[LIMIT_KEY + 1];

	memset(key, 'k', sizeof key);
	ok(!put(s, SPAN("a"), SPAN("1")) && has(s, SPAN("a"), SPAN("1")),
	    "a committed row is there");
	ok(!txn_begin(&t, s, true, &why) &&
	    !txn_put(&t, TABLE_TODO, SPAN("a"), SPAN("2"), &why),
	    "a change");
	txn_abort(&t);
	txn_abort(&t);
	ok(has(s, SPAN("a"), SPAN("1")), "aborted changes nothing");
	ok(!put(s, span_of(key, LIMIT_KEY), SPAN("long")), "a long key");
	ok(put(s, span_of(key, LIMIT_KEY + 1), SPAN("")) == RC_RECORD,
	    "too long a key is that record's fault");
	ok(put(s, SPAN(""), SPAN("")) == RC_RECORD, "so is none");
	ok(!txn_begin(&t, s, true, &why) &&
	    !txn_del(&t, TABLE_TODO, SPAN("a"), &why) &&
	    !txn_del(&t, TABLE_TODO, SPAN("never"), &why) &&
	    txn_get(&t, TABLE_TODO, SPAN("a"), &got, &why) == RC_END &&
	    !txn_commit(&t, &why), "deleted, also what was not there");
	txn_abort(&t);
}

static void
test_snapshot(struct state *s)
{
	struct txn t;
	struct span got;

	put(s, SPAN("snap"), SPAN("old"));
	ok(!txn_begin(&t, s, false, &why), "a snapshot");
	put(s, SPAN("snap"), SPAN("new"));
	ok(!txn_get(&t, TABLE_TODO, SPAN("snap"), &got, &why) &&
	    span_eq(got, SPAN("old")), "shows what was");
	ok(!txn_renew(&t, &why) &&
	    !txn_get(&t, TABLE_TODO, SPAN("snap"), &got, &why) &&
	    span_eq(got, SPAN("new")), "and renewed, what is");
	txn_abort(&t);
}

static void
test_names(struct state *s)
{
	struct txn t;
	uint32_t a = 0, b = 0, c = 0, found;

	ok(!txn_begin(&t, s, true, &why) &&
	    !name_intern(&t, SPAN("name"), &a, &why) &&
	    !name_intern(&t, SPAN("city"), &b, &why) &&
	    !name_intern(&t, SPAN("name"), &c, &why) && a == c && a != b &&
	    !txn_commit(&t, &why), "a name has one number");
	ok(!txn_begin(&t, s, true, &why) &&
	    !name_intern(&t, SPAN("lost"), &c, &why), "another");
	txn_abort(&t);
	ok(!name_find(s, SPAN("lost"), &found), "aborted, it has none");
	ok(name_find(s, SPAN("city"), &found) && found == b, "found");
	is(name_of(s, b), SPAN("city"), "and back");
	ok(!name_of(s, 60000).len, "no such number");
	ok(!txn_begin(&t, s, false, &why) &&
	    !name_intern(&t, SPAN("dry"), &c, &why) &&
	    name_find(s, SPAN("dry"), &found), "in a dry run it holds");
	txn_abort(&t);
	ok(!name_find(s, SPAN("dry"), &found), "until its end");
}

static void
test_walk(struct state *s)
{
	static const char *const keys[] = { "w\0a", "w\0b", "w\0c", "wx" };
	struct txn t;
	struct walk w;
	size_t n = 0;
	bool ordered = true;

	for (size_t i = 0; i < 4; i++)
		put(s, span_of(keys[3 - i], i ? 3 : 2), SPAN("v"));
	ok(!txn_begin(&t, s, false, &why) &&
	    !walk_open(&w, &t, TABLE_TODO, SPAN("w\0"), &why), "a walk");
	for (; walk_next(&w, &why) == RC_OK; n++)
		ordered &= span_eq(w.key, span_of(keys[n], 3));
	ok(ordered && n == 3, "those with the prefix, in order");
	ok(walk_seek(&w, SPAN("w\0b"), &why) == RC_OK &&
	    walk_next(&w, &why) == RC_OK && w.key.ptr[2] == 'c',
	    "from a key on");
	ok(walk_seek(&w, SPAN("w\0bb"), &why) == RC_END, "no such key");
	ok(walk_from(&w, SPAN("w\0bb"), &why) == RC_OK &&
	    w.key.ptr[2] == 'c', "but one after it");
	ok(walk_from(&w, SPAN("w\0d"), &why) == RC_END, "not beyond");
	walk_close(&w);
	walk_close(&w);
	txn_abort(&t);
}

static void
test_keys(void)
{
	struct span rest;
	KEY_BUF(key);

	KEY(&key, SPAN("a"), SPAN(""), SPAN("c\0d"));
	rest = buf_view(&key);
	is(key_take(&rest), SPAN("a"), "the first part");
	is(key_take(&rest), SPAN(""), "an empty one");
	is(rest, SPAN("c\0d"), "and what is left");
	for (int i = 0; i < 2000; i++)
		buf_putc(&key, 'x');
	ok(key.over, "a key that is too long says so");
}

static void
test_read_only(void)
{
	struct state *s;
	struct txn t;

	ok(!state_open(&s, true, &why) && s->read_only, "read-only");
	ok(txn_begin(&t, s, true, &why) != RC_OK, "nothing is written");
	ok(has(s, SPAN("snap"), SPAN("new")), "but read");
	state_close(s);
	state_close(NULL);
}

/* Writes over the data file. */
static void
spoil(const void *bytes, size_t n, off_t at, off_t cut)
{
	char path[4400];
	int fd;

	snprintf(path, sizeof path, "%s/state/data.mdb", scratch_home);
	fd = open(path, O_WRONLY);
	if (fd < 0 || (n && pwrite(fd, bytes, n, at) != (ssize_t)n) ||
	    (cut >= 0 && ftruncate(fd, cut) != 0))
		abort();
	close(fd);
}

/* The state says so, and is closed. */
static bool
say_format(struct state *s, uint64_t format)
{
	struct txn t;
	bool done = !txn_begin(&t, s, true, &why) && !txn_put(&t, TABLE_META,
	    SPAN("format"), span_of((char *)&format, sizeof format), &why) &&
	    !txn_commit(&t, &why);

	state_close(s);
	return done;
}

static void
test_older(struct state *s)
{
	uint64_t was;

	ok(say_format(s, 1) && !state_open(&s, true, &why) &&
	    s->format == 1, "an older format is read as it is");
	was = s->format;
	state_close(s);
	ok(!state_open(&s, false, &why) && s->format > was &&
	    s->format == state_format, "and brought up to date to be written");
	state_close(s);
	ok(!state_open(&s, true, &why) && s->format == state_format &&
	    has(s, SPAN("kept"), SPAN("1")), "for good, with what it had");
	state_close(s);
	if (state_open(&s, false, &why))
		abort();
	ok(say_format(s, 0) && state_open(&s, false, &why) == RC_STATE && !s,
	    "no format at all is damage: %s", why.text);
}

static void
test_newer(struct state *s)
{
	ok(say_format(s, 99), "a newer format");
	ok(state_open(&s, true, &why) == RC_STATE && !s, "is refused: %s",
	    why.text);
}

static void
test_damaged(void)
{
	static const char zeros[16384];
	struct state *s;

	spoil(NULL, 0, 0, 12000);
	ok(state_open(&s, false, &why) == RC_STATE && !s, "cut: %s",
	    why.text);
	spoil(zeros, sizeof zeros, 0, -1);
	ok(state_open(&s, false, &why) == RC_STATE && !s, "damaged: %s",
	    why.text);
	spoil(NULL, 0, 0, 0);
	ok(state_open(&s, false, &why) == RC_STATE && !s, "empty: %s",
	    why.text);
}

/* An init that was killed is gone through again. */
static struct state *
made_again(struct state *s)
{
	struct state *again = NULL;
	bool put_in = put(s, SPAN("kept"), SPAN("1")) == RC_OK;

	state_close(s);
	ok(put_in && state_create(scratch_home, &why) == RC_OK &&
	    state_open(&again, false, &why) == RC_OK &&
	    has(again, SPAN("kept"), SPAN("1")),
	    "a state is made once: the second time it stays as it is");
	return again;
}

int
main(void)
{
	struct state *s = made_again(scratch_state());

	test_transactions(s);
	test_snapshot(s);
	test_names(s);
	test_walk(s);
	test_keys();
	test_read_only();
	test_newer(s);
	scratch_remove();
	test_older(made_again(scratch_state()));
	test_damaged();
	return tap_done();
}
