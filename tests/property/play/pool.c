/* SPDX-License-Identifier: MIT */
#include "pool.h"

#include <lmdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../../src/lib/jqprog.h"
#include "../../../src/lib/limits.h"
#include "../../../src/lib/literal.h"

/* Of the very same types, or it does not compile. */
extern __typeof__(mdb_env_create) __real_mdb_env_create,
    __wrap_mdb_env_create;
extern __typeof__(mdb_env_set_maxdbs) __real_mdb_env_set_maxdbs,
    __wrap_mdb_env_set_maxdbs;
extern __typeof__(mdb_env_set_mapsize) __real_mdb_env_set_mapsize,
    __wrap_mdb_env_set_mapsize;
extern __typeof__(mdb_env_open) __real_mdb_env_open, __wrap_mdb_env_open;
extern __typeof__(mdb_env_close) __real_mdb_env_close, __wrap_mdb_env_close;
extern __typeof__(access) __real_access, __wrap_access;
extern __typeof__(literal_read) __real_literal_read, __wrap_literal_read;
extern __typeof__(literal_load) __wrap_literal_load;
extern __typeof__(jqprog_new) __real_jqprog_new, __wrap_jqprog_new;
extern __typeof__(jqprog_free) __real_jqprog_free, __wrap_jqprog_free;

#define FILES 16

static struct file {
	char path[64];
	char *text;
	size_t size;
} file[FILES];
static size_t files;

static MDB_env *kept; /* of this play's home, once it is open */

int
__wrap_mdb_env_create(MDB_env **env)
{
	*env = kept;
	return kept ? 0 : __real_mdb_env_create(env);
}

int
__wrap_mdb_env_set_maxdbs(MDB_env *env, MDB_dbi n)
{
	return env == kept ? 0 : __real_mdb_env_set_maxdbs(env, n);
}

/* The map never grows in a play; all programs ask for the same size. */
int
__wrap_mdb_env_set_mapsize(MDB_env *env, size_t size)
{
	return env == kept ? 0 : __real_mdb_env_set_mapsize(env, size);
}

int
__wrap_mdb_env_open(MDB_env *env, const char *path, unsigned flags,
    mdb_mode_t mode)
{
	int code;

	if (env == kept)
		return 0;
	code = __real_mdb_env_open(env, path, flags & ~(unsigned)MDB_RDONLY,
	    mode);
	if (code == 0)
		kept = env;
	return code;
}

void
__wrap_mdb_env_close(MDB_env *env)
{
	if (env != kept)
		__real_mdb_env_close(env);
}

/* ---- configuration ---- */

static const struct file *
find(const char *path)
{
	for (size_t i = 0; i < files; i++)
		if (strcmp(file[i].path, path) == 0)
			return &file[i];
	return NULL;
}

static void
keep(const char *path, struct span text)
{
	struct file *f = &file[files];

	if (files == FILES || strlen(path) >= sizeof f->path)
		return;
	files++;
	memcpy(f->path, path, strlen(path) + 1);
	f->size = text.len;
	f->text = malloc(text.len + 1);
	memcpy(f->text, text.ptr, text.len);
}

int
__wrap_access(const char *path, int mode)
{
	return find(path) ? 0 : __real_access(path, mode);
}

enum rc
__wrap_literal_read(struct buf *raw, const char *path, struct err *e)
{
	const struct file *f = find(path);
	size_t before = raw->len;
	enum rc rc;

	if (f) {
		buf_put(raw, f->text, f->size);
		return RC_OK;
	}
	rc = __real_literal_read(raw, path, e);
	if (rc == RC_OK)
		keep(path, span_of(raw->ptr + before, raw->len - before));
	return rc;
}

enum rc
__wrap_literal_load(struct literal *l, const char *path, struct err *e)
{
	struct buf raw;
	enum rc rc;

	buf_init(&raw, LIMIT_MAPPING_FILE, "configuration file");
	rc = __wrap_literal_read(&raw, path, e);
	if (!rc)
		rc = literal_parse(l, buf_view(&raw), path, e);
	buf_free(&raw);
	return rc;
}

/* ---- expressions ---- */

/* Our histories have one, and libjq needs long to compile it. */
static struct {
	char text[64];
	struct jqprog *program;
} compiled;

enum rc
__wrap_jqprog_new(struct jqprog **p, struct span program, const char *what,
    struct err *e)
{
	enum rc rc;

	if (compiled.program && span_eq(program, span_str(compiled.text))) {
		*p = compiled.program;
		return RC_OK;
	}
	rc = __real_jqprog_new(p, program, what, e);
	if (rc || compiled.program || program.len >= sizeof compiled.text)
		return rc;
	memcpy(compiled.text, program.ptr, program.len);
	compiled.program = *p;
	return RC_OK;
}

void
__wrap_jqprog_free(struct jqprog *p)
{
	if (p != compiled.program)
		__real_jqprog_free(p);
}

void
pool_forget_files(void)
{
	while (files)
		free(file[--files].text);
}

void
pool_close(void)
{
	pool_forget_files();
	if (kept)
		__real_mdb_env_close(kept);
	kept = NULL;
}

void
pool_end(void)
{
	pool_close();
	if (compiled.program)
		__real_jqprog_free(compiled.program);
	compiled.program = NULL;
}

bool
pool_is_open(void)
{
	return kept != NULL;
}
