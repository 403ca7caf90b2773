/* SPDX-License-Identifier: MIT */
/* mapping: records through mappings of all kinds, and mappings refused. */
#include "mapping.h"

#include <stdlib.h>

#include "mapping_private.h"
#include "tap.h"

#define ENTITY \
	"{entity: \"c\", fields: {" \
	"name: {type: \"text\", required: true, max_length: 10}," \
	"note: {type: \"text\"}," \
	"tier: {type: \"enum\", values: [\"gold\", \"other\"]}," \
	"tags: {type: \"set\"}," \
	"sum: {type: \"number\", scale: 2}," \
	"since: {type: \"date\"}," \
	"owner: {type: \"ref\", to: \"user\"}," \
	"ok: {type: \"boolean\"}}}"

#define SYSTEM(fields) \
	"{entity: \"c\", kind: \"csv\", object: \"o\", id: \"Id\", " \
	"modified: \"M\", uid: \"U\", merged_into: \"Into\", " \
	"deleted: {from: \"Gone\", value: \"yes\"}, fields: {" fields "}}"

static struct mapping *
load(const char *system, struct err *e)
{
	struct mapping *m;

	e->text[0] = '\0';
	if (mapping_parse(&m, SPAN("c.s"), SPAN(ENTITY), span_str(system),
	    NULL, e))
		return NULL;
	return m;
}

/* ---- reading ---- */

struct row {
	const char *fields, *data, *out, *notes; /* out NULL: rejected */
};

static const struct row rows[] = {
	/* names */
	{ "name: {from: \"N\", dir: \"both\"}", "{\"N\":\"a\"}",
	    "{\"name\":\"a\"}", "" },
	{ "name: {from: \"Name\", dir: \"both\"}", "{\"NAME\":\"a\"}",
	    "{\"name\":\"a\"}", "" },
	{ "name: {from: \"Name\", dir: \"both\"}",
	    "{\"NAME\":\"a\",\"Name\":\"b\"}", "{\"name\":\"b\"}", "" },
	{ "name: {from: \"Name\", dir: \"both\"}",
	    "{\"Name\":\"b\",\"NAME\":\"a\"}", "{\"name\":\"b\"}", "" },
	{ "name: {from: \"Name\", dir: \"both\"}",
	    "{\"NAME\":\"a\",\"nAME\":\"b\"}", NULL, "" },
	{ "name: {from: \"N\", labels: [\"Account Name\"], dir: \"both\"}",
	    "{\"account name\":\"a\"}", "{\"name\":\"a\"}", "" },
	{ "name: {from: \"N\\u00e9\", dir: \"both\"}",
	    "{\"N\\u00e9\":\"a\"}", "{\"name\":\"a\"}", "" },
	{ "name: {from: \"A.B\", dir: \"pull\"}", "{\"A\":{\"B\":\"a\"}}",
	    "{\"name\":\"a\"}", "" },
	{ "name: {from: \"A.B\", dir: \"pull\"}",
	    "{\"A\":{\"B\":\"a\"},\"A.B\":\"b\"}", "{\"name\":\"b\"}", "" },
	{ "name: {from: \"A.B.C\", dir: \"pull\"}",
	    "{\"A\":{\"B\":null}}", "{}", "" },
	{ "name: {from: \"A.B\", dir: \"pull\"}", "{\"A\":\"x\"}", "{}",
	    "" },
	{ "name: {from: \"N\", dir: \"both\"}", "{\"X\":\"a\"}", "{}", "" },
	{ "name: {from: \"N\", dir: \"both\"}", "{}", "{}", "" },
	{ "name: {from: \"N\", dir: \"both\"}", "[]", NULL, "" },
	/* order is the entity's */
	{ "note: {from: \"A\", dir: \"both\"}, name: {from: \"B\", dir:"
	    " \"both\"}", "{\"A\":\"1\",\"B\":\"2\"}",
	    "{\"name\":\"2\",\"note\":\"1\"}", "" },
	/* required, lengths */
	{ "name: {from: \"N\", dir: \"both\"}", "{\"N\":\"\"}", NULL, "" },
	{ "name: {from: \"N\", dir: \"both\"}", "{\"N\":null}", NULL, "" },
	{ "name: {from: \"N\", dir: \"both\"}", "{\"N\":\"12345678901\"}",
	    NULL, "" },
	{ "name: {from: \"N\", dir: \"both\"}",
	    "{\"N\":\"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\"}",
	    "{\"name\":\"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\"}",
	    "" },
	{ "name: {from: \"N\", dir: \"both\", on_misfit: \"truncate\"}",
	    "{\"N\":\"123456789\xc3\xa9x\"}",
	    "{\"name\":\"123456789\xc3\xa9\"}", "\"name\":\"truncated\"" },
	/* absent, null, empty */
	{ "note: {from: \"N\", dir: \"both\"}", "{\"N\":null}",
	    "{\"note\":null}", "" },
	{ "note: {from: \"N\", dir: \"both\"}", "{\"N\":\"\"}",
	    "{\"note\":\"\"}", "" },
	{ "note: {from: \"N\", dir: \"both\", default: \"d\"}",
	    "{\"N\":null}", "{\"note\":\"d\"}", "" },
	{ "note: {from: \"N\", dir: \"both\", default: \"d\"}", "{}", "{}",
	    "" },
	{ "sum: {from: \"S\", dir: \"both\", default: 1.50}",
	    "{\"S\":\"\"}", "{\"sum\":1.5}", "" },
	/* misfits */
	{ "sum: {from: \"S\", dir: \"both\"}", "{\"S\":\"x\"}", NULL, "" },
	{ "sum: {from: \"S\", dir: \"both\", on_misfit: \"null\"}",
	    "{\"S\":\"x\"}", "{\"sum\":null}", "\"sum\":\"nulled\"" },
	{ "sum: {from: \"S\", dir: \"both\", decimal: \",\"}",
	    "{\"S\":\"1.234,505\"}", "{\"sum\":1234.51}", "" },
	/* steps */
	{ "note: {from: \"N\", dir: \"both\", trim: true, upper: true}",
	    "{\"N\":\" a\xc3\xa9 \"}", "{\"note\":\"A\xc3\x89\"}", "" },
	{ "note: {from: \"N\", dir: \"pull\", split: \", \", part: 1}",
	    "{\"N\":\"Lee, Ann, x\"}", "{\"note\":\"Lee\"}", "" },
	{ "note: {from: \"N\", dir: \"pull\", split: \", \", part: -1}",
	    "{\"N\":\"Lee, Ann, x\"}", "{\"note\":\"x\"}", "" },
	{ "note: {from: \"N\", dir: \"pull\", split: \", \", part: 4}",
	    "{\"N\":\"Lee, Ann, x\"}", "{\"note\":\"\"}", "" },
	{ "note: {from: \"N\", dir: \"pull\", substring: [1, 2]}",
	    "{\"N\":\"a\xc3\xa9" "cd\"}", "{\"note\":\"\xc3\xa9" "c\"}", "" },
	{ "note: {from: \"N\", dir: \"pull\", substring: [-2, 9]}",
	    "{\"N\":\"abcd\"}", "{\"note\":\"cd\"}", "" },
	{ "note: {from: \"N\", dir: \"pull\", substring: [-9, 2]}",
	    "{\"N\":\"abcd\"}", "{\"note\":\"ab\"}", "" },
	{ "note: {from: [\"A\", \"B\", \"C\"], join: \" \", dir: \"pull\"}",
	    "{\"A\":\"a\",\"B\":\"\",\"C\":3}", "{\"note\":\"a 3\"}", "" },
	{ "note: {from: [\"A\", \"B\"], join: \" \", dir: \"pull\"}",
	    "{\"A\":null}", "{\"note\":null}", "" },
	{ "note: {from: [\"A\", \"B\"], join: \" \", dir: \"pull\"}",
	    "{\"A\":[]}", NULL, "" },
	{ "note: {from: [\"A\", \"B\"], dir: \"pull\"}",
	    "{\"B\":\"b\",\"A\":\"\"}", "{\"note\":\"b\"}", "" },
	{ "note: {from: [\"A\", \"B\"], dir: \"pull\"}", "{\"C\":1}", "{}",
	    "" },
	/* tables */
	{ "tier: {from: \"T\", dir: \"pull\", enum: {A: \"gold\"}}",
	    "{\"T\":\" a \"}", "{\"tier\":\"gold\"}", "" },
	{ "tier: {from: \"T\", dir: \"pull\", enum: {A: \"gold\"}}",
	    "{\"T\":\"Gold\"}", "{\"tier\":\"gold\"}", "" },
	{ "tier: {from: \"T\", dir: \"pull\", enum: {A: \"gold\"}}",
	    "{\"T\":\"B\"}", NULL, "" },
	{ "tier: {from: \"T\", dir: \"pull\", enum: {A: \"gold\"},"
	    " else: \"other\"}", "{\"T\":\"B\"}", "{\"tier\":\"other\"}",
	    "\"tier\":\"else\"" },
	{ "tier: {from: \"T\", dir: \"pull\", enum: {A: \"gold\"},"
	    " else: \"other\"}", "{\"T\":\"a\"}", "{\"tier\":\"gold\"}",
	    "" },
	{ "tier: {from: \"T\", dir: \"pull\", enum: {A: \"gold\"},"
	    " else: \"other\"}", "{\"T\":\"\"}", "{\"tier\":null}", "" },
	{ "tier: {from: \"T\", dir: \"pull\", enum: {A: \"gold\"},"
	    " else: \"other\"}", "{\"T\":\" GOLD\"}",
	    "{\"tier\":\"gold\"}", "" },
	{ "tier: {from: \"T\", dir: \"pull\", enum: {\"3\": \"gold\"}}",
	    "{\"T\":3}", "{\"tier\":\"gold\"}", "" },
	{ "ok: {from: \"K\", dir: \"both\", enum: {Open: \"false\", Done:"
	    " \"true\"}}", "{\"K\":\"done\"}", "{\"ok\":true}", "" },
	{ "tags: {from: \"T\", dir: \"both\", split: \"|\", enum: {A:"
	    " \"x\"}}", "{\"T\":\"b|a|B\"}", "{\"tags\":[\"B\",\"b\",\"x\"]}",
	    "" },
	/* expressions */
	{ "note: {from: \"N\", dir: \"pull\", read: \". + $record.M\"}",
	    "{\"N\":\"a\",\"M\":\"b\"}", "{\"note\":\"ab\"}", "" },
	{ "sum: {from: \"N\", dir: \"pull\", read: \".a[1]\"}",
	    "{\"N\":{\"a\":[1,2.50]}}", "{\"sum\":2.5}", "" },
	{ "tags: {from: \"N\", dir: \"pull\", read: \"keys\"}",
	    "{\"N\":{\"b\":1,\"a\":2}}", "{\"tags\":[\"a\",\"b\"]}", "" },
	{ "note: {from: \"N\", dir: \"pull\", read: \".a\"}",
	    "{\"N\":\"a\"}", NULL, "" },
	{ "note: {from: \"N\", dir: \"pull\", read: \".a\"}",
	    "{\"M\":\"2026-01-01T00:00:00Z\"}", "{}", "" },
	/* push fields are shown, unless only written */
	{ "note: {from: \"N\", dir: \"push\"}", "{\"N\":\"a\"}",
	    "{\"note\":\"a\"}", "" },
	{ "note: {from: \"N\", dir: \"push\", write: \".\"}",
	    "{\"N\":\"a\"}", "{}", "" },
};

static void
test_read(void)
{
	struct buf fields, notes;
	struct mapping *m;
	struct json j;
	struct err e;
	char text[1024];
	size_t i, again;
	enum rc rc;

	json_init(&j);
	buf_init(&fields, 4096, "fields");
	buf_init(&notes, 4096, "notes");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(text, sizeof(text), SYSTEM("%s"), rows[i].fields);
		m = load(text, &e);
		if (!m) {
			ok(false, "%s: %s", rows[i].fields, e.text);
			continue;
		}
		/* twice: the second time the positions are known */
		for (again = 0; again < 2; again++) {
			buf_reset(&fields);
			buf_reset(&notes);
			rc = json_parse(&j, span_str(rows[i].data), &e);
			if (!rc)
				rc = mapping_read(m, &j, 0, &fields, &notes,
				    &e);
			if (!rows[i].out) {
				ok(rc == RC_RECORD, "%s of %s: %s",
				    rows[i].fields, rows[i].data, e.text);
				continue;
			}
			is(rc ? span_str(e.text) : buf_view(&fields),
			    span_str(rows[i].out), rows[i].fields);
			is(buf_view(&notes), span_str(rows[i].notes),
			    "its notes");
		}
		mapping_free(m);
	}
	buf_free(&fields);
	buf_free(&notes);
	json_free(&j);
}

/* Records of different shapes one after another: no position sticks. */
static void
test_shapes(void)
{
	static const char *const data[] = { "{\"N\":\"1\",\"T\":\"2\"}",
		"{\"T\":\"2\",\"N\":\"1\"}",
		"{\"x\":0,\"N\":\"1\",\"T\":\"2\"}",
		"{\"N\":\"1\",\"x\":0,\"y\":1,\"T\":\"2\"}",
		"{\"n\":\"1\",\"t\":\"2\"}", "{\"\":0,\"N\":\"1\",\"T\":\"2\"}",
		"{\"\\u004e\":\"1\",\"T\":\"2\"}" };
	struct buf fields, notes;
	struct mapping *m;
	struct json j;
	struct err e;
	size_t i;
	bool same = true;

	json_init(&j);
	buf_init(&fields, 4096, "fields");
	buf_init(&notes, 4096, "notes");
	m = load(SYSTEM("name: {from: \"N\", dir: \"both\"}, note: {from:"
	    " \"T\", dir: \"both\"}"), &e);
	for (i = 0; m && i < 70; i++) {
		buf_reset(&fields);
		same &= !json_parse(&j, span_str(data[i * 5 % 7]), &e) &&
		    !mapping_read(m, &j, 0, &fields, &notes, &e) &&
		    span_eq(buf_view(&fields),
		    SPAN("{\"name\":\"1\",\"note\":\"2\"}"));
	}
	ok(m && same, "the order of members does not matter");
	mapping_free(m);
	buf_free(&fields);
	buf_free(&notes);
	json_free(&j);
}

/* ---- identity ---- */

static void
test_identity(void)
{
	struct map_identity id;
	struct mapping *m;
	struct arena a;
	struct json j;
	struct err e;

	arena_init(&a);
	json_init(&j);
	m = load(SYSTEM("note: {from: \"N\", dir: \"both\"}"), &e);
	ok(m && !json_parse(&j, SPAN("{\"ID\":7,\"U\":\" u \",\"Gone\":"
	    "\"YES\",\"Into\":\"8\",\"M\":\"2026-11-20T10:00:00+01:00\"}"),
	    &e) && !mapping_identity(m, &j, 0, &id, &a, &e), "read");
	is(id.id, SPAN("7"), "id, a number");
	is(id.uid, SPAN("u"), "uid, trimmed");
	is(id.modified, SPAN("2026-11-20T09:00:00.000Z"), "modified, UTC");
	is(id.merged_into, SPAN("8"), "merged_into");
	ok(id.deleted, "deleted");
	ok(!json_parse(&j, SPAN("{\"Id\":\"7\",\"U\":\"\",\"Gone\":\"no\","
	    "\"Into\":null}"), &e) && !mapping_identity(m, &j, 0, &id, &a,
	    &e), "read");
	ok(!id.uid.ptr && !id.modified.ptr && !id.merged_into.ptr &&
	    !id.deleted, "nothing said");
	ok(!json_parse(&j, SPAN("{\"Id\":\"\"}"), &e) && mapping_identity(m,
	    &j, 0, &id, &a, &e) == RC_RECORD, "no id: %s", e.text);
	ok(!json_parse(&j, SPAN("{\"Id\":\"7\",\"M\":\"yesterday\"}"), &e) &&
	    mapping_identity(m, &j, 0, &id, &a, &e) == RC_RECORD,
	    "no time: %s", e.text);
	is(mapping_source_name(m, SPAN("n")), SPAN("N"), "a header's name");
	ok(!mapping_source_name(m, SPAN("X")).ptr, "a column not used");
	mapping_free(m);
	json_free(&j);
	arena_free(&a);
}

#define CONVERTED(keys) \
	"{entity: \"c\", kind: \"csv\", object: \"o\", id: \"Id\", " \
	"converted: {" keys "}, fields: {note: {from: \"N\", dir: \"both\"}}}"

static struct span
converted(struct mapping *m, const char *data, struct arena *a)
{
	struct map_identity id = { .deleted = false };
	struct json j;
	struct err e;

	json_init(&j);
	if (json_parse(&j, span_str(data), &e) ||
	    mapping_identity(m, &j, 0, &id, a, &e))
		id.converted_into = SPAN("failed");
	json_free(&j);
	return id.converted_into;
}

static void
test_converted(void)
{
	static const char *const bad[] = {
		CONVERTED("from: \"Done\""),
		CONVERTED("into: {contact: \"C\"}"),
		CONVERTED("from: \"Done\", into: {}"),
		CONVERTED("from: \"Done\", into: {c: \"C\"}"),
		CONVERTED("from: \"Done\", into: {contact: \"\"}"),
		CONVERTED("from: \"Done\", into: {contact: 1}"),
		CONVERTED("from: \"Done\", into: {\"a:b\": \"C\"}"),
		CONVERTED("from: \"Done\", into: {contact: \"C\"}, if: 1") };
	const struct span *c;
	struct mapping *m;
	struct arena a;
	struct err e;
	size_t n;

	arena_init(&a);
	m = load(CONVERTED("from: \"Done\", value: \"yes\","
	    "into: {contact: \"C\", deal: \"D.Id\"}"), &e);
	ok(m != NULL, "loaded: %s", e.text);
	is(converted(m, "{\"Id\":\"1\",\"Done\":\"Yes\",\"C\":7,"
	    "\"D\":{\"Id\":\"\\\"9\"}}", &a),
	    SPAN("{\"contact\":\"7\",\"deal\":\"\\\"9\"}"), "both");
	is(converted(m, "{\"Id\":\"1\",\"DONE\":\"yes\",\"C\":null,"
	    "\"D\":{\"Id\":\"9\"}}", &a), SPAN("{\"deal\":\"9\"}"),
	    "one");
	ok(!converted(m, "{\"Id\":\"1\",\"Done\":\"yes\"}", &a).ptr,
	    "into nothing: it was not");
	ok(!converted(m, "{\"Id\":\"1\",\"Done\":\"no\",\"C\":\"7\"}",
	    &a).ptr && !converted(m, "{\"Id\":\"1\",\"C\":\"7\"}", &a).ptr,
	    "ids alone say nothing");
	c = mapping_list_columns(m, DIR_PULL, &n);
	ok(n == 5 && span_eq(c[1], SPAN("Done")) && span_eq(c[2], SPAN("C")) &&
	    span_eq(c[3], SPAN("D.Id")), "they are read");
	mapping_free(m);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		ok(!load(bad[i], &e), "refused: %s", e.text);
	arena_free(&a);
}

static void
test_columns(void)
{
	const struct span *c;
	struct mapping *m;
	struct err e;
	size_t n;

	m = load(SYSTEM("note: {from: \"A.B\", dir: \"pull\"}, name: {from:"
	    " \"N\", dir: \"both\"}, tier: {from: \"T\", dir: \"push\"}"),
	    &e);
	c = mapping_list_columns(m, DIR_PULL, &n);
	ok(n == 8 && span_eq(c[0], SPAN("Id")) && span_eq(c[1], SPAN("M")) &&
	    span_eq(c[3], SPAN("Gone")) && span_eq(c[6], SPAN("A.B")) &&
	    span_eq(c[7], SPAN("T")), "what is read");
	c = mapping_list_columns(m, DIR_PUSH, &n);
	ok(n == 4 && span_eq(c[0], SPAN("Id")) && span_eq(c[1], SPAN("U")) &&
	    span_eq(c[2], SPAN("N")) && span_eq(c[3], SPAN("T")),
	    "what is written");
	ok(!mapping_source_name(m, SPAN("A")).ptr, "the head of a dotted name"
	    " is no column");
	mapping_free(m);
}

/* ---- writing ---- */

static const struct row written[] = {
	{ "name: {from: \"N\", dir: \"both\"}, note: {from: \"T\", dir:"
	    " \"pull\"}", "{\"note\":\"x\",\"name\":\"a\"}", "{\"N\":\"a\"}",
	    NULL },
	{ "name: {from: \"N\", dir: \"both\"}", "{}", "{}", NULL },
	{ "name: {from: \"N\", dir: \"both\"}", "{\"name\":null}", NULL,
	    NULL },
	{ "note: {from: \"N\", dir: \"both\"}", "{\"note\":null}",
	    "{\"N\":null}", NULL },
	{ "note: {from: \"N\", dir: \"both\", max_length: 2}",
	    "{\"note\":\"abc\"}", NULL, NULL },
	{ "note: {from: \"N\", dir: \"both\", max_length: 2, on_misfit:"
	    " \"truncate\"}", "{\"note\":\"\xc3\xa9\xc3\xa9\xc3\xa9\"}",
	    "{\"N\":\"\xc3\xa9\xc3\xa9\"}", NULL },
	{ "note: {from: \"N\", dir: \"both\", max_length: 2, on_misfit:"
	    " \"null\"}", "{\"note\":\"abc\"}", "{\"N\":null}", NULL },
	{ "tier: {from: \"T\", dir: \"both\", enum: {A: \"gold\", B:"
	    " \"gold\", C: \"other\"}}", "{\"tier\":\"gold\"}",
	    "{\"T\":\"A\"}", NULL },
	{ "tags: {from: \"T\", dir: \"both\", split: \";\", enum: {A:"
	    " \"x\"}}", "{\"tags\":[\"x\",\"y\"]}", "{\"T\":\"A;y\"}", NULL },
	{ "tags: {from: \"T\", dir: \"both\", split: \", \"}",
	    "{\"tags\":[\"a\",\"x, y\"]}", NULL, NULL },
	{ "tags: {from: \"T\", dir: \"both\"}", "{\"tags\":[\"a;b\"]}",
	    NULL, NULL },
	{ "tags: {from: \"T\", dir: \"both\", split: \"||\"}",
	    "{\"tags\":[\"a|\",\"b\"]}", NULL, NULL },
	{ "tags: {from: \"T\", dir: \"both\", split: \", \"}",
	    "{\"tags\":[\"a,\",\"b\"]}", "{\"T\":\"a,, b\"}", NULL },
	{ "tags: {from: \"T\", dir: \"both\"}", "{\"tags\":[\"x\",\"y\"]}",
	    "{\"T\":\"x;y\"}", NULL },
	{ "sum: {from: \"S\", dir: \"both\"}", "{\"sum\":1.5}",
	    "{\"S\":1.5}", NULL },
	{ "sum: {from: \"S\", dir: \"both\", decimal: \",\"}",
	    "{\"sum\":1.5}", "{\"S\":\"1,5\"}", NULL },
	{ "since: {from: \"S\", dir: \"both\", date: \"%d.%m.%Y\"}",
	    "{\"since\":\"2026-11-20\"}", "{\"S\":\"20.11.2026\"}", NULL },
	{ "owner: {from: \"O\", dir: \"both\"}",
	    "{\"owner\":{\"ref\":\"user\",\"id\":\"7\"}}", "{\"O\":\"7\"}",
	    NULL },
	{ "owner: {from: \"O\", dir: \"both\"}", "{\"owner\":\"7\"}", NULL,
	    NULL },
	{ "ok: {from: \"K\", dir: \"both\", enum: {Yes: \"true\"}}",
	    "{\"ok\":true}", "{\"K\":\"Yes\"}", NULL },
	{ "ok: {from: \"K\", dir: \"both\", enum: {Yes: \"true\"}}",
	    "{\"ok\":false}", "{\"K\":false}", NULL },
	{ "note: {from: \"N\", dir: \"both\", read: \".[1:]\", write:"
	    " \"\\\"x\\\" + .\"}", "{\"note\":\"a\"}", "{\"N\":\"xa\"}",
	    NULL },
	{ "note: {from: \"N\", dir: \"push\", write: \". + $record.name\"}",
	    "{\"note\":\"a\",\"name\":\"b\"}", "{\"N\":\"ab\"}", NULL },
};

/* The same out of values by field, as far as it does that at all. */
static void
same_of_values(struct mapping *m, const struct json *j, enum rc rc,
    struct span want, const char *what)
{
	struct span values[64] = { { NULL, 0 } };
	struct buf out;
	struct err e;
	enum rc got;

	if (!mapping_writes_values(m))
		return;
	for (JSON_EACH(j, 0, key, value))
		for (size_t i = 0; i < m->entity->field_count; i++)
			if (json_is(j, key, m->entity->fields[i].name))
				values[i] = json_text(j, value);
	buf_init(&out, 4096, "data");
	got = mapping_write_values(m, values, &out, &e);
	ok(got == rc && (rc || span_eq(buf_view(&out), want)),
	    "%s: of values too", what);
	buf_free(&out);
}

static void
test_write(void)
{
	struct mapping *m;
	struct json j;
	struct buf out;
	struct err e;
	char text[1024];
	size_t i;
	enum rc rc;

	json_init(&j);
	buf_init(&out, 4096, "data");
	for (i = 0; i < sizeof(written) / sizeof(written[0]); i++) {
		snprintf(text, sizeof(text), SYSTEM("%s"),
		    written[i].fields);
		m = load(text, &e);
		if (!m) {
			ok(false, "%s: %s", written[i].fields, e.text);
			continue;
		}
		buf_reset(&out);
		rc = json_parse(&j, span_str(written[i].data), &e);
		if (!rc)
			rc = mapping_write(m, &j, 0, &out, &e);
		if (written[i].out)
			is(rc ? span_str(e.text) : buf_view(&out),
			    span_str(written[i].out), written[i].fields);
		else
			ok(rc == RC_RECORD, "%s of %s: %s",
			    written[i].fields, written[i].data, e.text);
		if (j.count)
			same_of_values(m, &j, rc, buf_view(&out),
			    written[i].fields);
		mapping_free(m);
	}
	buf_free(&out);
	json_free(&j);
}

/* ---- what is refused ---- */

static const struct { const char *fields, *words; } refused[] = {
	{ "nosuch: {from: \"N\", dir: \"both\"}", "no such field" },
	{ "name: {form: \"N\", dir: \"both\"}", "\"from\"" },
	{ "name: {from: \"N\", dir: \"bth\"}", "\"both\"" },
	{ "name: {from: \"N\"}", "dir" },
	{ "name: {dir: \"both\"}", "from" },
	{ "name: {from: \"\", dir: \"both\"}", "empty" },
	{ "name: {from: 1, dir: \"both\"}", "text" },
	{ "name: 1", "object" },
	{ "name: {from: \"A.B\", dir: \"both\"}", "pull" },
	{ "name: {from: [\"A\", \"B\"], dir: \"both\"}", "pull" },
	{ "name: {from: \"A\", dir: \"both\", split: \" \", part: 1}",
	    "written back" },
	{ "name: {from: \"A\", dir: \"both\", substring: [0, 1]}",
	    "written back" },
	{ "name: {from: \"A\", dir: \"both\", read: \".\"}",
	    "written back" },
	{ "name: {from: \"A\", dir: \"pull\", read: \".[\"}",
	    "does not compile" },
	{ "name: {from: \"A\", dir: \"pull\", read: \"env.HOME\"}",
	    "out of an expression's reach" },
	{ "name: {from: \"A\", dir: \"pull\", split: \"\", part: 1}",
	    "separator" },
	{ "name: {from: \"A\", dir: \"pull\", split: \",\"}", "part" },
	{ "name: {from: \"A\", dir: \"pull\", part: 1}", "split" },
	{ "name: {from: \"A\", dir: \"pull\", substring: [1]}",
	    "[start, length]" },
	{ "name: {from: \"A\", dir: \"pull\", substring: [0, 0]}",
	    "length 1" },
	{ "name: {from: \"A\", dir: \"pull\", lower: true, upper: true}",
	    "together" },
	{ "name: {from: \"A\", dir: \"pull\", on_misfit: \"null\"}",
	    "required" },
	{ "sum: {from: \"A\", dir: \"pull\", decimal: \";\"}", "decimal" },
	{ "name: {from: \"A\", dir: \"pull\", decimal: \",\"}", "numbers" },
	{ "sum: {from: \"A\", dir: \"pull\", enum: {}}", "enum is for" },
	{ "sum: {from: \"A\", dir: \"pull\", default: \"x\"}", "default" },
	{ "tier: {from: \"A\", dir: \"pull\", else: \"tin\"}", "else" },
	{ "tier: {from: \"A\", dir: \"pull\", else: \"other\"}",
	    "goes with enum" },
	{ "since: {from: \"A\", dir: \"pull\", date: \"%d.%m\"}", "year" },
	{ "since: {from: \"A\", dir: \"pull\", zone: \"CET\"}", "zone" },
	{ "name: {from: \"A\", dir: \"both\"}, note: {from: \"A\", dir:"
	    " \"push\"}", "both are written" },
	{ "name: {from: \"Id\", dir: \"push\"}", "overwrite the id" },
	{ "name: {from: \"A\", labels: [\"X\"], dir: \"pull\"}, note: {from:"
	    " \"B\", labels: [\"x\"], dir: \"pull\"}", "stands for both" },
	{ "name: {from: \"A\", dir: \"pull\"}, name: {from: \"B\", dir:"
	    " \"pull\"}", "duplicate" },
	{ "name: {from: \"A\", dir: \"pull\", max_length: 0}",
	    "whole number" },
};

static void
test_refused(void)
{
	struct mapping *m;
	struct err e;
	char text[1024];
	size_t i;

	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		snprintf(text, sizeof(text), SYSTEM("%s"),
		    refused[i].fields);
		m = load(text, &e);
		ok(!m && strstr(e.text, refused[i].words), "%s: %s",
		    refused[i].fields, e.text);
		mapping_free(m);
	}
	ok(!load("{entity: \"d\", object: \"o\", id: \"i\", fields: {}}",
	    &e) && strstr(e.text, "entity must be"), "%s", e.text);
	ok(!load("{entity: \"c\", id: \"i\", fields: {}}", &e) &&
	    strstr(e.text, "object"), "%s", e.text);
	ok(!load("{entity: \"c\", object: \"o\", fields: {}}", &e) &&
	    strstr(e.text, "id"), "%s", e.text);
}

int
main(void)
{
	test_read();
	test_shapes();
	test_identity();
	test_converted();
	test_columns();
	test_write();
	test_refused();
	return tap_done();
}
