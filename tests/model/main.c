/* SPDX-License-Identifier: MIT */
/*
 * model: searches all worlds within bounds; exit 1 and the shortest way there
 * when something that must hold does not.
 *
 * usage: model [-b BOUNDS] [-d DEPTH] [-n STATES] [-s ROOT] [-r RULE]
 *        model -l
 *
 *   -b  how often may happen: people's steps, deaths and lost answers, late
 *       copies, leases that end while at work (2,1,0,0)
 *   -d  steps at most
 *   -n  worlds at most (2000000)
 *   -s  begin there only: 0 to 23; 24 and 25: pair.h
 *   -r  without this rule
 *   -l  the rules, one a line
 */
#include "pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum rule model_removed = RULE_NONE;

static const struct {
	const char *name, *text;
} rules[] = {
#define X(name, text) { #name, text },
	RULES(X)
#undef X
};

static bool
take_rule(const char *name)
{
	for (size_t i = 0; i < RULE_COUNT; i++)
		if (strcmp(rules[i].name, name) == 0) {
			model_removed = (enum rule)i;
			return true;
		}
	return false;
}

static bool
take_bounds(const char *text, struct bounds *b)
{
	unsigned h, c, l, s;

	if (sscanf(text, "%u,%u,%u,%u", &h, &c, &l, &s) != 4 || h >= EDITS)
		return false;
	*b = (struct bounds){ (uint8_t)h, (uint8_t)c, (uint8_t)l,
		(uint8_t)s };
	return true;
}

static bool
is_pair(const struct search *s)
{
	return s->only != SIZE_MAX && s->only >= world_roots() &&
	    s->only < world_roots() + PAIR_ROOTS;
}

static void
list_rules(void)
{
	for (size_t i = 1; i < RULE_COUNT; i++)
		printf("%s %s\n", rules[i].name, rules[i].text);
}

static void
say(const struct search *s, bool pair)
{
	printf("without %s: %s: %zu worlds, %zu steps deep%s, %.1f s CPU\n",
	    rules[model_removed].text, s->problem ? s->problem :
	    "all holds", s->states, s->depth, s->whole ? ", to the end" : "",
	    (double)clock() / CLOCKS_PER_SEC);
	if (!s->problem)
		return;
	printf("  begin: %s\n", pair ? pair_root_name(s->root) :
	    world_root_name(s->root));
	for (size_t i = 0; i < s->steps; i++) {
		char text[128];

		if (pair)
			(void)snprintf(text, sizeof text, "%s",
			    pair_say(s->step[i]));
		else
			step_say(s->step[i], text, sizeof text);
		printf("  %2zu %s\n", i + 1, text);
	}
	printf("  then all goes quiet: %s\n", s->problem);
}

int
main(int argc, char **argv)
{
	struct search s = { .depth = 64, .states = 2000000, .only = SIZE_MAX };
	struct bounds b = { 2, 1, 0, 0 };
	bool good = true;
	int o;

	while ((o = getopt(argc, argv, "b:d:ln:r:s:")) != -1 && good) {
		if (o == 'b')
			good = take_bounds(optarg, &b);
		else if (o == 'd')
			s.depth = strtoul(optarg, NULL, 10);
		else if (o == 'n')
			s.states = strtoul(optarg, NULL, 10);
		else if (o == 's')
			s.only = strtoul(optarg, NULL, 10);
		else if (o == 'r')
			good = take_rule(optarg);
		else if (o == 'l')
			list_rules();
		else
			good = false;
		if (o == 'l')
			return 0;
	}
	if (!good || optind < argc || s.depth > 64 || s.states < 64)
		return 2;
	if (is_pair(&s))
		pair_search(&s, &b, s.only - world_roots());
	else
		search_run(&s, &b);
	say(&s, is_pair(&s));
	return s.problem != NULL;
}
