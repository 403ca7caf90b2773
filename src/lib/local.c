/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* statfs; POSIX does not tell file systems apart */
#include "local.h"

#ifdef __linux__

#include <stddef.h>
#include <stdint.h>
#include <sys/vfs.h>

/* linux/magic.h, and the sources of those that are not in it. */
static const struct {
	uint32_t magic;
	const char *name;
} networks[] = {
	{ 0x00006969, "NFS" },
	{ 0x0000517b, "SMB" },
	{ 0xff534d42, "CIFS" },
	{ 0xfe534d42, "SMB2" },
	{ 0x5346414f, "AFS" },
	{ 0x73757245, "Coda" },
	{ 0x00c36400, "Ceph" },
	{ 0x01021997, "9P" },
	{ 0x0bd00bd0, "Lustre" },
	{ 0x47504653, "GPFS" },
	{ 0x65735546, "FUSE" },
};

enum rc
local_require(const char *dir, struct err *e)
{
	struct statfs fs;
	size_t i;

	if (statfs(dir, &fs) != 0)
		return err_errno(e, RC_SYSTEM, "%s", dir);
	for (i = 0; i < sizeof networks / sizeof *networks; i++)
		if ((uint32_t)fs.f_type == networks[i].magic)
			return err_set(e, RC_CONFIG, "%s is on %s: the home"
			    " of a sync must be on a disk of this machine;"
			    " set CRM_HOME to a directory there", dir,
			    networks[i].name);
	return RC_OK;
}

#else

enum rc
local_require(const char *dir, struct err *e)
{
	(void)dir;
	(void)e;
	return RC_OK;
}

#endif
