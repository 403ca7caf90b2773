/* SPDX-License-Identifier: MIT */
/* type: in -> canonical, and what is equivalent, of every type. */
#include "type.h"

#include "limits.h"
#include "tap.h"

struct row {
	enum field_type type;
	const char *in;  /* JSON */
	const char *out; /* canonical JSON, NULL: refused */
};

static const struct row rows[] = {
	{ TYPE_TEXT, "\"a b\"", "\"a b\"" },
	{ TYPE_TEXT, "\" a \"", "\" a \"" },
	{ TYPE_TEXT, "\"\"", "\"\"" },
	{ TYPE_TEXT, "null", "null" },
	{ TYPE_TEXT, "\"\\u00e9\\/\\n\"", "\"\xc3\xa9/\\n\"" },
	{ TYPE_TEXT, "\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\"" },
	{ TYPE_TEXT, "\"\\u0000\"", "\"\\u0000\"" },
	{ TYPE_TEXT, "12", "\"12\"" },
	{ TYPE_TEXT, "true", "\"true\"" },
	{ TYPE_TEXT, "[]", NULL },
	{ TYPE_TEXT, "{}", NULL },
	{ TYPE_NUMBER, "\"1200.50\"", "1200.5" },
	{ TYPE_NUMBER, "1e2", "100" },
	{ TYPE_NUMBER, "\" 7 \"", "7" },
	{ TYPE_NUMBER, "\"\"", "null" },
	{ TYPE_NUMBER, "\"n/a\"", NULL },
	{ TYPE_NUMBER, "true", NULL },
	{ TYPE_NUMBER, "[1]", NULL },
	{ TYPE_INTEGER, "\"12.0\"", "12" },
	{ TYPE_INTEGER, "12345678901234567890", "12345678901234567890" },
	{ TYPE_INTEGER, "\"1.5\"", NULL },
	{ TYPE_BOOLEAN, "true", "true" },
	{ TYPE_BOOLEAN, "false", "false" },
	{ TYPE_BOOLEAN, "\"FALSE\"", "false" },
	{ TYPE_BOOLEAN, "\"Yes\"", "true" },
	{ TYPE_BOOLEAN, "1", "true" },
	{ TYPE_BOOLEAN, "0", "false" },
	{ TYPE_BOOLEAN, "\"\"", "null" },
	{ TYPE_BOOLEAN, "2", NULL },
	{ TYPE_BOOLEAN, "\"maybe\"", NULL },
	{ TYPE_DATE, "\"2026-11-20\"", "\"2026-11-20\"" },
	{ TYPE_DATE, "\"\"", "null" },
	{ TYPE_DATE, "\"20/11/2026\"", NULL },
	{ TYPE_DATE, "true", NULL },
	{ TYPE_DATETIME, "\"2026-11-20T10:00:00+01:00\"",
	    "\"2026-11-20T09:00:00.000Z\"" },
	{ TYPE_DATETIME, "1767225600", NULL },
	{ TYPE_EMAIL, "\"Ann.Lee@Example.COM\"", "\"ann.lee@example.com\"" },
	{ TYPE_EMAIL, "\" mailto:a@b.example \"", "\"a@b.example\"" },
	{ TYPE_EMAIL, "\"a+tag@b.example\"", "\"a+tag@b.example\"" },
	{ TYPE_EMAIL, "\"o'brien@b.example\"", "\"o'brien@b.example\"" },
	{ TYPE_EMAIL, "\"m\xc3\x9cller@b.example\"",
	    "\"m\xc3\xbcller@b.example\"" },
	{ TYPE_EMAIL, "\"\"", "null" },
	{ TYPE_EMAIL, "\"a@b@c.example\"", NULL },
	{ TYPE_EMAIL, "\"a b@c.example\"", NULL },
	{ TYPE_EMAIL, "\"a@\"", NULL },
	{ TYPE_EMAIL, "\"@b\"", NULL },
	{ TYPE_EMAIL, "\"a@.b\"", NULL },
	{ TYPE_EMAIL, "\"a@b..c\"", NULL },
	{ TYPE_EMAIL, "\"a@b.\"", NULL },
	{ TYPE_EMAIL, "\"Ann <a@b.example>\"", NULL },
	{ TYPE_EMAIL, "\"a@b.example, c@d.example\"", NULL },
	{ TYPE_EMAIL, "\"a\\n@b.example\"", NULL },
	{ TYPE_EMAIL, "\"nobody\"", NULL },
	/* what is quoted before the @ must not end the JSON text it is in */
	{ TYPE_EMAIL, "\"\\\"Ann Lee\\\"@b.example\"",
	    "\"\\\"ann lee\\\"@b.example\"" },
	{ TYPE_EMAIL, "\"\\\",\\\"id\\\":\\\"x\\\",\\\"y\\\":\\\"@b.example\"",
	    NULL },
	{ TYPE_EMAIL, "\"\\\"a\\\\\\\"b\\\"@c.example\"",
	    "\"\\\"a\\\\\\\"b\\\"@c.example\"" },
	{ TYPE_EMAIL, "\"\\\"a\\n\\\"@c.example\"", NULL },
	{ TYPE_PHONE, "\"(555) 123-4567\"", "\"5551234567\"" },
	{ TYPE_PHONE, "\"+1 (555) 123-4567\"", "\"+15551234567\"" },
	{ TYPE_PHONE, "\"0041 44 668 18 00\"", "\"+41446681800\"" },
	{ TYPE_PHONE, "\"+44 (0)20 7946 0018\"", "\"+442079460018\"" },
	{ TYPE_PHONE, "\"555.123.4567 x89\"", "\"5551234567 x89\"" },
	{ TYPE_PHONE, "\"555-123-4567 ext. 89\"", "\"5551234567 x89\"" },
	{ TYPE_PHONE, "\"555 123 4567 Extension 89\"",
	    "\"5551234567 x89\"" },
	{ TYPE_PHONE, "\"044\xc2\xa0" "668 18 00\"", "\"0446681800\"" },
	{ TYPE_PHONE, "15551234567", "\"15551234567\"" },
	{ TYPE_PHONE, "\"555\\n123\xe3\x80\x80\\r4567\"", "\"5551234567\"" },
	{ TYPE_PHONE, "\"1-800-FLOWERS\"", "\"1-800-FLOWERS\"" },
	{ TYPE_PHONE, "\" ask  \\n Tom \"", "\"ask Tom\"" },
	{ TYPE_PHONE, "\"12\"", "\"12\"" },
	{ TYPE_PHONE, "\"5551234567 / 5559999999\"",
	    "\"5551234567 / 5559999999\"" },
	{ TYPE_PHONE, "\"555123456789012345678\"",
	    "\"555123456789012345678\"" },
	{ TYPE_PHONE, "\"\"", "null" },
	{ TYPE_URL, "\"HTTP://WWW.Acme.com/\"", "\"http://www.acme.com\"" },
	{ TYPE_URL, "\"www.acme.com/Path/\"", "\"www.acme.com/Path/\"" },
	{ TYPE_URL, "\"https://Acme.com/?Q=A\"",
	    "\"https://acme.com/?Q=A\"" },
	{ TYPE_URL, "\"http://\"", NULL },
	{ TYPE_URL, "\"/path\"", NULL },
	{ TYPE_URL, "\"see our site\"", NULL },
	{ TYPE_ENUM, "\" Gold \"", "\"gold\"" },
	{ TYPE_ENUM, "\"SILVER\"", "\"silver\"" },
	{ TYPE_ENUM, "\"bronze\"", NULL },
	{ TYPE_ENUM, "\"\"", "null" },
	{ TYPE_SET, "\"silver;gold;gold\"", "[\"gold\",\"silver\"]" },
	{ TYPE_SET, "\";GOLD;\"", "[\"gold\"]" },
	{ TYPE_SET, "[\"gold\"]", "[\"gold\"]" },
	{ TYPE_SET, "[]", "[]" },
	{ TYPE_SET, "\"\"", "null" },
	{ TYPE_SET, "\"gold;tin\"", NULL },
	{ TYPE_SET, "[1]", NULL },
	{ TYPE_SET, "{}", NULL },
	{ TYPE_REF, "\"77\"", "{\"ref\":\"user\",\"id\":\"77\"}" },
	{ TYPE_REF, "77", "{\"ref\":\"user\",\"id\":\"77\"}" },
	{ TYPE_REF, "{\"id\":\"7\",\"ref\":\"user\"}",
	    "{\"ref\":\"user\",\"id\":\"7\"}" },
	{ TYPE_REF, "{\"ref\":\"deal\",\"id\":\"7\"}", NULL },
	{ TYPE_REF, "{\"ref\":\"user\"}", NULL },
	{ TYPE_REF, "{\"ref\":\"user\",\"id\":\" \"}", NULL },
	{ TYPE_REF, "\"\"", "null" },
	{ TYPE_REF, "true", NULL },
	{ TYPE_REF, "[]", NULL },
	{ TYPE_JSON, "{ \"b\" : [ 1.50 , true ] }",
	    "{\"b\":[1.5,true]}" },
	{ TYPE_JSON, "{\"b\":{\"z\":-0.0,\"\\u0061\":[10e-1]},"
	    "\"a\":2,\"\":[]}",
	    "{\"\":[],\"a\":2,\"b\":{\"a\":[1],\"z\":0}}" },
	{ TYPE_JSON, "[1e999,{}, 9007199254740993.0]",
	    "[1e999,{},9007199254740993]" },
	{ TYPE_JSON, "\"\"", "\"\"" },
	{ TYPE_JSON, "1.50", "1.5" },
};

static struct span values[] = { { "gold", 4 }, { "silver", 6 } };

static struct entity_field
field_of(enum field_type type)
{
	struct entity_field f = { .name = SPAN("f"), .type = type,
		.scale = -1 };

	if (type == TYPE_NUMBER)
		f.scale = 2;
	if (type == TYPE_REF)
		f.to = SPAN("user");
	if (type == TYPE_ENUM || type == TYPE_SET) {
		f.values = values;
		f.value_count = 2;
	}
	return f;
}

static enum rc
put(const struct entity_field *f, struct span text, struct arena *a,
    struct json *j, struct buf *b)
{
	struct map_value v;
	struct err e;

	if (json_parse(j, text, &e))
		return RC_CONFIG;
	v.kind = json_kind(j, 0);
	v.json = j;
	v.node = 0;
	v.text = v.kind == JSON_STRING ? json_string(j, 0, a) :
	    json_text(j, 0);
	buf_reset(b);
	return type_put(f, NULL, &v, a, b, &e);
}

static void
test_rows(void)
{
	struct entity_field f;
	struct buf once, twice;
	struct arena a;
	struct json j;
	size_t i;
	enum rc rc;

	arena_init(&a);
	json_init(&j);
	buf_init(&once, 4096, "value");
	buf_init(&twice, 4096, "value");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		f = field_of(rows[i].type);
		rc = put(&f, span_str(rows[i].in), &a, &j, &once);
		if (!rows[i].out) {
			ok(rc == RC_RECORD && once.len == 0, "%s %s is"
			    " refused", mapping_types[f.type], rows[i].in);
			continue;
		}
		is(rc ? SPAN("refused") : buf_view(&once),
		    span_str(rows[i].out), rows[i].in);
		rc = put(&f, buf_view(&once), &a, &j, &twice);
		ok(!rc && span_eq(buf_view(&once), buf_view(&twice)),
		    "and stays so");
	}
	buf_free(&once);
	buf_free(&twice);
	json_free(&j);
	arena_free(&a);
}

struct pair {
	enum field_type type;
	size_t longest;
	const char *sent, *held;
	bool same;
};

static const struct pair pairs[] = {
	{ TYPE_TEXT, 0, "\"a\"", "\"a\"", true },
	{ TYPE_TEXT, 0, "\"a\"", "\"A\"", false },
	{ TYPE_TEXT, 0, "\" a b \"", "\"a b\"", true },
	{ TYPE_TEXT, 0, "\"a  b\"", "\"a b\"", false },
	{ TYPE_TEXT, 0, "\"a\\r\\nb\"", "\"a\\nb\"", true },
	{ TYPE_TEXT, 0, "\"a\\n\"", "\"a\"", true },
	{ TYPE_TEXT, 0, "\"\"", "null", true },
	{ TYPE_TEXT, 0, "\"a\"", "null", false },
	{ TYPE_TEXT, 0, "\"abcdef\"", "\"abc\"", false },
	{ TYPE_TEXT, 3, "\"abcdef\"", "\"abc\"", true },
	{ TYPE_TEXT, 3, "\"abcdef\"", "\"ab\"", false },
	{ TYPE_TEXT, 3, "\"abc\"", "\"abcdef\"", false },
	{ TYPE_TEXT, 3, "\"\xc3\xa9\\n\xc3\xa9x\"", "\"\xc3\xa9\\n\xc3\xa9\"",
	    true },
	{ TYPE_TEXT, 0, "\"\\u0001\"", "\"\\u0001 \"", true },
	{ TYPE_NUMBER, 0, "1.50", "1.5", true },
	{ TYPE_NUMBER, 0, "1.504", "1.5", true },
	{ TYPE_NUMBER, 0, "1.506", "1.5", false },
	{ TYPE_NUMBER, 0, "0", "null", false },
	{ TYPE_EMAIL, 0, "\"a@b.c\"", "\"A@B.c\"", true },
	{ TYPE_EMAIL, 0, "\"a@b.c\"", "\"b@b.c\"", false },
	{ TYPE_PHONE, 0, "\"+15551234567\"", "\"5551234567\"", true },
	{ TYPE_PHONE, 0, "\"+442079460018\"", "\"02079460018\"", true },
	{ TYPE_PHONE, 0, "\"+15551234567\"", "\"5551234568\"", false },
	{ TYPE_PHONE, 0, "\"15551234567\"", "\"5551234567\"", false },
	{ TYPE_PHONE, 0, "\"+15551234567 x8\"", "\"+15551234567\"", false },
	{ TYPE_URL, 0, "\"https://a.b\"", "\"http://a.b\"", true },
	{ TYPE_URL, 0, "\"a.b\"", "\"http://a.b\"", true },
	{ TYPE_URL, 0, "\"ftp://a.b\"", "\"a.b\"", false },
	{ TYPE_URL, 0, "\"a.b/c\"", "\"a.b/d\"", false },
	{ TYPE_DATETIME, 0, "\"2026-11-20T10:11:12.123Z\"",
	    "\"2026-11-20T10:11:12.000Z\"", true },
	{ TYPE_DATETIME, 0, "\"2026-11-20T10:11:12.123Z\"",
	    "\"2026-11-20T10:11:13.123Z\"", false },
	{ TYPE_DATE, 0, "\"2026-11-20\"", "\"2026-11-21\"", false },
	{ TYPE_ENUM, 0, "\"gold\"", "\"Gold\"", true },
	{ TYPE_BOOLEAN, 0, "true", "false", false },
	{ TYPE_BOOLEAN, 0, "false", "null", false },
	{ TYPE_REF, 0, "{\"ref\":\"user\",\"id\":\"1\"}",
	    "{\"ref\":\"user\",\"id\":\"2\"}", false },
	{ TYPE_SET, 0, "[]", "null", false },
};

static void
test_pairs(void)
{
	struct entity_field f;
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		f = field_of(pairs[i].type);
		ok(type_equivalent(&f, pairs[i].longest,
		    span_str(pairs[i].sent), span_str(pairs[i].held)) ==
		    pairs[i].same, "%s %s %s %s", mapping_types[f.type],
		    pairs[i].sent, pairs[i].same ? "~" : "!~",
		    pairs[i].held);
	}
}

/* The longest numbers there are, equal but for the last digit. */
static void
test_long_numbers(void)
{
	struct entity_field f = field_of(TYPE_NUMBER);
	char a[LIMIT_DIGITS + 8], b[sizeof a];
	int n;

	f.scale = -1;
	memset(a, '7', LIMIT_DIGITS);
	n = snprintf(a + LIMIT_DIGITS, 8, "e-%d", 2 * LIMIT_DIGITS - 1);
	memcpy(b, a, sizeof b);
	b[LIMIT_DIGITS - 1] = '8';
	n += LIMIT_DIGITS;
	ok(!type_equivalent(&f, 0, span_of(a, (size_t)n), span_of(b,
	    (size_t)n)), "they differ");
	a[0] = b[0] = '-';
	a[1] = b[1] = '7';
	ok(!type_equivalent(&f, 0, span_of(a, (size_t)n), span_of(b,
	    (size_t)n)), "those below zero, too");
	b[LIMIT_DIGITS - 1] = '7';
	b[LIMIT_DIGITS] = 'E';
	ok(type_equivalent(&f, 0, span_of(a, (size_t)n), span_of(b,
	    (size_t)n)), "and are found equal");
}

int
main(void)
{
	test_rows();
	test_pairs();
	test_long_numbers();
	return tap_done();
}
