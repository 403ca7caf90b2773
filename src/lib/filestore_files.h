/* SPDX-License-Identifier: MIT */
/*
 * filestore_files: the files of one object in its directory, and who may
 * touch them.
 *
 *   OBJECT.ndjson           the base: the records, people's to read and edit
 *   OBJECT.ndjson.journal   what was written since, durable; gone when merged
 *   OBJECT.ndjson.temp      the next base while it is made
 *   OBJECT.ndjson.rebased   the next journal while it is made
 *   OBJECT.ndjson.lock      locked (fcntl) by the one writer; stays
 */
#ifndef FILESTORE_FILES_H
#define FILESTORE_FILES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "buf.h"
#include "err.h"
#include "limits.h"
#include "span.h"

/* Which bytes a file holds, as far as its inode tells. */
struct filestore_ident {
	bool there;
	uint64_t inode, size;
	int64_t mtime, ctime; /* ns */
};

#define FILESTORE_NAME (LIMIT_NAME + 24)

struct filestore_files {
	char *path;          /* of the directory, for messages; owned */
	int dir, lock;       /* -1: closed */
	char base[FILESTORE_NAME], journal[FILESTORE_NAME];
	char temp[FILESTORE_NAME], rebased[FILESTORE_NAME];
	char lock_name[FILESTORE_NAME];
	uint64_t lock_device, lock_inode;
	struct filestore_files *next; /* of those this process has locked */
};

/* RC_CONFIG when the directory is missing or the object cannot be a name. */
enum rc filestore_files_open(struct filestore_files *f, const char *dir,
    struct span object, struct err *e) RC_CHECK;
void filestore_files_close(struct filestore_files *f); /* unlocks */

/* RC_RETRY naming the process when another one writes. */
enum rc filestore_files_lock(struct filestore_files *f, struct err *e)
    RC_CHECK;
/* The process that has the lock (maybe this one), 0 when nobody has. */
pid_t filestore_files_writer(const struct filestore_files *f);

/*
 * Opens one of the names for reading; *fd is -1 and id->there false when
 * there is none.  Only regular files: RC_CONFIG.
 */
enum rc filestore_files_look(const struct filestore_files *f,
    const char *name, int *fd, struct filestore_ident *id, struct err *e)
    RC_CHECK;

enum rc filestore_files_ident(int fd, struct filestore_ident *id,
    struct err *e) RC_CHECK;
/* The same bytes: inode, size and mtime.  (A rename changes the ctime.) */
bool filestore_files_same(const struct filestore_ident *a,
    const struct filestore_ident *b);

/* Makes a file of that name, empty, for writing; one left over is emptied. */
enum rc filestore_files_make(const struct filestore_files *f,
    const char *name, int *fd, struct err *e) RC_CHECK;
/* Opens a file that is there, for appending. */
enum rc filestore_files_append(const struct filestore_files *f,
    const char *name, int *fd, struct err *e) RC_CHECK;
enum rc filestore_files_write(int fd, struct span bytes, struct err *e)
    RC_CHECK;
enum rc filestore_files_sync(int fd, struct err *e) RC_CHECK;
/* Makes names durable. */
enum rc filestore_files_sync_names(const struct filestore_files *f,
    struct err *e) RC_CHECK;
/* Removes a name that need not be there. */
enum rc filestore_files_remove(const struct filestore_files *f,
    const char *name, struct err *e) RC_CHECK;
enum rc filestore_files_rename(const struct filestore_files *f,
    const char *from, const char *to, struct err *e) RC_CHECK;

/*
 * The file `name` becomes the base, unless the base is no longer `expected`:
 * then *moved is set and everything stands as before.
 */
enum rc filestore_files_publish(const struct filestore_files *f,
    const char *name, const struct filestore_ident *expected, bool *moved,
    struct err *e) RC_CHECK;

#endif
