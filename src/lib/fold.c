/* SPDX-License-Identifier: MIT */
#include "fold.h"

#include "charcase.h"
#include "utf8.h"

#define LATIN_FIRST 0xc0
#define LATIN_LAST 0x17f

/* From U+00C0 on, 64 a line; '-' is written otherwise, ' ' is no letter. */
static const char latin[] =
    "aaaaaa-ceeeeiiiidnooooo ouuuuy--aaaaaa-ceeeeiiiidnooooo ouuuuy-y"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii--jjkkklllllll"
    "lllnnnnnnnnnoooooo--rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/* Letters that are two. */
static const struct {
	uint32_t letter;
	const char *plain;
} twice[] = {
	{ 0xc6, "ae" }, { 0xe6, "ae" }, { 0xde, "th" }, { 0xfe, "th" },
	{ 0xdf, "ss" }, { 0x132, "ij" }, { 0x133, "ij" }, { 0x152, "oe" },
	{ 0x153, "oe" },
};

struct folding {
	struct buf *b;
	size_t from;   /* where this text began */
	bool parted;   /* a sign stood since the last letter */
	bool spaces;   /* words are kept apart */
};

static void
put_part(struct folding *f, struct span s)
{
	if (f->parted && f->spaces && f->b->len > f->from)
		buf_putc(f->b, ' ');
	f->parted = false;
	buf_span(f->b, s);
}

static void
put_latin(struct folding *f, uint32_t letter)
{
	const char *plain = &latin[letter - LATIN_FIRST];

	for (size_t i = 0; i < sizeof twice / sizeof *twice; i++)
		if (twice[i].letter == letter) {
			put_part(f, span_str(twice[i].plain));
			return;
		}
	if (*plain == ' ')
		f->parted = true;
	else
		put_part(f, span_of(plain, 1));
}

static void
put_wide(struct folding *f, struct span s)
{
	size_t len;
	uint32_t letter = utf8_decode(s, &len);

	if (letter >= LATIN_FIRST && letter <= LATIN_LAST) {
		put_latin(f, letter);
	} else if (letter == 0x2019 || (letter >= 0x300 && letter < 0x370)) {
		return; /* an apostrophe; an accent by itself */
	} else if (letter < LATIN_FIRST || (letter >= 0x2000 && letter <
	    0x2070) || letter == 0x3000) {
		f->parted = true;
	} else {
		put_part(f, span_of("", 0));
		charcase_lower(f->b, s);
	}
}

static void
put_ascii(struct folding *f, char c)
{
	if (c >= 'A' && c <= 'Z')
		c = (char)(c - 'A' + 'a');
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
		put_part(f, span_of(&c, 1));
	} else if (c == '&' && f->spaces) {
		f->parted = true;
		put_part(f, SPAN("and"));
		f->parted = true;
	} else if (c != '\'' && c != '.') {
		f->parted = true;
	}
}

static void
fold(struct folding *f, struct span text)
{
	while (text.len) {
		size_t n = utf8_sequence(text);

		if (n)
			put_wide(f, span_of(text.ptr, n));
		else
			put_ascii(f, *text.ptr);
		n += !n;
		text = span_of(text.ptr + n, text.len - n);
	}
}

void
fold_words(struct buf *b, struct span text)
{
	struct folding f = { b, b->len, false, true };

	fold(&f, text);
}

void
fold_code(struct buf *b, struct span text)
{
	struct folding f = { b, b->len, false, false };

	fold(&f, text);
}

void
fold_digits(struct buf *b, struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] >= '0' && text.ptr[i] <= '9')
			buf_putc(b, text.ptr[i]);
}
