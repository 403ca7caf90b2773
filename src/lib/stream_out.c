/* SPDX-License-Identifier: MIT */
/* stream_out: the writing half of stream.h. */
#include "stream.h"

#include <errno.h>
#include <unistd.h>

#include "fault.h"
#include "hash.h"
#include "limits.h"
#include "run.h"

/* A canonical line may be longer than its source: escapes, old and new. */
#define OUT_CAP (8u * LIMIT_LINE + WRITE_BLOCK)

void
stream_out_open(struct stream_out *out, int fd)
{
	*out = (struct stream_out){ .fd = fd };
	buf_init(&out->buf, OUT_CAP, "output line");
}

void
stream_out_free(struct stream_out *out)
{
	buf_free(&out->buf);
}

static enum rc
write_all(struct stream_out *out, struct err *e)
{
	size_t done = 0;

	while (done < out->buf.len) {
		ssize_t n;

		fault_step("write the stream");
		n = write(out->fd, out->buf.ptr + done,
		    out->buf.len - done);
		if (n >= 0)
			done += (size_t)n;
		else if (errno == EPIPE)
			return err_set(e, RC_SYSTEM, "the reader of our "
			    "output went away");
		else if (errno != EINTR)
			return err_errno(e, RC_SYSTEM, "writing the output");
		else if (run_stopping())
			return err_set(e, RC_SYSTEM, "stopped while writing");
	}
	return RC_OK;
}

enum rc
stream_out_flush(struct stream_out *out, struct err *e)
{
	if (!out->failed) {
		out->failed = write_all(out, &out->why);
		buf_reset(&out->buf);
	}
	if (out->failed)
		*e = out->why;
	return out->failed;
}

enum rc
stream_out_line(struct stream_out *out, struct err *e)
{
	if (out->buf.over) {
		buf_reset(&out->buf);
		out->failed = err_set(&out->why, RC_SYSTEM, "an output line "
		    "is longer than %u bytes", OUT_CAP);
		*e = out->why;
		return out->failed;
	}
	buf_putc(&out->buf, '\n');
	if (out->buf.len < WRITE_BLOCK && !out->failed)
		return RC_OK;
	return stream_out_flush(out, e);
}

enum rc
stream_out_copy(struct stream_out *out, struct span text, struct err *e)
{
	buf_span(&out->buf, text);
	return stream_out_line(out, e);
}

void
stream_out_section(struct stream_out *out, struct span system,
    struct span object)
{
	out->hash_base = hash_section(system, object);
	out->count = out->digest = 0;
}

void
stream_out_account(struct stream_out *out, struct span id)
{
	out->count++;
	out->digest += hash_identity(out->hash_base, id);
}

void
stream_out_books(struct stream_out *out)
{
	buf_printf(&out->buf, "\"count\":%llu,\"digest\":\"%016llx\"",
	    (unsigned long long)out->count, (unsigned long long)out->digest);
}

enum rc
stream_out_seen(struct stream_out *out, struct span system,
    struct span object, struct span id, struct span why, struct span known,
    struct err *e)
{
	struct buf *b = &out->buf;

	BUF_LIT(b, "{\"type\":\"seen\",\"system\":");
	json_put_string(b, system);
	BUF_LIT(b, ",\"object\":");
	json_put_string(b, object);
	BUF_LIT(b, ",\"id\":");
	json_put_string(b, id);
	BUF_LIT(b, ",\"why\":");
	json_put_string(b, why);
	buf_span(b, known);
	buf_putc(b, '}');
	stream_out_account(out, id);
	return stream_out_line(out, e);
}
