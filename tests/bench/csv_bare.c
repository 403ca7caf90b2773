/* SPDX-License-Identifier: MIT */
/*
 * csv_bare: the least that turns CSV into NDJSON with libcsv: one object a
 * row, strings escaped, keys prepared from the header, output in blocks.  No
 * checks, no lines, no ids.  What crm-extract csv is measured against.
 *
 *   csv_bare FILE >/dev/null
 */
#include <csv.h>
#include <emmintrin.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK (256u << 10)
#define KEYS 1024
#define SLACK 32

struct key {
	char *text; /* `"name":"`, SLACK bytes after it */
	size_t len;
};

static struct key keys[KEYS];
static size_t key_count, at;
static int header = 1;
static char *out;
static size_t out_len, out_room;

static void
flush(void)
{
	if (write(STDOUT_FILENO, out, out_len) < 0)
		exit(3);
	out_len = 0;
}

static void
reserve(size_t n)
{
	if (out_room - out_len >= n)
		return;
	out_room = out_len + n + 2 * BLOCK;
	out = realloc(out, out_room);
	if (!out)
		exit(3);
}

static char *
escape(char *to, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	static const char letter[32] = { ['\b'] = 'b', ['\f'] = 'f',
	    ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't' };

	*to++ = '\\';
	if (c >= 32) {
		*to++ = (char)c;
	} else if (letter[c]) {
		*to++ = letter[c];
	} else {
		memcpy(to, "u00", 3);
		to[3] = hex[c >> 4];
		to[4] = hex[c & 15];
		to += 5;
	}
	return to;
}

/* libcsv's buffer is grown by ours, with slack, so whole vectors are read. */
static char *
put(char *to, const char *p, size_t len)
{
	const __m128i quote = _mm_set1_epi8('"');
	const __m128i slash = _mm_set1_epi8('\\');
	const __m128i control = _mm_set1_epi8(31);
	const char *end = p + len;

	for (;;) {
		__m128i v = _mm_loadu_si128((const __m128i *)p);
		__m128i bad = _mm_or_si128(_mm_cmpeq_epi8(
		    _mm_min_epu8(v, control), v), _mm_or_si128(
		    _mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, slash)));
		unsigned mask = (unsigned)_mm_movemask_epi8(bad) | 1u << 16;
		size_t n = (size_t)__builtin_ctz(mask);
		size_t left = (size_t)(end - p);

		_mm_storeu_si128((__m128i *)to, v);
		if (n >= left)
			return to + left;
		to += n;
		p += n;
		if (n < 16)
			to = escape(to, (unsigned char)*p++);
	}
}

static void
add_key(const char *p, size_t len)
{
	struct key *k = &keys[key_count++];
	char *end;

	k->text = calloc(1, 6 * len + 8 + 2 * SLACK);
	if (!k->text || key_count == KEYS)
		exit(3);
	k->text[0] = '"';
	end = put(k->text + 1, p, len);
	memcpy(end, "\":\"", 3);
	k->len = (size_t)(end + 3 - k->text);
}

static void
cell(void *ptr, size_t len, void *arg)
{
	const struct key *k = &keys[at];
	char *to;

	(void)arg;
	if (header) {
		add_key(ptr, len);
		return;
	}
	if (at++ >= key_count)
		return;
	reserve(k->len + 6 * len + 2 * SLACK);
	to = out + out_len;
	if (k->len <= SLACK)
		memcpy(to, k->text, SLACK);
	else
		memcpy(to, k->text, k->len);
	to = put(to + k->len, ptr, len);
	*to++ = '"';
	*to++ = ',';
	out_len = (size_t)(to - out);
}

static void
row(int c, void *arg)
{
	(void)c;
	(void)arg;
	if (!header) {
		memcpy(out + out_len - 1, "}\n", 2);
		out_len++;
	}
	if (out_len >= BLOCK)
		flush();
	header = 0;
	at = 0;
	reserve(64);
	out[out_len++] = '{';
}

static void *
grow(void *p, size_t n)
{
	return realloc(p, n + 16);
}

int
main(int argc, char **argv)
{
	static char in[BLOCK];
	struct csv_parser parser;
	int fd = argc > 1 ? open(argv[1], O_RDONLY) : STDIN_FILENO;
	ssize_t n;

	csv_init(&parser, 0);
	csv_set_blk_size(&parser, 4096);
	csv_set_realloc_func(&parser, grow);
	for (n = read(fd, in, sizeof in); n > 0; n = read(fd, in, sizeof in))
		csv_parse(&parser, in, (size_t)n, cell, row, NULL);
	csv_fini(&parser, cell, row, NULL);
	csv_free(&parser);
	out_len--;
	flush();
	return n < 0 ? 3 : 0;
}
