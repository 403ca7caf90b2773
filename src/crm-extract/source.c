/* SPDX-License-Identifier: MIT */
#include "source.h"

#include "../lib/limits.h"
#include "../lib/mapping.h"

/* "dir/accounts.csv" -> "accounts" */
static struct span
stem_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct span s = span_str(slash ? slash + 1 : path);
	size_t n = s.len;

	while (n > 1 && s.ptr[n - 1] != '.')
		n--;
	if (n > 1)
		s.len = n - 1;
	return s;
}

/* ---- csv FILE ---- */

static struct span
first_of(const char *said, struct span otherwise, struct span last)
{
	if (said)
		return span_str(said);
	return otherwise.len > 0 ? otherwise : last;
}

static enum rc
check_name(struct span name, const char *what, const char *option,
    struct err *e)
{
	if (name.len == 0 || span_eq(name, SPAN("-")))
		return err_set(e, RC_CONFIG, "standard input has no name: say "
		    "with %s which %s it is", option, what);
	if (name.len > LIMIT_NAME)
		return err_set(e, RC_CONFIG, "the %s's name is longer than %d "
		    "bytes", what, LIMIT_NAME);
	return RC_OK;
}

static enum rc
open_csv(struct extraction *s, const struct source_options *said,
    const char *path, struct err *e)
{
	const struct mapping *m = s->mapping;
	struct read_request *req = &s->request;
	struct span none = span_of(NULL, 0);
	struct span stem = stem_of(path);
	enum rc rc;

	s->named = (struct system){ .kind = SPAN("csv"), .enabled = true,
	    .name = first_of(said->system, m ? m->system : none, stem) };
	req->system = &s->named;
	req->path = path;
	req->object = first_of(said->object, m ? m->object : none, stem);
	rc = check_name(s->named.name, "system", "-s", e);
	return rc ? rc : check_name(req->object, "object", "-o", e);
}

/* ---- SYSTEM OBJECT ---- */

static enum rc
open_declared(struct extraction *s, char **operand, struct err *e)
{
	struct read_request *req = &s->request;

	req->system = systems_find(&s->systems, span_str(operand[0]));
	if (!req->system)
		return err_set(e, RC_CONFIG, "no system called %s: declare it "
		    "in %s/systems.jq", operand[0], home_path());
	if (!req->system->enabled)
		return err_set(e, RC_CONFIG, "system %s is not enabled",
		    operand[0]);
	req->object = operand[1] ? span_str(operand[1]) : s->mapping ?
	    s->mapping->object : SPAN("");
	if (!operand[1] && !s->mapping)
		return err_set(e, RC_CONFIG, "which object of %s? Name it, or "
		    "a mapping with -m", operand[0]);
	if (req->object.len == 0 || req->object.len > LIMIT_NAME)
		return err_set(e, RC_CONFIG, "an object's name has 1 to %d "
		    "bytes", LIMIT_NAME);
	return RC_OK;
}

/* ---- both ---- */

static enum rc
check_options(const struct extraction *s, const struct source_options *said,
    struct err *e)
{
	if (said->full && said->delta)
		return err_set(e, RC_CONFIG, "--full and --delta exclude each "
		    "other");
	if ((said->system || said->object) && !s->request.path)
		return err_set(e, RC_CONFIG, "-s and -o name a CSV FILE's "
		    "system and object: crm-extract csv FILE");
	if ((said->id_column || said->delimiter || said->quote ||
	    said->encoding || said->null_marker || said->whole) &&
	    !span_eq(s->request.system->kind, SPAN("csv")))
		return err_set(e, RC_CONFIG, "-k, -d, --quote, --encoding, "
		    "--null-marker and --whole are for CSV files");
	return RC_OK;
}

static enum rc
check_adapter(const struct extraction *s, const struct source_options *said,
    struct err *e)
{
	if (!said->by_id || s->adapter->fetch)
		return RC_OK;
	return err_set(e, RC_CONFIG, "records of a %s system are not asked "
	    "for by --id: it is read as a whole", s->adapter->kind->name);
}

static void
set_request(struct read_request *req, const struct source_options *said)
{
	req->id_column = said->id_column;
	req->delimiter = said->delimiter;
	req->quote = said->quote;
	req->encoding = said->encoding;
	req->null_marker = said->null_marker;
	req->last_line_whole = said->whole;
	req->full = said->full;
}

static enum rc
find_adapter(struct extraction *s, struct err *e)
{
	struct span kind = s->request.system->kind;

	s->adapter = adapter_find(kind);
	if (!s->adapter)
		return err_set(e, RC_CONFIG, "systems of kind %.*s are not "
		    "read; read an export of theirs: crm-extract csv FILE "
		    "-s %.*s", SPAN_ARG(kind),
		    SPAN_ARG(s->request.system->name));
	return RC_OK;
}

enum rc
source_open(struct extraction *s, const struct source_options *said,
    char **operand, struct err *e)
{
	enum rc rc;

	*s = (struct extraction){ .adapter = NULL };
	rc = systems_load(&s->systems, e);
	if (rc)
		return rc;
	if (said->mapping)
		rc = mapping_load(&s->mapping, span_str(said->mapping),
		    &s->systems, e);
	s->request.mapping = s->mapping;
	if (!rc && strcmp(operand[0], "csv") == 0 && !operand[1])
		rc = err_set(e, RC_CONFIG, "which file? crm-extract csv FILE, "
		    "or - for standard input");
	else if (!rc && strcmp(operand[0], "csv") == 0)
		rc = open_csv(s, said, operand[1], e);
	else if (!rc)
		rc = open_declared(s, operand, e);
	if (!rc)
		rc = check_options(s, said, e);
	if (!rc)
		rc = find_adapter(s, e);
	if (!rc)
		rc = check_adapter(s, said, e);
	set_request(&s->request, said);
	if (rc)
		source_close(s);
	return rc;
}

void
source_close(struct extraction *s)
{
	mapping_free(s->mapping);
	systems_free(&s->systems);
}
