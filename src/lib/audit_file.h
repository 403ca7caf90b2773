/* SPDX-License-Identifier: MIT */
/* audit_file: the file of a day, and what was left in files behind the end. */
#ifndef AUDIT_FILE_H
#define AUDIT_FILE_H

#include "audit.h"

struct audit_file {
	int fd;                  /* -1: none */
	char day[AUDIT_DAY + 1];
	uint64_t size;
	bool cut;                /* its last line has no end */
};

void audit_file_init(struct audit_file *f);
void audit_file_close(struct audit_file *f);

/* Opens (and makes) the day's file, unless it is open; takes its size. */
enum rc audit_file_open(struct audit_file *f, const char *day, struct err *e)
    RC_CHECK;
/* Appends and syncs. */
enum rc audit_file_append(struct audit_file *f, struct span text,
    struct err *e) RC_CHECK;

/*
 * Calls `each` for what stands behind the end in files of the end's day and
 * later ones, but for `but` (a day).
 */
typedef void audit_file_stray(void *arg, const char *day, uint64_t from,
    uint64_t to);
enum rc audit_file_strays(const struct audit_place *end, const char *but,
    audit_file_stray *each, void *arg, struct err *e) RC_CHECK;

#endif
