/* SPDX-License-Identifier: MIT */
#include "budget.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "budget_breaker.h"
#include "budget_day.h"
#include "budget_file.h"
#include "budget_window.h"
#include "clock.h"
#include "scratch.h"
#include "tap.h"

#define MOST 3000

/*
 * Somebody who always has something to do, in blocks: by the server's count
 * no window holds too many, and hardly less than could be.
 */
static void
test_window(unsigned calls, unsigned window, unsigned want)
{
	static struct budget_window w;
	static int64_t at[100000];
	unsigned count = 0, over = 0;
	int64_t now = 1000, end = 1000 + 6 * (int64_t)window, wait;

	memset(&w, 0, sizeof w);
	while (now < end) {
		unsigned got = budget_window_take(&w, now, calls, window, 1,
		    want, &wait);

		for (unsigned i = 0; i < got; i++) /* at the lease's end */
			at[count++] = now + budget_window_lease(window);
		now += got ? 1 : wait;
	}
	for (unsigned i = 0; i + calls < count; i++)
		over += at[i + calls] - at[i] < (int64_t)window;
	ok(!over, "%u in %u ms by %u: never more", calls, window, want);
	ok(count * 100 > calls * 6 * 95, "and 95 %% of that");
}

static void
test_window_edges(void)
{
	struct budget_window w = { 0 };
	int64_t wait;

	ok(budget_window_take(&w, 5000, 10, 1000, 3, 8, &wait) == 8 &&
	    budget_window_take(&w, 5001, 10, 1000, 3, 8, &wait) == 0 &&
	    wait > 900 && wait < 1100, "not under what is needed at least");
	ok(budget_window_take(&w, 5002, 10, 1000, 1, 8, &wait) == 2,
	    "what is left is given");
	ok(budget_window_take(&w, 10, 10, 1000, 1, 10, &wait) == 10,
	    "after a restart of the machine old times are forgotten");
	w.paused = 3000;
	ok(budget_window_take(&w, 2500, 10, 1000, 1, 1, &wait) == 0 &&
	    wait == 500, "a pause holds");
	ok(budget_window_take(&w, 3000, 10, 1000, 1, 1, &wait) == 1,
	    "and ends");
	w = (struct budget_window){ 0 };
	ok(budget_window_take(&w, 100, 5, 1000, 9, 9, &wait) == 9,
	    "more than a window has goes alone");
	w.count = 1u << 20;
	ok(budget_window_take(&w, 100, 5, 1000, 1, 5, &wait) == 5,
	    "a broken row is begun anew");
}

static void
test_breaker(void)
{
	struct budget_breaker b = { 0 };
	int64_t now = 1000000, wait, last = 0;
	bool open, doubles = true;

	for (int i = 1; i < BREAKER_FAILURES; i++)
		budget_breaker_went(&b, now, false);
	ok(budget_breaker_allows(&b, now, &wait, &open), "closed");
	budget_breaker_went(&b, now, true);
	for (int i = 1; i < BREAKER_FAILURES; i++)
		budget_breaker_went(&b, now, false);
	ok(budget_breaker_allows(&b, now, &wait, &open),
	    "a good one begins the count anew");
	budget_breaker_went(&b, now, false);
	ok(!budget_breaker_allows(&b, now + 1, &wait, &open) && open &&
	    wait == BREAKER_MS - 1, "so many failures open it");
	now += BREAKER_MS;
	ok(budget_breaker_allows(&b, now, &wait, &open), "one may try");
	ok(!budget_breaker_allows(&b, now, &wait, &open) && !open,
	    "but one only");
	ok(wait > 0 && wait <= 1000, "the others look again soon");
	for (int i = 0; i < 20; i++) {
		budget_breaker_went(&b, now, false);
		ok(!budget_breaker_allows(&b, now, &wait, &open), "open");
		doubles &= wait >= last && wait <= BREAKER_CAP_MS;
		last = wait;
		now += wait;
	}
	ok(doubles && last == BREAKER_CAP_MS, "longer each time, to a cap");
	budget_breaker_went(&b, now, true);
	ok(budget_breaker_allows(&b, now, &wait, &open) &&
	    budget_breaker_allows(&b, now, &wait, &open), "closed by a good");
	b.until = INT64_C(1) << 60;
	ok(budget_breaker_allows(&b, 5, &wait, &open),
	    "a restart of the machine closes it");
}

static struct budget *
opened(const struct budget_terms *terms)
{
	struct budget *b;
	struct err e;

	if (budget_open(&b, terms, &e)) {
		printf("# %s\n", e.text);
		abort();
	}
	return b;
}

static const struct budget_lane lanes[] = {
	{ .window = 0 }, { .calls = 20, .window = 300 } };

static struct budget_terms
terms_of(const char *account)
{
	return (struct budget_terms){ .account = span_str(account),
		.system = SPAN("crm"), .lanes = lanes, .lane_count = 2 };
}

static uint64_t
left_of(struct budget *b)
{
	struct budget_day_stand s;
	struct err e;

	return budget_today(b, &s, &e) ? 12345678 : s.left;
}

static void
hear(struct budget *b, unsigned calls, unsigned window, int64_t daily,
    int64_t left)
{
	struct budget_told told = { 0, calls, window, daily, left };
	struct err e;

	if (budget_hear(b, &told, 0, &e))
		abort();
}

static void
test_day(void)
{
	struct budget_terms t = terms_of("day");
	struct budget *b, *people;
	struct err e;
	int64_t wait;
	unsigned n = 0;

	t.daily = 1000;
	t.reserve = 10;
	b = opened(&t);
	t.person = true;
	people = opened(&t);
	while (n < 2000 && budget_take(b, 0, 1, &wait, &e) == RC_OK)
		n++;
	ok(n == 900, "a day's calls but for the reserve (%u)", n);
	ok(strstr(e.text, "reserve for people; there are more at "
	    "2026-11-21T00:00:00.000Z") != NULL, "%s", e.text);
	ok(budget_take(people, 0, 60, &wait, &e) == RC_OK && !wait,
	    "people have the reserve");
	ok(left_of(people) < 100, "which is counted too");
	hear(b, 0, 0, -1, 500);
	ok(left_of(b) == 400, "what the server says counts");
	hear(b, 0, 0, -1, 50);
	ok(budget_take(b, 0, 1, &wait, &e) == RC_REMOTE,
	    "also when it is less");
	budget_close(people);
	budget_close(b);
}

static void
test_kept(void)
{
	struct budget_terms t = terms_of("kept");
	struct budget *b;
	struct err e;
	int64_t wait;

	t.daily = 1000;
	b = opened(&t);
	ok(!budget_take(b, 0, 7, &wait, &e), "seven calls");
	budget_close(b);
	b = opened(&t);
	ok(left_of(b) == 993,
	    "count; what was leased besides is given back");
	budget_close(b);
}

/* Made before it was known whose they are. */
static void
test_made(void)
{
	static const struct budget_lane five = { .calls = 5, .window = 10000 };
	struct budget_terms t = terms_of("made");
	struct budget *b;
	struct buf whose;
	struct err e;
	int64_t wait = 0;

	buf_init(&whose, LIMIT_ACCOUNT, "account");
	ok(budget_whose(SPAN("nobody"), &whose, &e) == RC_END,
	    "who was never counted is not known");
	t.lanes = &five;
	t.lane_count = 1;
	t.daily = 1000;
	b = opened(&t);
	ok(!budget_whose(t.system, &whose, &e), "who was, is");
	is(buf_view(&whose), t.account, "by its account");
	ok(!budget_made(b, 0, 4, &e) && left_of(b) == 996, "of the day");
	ok(!budget_take(b, 0, 1, &wait, &e) && !wait, "the fifth is left");
	ok(!budget_take(b, 0, 1, &wait, &e) && wait > 9000,
	    "and no sixth in the window");
	ok(!budget_made(b, 0, 7, &e) && left_of(b) == 988,
	    "what was made counts, whatever was left");
	ok(!budget_made(b, 0, 0, &e) && left_of(b) == 988, "none is none");
	budget_close(b);
	buf_free(&whose);
}

static void
says(struct budget *b, uint64_t calls, const char *text)
{
	struct budget_day_stand s;
	struct buf out;
	struct err e;

	buf_init(&out, 200, "forecast");
	if (budget_today(b, &s, &e))
		abort();
	budget_forecast(&s, calls, &out);
	is(buf_view(&out), span_str(text), "in these words");
	buf_free(&out);
}

static void
test_forecast(void)
{
	struct budget_terms t = terms_of("forecast");
	struct budget *b = opened(&t);

	says(b, 1234567, "1,234,567 calls");
	budget_close(b);
	t.daily = 6754;
	b = opened(&t);
	says(b, 4120, "4,120 calls, 62 % of what is left");
	says(b, 1, "1 call, 1 % of what is left");
	says(b, 0, "0 calls, 0 % of what is left");
	says(b, 6754, "6,754 calls, 100 % of what is left");
	says(b, 6755,
	    "6,755 calls, more than the 6,754 that are left");
	budget_close(b);
}

/* The account's midnight, not that of UTC; CRM_NOW is noon there. */
static void
test_zone(void)
{
	struct budget_terms t = terms_of("zone");
	struct budget_day_stand s;
	struct budget *b;
	struct err e;
	int64_t noon, wait;
	bool known = true;

	t.daily = 10;
	b = opened(&t);
	clock_parse(SPAN("2026-11-20T12:00:00Z"), &noon);
	ok(!budget_zone_known(b, &known, &e) && !known, "not yet known");
	ok(!budget_zone(b, -300, &e) && !budget_zone_known(b, &known, &e) &&
	    known, "five hours behind");
	ok(!budget_today(b, &s, &e) && s.end == noon + 17 * 3600000,
	    "its day ends seventeen hours after noon of UTC");
	ok(!budget_zone(b, 780, &e) && !budget_today(b, &s, &e) &&
	    s.end == noon + 23 * 3600000, "thirteen ahead: it has just begun");
	while (budget_take(b, 0, 1, &wait, &e) == RC_OK)
		;
	ok(strstr(e.text, "more at 2026-11-21T11:00:00.000Z") != NULL, "%s",
	    e.text);
	budget_close(b);
}

static void
test_turn(void)
{
	struct budget_day d = { .used = 7, .spent = 1, .daily = 10,
		.east = -300 };
	int64_t at;

	clock_parse(SPAN("2026-11-21T04:59:59Z"), &at);
	d.day = budget_day_of(&d, at);
	budget_day_turn(&d, at);
	ok(budget_day_left(&d, 5, 0) == 0 && d.used == 7, "before midnight");
	budget_day_turn(&d, at + 1000);
	ok(budget_day_left(&d, 5, 0) == 10 && budget_day_left(&d, 5, 20) == 8,
	    "after it all are there again, as many as were told");
	ok(budget_day_told(&d, -1, 0, 5) && budget_day_left(&d, 5, 0) == 0,
	    "none are left");
	ok(budget_day_told(&d, -1, 3, 5) && budget_day_left(&d, 5, 0) == 3,
	    "some are, after all");
	ok(!budget_day_told(&d, 10, 3, 5), "no news");
	ok(!budget_day_told(&d, -1, 11, 5) && d.used == 7,
	    "more than there can be is not believed");
}

/* A day is over for us, by the system's word. */
static void
test_told_day(void)
{
	struct budget_terms t = terms_of("told day");
	struct budget_told none = { 0, 0, 0, -1, 0 };
	struct budget *b = opened(&t), *other = opened(&t);
	struct err e;
	int64_t noon, wait;

	ok(left_of(b) == UINT64_MAX, "of an OAuth app's day nothing is known");
	clock_parse(SPAN("2026-11-20T12:00:00Z"), &noon);
	ok(!budget_hear(b, &none, noon - 86400000, &e) &&
	    left_of(b) == UINT64_MAX,
	    "what it said yesterday, by its clock, is of yesterday");
	ok(!budget_hear(b, &none, noon, &e) && left_of(other) == 0 &&
	    budget_take(other, 0, 1, &wait, &e) == RC_REMOTE,
	    "spent is spent for all: %s", e.text);
	hear(other, 0, 0, 5000, 4000);
	ok(left_of(b) == 4000, "how many a day has is heard, too");
	budget_close(b);
	budget_close(other);
}

static unsigned
burst(struct budget *b, unsigned lane)
{
	struct err e;
	int64_t wait = 0;
	unsigned n = 0;

	while (n < 1000 && !budget_take(b, lane, 1, &wait, &e) && !wait)
		n++;
	return n;
}

/* A search is a call, too; associations are not among them. */
static void
test_within(void)
{
	static const struct budget_lane three[] = {
		{ .calls = 20, .window = 60000 },
		{ .calls = 5, .window = 60000, .within = true },
		{ .calls = 7, .window = 60000 },
	};
	struct budget_terms t = { .account = SPAN("within"),
		.system = SPAN("crm"), .lanes = three, .lane_count = 3 };
	struct budget *a = opened(&t), *b = opened(&t);
	struct err e;
	int64_t wait;

	ok(burst(a, 1) == 5, "five searches");
	ok(burst(b, 0) == 15, "leave fifteen calls to another process");
	ok(burst(a, 2) == 7, "associations are counted apart");
	budget_close(a);
	budget_close(b);
	t.account = SPAN("without");
	a = opened(&t);
	ok(burst(a, 0) == 20 && burst(a, 1) == 0,
	    "no calls left, no searches either");
	budget_close(a);
	t.account = SPAN("paused all");
	a = opened(&t);
	ok(!budget_pause(a, 0, 5000, &e) &&
	    !budget_take(a, 1, 1, &wait, &e) && wait > 4000,
	    "a pause of all calls is one of searches");
	ok(burst(a, 2) == 7, "and not of what stands apart");
	budget_close(a);
}

/* What the system says of a lane is so for all, and later too. */
static void
test_told_lane(void)
{
	static const struct budget_lane one[] = {
		{ .calls = 100, .window = 60000 } };
	struct budget_terms t = { .account = SPAN("told lane"),
		.system = SPAN("crm"), .lanes = one, .lane_count = 1 };
	struct budget *a = opened(&t), *b = opened(&t);

	hear(a, 190, 60000, -1, -1);
	ok(burst(b, 0) == 190, "190 instead of 100");
	hear(a, 250, 60000, -1, -1);
	ok(burst(b, 0) == 60, "and now 250");
	budget_close(a);
	budget_close(b);
	a = opened(&t);
	hear(a, 251, 60000, -1, -1);
	ok(burst(a, 0) == 1, "kept in the file");
	budget_close(a);
}

static void
pause_for(int64_t ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&ts, NULL);
}

/* Takes for so long; says when each was taken. */
static void
take_all(int out, int64_t until)
{
	struct budget_terms t = terms_of("shared");
	struct budget *b = opened(&t);
	struct err e;
	int64_t wait, now = clock_monotonic();

	for (; now < until; now = clock_monotonic()) {
		if (budget_take(b, 1, 1, &wait, &e))
			_exit(1);
		if (!wait && write(out, &now, sizeof now) != sizeof now)
			_exit(1);
		pause_for(wait ? wait : 0);
	}
	budget_close(b);
}

/* Three processes together keep to one window. */
static void
test_shared(void)
{
	int64_t until = clock_monotonic() + 1500, at[MOST];
	unsigned count = 0, over = 0;
	int fd[2], status, bad = 0;

	if (pipe(fd))
		abort();
	for (int i = 0; i < 3; i++)
		if (fork() == 0) {
			take_all(fd[1], until);
			_exit(0);
		}
	close(fd[1]);
	while (wait(&status) > 0)
		bad |= status;
	while (count < MOST && read(fd[0], &at[count], sizeof at[0]) ==
	    sizeof at[0])
		count++;
	close(fd[0]);
	for (unsigned i = 0; i + 20 < count; i++)
		over += at[i + 20] - at[i] < 297;
	ok(!bad && !over, "three processes share a window (%u calls)", count);
	ok(count >= 80, "and make use of it");
}

/* A slow one leases more than it makes; the rest is not lost. */
static void
test_lapsed(void)
{
	static const struct budget_lane two[] = {
		{ .calls = 100, .window = 60000 },
		{ .calls = 64, .window = 60000, .within = true } };
	struct budget_terms t = { .account = SPAN("lapsed"),
		.system = SPAN("crm"), .lanes = two, .lane_count = 2 };
	struct budget *b = opened(&t), *other = opened(&t);
	struct err e;
	int64_t wait;

	for (int i = 0; i < 3; i++) {
		ok(!budget_take(b, 1, 1, &wait, &e) && !wait, "a call");
		pause_for(150);
	}
	ok(!budget_take(b, 0, 1, &wait, &e) && !wait, "and of another lane");
	pause_for(150);
	ok(burst(b, 1) == 61, "what was leased and not made is there again");
	budget_close(b);
	ok(burst(other, 0) == 35, "for others, and in the lane around it");
	budget_close(other);
}

static void
test_pause(void)
{
	struct budget_terms t = terms_of("paused");
	struct budget *a = opened(&t), *b = opened(&t);
	struct err e;
	int64_t wait;

	ok(!budget_take(a, 0, 1, &wait, &e) && !wait, "a call");
	ok(!budget_pause(a, 0, 60000, &e) && !budget_take(a, 0, 1, &wait,
	    &e) && wait > 50000, "after a pause: not now");
	ok(!budget_take(b, 0, 1, &wait, &e) && wait > 50000,
	    "nor anybody else");
	ok(!budget_take(b, 1, 1, &wait, &e) && !wait, "another lane may");
	budget_close(a);
	budget_close(b);
}

static void
test_open_breaker(void)
{
	struct budget_terms t = terms_of("broken");
	struct budget *a = opened(&t), *b = opened(&t);
	struct err e;
	int64_t wait;

	for (int i = 0; i < BREAKER_FAILURES; i++)
		ok(!budget_take(a, 0, 1, &wait, &e) &&
		    !budget_went(a, false, &e), "a failure");
	ok(budget_take(a, 0, 1, &wait, &e) == RC_REMOTE &&
	    budget_take(b, 0, 1, &wait, &e) == RC_REMOTE,
	    "nobody asks: %s", e.text);
	budget_close(a);
	budget_close(b);
}

static void
test_damaged(void)
{
	struct budget_terms t = terms_of("damaged");
	char path[4400];
	struct budget *b;
	struct err e;
	FILE *f;

	snprintf(path, sizeof path, "%s/budget.mdb", scratch_home);
	f = fopen(path, "w");
	for (int i = 0; f && i < 10000; i++)
		fputc('x', f);
	if (!f || fclose(f))
		abort();
	b = opened(&t);
	ok(b != NULL, "a file that is none is made anew");
	ok(!budget_made(b, 0, 3, &e), "and counts");
	budget_close(b);
	ok(!budget_file_check(false, &e), "a whole one is");
	if (truncate(path, 9000))
		abort();
	ok(budget_file_check(false, &e) == RC_STATE,
	    "one that was cut is damaged");
	b = opened(&t);
	ok(b && !budget_made(b, 0, 3, &e), "and made anew, too");
	budget_close(b);
	if (truncate(path, 9000))
		abort();
	ok(!budget_file_check(true, &e) && !budget_file_check(false, &e) &&
	    access(path, F_OK) != 0, "or taken away");
}

/* Power failed before what the pages held was on the disk. */
static void
spoil(const char *path, int byte)
{
	FILE *f = fopen(path, "r+");
	long size;

	if (!f || fseek(f, 0, SEEK_END) != 0)
		abort();
	size = ftell(f);
	if (fseek(f, 2 * sysconf(_SC_PAGESIZE), SEEK_SET) != 0)
		abort();
	for (long i = ftell(f); i < size; i++)
		fputc(byte, f);
	if (fclose(f) != 0)
		abort();
}

/* Twice: what was made anew is sound. */
static int
count_on(const struct budget_terms *t)
{
	struct budget *b;
	int64_t wait;
	struct err e;

	for (int i = 0; i < 2; i++) {
		if (budget_open(&b, t, &e) ||
		    budget_take(b, 1, 1, &wait, &e)) {
			printf("# %s\n", e.text);
			fflush(stdout);
			return 1;
		}
		budget_close(b);
	}
	return 0;
}

static void
test_spoilt(int byte)
{
	struct budget_terms t = terms_of("spoilt");
	char path[4400];
	struct budget *b = opened(&t);
	int64_t wait;
	struct err e;
	int status = -1;
	pid_t child;

	snprintf(path, sizeof path, "%s/budget.mdb", scratch_home);
	if (budget_take(b, 1, 1, &wait, &e))
		abort();
	budget_close(b);
	spoil(path, byte);
	ok(budget_file_check(false, &e) == RC_STATE,
	    "pages of %d are damaged", byte);
	fflush(stdout);
	child = fork();
	if (child == 0)
		_exit(count_on(&t));
	ok(waitpid(child, &status, 0) == child && status == 0,
	    "pages of %d: it is made anew (%d)", byte, status);
	unlink(path);
}

int
main(void)
{
	setenv("CRM_NOW", "2026-11-20T12:00:00Z", 1);
	scratch_make();
	test_window(190, 10000, 5);
	test_window(190, 10000, 1);
	test_window(5, 1000, 1);
	test_window(1, 100, 1);
	test_window_edges();
	test_breaker();
	test_shared();
	test_lapsed();
	test_day();
	test_kept();
	test_made();
	test_zone();
	test_turn();
	test_told_day();
	test_within();
	test_told_lane();
	test_forecast();
	test_pause();
	test_open_breaker();
	test_damaged();
	test_spoilt(0);
	test_spoilt(0xa5);
	test_spoilt(0xff);
	test_spoilt(2);
	return tap_done();
}
