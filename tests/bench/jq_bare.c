/* SPDX-License-Identifier: MIT */
/*
 * jq_bare: the least that libjq needs for one expression on one value: a JSON
 * value a line in, the results out.  What a mapping's expression is held to.
 *
 * usage: jq_bare PROGRAM < values
 */
#include <jq.h>
#include <stdio.h>
#include <stdlib.h>

int
main(int argc, char **argv)
{
	jq_state *jq = jq_init();
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	if (argc != 2 || !jq || !jq_compile(jq, argv[1]))
		return 2;
	while ((n = getline(&line, &room, stdin)) > 0) {
		jq_start(jq, jv_parse_sized(line, (int)n), 0);
		for (jv v = jq_next(jq); jv_is_valid(v); v = jq_next(jq)) {
			jv text = jv_dump_string(v, 0);

			puts(jv_string_value(text));
			jv_free(text);
		}
	}
	free(line);
	jq_teardown(&jq);
	return fflush(stdout) ? 3 : 0;
}
