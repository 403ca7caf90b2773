/* SPDX-License-Identifier: MIT */
/* stream_in: the reading half of stream.h. */
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "hash.h"
#include "limits.h"
#include "run.h"

/* A larger pipe saves most of the switching between two stages. */
static void
widen_pipe(int fd)
{
#ifdef __linux__
	enum { SET_PIPE_SIZE = 1031 }; /* F_SETPIPE_SZ, not in POSIX */
	int ignored = fcntl(fd, SET_PIPE_SIZE, PIPE_BYTES);

	(void)ignored; /* no pipe, or not allowed: as it was */
#else
	(void)fd;
#endif
}

void
stream_in_open(struct stream_in *in, int fd, struct stream_out *out)
{
	*in = (struct stream_in){ .fd = fd, .out = out };
	buf_init(&in->buf, LIMIT_LINE + 2 * READ_BLOCK, "line");
	arena_init(&in->arena);
	arena_init(&in->names);
	widen_pipe(fd);
}

void
stream_in_free(struct stream_in *in)
{
	buf_free(&in->buf);
	arena_free(&in->arena);
	arena_free(&in->names);
}

void
stream_line_init(struct line *l)
{
	*l = (struct line){ .number = 0 };
	json_init(&l->json);
}

void
stream_line_free(struct line *l)
{
	json_free(&l->json);
}

/* What is written so far goes out before we wait for more. */
static enum rc
flush_if_blocking(struct stream_in *in, struct err *e)
{
	struct pollfd p = { .fd = in->fd, .events = POLLIN };

	if (!in->out || !in->out->buf.len || poll(&p, 1, 0) > 0)
		return RC_OK;
	return stream_out_flush(in->out, e);
}

/* Reads more behind what is there; sets eof. */
static enum rc
fill(struct stream_in *in, struct err *e)
{
	struct buf *b = &in->buf;
	enum rc rc = flush_if_blocking(in, e);
	ssize_t n;

	if (rc)
		return rc;
	if (in->start) {
		memmove(b->ptr, b->ptr + in->start, b->len - in->start);
		b->len -= in->start;
		in->scanned -= in->start;
		in->start = 0;
	}
	if (!buf_reserve(b, READ_BLOCK))
		return err_set(e, RC_SYSTEM, "input buffer is full");
	do {
		if (run_stopping())
			return err_set(e, RC_SYSTEM, "stopped while reading");
		n = read(in->fd, b->ptr + b->len, READ_BLOCK);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_errno(e, RC_SYSTEM, "reading the input");
	b->len += (size_t)n;
	in->eof = n == 0;
	return RC_OK;
}

/* The rest of a line that was too long is thrown away up to its LF. */
static void
skip_rest(struct stream_in *in)
{
	char *at = in->buf.ptr + in->start;
	char *lf = in->buf.len > in->start ?
	    memchr(at, '\n', in->buf.len - in->start) : NULL;

	in->start = lf ? (size_t)(lf - in->buf.ptr) + 1 : in->buf.len;
	in->scanned = in->start;
	in->skipping = lf == NULL;
}

static enum rc
refuse_long(struct stream_in *in, struct line *l, struct err *e)
{
	l->text.len = LIMIT_LINE;
	in->section.unreadable += in->section.open;
	return err_set(e, RC_RECORD, "the line is longer than %u bytes",
	    LIMIT_LINE);
}

/* Its end has not been read yet: what follows up to the LF is skipped. */
static enum rc
too_long(struct stream_in *in, struct line *l, struct err *e)
{
	l->text = span_of(in->buf.ptr + in->start, LIMIT_LINE);
	l->number = ++in->lines;
	in->skipping = true;
	return refuse_long(in, l, e);
}

/* Hands out [start, end) and steps over the LF. */
static bool
hand_out(struct stream_in *in, struct line *l, size_t end, size_t after)
{
	size_t start = in->start;

	in->start = in->scanned = after;
	if (end > start && in->buf.ptr[end - 1] == '\r')
		end--;
	l->text = span_of(in->buf.ptr + start, end - start);
	l->number = ++in->lines;
	return end > start;
}

enum rc
stream_read(struct stream_in *in, struct line *l, struct err *e)
{
	struct buf *b = &in->buf;
	enum rc rc;

	arena_reset(&in->arena);
	for (;;) {
		char *lf = NULL;

		if (in->skipping)
			skip_rest(in);
		if (!in->skipping && b->len > in->scanned)
			lf = memchr(b->ptr + in->scanned, '\n',
			    b->len - in->scanned);
		if (lf && hand_out(in, l, (size_t)(lf - b->ptr),
		    (size_t)(lf - b->ptr) + 1))
			return l->text.len > LIMIT_LINE ?
			    refuse_long(in, l, e) : RC_OK;
		if (lf)
			continue;
		in->scanned = b->len;
		if (b->len - in->start > LIMIT_LINE)
			return too_long(in, l, e);
		if (in->eof && b->len > in->start &&
		    hand_out(in, l, b->len, b->len))
			return RC_OK;
		if (in->eof)
			return RC_END;
		rc = fill(in, e);
		if (rc)
			return rc;
	}
}

static enum line_type
type_of(struct span name)
{
	static const struct {
		struct span name;
		enum line_type type;
	} types[] = {
		{ { "record", 6 }, LINE_RECORD },
		{ { "same", 4 }, LINE_SAME },
		{ { "change", 6 }, LINE_CHANGE },
		{ { "operation", 9 }, LINE_OPERATION },
		{ { "seen", 4 }, LINE_SEEN },
		{ { "begin", 5 }, LINE_BEGIN },
		{ { "end", 3 }, LINE_END },
		{ { "receipt", 7 }, LINE_RECEIPT },
		{ { "conflict", 8 }, LINE_CONFLICT },
		{ { "reject", 6 }, LINE_REJECT },
	};

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (span_eq(types[i].name, name))
			return types[i].type;
	return LINE_OTHER;
}

/*
 * Every stage finds members of a line by the bytes of their names, and those
 * have no escapes.  Written with one, a member would be there for some.
 */
static enum rc
check_name(const struct json *j, uint32_t key, struct arena *a, struct err *e)
{
	struct span name = json_string(j, key, a);

	for (size_t i = 0; i < name.len; i++)
		if (name.ptr[i] != '_' &&
		    (name.ptr[i] < 'a' || name.ptr[i] > 'z'))
			return RC_OK; /* none of ours */
	return err_set(e, RC_RECORD, "the name of member \"%.*s\" is written "
	    "with an escape", SPAN_ARG(name));
}

/* The envelope's members; the first of a name is the only one (json.h). */
static bool
take_envelope(struct line *l, struct arena *a, struct err *e)
{
	const struct json *j = &l->json;
	const struct {
		struct span name;
		struct span *into;
	} wanted[] = {
		{ { "system", 6 }, &l->system },
		{ { "object", 6 }, &l->object },
		{ { "entity", 6 }, &l->entity }, { { "id", 2 }, &l->id },
		{ { "uid", 3 }, &l->uid },
	};
	struct span type = SPAN("");

	l->system = l->object = l->entity = l->id = l->uid = span_of(NULL, 0);
	for (JSON_EACH(j, 0, key, value)) {
		struct span name = json_inner(j, key);

		if (j->nodes[key].escaped && check_name(j, key, a, e))
			return false;
		if (name.len > 6)
			continue;
		if (span_eq(name, SPAN("type")) &&
		    json_kind(j, value) == JSON_STRING)
			type = json_string(j, value, a);
		for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
			if (!span_eq(name, wanted[i].name))
				continue;
			if (json_kind(j, value) != JSON_STRING) {
				err_set(e, RC_RECORD, "\"%.*s\" is no string",
				    SPAN_ARG(name));
				return false;
			}
			*wanted[i].into = json_string(j, value, a);
		}
	}
	l->type = type_of(type);
	return true;
}

static bool
counted(const struct line *l)
{
	switch (l->type) {
	case LINE_RECORD:
	case LINE_SEEN:
	case LINE_SAME:
	case LINE_OPERATION:
		return true;
	case LINE_CHANGE:
		return !json_get_true(&l->json, 0, SPAN("absent"));
	default:
		return false;
	}
}

void
stream_account(struct stream_in *in, struct span id)
{
	in->section.count++;
	in->section.digest += hash_identity(in->section.hash_base, id);
}

static enum rc
open_section(struct stream_in *in, const struct line *l, struct err *e)
{
	struct section *s = &in->section;
	struct span mode;

	if (!l->system.len || !l->object.len ||
	    l->system.len > LIMIT_NAME || l->object.len > LIMIT_NAME)
		return err_set(e, RC_SYSTEM, "a section's first line names no "
		    "system and object of 1 to %d bytes", LIMIT_NAME);
	arena_reset(&in->names);
	mode = json_get_string(&l->json, 0, SPAN("mode"), &in->arena);
	*s = (struct section){ .open = true };
	s->system = arena_dup(&in->names, l->system);
	s->object = arena_dup(&in->names, l->object);
	s->entity = arena_dup(&in->names, l->entity);
	s->full = span_eq(mode, SPAN("full"));
	s->hash_base = hash_section(s->system, s->object);
	return RC_OK;
}

static enum rc
begin_section(struct stream_in *in, const struct line *l, struct err *e)
{
	const struct section *s = &in->section;

	if (s->open)
		return err_set(e, RC_SYSTEM, "section %.*s %.*s begins inside "
		    "%.*s %.*s: its end is missing", SPAN_ARG(l->system),
		    SPAN_ARG(l->object), SPAN_ARG(s->system),
		    SPAN_ARG(s->object));
	return open_section(in, l, e);
}

/* What is said of a record must belong to the open section. */
static enum rc
check_section(struct stream_in *in, const struct line *l, struct err *e)
{
	const struct section *s = &in->section;

	if (!s->open && in->part)
		return open_section(in, l, e);
	if (!s->open)
		return err_set(e, RC_SYSTEM, "a line outside any section: its "
		    "begin is missing");
	if (l->type != LINE_OPERATION && !(span_eq(l->system, s->system) &&
	    span_eq(l->object, s->object)))
		return err_set(e, RC_SYSTEM, "a line of %.*s %.*s inside "
		    "section %.*s %.*s", SPAN_ARG(l->system),
		    SPAN_ARG(l->object), SPAN_ARG(s->system),
		    SPAN_ARG(s->object));
	return RC_OK;
}

/* It must have an id; what is absent was never one of those read. */
static enum rc
account_line(struct stream_in *in, const struct line *l, struct err *e)
{
	bool operation = l->type == LINE_OPERATION;
	struct span id = operation ? l->uid : l->id;
	const size_t most = operation ? LIMIT_UID : LIMIT_ID;
	enum rc rc = check_section(in, l, e);

	if (rc)
		return rc;
	if (!id.len || id.len > most || memchr(id.ptr, '\0', id.len)) {
		in->section.unreadable += counted(l);
		return err_set(e, RC_RECORD, "no usable %s (1 to %zu bytes)",
		    operation ? "uid" : "id", most);
	}
	if (counted(l))
		stream_account(in, id);
	return RC_OK;
}

/* A last line without LF: whoever wrote it may have had more to say. */
static bool
unterminated(const struct stream_in *in)
{
	const struct buf *b = &in->buf;

	return in->eof && in->start == b->len && b->len &&
	    b->ptr[b->len - 1] != '\n';
}

enum rc
stream_parse(struct stream_in *in, struct line *l, struct err *e)
{
	enum rc rc = json_parse(&l->json, l->text, e);

	l->type = LINE_OTHER;
	if (!rc && json_kind(&l->json, 0) != JSON_OBJECT)
		rc = err_set(e, RC_RECORD, "the line is no JSON object");
	if (!rc && !take_envelope(l, &in->arena, e))
		rc = RC_RECORD;
	if (rc) {
		in->section.unreadable += in->section.open;
		return unterminated(in) ? err_set(e, RC_SYSTEM,
		    "the input ended inside a line") : rc;
	}
	if (l->type == LINE_BEGIN)
		return begin_section(in, l, e);
	if (l->type == LINE_END && !(in->part && !in->section.open) &&
	    (!in->section.open ||
	    !span_eq(l->system, in->section.system) ||
	    !span_eq(l->object, in->section.object)))
		return err_set(e, RC_SYSTEM, "end of %.*s %.*s, which is not "
		    "the open section", SPAN_ARG(l->system),
		    SPAN_ARG(l->object));
	if (l->type == LINE_END)
		in->section.open = false;
	return l->type == LINE_CHANGE || counted(l) ? account_line(in, l, e) :
	    RC_OK;
}

enum stream_verdict
stream_verify(const struct stream_in *in, const struct line *end)
{
	const struct section *s = &in->section;
	int64_t count = json_get_int(&end->json, 0, SPAN("count"), -1);
	uint32_t digest = json_get(&end->json, 0, SPAN("digest"));
	struct buf want;
	bool same;

	if (count < 0 || s->count + s->unreadable != (uint64_t)count)
		return STREAM_SUBSET;
	if (s->unreadable)
		return STREAM_WHOLE;
	buf_init(&want, STREAM_DIGEST + 2, "digest");
	buf_printf(&want, "\"%016llx\"", (unsigned long long)s->digest);
	same = digest && span_eq(json_text(&end->json, digest),
	    buf_view(&want));
	buf_free(&want);
	return same ? STREAM_WHOLE : STREAM_SUBSET;
}
