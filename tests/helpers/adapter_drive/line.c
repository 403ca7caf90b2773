/* SPDX-License-Identifier: MIT */
#include "line.h"

#include <stdio.h>

struct buf line;

void
line_begin(const char *what)
{
	buf_reset(&line);
	buf_printf(&line, "{\"%s\":{", what);
}

void
line_flag(const char *name, bool on)
{
	if (!on)
		return;
	json_put_key(&line, span_str(name));
	BUF_LIT(&line, "true");
}

void
line_raw(const char *name, struct span json)
{
	if (!json.len)
		return;
	json_put_key(&line, span_str(name));
	buf_span(&line, json);
}

void
line_finish(void)
{
	printf("%.*s}}\n", SPAN_ARG(buf_view(&line)));
}
