/* SPDX-License-Identifier: MIT */
/* mapping_field: one field's entry in a system file. */
#include "mapping_private.h"

#include "limits.h"
#include "literal.h"
#include "mapping_file.h"

static const char *const keys[] = { "from", "labels", "dir", "enum", "else",
	"default", "trim", "lower", "upper", "split", "part", "join",
	"also", "host", "substring", "date", "zone", "decimal", "read", "write",
	"max_length", "on_misfit", "drift", "history", "trend", "time",
	"examples", "description", NULL };

static const char *const directions[] = { "pull", "push", "both", NULL };
static const char *const drifts[] = { "overwrite", "keep", NULL };
static const char *const misfits[] = { "reject", "null", "truncate", NULL };

enum rc
mapping_field_when(struct mapping *m, const struct json *j, uint32_t object,
    struct datetime_spec *when, struct err *e)
{
	struct span zone = { NULL, 0 }, *formats = NULL;
	size_t count = 0, i;
	enum rc rc;

	rc = mapping_file_string(j, object, "zone", &m->arena, &zone, e);
	if (!rc && zone.ptr) {
		rc = datetime_zone(zone, &when->zone, e);
		when->zoned = true;
	}
	if (!rc)
		rc = mapping_file_strings(j, object, "date", &m->arena,
		    &formats, &count, e);
	for (i = 0; !rc && i < count; i++)
		rc = datetime_check(formats[i], e);
	if (!rc && count) {
		when->formats = formats;
		when->count = count;
	}
	return rc;
}

static enum rc
load_sources(struct map_loader *l)
{
	struct span *names = NULL, *labels = NULL;
	size_t count = 0, label_count = 0, i;
	enum rc rc;

	rc = mapping_file_strings(l->j, l->node, "from", &l->m->arena, &names,
	    &count, l->e);
	if (!rc)
		rc = mapping_file_strings(l->j, l->node, "labels",
		    &l->m->arena, &labels, &label_count, l->e);
	if (!rc && !count)
		rc = err_set(l->e, RC_CONFIG, "needs from: the source's name");
	if (!rc && label_count && count > 1)
		rc = err_set(l->e, RC_CONFIG, "labels go with one name in"
		    " from");
	if (rc)
		return rc;
	l->s->sources = arena_zero(&l->m->arena, count * sizeof(uint32_t));
	for (i = 0; i < count; i++) {
		if (!names[i].len)
			return err_set(l->e, RC_CONFIG, "from: an empty name");
		l->s->sources[i] = mapping_source_add(l->m, names[i]);
	}
	l->s->source_count = count;
	mapping_source_label(l->m, l->s->sources[0], labels, label_count);
	l->f->from = l->m->private->sources[l->s->sources[0]].name;
	return RC_OK;
}

static enum rc
load_limits(struct map_loader *l)
{
	int64_t longest = 0;
	int misfit = MISFIT_REJECT;
	size_t own = l->field->max_length;
	enum rc rc;

	rc = mapping_file_count(l->j, l->node, "max_length", 1, LIMIT_LINE,
	    &longest, l->e);
	if (!rc)
		rc = mapping_file_word(l->j, l->node, "on_misfit", misfits,
		    &misfit, l->e);
	if (rc)
		return rc;
	l->f->max_length = (size_t)longest;
	l->s->longest = own && (!longest || own < (size_t)longest) ? own :
	    (size_t)longest;
	l->s->on_misfit = (enum misfit)misfit;
	if (misfit == MISFIT_NULL && l->field->required)
		return err_set(l->e, RC_CONFIG, "on_misfit \"null\" on a"
		    " required field");
	return RC_OK;
}

static enum rc
load_flags(struct map_loader *l)
{
	struct map_step *s = l->s;
	int dir = -1;
	enum rc rc;

	rc = mapping_file_word(l->j, l->node, "dir", directions, &dir, l->e);
	if (!rc && dir < 0)
		rc = err_set(l->e, RC_CONFIG, "needs dir: \"both\", \"pull\""
		    " or \"push\"");
	if (!rc)
		rc = mapping_file_flag(l->j, l->node, "trim", &s->trim, l->e);
	if (!rc)
		rc = mapping_file_flag(l->j, l->node, "lower", &s->lower,
		    l->e);
	if (!rc)
		rc = mapping_file_flag(l->j, l->node, "upper", &s->upper,
		    l->e);
	if (!rc)
		rc = mapping_file_string(l->j, l->node, "join", &l->m->arena,
		    &s->join, l->e);
	if (!rc)
		rc = mapping_file_flag(l->j, l->node, "host", &s->host, l->e);
	if (!rc && s->lower && s->upper)
		rc = err_set(l->e, RC_CONFIG, "lower and upper together");
	s->joined = s->join.ptr != NULL;
	l->f->dir = (enum direction)(dir + 1);
	if (!rc && l->field->derive && l->f->dir != DIR_PUSH)
		rc = err_set(l->e, RC_CONFIG, "is derived, which no system "
		    "can change: dir must be \"push\"");
	return rc;
}

static enum rc
load_also(struct map_loader *l)
{
	enum rc rc = mapping_file_string(l->j, l->node, "also",
	    &l->m->arena, &l->f->also, l->e);

	if (!rc && l->f->also.len && !(l->f->dir & DIR_PUSH))
		rc = err_set(l->e, RC_CONFIG, "also is written: dir must be"
		    " \"push\" or \"both\"");
	return rc;
}

static enum rc
load_drift(struct map_loader *l)
{
	int drift = -1;
	enum rc rc = mapping_file_word(l->j, l->node, "drift", drifts, &drift,
	    l->e);

	if (!rc && drift >= 0 && l->f->dir != DIR_PUSH)
		rc = err_set(l->e, RC_CONFIG, "drift is for dir \"push\"");
	l->f->keep_drift = drift == 1;
	return rc;
}

/* Two names of one thing: the first that has a value is read, both are
 * written. */
static bool
writes_all(const struct map_loader *l)
{
	const struct map_step *s = l->s;

	return s->source_count == 2 && !s->joined && span_eq(l->f->also,
	    l->m->private->sources[s->sources[1]].name);
}

/* What could not be written back must not be asked to be. */
static enum rc
check_direction(struct map_loader *l)
{
	const struct map_step *s = l->s;
	const char *what = NULL;

	if (!(l->f->dir & DIR_PUSH) || s->write)
		return RC_OK;
	if (s->source_count > 1 && !writes_all(l))
		what = "several names in from";
	else if (s->host)
		what = "host";
	else if (s->split)
		what = "split";
	else if (s->cut)
		what = "substring";
	else if (s->read)
		what = "a read expression without a write";
	else if (l->m->private->sources[s->sources[0]].rest.len)
		what = "a name with a dot";
	if (!what)
		return RC_OK;
	return err_set(l->e, RC_CONFIG, "%s cannot be written back: use dir"
	    " \"pull\"%s", what, s->source_count > 1 ||
	    l->m->private->sources[s->sources[0]].rest.len ? "" :
	    " or give write");
}

/* `"name":`, quoted once instead of in every record. */
static struct span
load_key(struct mapping *m, struct span name)
{
	struct span key;
	struct buf b;

	buf_init(&b, LIMIT_MAPPING_FILE, "name");
	json_put_string(&b, name);
	buf_putc(&b, ':');
	key = arena_dup(&m->arena, buf_view(&b));
	buf_free(&b);
	return key;
}

enum rc
mapping_field_load(struct mapping *m, struct map_field *f,
    const struct json *j, uint32_t key, uint32_t value,
    const struct datetime_spec *when, struct err *e)
{
	struct map_step *s = arena_zero(&m->arena, sizeof(*s));
	struct map_loader l = { m, f, s, NULL, j, value, e };
	enum rc rc;

	f->field = entity_field_find(m->entity, literal_string(j, key,
	    &m->arena));
	f->steps = s;
	if (f->field == SIZE_MAX)
		return err_set(e, RC_CONFIG, "the entity has no such field");
	if (json_kind(j, value) != JSON_OBJECT)
		return err_set(e, RC_CONFIG, "must be an object {from: ...,"
		    " dir: ...}");
	l.field = &m->entity->fields[f->field];
	s->key = load_key(m, l.field->name);
	s->when = *when;
	rc = literal_keys(j, value, keys, e);
	if (!rc)
		rc = load_sources(&l);
	if (!rc)
		rc = load_flags(&l);
	if (!rc)
		rc = mapping_field_when(m, j, value, &s->when, e);
	if (!rc)
		rc = load_limits(&l);
	if (!rc)
		rc = load_also(&l);
	if (!rc)
		rc = load_drift(&l);
	if (!rc)
		rc = mapping_step_load(&l);
	if (!rc)
		rc = mapping_history_load(&l);
	if (!rc)
		rc = mapping_times_load(&l);
	if (!rc)
		rc = check_direction(&l);
	if (l.field->type == TYPE_REF)
		s->ids_of = m->kind;
	s->readable = f->dir != DIR_PUSH || !s->write || s->read;
	s->required = l.field->required;
	s->raw_longest = l.field->max_length ? l.field->max_length : SIZE_MAX;
	s->plain = s->source_count == 1 && !s->trim && !s->lower &&
	    !s->upper && !s->host && !s->split && !s->cut &&
	    !s->table_count && !s->read;
	s->raw = s->plain && l.field->type == TYPE_TEXT && !s->missing.ptr &&
	    !s->otherwise.ptr;
	return rc;
}
