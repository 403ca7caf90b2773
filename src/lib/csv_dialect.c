/* SPDX-License-Identifier: MIT */
/* csv: which characters part and quote, given or found in the header. */
#include <strings.h>

#include "csv.h"

static const char candidates[] = { ',', ';', '\t', '|' };

#define CANDIDATES sizeof candidates

static const char *
name_of(char c)
{
	static const char *const names[] = { "comma", "semicolon", "tab",
	    "pipe" };
	size_t i = 0;

	while (candidates[i] != c)
		i++;
	return names[i];
}

enum rc
csv_character(char *c, const char *text, const char *what, struct err *e)
{
	if (!text || !*text)
		return RC_OK;
	if (strcasecmp(text, "tab") == 0 || strcmp(text, "\\t") == 0)
		*c = '\t';
	else if (!text[1] && (text[0] == '\t' ||
	    (text[0] >= ' ' && text[0] <= '~')))
		*c = text[0];
	else
		return err_set(e, RC_CONFIG, "%s takes one ASCII character or "
		    "\"tab\"", what);
	return RC_OK;
}

enum rc
csv_dialect_check(const struct csv_dialect *d, struct err *e)
{
	if (d->quote == ' ' || d->quote == '\t' || d->quote == d->delimiter)
		return err_set(e, RC_CONFIG, "the quote must be neither space "
		    "nor tab nor the delimiter");
	return RC_OK;
}

enum rc
csv_detect(char *delimiter, struct span text, char quote, struct err *e)
{
	char found = 0;
	bool quoted = false;
	size_t i;

	for (i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == quote)
			quoted = !quoted;
		if (quoted)
			continue;
		/* empty lines before the header are skipped */
		if ((c == '\n' || c == '\r') && i > 0 &&
		    text.ptr[i - 1] != '\n' && text.ptr[i - 1] != '\r')
			break;
		if (!memchr(candidates, c, CANDIDATES) || c == found)
			continue;
		if (found)
			return err_set(e, RC_CONFIG, "the header has %s and "
			    "%s: say with -d which parts the cells",
			    name_of(found), name_of(c));
		found = c;
	}
	*delimiter = found ? found : ',';
	return RC_OK;
}
