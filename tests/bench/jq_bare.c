/* SPDX-License-Identifier: MIT */
/*
 * jq_bare: what libjq alone costs for one expression on one value a record.
 *
 * usage: jq_bare EXPRESSION < values
 *
 * Each line is a JSON text; libjq gets it as a careful caller must give it:
 * parse, run to the end, print.  crm-map with one expression is held against
 * crm-map without plus this.
 */
#include <jq.h>
#include <jv.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

static jq_state *jq;

static void
run(const char *text, size_t len)
{
	jv v = jv_parse_sized(text, (int)len);

	if (!jv_is_valid(v)) {
		jv_free(v);
		return;
	}
	jq_start(jq, v, 0);
	for (v = jq_next(jq); jv_is_valid(v); v = jq_next(jq)) {
		v = jv_dump_string(v, 0);
		fwrite(jv_string_value(v), 1, (size_t)
		    jv_string_length_bytes(jv_copy(v)), stdout);
		putchar('\n');
		jv_free(v);
	}
	jv_free(v);
}

int
main(int argc, char **argv)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	jq = jq_init();
	if (argc != 2 || !jq || !jq_compile(jq, argv[1]))
		return 2;
	for (;;) {
		len = getline(&line, &room, stdin);
		if (len < 0)
			break;
		run(line, (size_t)len);
	}
	free(line);
	jq_teardown(&jq);
	return fflush(stdout) ? 3 : 0;
}
