/* SPDX-License-Identifier: MIT */
/* filestore_swap: two names change places, as one step. */
#ifndef FILESTORE_SWAP_H
#define FILESTORE_SWAP_H

/* 0; or -1 with errno, ENOSYS or EINVAL where the system cannot. */
int filestore_swap(int dir, const char *a, const char *b);

#endif
