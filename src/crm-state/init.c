/* SPDX-License-Identifier: MIT */
/* init: makes the home of a sync, and the directory its example names. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/fault.h"
#include "../lib/home.h"
#include "../lib/state.h"
#include "commands.h"
#include "local.h"

#define PATH_CAP 4096

static const char systems[] =
"# The systems of this sync: a name of your choice, its kind, what it needs.\n"
"# Unquoted keys and comments are fine, else it is JSON.\n"
"# Kinds: file and csv; salesforce, hubspot, pipedrive, dynamics and supabase\n"
"# name whose CSV exports are read (crm-extract csv FILE -s SYSTEM).\n"
"# A path is relative to the directory this home stands in.\n"
"{\n"
"  # The application's own store: app/customer.ndjson and so on, one JSON\n"
"  # object a line; yours to read and edit.\n"
"  app: {kind: \"file\", path: \"app\"}\n"
"\n"
"  # A CSV file of one entity, written once.\n"
"  # , export: {kind: \"csv\", path: \"export.csv\"}\n"
"\n"
"  # A second account of a kind.\n"
"  # , \"hubspot-eu\": {kind: \"hubspot\", enabled: true}\n"
"}\n";

/* ---- the directory ---- */

static enum rc
require_empty(const char *home, struct err *e)
{
	struct dirent *entry;
	DIR *d = opendir(home);
	bool empty = true;

	if (!d)
		return err_errno(e, RC_CONFIG, "%s", home);
	for (entry = readdir(d); entry && empty; entry = readdir(d))
		empty = strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0;
	closedir(d);
	if (empty)
		return RC_OK;
	return err_set(e, RC_CONFIG, "%s is there and not empty, but no home:"
	    " remove it, or set CRM_HOME to another directory", home);
}

/* An empty directory that is there will do: its parent may be another's. */
static enum rc
make_directory(const char *home, bool *made, struct err *e)
{
	enum rc rc;

	rc = home_exists() ? home_require(e) : RC_END;
	if (rc == RC_SYSTEM)
		return rc;
	if (rc != RC_END)
		return err_set(e, RC_CONFIG, "%s is the home of a sync"
		    " already", home);
	fault_step("make the home");
	*made = mkdir(home, 0700) == 0;
	if (*made)
		return RC_OK;
	if (errno != EEXIST)
		return err_errno(e, RC_CONFIG, "%s", home);
	rc = require_empty(home, e);
	if (!rc && chmod(home, 0700) != 0)
		rc = err_errno(e, RC_CONFIG, "%s", home);
	return rc;
}

/* ---- its files ---- */

static enum rc
write_file(const char *home, const char *name, const char *text,
    struct err *e)
{
	char path[PATH_CAP];
	size_t len = strlen(text);
	enum rc rc = RC_OK;
	int fd;

	if (snprintf(path, sizeof path, "%s/%s", home, name) >= PATH_CAP)
		return err_set(e, RC_CONFIG, "the path of the home is too"
		    " long");
	fault_step(name);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(e, RC_SYSTEM, "%s", path);
	if (write(fd, text, len) != (ssize_t)len || fsync(fd) != 0)
		rc = err_errno(e, RC_SYSTEM, "%s", path);
	if (close(fd) != 0 && !rc)
		rc = err_errno(e, RC_SYSTEM, "%s", path);
	return rc;
}

/* The marker comes last: without it what is there is no home. */
static enum rc
fill(const char *home, struct err *e)
{
	enum rc rc = write_file(home, "systems.jq", systems, e);

	if (!rc)
		rc = state_create(home, e);
	if (!rc)
		rc = write_file(home, HOME_MARKER, HOME_FORMAT, e);
	return rc;
}

/* The example's store, so that a first sync has where to write. */
static enum rc
make_store(const char **path, struct systems *s, struct err *e)
{
	const struct system *app;
	enum rc rc = systems_load(s, e);

	*path = NULL;
	if (rc)
		return rc;
	app = systems_find(s, SPAN("app"));
	if (!app || !app->path)
		return RC_OK;
	if (mkdir(app->path, 0700) == 0)
		*path = app->path;
	else if (errno != EEXIST)
		return err_errno(e, RC_SYSTEM, "%s", app->path);
	return RC_OK;
}

void
init_run(struct run *r)
{
	const char *home = home_path(), *store = NULL;
	struct systems s = { 0 };
	struct err e;
	bool made = false;
	enum rc rc = make_directory(home, &made, &e);

	if (!rc)
		rc = local_require(home, &e);
	if (rc && made)
		rmdir(home);
	if (!rc)
		rc = fill(home, &e);
	if (rc)
		run_fatal(r, rc, &e);
	rc = make_store(&store, &s, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	else
		run_notice(r, NULL, "made %s%s%s; its systems are in"
		    " %s/systems.jq", home, store ? " and the store " : "",
		    store ? store : "", home);
	systems_free(&s);
}
