/* SPDX-License-Identifier: MIT */
/*
 * address: where a person finds a record in a system: the `url` that
 * systems.jq gives for it, one for all objects or one for each.
 *
 *   hubspot: {kind: "hubspot", url: {
 *       companies: "https://app.hubspot.com/contacts/1/record/0-2/{id}"}}
 */
#ifndef ADDRESS_H
#define ADDRESS_H

#include "home.h"

/*
 * RC_CONFIG when a system's `url` is neither a text with {id} in it nor an
 * object of such.
 */
enum rc address_check(const struct json *j, uint32_t system, struct err *e)
    RC_CHECK;

/*
 * Appends the address, {id} and {object} filled in, what is no plain letter
 * or digit of them as %XX; false: the system says none.
 */
bool address_put(struct buf *b, const struct systems *s, struct span system,
    struct span object, struct span id);

#endif
