/* SPDX-License-Identifier: MIT */
/*
 * web_session: the adapter of every kind that is spoken to over HTTP: one
 * system a process, with its token, its budget and its wire log.
 */
#ifndef WEB_SESSION_H
#define WEB_SESSION_H

#include "web.h"

#define WEB_BATCH 1000 /* items of one write: some calls of the widest kind */

/* As adapter.h says. */
enum rc web_open(const struct system *system,
    const struct adapter_terms *terms, struct err *e) RC_CHECK;
void web_close(void);
enum rc web_account(const struct system *system, bool make,
    struct account *a, struct err *e) RC_CHECK;
enum rc web_read(struct read_request *req, struct err *e) RC_CHECK;
enum rc web_fetch(struct read_request *req, const struct span *ids, size_t n,
    struct err *e) RC_CHECK;
enum rc web_write_open(struct writer **w, const struct system *system,
    struct span object, const struct mapping *mapping, struct err *e)
    RC_CHECK;
enum rc web_write(struct writer *w, struct write_item *items, size_t n,
    struct err *e) RC_CHECK;
enum rc web_write_close(struct writer *w, struct err *e) RC_CHECK;

enum rc web_read_calls(const struct read_request *req, uint64_t *calls,
    struct err *e) RC_CHECK;
uint64_t web_write_calls(const struct system *system, struct span object,
    const struct mapping *mapping, uint64_t made, uint64_t n);
enum rc web_forecast(uint64_t calls, struct buf *words, struct err *e)
    RC_CHECK;

#define WEB_FUNCTIONS .batch_max = WEB_BATCH, .open = web_open, \
	.close = web_close, .account = web_account, .read = web_read, \
	.fetch = web_fetch, .write_open = web_write_open, \
	.write = web_write, .write_close = web_write_close, \
	.read_calls = web_read_calls, .write_calls = web_write_calls, \
	.forecast = web_forecast

/* The budget of the account that stands behind a system. */
enum rc web_budget(const struct system *system, struct span account,
    struct budget **out, struct err *e) RC_CHECK;

/* Beyond records; between web_open and web_close. */
/* One reading of a path below the base; `a` initialised, its status whatever
 * the kind's judge takes. */
enum rc web_get(struct span path, struct http_answer *a, struct err *e)
    RC_CHECK;
enum rc web_describe(struct span object, web_field_emit *emit, void *arg,
    struct err *e) RC_CHECK;
/* RC_CONFIG: nothing can be set up there. */
enum rc web_setup(struct span object, struct web_wish *wishes, size_t n,
    bool look, struct err *e) RC_CHECK;

#endif
