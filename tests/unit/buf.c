/* SPDX-License-Identifier: MIT */
#include "buf.h"

#include <stdlib.h>

#include "tap.h"

static void
test_cap(void)
{
	struct buf b;
	struct err e;

	buf_init(&b, 10, "word");
	buf_put(&b, "12345", 5);
	buf_put(&b, "67890", 5);
	ok(b.len == 10 && !b.over, "fits to the last byte");
	ok(buf_check(&b, &e) == RC_OK, "and is no failure");
	buf_putc(&b, 'x');
	ok(b.over && b.len == 10, "one more is dropped");
	is(buf_view(&b), SPAN("1234567890"), "what fitted stays");
	ok(buf_check(&b, &e) == RC_RECORD, "asked, it says so");
	is(span_str(e.text), SPAN("word is longer than 10 bytes"),
	    "in its own words");
	buf_reset(&b);
	buf_put(&b, "12345678901", 11);
	ok(b.over && b.len == 0, "what is too long is dropped whole");
	ok(!buf_reserve(&b, SIZE_MAX), "no wrap around");
	buf_free(&b);
	buf_free(&b);
	ok(!b.ptr && b.cap == 10, "free twice is safe");
}

static void
test_growth(void)
{
	struct buf b;
	bool same = true;

	buf_init(&b, 1 << 20, "text");
	for (int i = 0; i < 100000; i++)
		buf_putc(&b, (char)('a' + i % 26));
	for (int i = 0; i < 100000; i++)
		same &= b.ptr[i] == 'a' + i % 26;
	ok(same && b.len == 100000, "growing keeps what is there");
	buf_reset(&b);
	buf_put(&b, NULL, 0);
	ok(b.len == 0, "nothing appended");
	buf_free(&b);
}

static void
test_numbers(void)
{
	struct buf b;
	char zeros[300];

	buf_init(&b, 4096, "text");
	buf_u64(&b, 0);
	buf_putc(&b, ' ');
	buf_u64(&b, UINT64_MAX);
	is(buf_view(&b), SPAN("0 18446744073709551615"), "decimal digits");
	buf_reset(&b);
	buf_hex(&b, "\x00\x7f\xff", 3);
	is(buf_view(&b), SPAN("007fff"), "hexadecimal digits");
	buf_reset(&b);
	memset(zeros, '0', sizeof zeros - 1);
	zeros[sizeof zeros - 1] = '\0';
	buf_printf(&b, "%s", zeros);
	ok(b.len == 299 && buf_cstr(&b)[299] == '\0', "long formatted text");
	buf_free(&b);
}

static void
test_varints(void)
{
	static const uint64_t numbers[] = { 0, 1, 127, 128, 16383, 16384,
		UINT32_MAX, (uint64_t)UINT32_MAX + 1, UINT64_MAX / 2,
		UINT64_MAX };
	size_t n = sizeof numbers / sizeof numbers[0];
	struct buf b;
	struct span s, part;
	uint64_t got;
	bool fine = true;

	buf_init(&b, 4096, "row");
	for (size_t i = 0; i < n; i++)
		buf_varint(&b, numbers[i]);
	s = buf_view(&b);
	for (size_t i = 0; i < n; i++)
		fine &= span_take_varint(&s, &got) && got == numbers[i];
	ok(fine && !s.len, "every varint comes back");
	for (size_t cut = 1; cut < 10; cut++) {
		buf_reset(&b);
		buf_varint(&b, UINT64_MAX);
		s = span_of(b.ptr, cut);
		fine &= !span_take_varint(&s, &got) && s.len == cut;
	}
	ok(fine, "a cut one is refused, and nothing is taken");
	s = SPAN("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02");
	ok(!span_take_varint(&s, &got), "one over 64 bits is refused");
	s = SPAN("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01");
	ok(!span_take_varint(&s, &got), "an endless one is refused");
	buf_reset(&b);
	buf_counted(&b, SPAN("abc"));
	buf_counted(&b, SPAN(""));
	s = buf_view(&b);
	ok(span_take_counted(&s, &part) && span_eq(part, SPAN("abc")) &&
	    span_take_counted(&s, &part) && !part.len && !s.len,
	    "counted spans come back");
	s = span_of(b.ptr, 3);
	ok(!span_take_counted(&s, &part), "a cut one is refused");
	buf_free(&b);
}

int
main(void)
{
	test_cap();
	test_growth();
	test_numbers();
	test_varints();
	return tap_done();
}
