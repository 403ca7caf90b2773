/* SPDX-License-Identifier: MIT */
#include "opt.h"

#include <stdlib.h>

#include "tap.h"

static bool flag, other;
static const char *text;
static int64_t number;
static struct opt_list list;

static const struct opt first[] = {
	{ 'f', "flag", NULL, "a flag", OPT_FLAG, &flag, 0, 0 },
	{ 'o', "other", NULL, "another", OPT_FLAG, &other, 0, 0 },
	{ 't', "text", "TEXT", "a text", OPT_STRING, &text, 0, 0 },
	OPT_END
};
static const struct opt second[] = {
	{ 'n', "number", "N", "a number", OPT_COUNT, &number, 1, 100 },
	{ 'l', "list", "ITEM", "an item", OPT_LIST, &list, 0, 0 },
	{ 0, "long-only", NULL, "no letter", OPT_FLAG, &other, 0, 0 },
	OPT_END
};

static struct err why;
static char *args[16];
static int operands;

/* Parses the words of one line. */
static enum rc
parse(const char *line)
{
	static const struct opt *const tables[] = { first, second, NULL };
	static char words[256];
	int argc = 0;
	char *at = words;

	flag = other = false;
	text = NULL;
	number = 7;
	list.count = 0;
	snprintf(words, sizeof words, "crm-x %s", line);
	while (*at) {
		args[argc++] = at;
		at += strcspn(at, " ");
		if (*at)
			*at++ = '\0';
	}
	args[argc] = NULL;
	return opt_parse(tables, argc, args, &operands, &why);
}

static void
refuses(const char *line, const char *words)
{
	ok(parse(line) == RC_CONFIG, "refused: %s", line);
	is(span_str(why.text), span_str(words), "why");
}

static void
test_good(void)
{
	ok(!parse("") && operands == 0 && number == 7, "nothing");
	ok(!parse("-f a --other b") && flag && other && operands == 2 &&
	    strcmp(args[1], "a") == 0 && strcmp(args[2], "b") == 0,
	    "options among operands");
	ok(!parse("-fo") && flag && other, "a bundle");
	ok(!parse("-ft x") && flag && strcmp(text, "x") == 0,
	    "a bundle that ends in a value");
	ok(!parse("-tx") && strcmp(text, "x") == 0, "a value that sticks");
	ok(!parse("--text=") && *text == '\0', "an empty value");
	ok(!parse("--text=a=b") && strcmp(text, "a=b") == 0, "with =");
	ok(!parse("-t -f") && strcmp(text, "-f") == 0 && !flag,
	    "a value that looks like an option");
	ok(!parse("-n 100") && number == 100, "a number");
	ok(!parse("-l a --list b -l c") && list.count == 3 &&
	    strcmp(list.items[2], "c") == 0, "a list, in order");
	ok(!parse("-f -- -o -") && !other && operands == 2 &&
	    strcmp(args[1], "-o") == 0, "-- ends options");
	ok(!parse("-") && operands == 1, "- is an operand");
	ok(!parse("-f -f") && flag, "a flag twice");
}

static void
test_bad(void)
{
	refuses("-x", "no option -x; see --help");
	refuses("--nothing", "no option --nothing; see --help");
	refuses("--fla", "no option --fla; see --help");
	refuses("--flag=yes", "--flag takes no value");
	refuses("-t", "-t needs a value (TEXT)");
	refuses("--text", "--text needs a value (TEXT)");
	refuses("-t a -t b", "--text is given twice");
	refuses("-t a --text=a", "--text is given twice");
	refuses("-n 5 --number 6", "--number is given twice");
	refuses("-n 0", "--number takes a whole number from 1 to 100, not "
	    "'0'");
	refuses("-n 101", "--number takes a whole number from 1 to 100, not "
	    "'101'");
	refuses("-n 1x", "--number takes a whole number from 1 to 100, not "
	    "'1x'");
	refuses("-n -1", "--number takes a whole number from 1 to 100, not "
	    "'-1'");
	refuses("--number=", "--number takes a whole number from 1 to 100, "
	    "not ''");
	refuses("-n 99999999999999999999", "--number takes a whole number "
	    "from 1 to 100, not '99999999999999999999'");
	parse("-f -n 5");
	ok(number == 5 && flag, "a parse after it starts anew");
}

int
main(void)
{
	test_good();
	test_bad();
	free(list.items);
	return tap_done();
}
