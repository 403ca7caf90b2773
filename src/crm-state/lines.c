/* SPDX-License-Identifier: MIT */
#include "lines.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum rc
lines_open(struct lines *l, const char *path, struct err *e)
{
	int fd = STDIN_FILENO;

	*l = (struct lines){ .path = path };
	if (strcmp(path, "-") != 0)
		fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_errno(e, err_of_file(errno), "%s", path);
	stream_in_open(&l->in, fd, NULL);
	stream_line_init(&l->line);
	return RC_OK;
}

void
lines_close(struct lines *l)
{
	if (!l->path)
		return;
	if (l->in.fd > STDIN_FILENO)
		close(l->in.fd);
	stream_in_free(&l->in);
	stream_line_free(&l->line);
}

enum rc
lines_wrong(const struct lines *l, enum rc rc, struct err *e)
{
	return err_prefix(e, rc, "%s: line %llu", strcmp(l->path, "-") == 0 ?
	    "standard input" : l->path, (unsigned long long)l->line.number);
}

enum rc
lines_next(struct lines *l, struct span type, struct err *e)
{
	enum rc rc = stream_read(&l->in, &l->line, e);
	uint32_t at;

	if (rc == RC_OK)
		rc = json_parse(&l->line.json, l->line.text, e);
	if (rc == RC_RECORD)
		return lines_wrong(l, rc, e);
	if (rc)
		return rc;
	at = json_get(&l->line.json, 0, SPAN("type"));
	if (at && json_is(&l->line.json, at, type))
		return RC_OK;
	err_set(e, RC_RECORD, "its type is not \"%.*s\"", SPAN_ARG(type));
	return lines_wrong(l, RC_RECORD, e);
}
