/* SPDX-License-Identifier: MIT */
/* rekey: another key for all credentials. */
#include "auth.h"

void
rekey_run(struct run *r)
{
	struct credentials all;
	struct err e;
	enum rc rc = credentials_open(&all, true, &e);

	if (!rc)
		rc = credentials_rekey(&all, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	else
		run_notice(r, NULL, "all credentials have a new key");
	credentials_close(&all);
}
