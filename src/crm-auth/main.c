/* SPDX-License-Identifier: MIT */
/* crm-auth: logs in to systems, and out. */
#include "../lib/guard.h"
#include "../lib/subcommand.h"
#include "auth.h"

static const struct subcommand commands[] = {
	{ { "crm-auth", "login SYSTEM", login_opts, 2, 2 },
	    "agree in the browser; or --token, from stdin", login_run },
	{ { "crm-auth", "list", NULL, 1, 1 },
	    "who is logged in where, and until when", list_run },
	{ { "crm-auth", "test [SYSTEM...]", test_opts, 1, -1 },
	    "ask each who we are there, and what we may", test_run },
	{ { "crm-auth", "setup SYSTEM [ENTITY...]", setup_opts, 2, -1 },
	    "make the fields there that are pushed and lack", setup_run },
	{ { "crm-auth", "logout SYSTEM", logout_opts, 2, 2 },
	    "revoke what was granted, then forget it", logout_run },
	{ { "crm-auth", "rekey", NULL, 1, 1 },
	    "encrypt all with a new key", rekey_run },
	{ { NULL, NULL, NULL, 0, 0 }, NULL, NULL }
};

int
main(int argc, char **argv)
{
	guard_process();
	return subcommand_main(commands, argc, argv);
}
