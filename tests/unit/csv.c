/* SPDX-License-Identifier: MIT */
/* csv: rows, lines and doubts as csv_read tells them; marks; dialects. */
#include "csv.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "csv_scan.h"
#include "tap.h"

static struct buf told;
static struct err err;

struct teller {
	struct csv_cells cells; /* first */
	size_t stop;            /* after so many rows; 0: never */
};

static void
tell_cell(void *ptr, size_t len, void *arg)
{
	struct teller *t = arg;

	t->cells.count++;
	if (!csv_cell_take(&t->cells, &ptr, &len))
		return;
	csv_restore_spaces(ptr, len);
	t->cells.line += csv_count_lines(span_of(ptr, len));
	if (ptr)
		buf_printf(&told, "[%.*s]", (int)len, (char *)ptr);
	else
		BUF_LIT(&told, "[]-");
}

static enum rc
tell_row(struct csv_cells *cells, const struct csv_row *row, struct err *e)
{
	struct teller *t = (struct teller *)cells;

	(void)e;
	buf_printf(&told, " %llu+%llu %zu%s%s%s\n",
	    (unsigned long long)row->line, (unsigned long long)row->lines,
	    row->cells, row->ended ? "" : " unended",
	    row->problem ? " bad" : "", row->torn ? " torn" : "");
	if (t->stop > 0 && --t->stop == 0)
		return RC_END;
	return RC_OK;
}

static enum rc
read_text(struct span bytes, struct csv_dialect d, size_t stop)
{
	struct teller t = { .stop = stop };
	const struct csv_handler h = { &t.cells, tell_cell, tell_row };
	char path[] = "/tmp/unit-csv-XXXXXX";
	int fd = mkstemp(path);
	struct encoding text;
	enum rc rc;

	if (fd < 0 || write(fd, bytes.ptr, bytes.len) != (ssize_t)bytes.len ||
	    lseek(fd, 0, SEEK_SET) != 0)
		abort();
	unlink(path);
	buf_reset(&told);
	err.text[0] = '\0';
	rc = encoding_open(&text, fd, NULL, &err);
	if (!rc)
		rc = csv_read(&text, &d, &h, &err);
	encoding_free(&text);
	close(fd);
	return rc;
}

static void
tells(const char *bytes, enum rc want, const char *events, const char *words)
{
	static unsigned number;
	struct csv_dialect d = { .quote = '"' };
	enum rc rc = read_text(span_str(bytes), d, 0);
	char name[32];

	snprintf(name, sizeof name, "text %u: its rows", ++number);
	is(buf_view(&told), span_str(events), name);
	ok(rc == want && strstr(err.text, words),
	    "text %u: ends with %d %s (%d %s)", number, want, words, rc,
	    err.text);
}

static void
test_rows(void)
{
	tells("", RC_OK, "", "");
	tells("\n\r\n\r", RC_OK, "", "");
	tells("a,b\n", RC_OK, "[a][b] 1+1 2\n", "");
	tells("a,b", RC_OK, "[a][b] 1+1 2 unended\n", "");
	tells("a,", RC_OK, "[a][]- 1+1 2 unended\n", "");
	tells(",\"\"\n", RC_OK, "[]-[] 1+1 2\n", "");
	tells("\na\n\n b \r\n\r\nc\rd\n", RC_OK,
	    "[a] 2+1 1\n[ b ] 4+1 1\n[c] 6+1 1\n[d] 7+1 1\n", "");
	tells("\"a\nb\r\nc\rd\",e\nf\n", RC_OK,
	    "[a\nb\r\nc\rd][e] 1+4 2\n[f] 5+1 1\n", "");
	tells("a,\"b \"\" , \"\n", RC_OK, "[a][b \" , ] 1+1 2\n", "");
	tells("5\" x,\"y\"\n", RC_OK, "[5\" x][y] 1+1 2\n", "");
	tells("\tx\t,\t\n", RC_CONFIG, "", "tab and comma");
}

static void
test_doubts(void)
{
	tells("1,\"a\"b\",c\n2\n", RC_OK,
	    "[1] 1+1 1 bad torn\n[2] 2+1 1\n", "");
	tells("1,\"a\"b\"\r\n2\n", RC_OK,
	    "[1] 1+1 1 bad torn\n[2] 2+1 1\n", "");
	tells("1,\"a\" ,\"c\"\n2\n", RC_OK,
	    "[1] 1+1 1 bad torn\n[2] 2+1 1\n", "");
	tells("1, \"a\",c\n2\n", RC_OK,
	    "[1] 1+1 1 bad torn\n[2] 2+1 1\n", "");
	tells("1\n2,\"a\"b,c\n3\n", RC_CONFIG, "[1] 1+1 1\n[2]",
	    "(line 2), and it is unclear where the row that begins in line 2");
	tells("1,\"a\n\n\"b\"", RC_CONFIG, "[1]", "(line 3), and");
	tells("1,\"a\"b", RC_CONFIG, "[1]", "unclear");
	tells("1,2\n3,\"a\nb", RC_SYSTEM, "[1][2] 1+1 2\n[3]",
	    "line 2: a quote opened here");
	tells("1,\"a\"\"", RC_SYSTEM, "[1]", "line 1: a quote opened");
	tells("1,\"a\"", RC_OK, "[1][a] 1+1 2 unended\n", "");
	tells("1,\"x\ny\"\n2,\xff\n", RC_CONFIG, "[1][x\ny] 1+2 2\n[2]",
	    "line 3: byte 0xFF");
	tells("1,\"x\ny\xff\"\n", RC_CONFIG, "[1]", "line 2: byte 0xFF");
}

/* Spaces, a letter and quotes: what is in the cell is not looked at anew. */
static void
test_long_run(void)
{
	enum { RUN = 200000 };
	static char text[3 + RUN + 1 + RUN + 1];
	struct csv_dialect d = { ',', '"' };
	clock_t began = clock();

	memcpy(text, "1, ", 3);
	memset(text + 3, ' ', RUN);
	text[3 + RUN] = 'x';
	memset(text + 3 + RUN + 1, '"', RUN);
	text[sizeof text - 1] = '\n';
	ok(read_text(span_of(text, sizeof text), d, 0) == RC_OK &&
	    buf_view(&told).len > 2 * RUN, "spaces and then quotes");
	ok(clock() - began < 5 * CLOCKS_PER_SEC, "soon");
}

static void
test_stop(void)
{
	struct csv_dialect d = { ',', '"' };

	ok(read_text(SPAN("1\n2\n3\n4\n"), d, 2) == RC_END, "stops");
	is(buf_view(&told), SPAN("[1] 1+1 1\n[2] 2+1 1\n"),
	    "where the handler says");
	d = (struct csv_dialect){ ' ', '\'' };
	ok(read_text(SPAN("a 'b c'  d\n"), d, 0) == RC_OK, "a space parts");
	is(buf_view(&told), SPAN("[a][b c][]-[d] 1+1 4\n"), "cells");
	d = (struct csv_dialect){ '\t', '"' };
	ok(read_text(SPAN(" a \t\t b\n"), d, 0) == RC_OK, "a tab parts");
	is(buf_view(&told), SPAN("[ a ][]-[ b] 1+1 3\n"), "cells");
}

/* Each byte a space, a tab, an edge or neither, by the plain rule. */
static void
test_marks(void)
{
	static const char letters[] = "ab, \t\n\r;\"";
	char s[300 + CSV_CELL_SLACK], was[300];
	unsigned seed = 1, wrong = 0, round;
	size_t i, len;

	for (round = 0; round < 2000; round++) {
		len = 1 + round % 299;
		for (i = 0; i < len; i++) {
			seed = seed * 1103515245u + 12345u;
			s[i] = was[i] = letters[(seed >> 16) % 9];
		}
		memset(s + len, ' ', CSV_CELL_SLACK);
		csv_mark_spaces(s, len, 'x', 'x', ',');
		for (i = 0; i < len; i++) {
			char l = i ? was[i - 1] : 'x';
			char r = i + 1 < len ? was[i + 1] : 'x';
			bool edge = strchr(",\n\r", l) || strchr(",\n\r", r);
			char want = was[i] == ' ' && edge ? CSV_MARK_SPACE :
			    was[i] == '\t' && edge ? CSV_MARK_TAB : was[i];

			wrong += s[i] != want;
		}
		csv_restore_spaces(s, len);
		wrong += memcmp(s, was, len) != 0;
	}
	ok(wrong == 0, "marks at the edges of cells (%u wrong)", wrong);
	memcpy(s, " ,", 2);
	csv_mark_spaces(s, 1, ',', 'x', ' ');
	ok(s[0] == ' ', "the delimiter is no space");
}

static void
detects(const char *text, enum rc want, char delimiter)
{
	char found = 0;
	enum rc rc = csv_detect(&found, span_str(text), '"', &err);

	ok(rc == want && (rc || found == delimiter), "detect in %s", text);
}

static void
test_dialect(void)
{
	struct csv_dialect d = { 0, '"' };

	detects("a,b\n1;2\n", RC_OK, ',');
	detects("a;b\n", RC_OK, ';');
	detects("a\tb c\n", RC_OK, '\t');
	detects("a|b", RC_OK, '|');
	detects("a\n1;2\n", RC_OK, ',');
	detects("\"a,b\";c\n", RC_OK, ';');
	detects("\"a \"\",\"\" b\";c\n", RC_OK, ';');
	detects("\r\n\na;b\n", RC_OK, ';');
	detects("a;b,c\n", RC_CONFIG, 0);
	ok(!csv_character(&d.delimiter, "tab", "-d", &err) &&
	    d.delimiter == '\t', "tab");
	ok(!csv_character(&d.delimiter, "\\t", "-d", &err) &&
	    d.delimiter == '\t', "\\t");
	ok(!csv_character(&d.delimiter, ";", "-d", &err) &&
	    d.delimiter == ';', "one character");
	ok(!csv_character(&d.delimiter, NULL, "-d", &err) &&
	    d.delimiter == ';', "nothing said");
	ok(csv_character(&d.delimiter, "ab", "-d", &err) == RC_CONFIG, "two");
	ok(csv_character(&d.delimiter, "\n", "-d", &err) == RC_CONFIG,
	    "a line end");
	ok(csv_character(&d.delimiter, "\xc2\xa7", "-d", &err) == RC_CONFIG,
	    "not ASCII");
	d.delimiter = '"';
	ok(csv_dialect_check(&d, &err) == RC_CONFIG, "both the same");
}

static void
test_writing(void)
{
	buf_reset(&told);
	csv_put_cell(&told, SPAN("a\"b"), true);
	csv_put_cell(&told, span_of(NULL, 0), false);
	csv_put_cell(&told, SPAN(""), false);
	csv_put_cell(&told, SPAN(" ,\n"), false);
	is(buf_view(&told), SPAN("\"a\"\"b\",,\"\",\" ,\n\""), "cells written");
}

int
main(void)
{
	buf_init(&told, 1u << 20, "events");
	test_rows();
	test_doubts();
	test_long_run();
	test_stop();
	test_marks();
	test_dialect();
	test_writing();
	buf_free(&told);
	return tap_done();
}
