/* SPDX-License-Identifier: MIT */
/*
 * How fast json_parse, json_get, json_put_value and the hashes are on one
 * core, over CRM-like records of about 800 bytes and 30 members.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "hash.h"
#include "json.h"

#define RECORDS 2000
#define ROUNDS 100

static struct span lines[RECORDS];
static size_t total;

static struct json json;
static struct arena arena;
static struct buf buf;
static struct err err;
static uint64_t sink;

static const char *const fields[] = { "name", "website", "phone",
	"billing_street", "billing_city", "billing_postal_code",
	"billing_country", "annual_revenue", "number_of_employees", "industry",
	"description", "owner_id", "parent_id", "created_at", "account_source",
	"rating", "active", "sla", "domain", "currency", "tier", "health",
	"segment", "last_activity", "score" };
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
put_field(struct buf *b, const char *name, size_t i, unsigned n)
{
	static const char *const words[] = { "Acme", "M\xc3\xbcller & Sons",
	    "Northwind Traders Limited", "Umbrella", "Globex, Inc.",
	    "Initech \\\"Labs\\\"", "Soylent Green Corporation", "Stark" };

	json_put_key(b, span_str(name));
	if (n % 9 == 7)
		buf_printf(b, "%zu.%02zu", i * 977 % 1000000, i % 100);
	else if (n % 11 == 8)
		buf_printf(b, i % 3 ? "null" : "true");
	else
		buf_printf(b, "\"%s %zu\"", words[(i * 7 + n) % 8], i * n);
}

static void
make_line(struct buf *b, size_t i)
{
	unsigned n;

	buf_printf(b, "{\"type\":\"record\",\"system\":\"hubspot\",\"object\":"
	    "\"companies\",\"id\":\"%zu\",\"modified\":\"2026-11-20T10:%02zu:"
	    "00.123Z\",\"data\":{", i + 1000000, i % 60);
	for (n = 0; n < FIELDS; n++)
		put_field(b, fields[n], i, n);
	BUF_LIT(b, "}}");
}

static void
make_lines(void)
{
	size_t i, at[RECORDS + 1];

	for (i = 0; i < RECORDS; i++) {
		at[i] = buf.len;
		make_line(&buf, i);
	}
	at[RECORDS] = buf.len;
	for (i = 0; i < RECORDS; i++)
		lines[i] = span_of(buf.ptr + at[i], at[i + 1] - at[i]);
	total = buf.len;
}

static void
parse(struct span line)
{
	if (json_parse(&json, line, &err)) {
		printf("%s: %.*s\n", err.text, SPAN_ARG(line));
		exit(1);
	}
	sink += json.count;
}

static void
parse_and_get(struct span line)
{
	uint32_t data;
	size_t i;

	parse(line);
	data = json_get(&json, 0, SPAN("data"));
	for (i = 0; i < FIELDS; i++)
		sink += json_get(&json, data, span_str(fields[i]));
}

static void
parse_and_get_next(struct span line)
{
	uint32_t data, at = 0;
	size_t i;

	parse(line);
	data = json_get(&json, 0, SPAN("data"));
	for (i = 0; i < FIELDS; i++)
		sink += json_get_next(&json, data, span_str(fields[i]), &at);
}

static void
parse_and_put(struct span line)
{
	static struct buf out = { .cap = 1u << 20, .what = "text" };

	parse(line);
	buf_reset(&out);
	json_put_value(&out, &json, json_get(&json, 0, SPAN("data")), &arena);
	arena_reset(&arena);
	sink += out.len;
}

static void
hash_line(struct span line)
{
	sink += hash128(span_of(line.ptr, 500), 1).lo;
}

static void
hash_id(struct span line)
{
	sink += hash_identity(1, span_of(line.ptr + 60, 18));
}

static void
measure(const char *what, void (*f)(struct span), size_t bytes)
{
	double best = 1e9, start, took;
	unsigned round;
	size_t i;

	for (round = 0; round < ROUNDS; round++) {
		start = now();
		for (i = 0; i < RECORDS; i++)
			f(lines[i]);
		took = now() - start;
		best = took < best ? took : best;
	}
	printf("%-30s %8.1f ns a record", what, best / RECORDS * 1e9);
	if (bytes)
		printf("  %6.3f GB/s", (double)bytes / best / 1e9);
	putchar('\n');
}

int
main(void)
{
	json_init(&json);
	arena_init(&arena);
	buf_init(&buf, 64u << 20, "lines");
	make_lines();
	parse(lines[0]);
	printf("%zu bytes a record, %u nodes\n", total / RECORDS, json.count);
	measure("json_parse", parse, total);
	measure("json_parse, 26 json_get", parse_and_get, total);
	measure("json_parse, 26 json_get_next", parse_and_get_next, total);
	measure("json_parse, json_put_value", parse_and_put, total);
	measure("hash128 of 500 bytes", hash_line, (size_t)500 * RECORDS);
	measure("hash_identity of 18 bytes", hash_id, 0);
	printf("(%llu)\n", (unsigned long long)sink);
	return 0;
}
