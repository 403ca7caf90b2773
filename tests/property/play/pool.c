/* SPDX-License-Identifier: MIT */
#include "pool.h"

#include <lmdb.h>
#include <stddef.h>

int __real_mdb_env_create(MDB_env **env);
int __real_mdb_env_set_maxdbs(MDB_env *env, MDB_dbi n);
int __real_mdb_env_set_mapsize(MDB_env *env, size_t size);
int __real_mdb_env_open(MDB_env *env, const char *path, unsigned flags,
    mdb_mode_t mode);
void __real_mdb_env_close(MDB_env *env);
int __wrap_mdb_env_create(MDB_env **env);
int __wrap_mdb_env_set_maxdbs(MDB_env *env, MDB_dbi n);
int __wrap_mdb_env_set_mapsize(MDB_env *env, size_t size);
int __wrap_mdb_env_open(MDB_env *env, const char *path, unsigned flags,
    mdb_mode_t mode);
void __wrap_mdb_env_close(MDB_env *env);

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

void
pool_close(void)
{
	if (kept)
		__real_mdb_env_close(kept);
	kept = NULL;
}

bool
pool_is_open(void)
{
	return kept != NULL;
}
