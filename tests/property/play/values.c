/* SPDX-License-Identifier: MIT */
#include "values.h"

#include "../../../src/lib/json.h"
#include "../../../src/lib/limits.h"

#define WAYS 3
#define VALUES 8
#define FORMS (WAYS + 1) /* and as a system reformats it */

const char values_bad[] = "(bad)", values_never[] = "(never)";

struct value {
	const char *canonical;
	const char *way[WAYS]; /* as JSON; the first ones are set */
};

static const struct {
	const char *name, *type;
	const char *native[SIDES];
	const char *wrong;
	struct value value[VALUES];
} fields[FIELDS] = {
	[NAME] = { "name", "type: \"text\"", { "name", "Name", "title" },
	    NULL, {
		{ "Acme", { "\"Acme\"" } },
		{ "Beta Co", { "\"Beta Co\"" } },
		{ "\xc3\x87" "elik \"Q\"", { "\"\xc3\x87" "elik \\\"Q\\\"\"",
		    "\"\\u00c7elik \\u0022Q\\\"\"" } },
		{ " x ", { "\" x \"" } },
		{ "delta\nline", { "\"delta\\nline\"" } } } },
	[PRICE] = { "price", "type: \"number\", scale: 2",
	    { "price", "Price", "cost" }, "\"12,5 EUR\"", {
		{ "12.5", { "\"12.50\"", "12.5", "\"12.501\"" } },
		{ "7", { "7", "\"7.00\"" } },
		{ "0", { "0", "\"0.0\"" } },
		{ "-3.25", { "-3.25" } },
		{ "123456789.25", { "\"123456789.25\"" } } } },
	[EMAIL] = { "email", "type: \"email\"", { "email", "Email", "mail" },
	    "17", {
		{ "a@x.org", { "\"a@x.org\"", "\"A@X.org\"" } },
		{ "b@x.org", { "\"mailto:b@x.org\"", "\"b@x.org\"" } },
		{ "c@y.net", { "\"C@y.net\"" } } } },
	[PHONE] = { "phone", "type: \"phone\"", { "phone", "Tel",
	    "phone_no" }, NULL, {
		{ "+49301234567", { "\"+49 30 1234567\"",
		    "\"+49301234567\"" } },
		{ "+15551212", { "\"+1 555-1212\"" } },
		{ "+4412345", { "\"+44 12345\"" } } } },
	[SINCE] = { "since", "type: \"date\"", { "since", "Since", "from" },
	    "\"yesterday\"", {
		{ "2026-01-05", { "\"2026-01-05\"" } },
		{ "2025-12-31", { "\"2025-12-31\"" } },
		{ "1999-02-28", { "\"1999-02-28\"" } } } },
	[TIER] = { "tier", "type: \"enum\", values: [\"gold\", \"silver\", "
	    "\"bronze\"]", { "tier", "Class", "grade" }, "\"platinum\"", {
		{ "gold", { "\"gold\"" } },
		{ "silver", { "\"silver\"" } },
		{ "bronze", { "\"bronze\"" } } } },
	/* every set there is: a union makes new ones */
	[TAGS] = { "tags", "type: \"set\", values: [\"a\", \"b\", \"c\"]",
	    { "tags", "Labels", "flags" }, "[\"z\"]", {
		{ "[\"a\"]", { "[\"a\"]", "[\"a\",\"a\"]" } },
		{ "[\"a\",\"b\"]", { "[\"b\",\"a\"]", "[\"a\",\"b\"]" } },
		{ "[\"b\"]", { "[\"b\"]" } },
		{ "[\"b\",\"c\"]", { "[\"c\",\"b\"]" } },
		{ "[\"a\",\"b\",\"c\"]", { "[\"a\",\"b\",\"c\"]" } },
		{ "[\"c\"]", { "[\"c\"]" } },
		{ "[\"a\",\"c\"]", { "[\"a\",\"c\"]" } } } },
	[CODE] = { "code", "type: \"text\"", { "code", "Code", "sku" },
	    NULL, {
		{ "k1", { "\"k1\"" } }, { "k2", { "\"k2\"" } },
		{ "k3", { "\"k3\"" } }, { "k4", { "\"k4\"" } },
		{ "k5", { "\"k5\"" } }, { "k6", { "\"k6\"" } } } },
	[MEMO] = { "memo", "type: \"text\"", { "memo", "Memo", "remark" },
	    NULL, { { NULL, { NULL } } } },
	[PARENT] = { "parent", "type: \"ref\", to: \"thing\"",
	    { "parent", "Parent", "belongs_to" }, NULL,
	    { { NULL, { NULL } } } },
};

/* What is read where each is written each way, characters not JSON. */
static struct span shown[SIDES][FIELDS][VALUES * FORMS];
static struct arena memory;

/* Sides that call the tiers something else. */
static const char *const tier[SIDES][3] = {
	{ "gold", "silver", "bronze" }, { "A", "B", "C" }, { "1", "2", "3" }
};

const char *
values_field(enum field f)
{
	return fields[f].name;
}

const char *
values_native(int side, enum field f)
{
	return fields[f].native[side];
}

const char *
values_type(enum field f)
{
	return fields[f].type;
}

const char *
values_wrong(enum field f)
{
	return fields[f].wrong;
}

void
values_mapping(struct buf *b, int side, enum field f)
{
	if (f == SINCE && side == 1)
		BUF_LIT(b, ", date: \"%d.%m.%Y\"");
	if (f != TIER || side == 0)
		return;
	buf_printf(b, ", enum: {\"%s\": \"gold\", \"%s\": \"silver\", "
	    "\"%s\": \"bronze\"}", tier[side][0], tier[side][1],
	    tier[side][2]);
}

static unsigned
value_count(enum field f)
{
	unsigned n = 0;

	while (n < VALUES && fields[f].value[n].canonical)
		n++;
	return n;
}

const char *
values_canonical(enum field f, unsigned n)
{
	return fields[f].value[n % value_count(f)].canonical;
}

int
values_index(enum field f, const char *canonical)
{
	for (unsigned i = 0; i < value_count(f); i++)
		if (values_same(fields[f].value[i].canonical, canonical))
			return (int)i;
	return -1;
}

unsigned
values_short(unsigned n)
{
	return n % 2 ? 3 : 0;
}

/* Bytes of the first CUT characters. */
static size_t
cut_length(const char *text)
{
	size_t at = 0;

	for (unsigned n = 0; text[at]; at++) {
		n += ((unsigned char)text[at] & 0xc0) != 0x80;
		if (n > CUT)
			break;
	}
	return at;
}

const char *
values_whole(struct span part)
{
	for (unsigned i = 0; i < value_count(NAME); i++) {
		const char *name = fields[NAME].value[i].canonical;
		size_t n = cut_length(name);

		if (name[n] && span_eq(span_of(name, n), part))
			return name;
	}
	return NULL;
}

static const char *
pick_way(const struct value *v, unsigned way)
{
	unsigned n = 0;

	while (n < WAYS && v->way[n])
		n++;
	return v->way[way % n];
}

void
values_write(struct buf *b, int side, enum field f, unsigned n, unsigned way)
{
	const struct value *v = &fields[f].value[n % value_count(f)];
	char c;

	if (f == TIER && side) {
		c = tier[side][n % 3][0];
		if (way % 2 && c >= 'A')
			c = (char)(c - 'A' + 'a');
		buf_printf(b, "\"%c\"", c);
	} else if (f == SINCE && side == 1 && way % 2 == 0) {
		buf_printf(b, "\"%.2s.%.2s.%.4s\"", v->canonical + 8,
		    v->canonical + 5, v->canonical);
	} else {
		buf_printf(b, "%s", pick_way(v, way));
	}
}

/* No white space at the ends, other line ends. */
void
values_reformat(struct buf *b, int side, enum field f, unsigned n)
{
	if (f == NAME && n % value_count(f) == 3)
		BUF_LIT(b, "\"x\"");
	else if (f == NAME && n % value_count(f) == 4)
		BUF_LIT(b, "\"delta\\r\\nline\"");
	else
		values_write(b, side, f, n, 0);
}

/* The next character that counts, as one number; 0 at the end. */
static int
next_character(struct span s, size_t *at)
{
	while (*at + 1 < s.len && memcmp(s.ptr + *at, "\\r", 2) == 0)
		*at += 2;
	while (*at < s.len && s.ptr[*at] == ' ' && (*at == 1 ||
	    *at + 2 == s.len))
		(*at)++;
	return *at < s.len ? (unsigned char)s.ptr[(*at)++] : 0;
}

bool
values_equivalent(struct span a, struct span b)
{
	size_t i = 0, k = 0;
	int c;

	do {
		c = next_character(a, &i);
		if (c != next_character(b, &k))
			return false;
	} while (c);
	return true;
}

/* The characters of a JSON string, or the text of anything else. */
static struct span
decoded(struct json *j, struct span text)
{
	struct err e;

	text = arena_dup(&memory, text);
	if (json_parse(j, text, &e) || json_kind(j, 0) != JSON_STRING)
		return text;
	return json_string(j, 0, &memory);
}

static void
write_form(struct buf *b, int side, enum field f, unsigned n, unsigned form)
{
	if (form < WAYS)
		values_write(b, side, f, n, form);
	else
		values_reformat(b, side, f, n);
}

void
values_start(void)
{
	struct json j;
	struct buf b;

	arena_init(&memory);
	json_init(&j);
	buf_init(&b, LIMIT_LINE, "value");
	for (int side = 0; side < SIDES; side++)
		for (enum field f = 0; f < FIELDS; f++)
			for (unsigned i = 0; i < value_count(f) * FORMS; i++) {
				buf_reset(&b);
				write_form(&b, side, f, i / FORMS, i % FORMS);
				shown[side][f][i] = decoded(&j, buf_view(&b));
			}
	buf_free(&b);
	json_free(&j);
}

void
values_end(void)
{
	arena_free(&memory);
}

const char *
values_read(int side, enum field f, struct span text)
{
	unsigned count = value_count(f);

	for (unsigned i = 0; i < count * FORMS; i++)
		if (span_eq(shown[side][f][i], text))
			return fields[f].value[i / FORMS].canonical;
	for (unsigned n = 0; n < count; n++)
		if (span_eq(span_str(fields[f].value[n].canonical), text))
			return fields[f].value[n].canonical;
	return values_bad;
}

bool
values_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}
