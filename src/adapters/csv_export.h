/* SPDX-License-Identifier: MIT */
/*
 * csv_export: a CSV file as a target that is written once and never read.
 *
 * The file must not exist.  Rows go straight to its final name, and each
 * batch is synced before its rows are reported done: a temporary file renamed
 * at the end would lose rows that were already acknowledged.  A batch that
 * cannot be written whole is taken back.  After a kill the file may end in
 * rows, or a part of one, that nobody acknowledged.
 *
 * A row's id is our uid.  Blank is null or absent, "" is empty text.
 */
#ifndef CSV_EXPORT_H
#define CSV_EXPORT_H

#include "adapter.h"

enum rc csv_export_open(struct writer **w, const struct system *system,
    struct span object, const struct mapping *mapping, struct err *e) RC_CHECK;
enum rc csv_export_write(struct writer *w, struct write_item *items, size_t n,
    struct err *e) RC_CHECK;
enum rc csv_export_close(struct writer *w, struct err *e) RC_CHECK;

#endif
