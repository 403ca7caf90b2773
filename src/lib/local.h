/* SPDX-License-Identifier: MIT */
/* local: is a directory on a disk of this machine? */
#ifndef LOCAL_H
#define LOCAL_H

#include "err.h"

/* RC_CONFIG when it is known to be on a network file system, where neither
 * locks nor mapped memory can be relied on. */
enum rc local_require(const char *dir, struct err *e) RC_CHECK;

#endif
