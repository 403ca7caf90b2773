/* SPDX-License-Identifier: MIT */
#include "filestore_compact.h"

#include <sys/stat.h>
#include <unistd.h>

#include "fault.h"
#include "filestore_journal.h"
#include "filestore_pass.h"
#include "filestore_rebase.h"
#include "filestore_review.h"

#define ROUNDS 20 /* edits in the same moments before we give up for now */

/* One try to get the journal into the base. */
struct round {
	const struct filestore_files *f;
	int base, journal, temp;
	struct filestore_ident base_id, journal_id, temp_id;
	struct filestore_review review;
	bool done;
};

/* ---- what a crash left ---- */

/* The journal last: without it nobody would look for the other. */
static enum rc
drop(struct round *r, struct err *e)
{
	enum rc rc = filestore_files_remove(r->f, r->f->temp, e);

	if (!rc)
		rc = filestore_files_remove(r->f, r->f->journal, e);
	if (!rc)
		rc = filestore_files_sync_names(r->f, e);
	r->done = !rc;
	return rc;
}

/* Cut at a line's beginning, so that what is added next stands on its own. */
static enum rc
cut(const struct round *r, struct err *e)
{
	int fd;
	enum rc rc;

	if (!r->review.torn)
		return RC_OK;
	rc = filestore_files_append(r->f, r->f->journal, &fd, e);
	if (rc)
		return rc;
	if (ftruncate(fd, (off_t)r->review.good) != 0)
		rc = err_errno(e, RC_SYSTEM, "%s/%s", r->f->path,
		    r->f->journal);
	if (!rc)
		rc = filestore_files_sync(fd, e);
	close(fd);
	return rc;
}

/*
 * The journal says that `next` was to become the base.  It did unless it
 * still has its temporary name only.
 */
static bool
is_spent(const struct round *r)
{
	const struct filestore_ident *next = &r->review.next;

	if (!next->there)
		return false;
	if (r->base_id.there && r->base_id.inode == next->inode)
		return true;
	return !r->temp_id.there || r->temp_id.inode != next->inode;
}

/*
 * Names were exchanged, so `temp` should be the former base.  If it is not, a
 * file somebody put there in that moment is in it: it gets its name back.
 */
static enum rc
settle_spent(struct round *r, struct err *e)
{
	bool moved;

	if (!r->temp_id.there || r->temp_id.inode == r->review.next.inode ||
	    filestore_files_same(&r->temp_id, &r->review.base))
		return drop(r, e);
	if (!r->base_id.there || r->base_id.inode != r->review.next.inode)
		return err_set(e, RC_PERSON, "%s/%s and %s were both edited"
		    " while we wrote: put into the first what is missing"
		    " there, then remove the second", r->f->path, r->f->base,
		    r->f->temp);
	return filestore_files_publish(r->f, r->f->temp, &r->base_id, &moved,
	    e);
}

/* ---- making the next base ---- */

/* The next base belongs to whom the base belongs to, as far as we may. */
static enum rc
take_after(int base, int temp, struct err *e)
{
	struct stat was, is;

	if (base < 0)
		return RC_OK;
	if (fstat(base, &was) != 0 || fstat(temp, &is) != 0)
		return err_errno(e, RC_SYSTEM, "fstat");
	if ((was.st_uid != is.st_uid || was.st_gid != is.st_gid) &&
	    fchown(temp, was.st_uid, was.st_gid) != 0 && geteuid() == 0)
		return err_errno(e, RC_SYSTEM, "fchown");
	if (fchmod(temp, was.st_mode & 07777) != 0)
		return err_errno(e, RC_SYSTEM, "fchmod");
	return RC_OK;
}

/* A full disk is not to stay full.  But a mark may name this file: then a
 * missing one would mean that it is the base. */
static void
give_up_temp(const struct round *r, int fd)
{
	struct err why;

	if (fd < 0 || ftruncate(fd, 0) != 0 || r->review.next.there)
		return;
	(void)!filestore_files_remove(r->f, r->f->temp, &why);
}

static enum rc
make_temp(struct round *r, bool plain, struct filestore_ident *next,
    struct err *e)
{
	int fd = -1;
	enum rc rc = filestore_files_make(r->f, r->f->temp, &fd, e);

	if (!rc)
		rc = take_after(r->base, fd, e);
	if (!rc)
		rc = filestore_pass(r->base, r->base_id.mtime, r->journal,
		    &r->review, plain, fd, e);
	if (!rc)
		rc = filestore_files_sync(fd, e);
	if (!rc) /* its name too: a mark without it says it was taken */
		rc = filestore_files_sync_names(r->f, e);
	if (!rc)
		rc = filestore_files_ident(fd, next, e);
	if (rc)
		give_up_temp(r, fd);
	if (fd >= 0)
		close(fd);
	return rc ? err_prefix(e, rc, "%s/%s", r->f->path, r->f->temp) :
	    RC_OK;
}

/* From here on a missing temp means: it is the base. */
static enum rc
mark(const struct round *r, const struct filestore_ident *next, struct err *e)
{
	struct filestore_journal j;
	enum rc rc;

	filestore_journal_init(&j, r->f->journal);
	rc = filestore_files_append(r->f, r->f->journal, &j.fd, e);
	if (!rc) {
		filestore_journal_mark(&j, next);
		rc = filestore_journal_write(&j, r->f, true, e);
	}
	if (!rc)
		rc = filestore_journal_sync(&j, e);
	filestore_journal_free(&j);
	return rc;
}

static enum rc
merge(struct round *r, bool plain, struct err *e)
{
	struct filestore_ident next;
	bool moved;
	enum rc rc = make_temp(r, plain, &next, e);

	if (!rc)
		rc = mark(r, &next, e);
	if (!rc)
		rc = filestore_files_publish(r->f, r->f->temp, &r->base_id,
		    &moved, e);
	/* When it moved, temp stays until the journal is without that mark. */
	return rc || moved ? rc : drop(r, e);
}

/* Nothing but new records, and no base: the journal is the base. */
static enum rc
promote(struct round *r, struct err *e)
{
	bool moved;
	enum rc rc = filestore_files_publish(r->f, r->f->journal, &r->base_id,
	    &moved, e);

	return rc || moved ? rc : drop(r, e);
}

/* ---- rounds ---- */

static enum rc
look(struct round *r, struct err *e)
{
	enum rc rc = filestore_files_look(r->f, r->f->journal, &r->journal,
	    &r->journal_id, e);

	if (!rc)
		rc = filestore_files_look(r->f, r->f->base, &r->base,
		    &r->base_id, e);
	if (!rc)
		rc = filestore_files_look(r->f, r->f->temp, &r->temp,
		    &r->temp_id, e);
	return rc;
}

static enum rc
act(struct round *r, bool trusted, bool plain, struct err *e)
{
	enum rc rc;

	if (!r->journal_id.there ||
	    (r->base_id.there && r->base_id.inode == r->journal_id.inode))
		return drop(r, e);
	rc = filestore_review(&r->review, r->journal, trusted, e);
	if (!rc)
		rc = cut(r, e);
	if (rc)
		return rc;
	if (is_spent(r))
		return settle_spent(r, e);
	if (r->review.entries == 0)
		return drop(r, e);
	if (!filestore_files_same(&r->review.base, &r->base_id))
		return filestore_rebase(r->f, r->review.since, e);
	if (!r->base_id.there && r->review.count == 0 &&
	    !r->review.next.there)
		return promote(r, e);
	return merge(r, plain, e);
}

static enum rc
one_round(struct round *r, bool trusted, bool plain, struct err *e)
{
	enum rc rc = look(r, e);

	if (!rc)
		rc = act(r, trusted, plain, e);
	filestore_review_free(&r->review);
	if (r->base >= 0)
		close(r->base);
	if (r->journal >= 0)
		close(r->journal);
	if (r->temp >= 0)
		close(r->temp);
	return rc;
}

enum rc
filestore_compact(const struct filestore_files *f, bool trusted, bool plain,
    struct err *e)
{
	struct round r;
	int i;
	enum rc rc;

	for (i = 0; i < ROUNDS; i++) {
		r = (struct round){ .f = f, .base = -1, .journal = -1,
			.temp = -1 };
		rc = one_round(&r, trusted, plain && i == 0, e);
		if (rc || r.done)
			return rc;
	}
	return err_set(e, RC_RETRY, "%s/%s is being edited all the time",
	    f->path, f->base);
}
