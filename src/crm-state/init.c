/* SPDX-License-Identifier: MIT */
/* init: makes the home of a sync, and the directory its example names. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/directory.h"
#include "../lib/fault.h"
#include "../lib/home.h"
#include "../lib/local.h"
#include "../lib/state.h"
#include "commands.h"
#include "init.h"

#define PATH_CAP 4096
#define SYSTEMS "systems.jq"
#define UNFINISHED ".new"

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

/* What an init that was killed may have left; it goes on with that. */
static bool
is_ours(const char *name)
{
	static const char *const names[] = { ".", "..", SYSTEMS,
		SYSTEMS UNFINISHED, HOME_MARKER UNFINISHED, "state" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static enum rc
require_empty(const char *home, struct err *e)
{
	struct dirent *entry;
	DIR *d = opendir(home);
	bool empty = true;

	if (!d)
		return err_errno(e, err_of_file(errno), "%s", home);
	for (entry = readdir(d); entry && empty; entry = readdir(d))
		empty = is_ours(entry->d_name);
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
	enum rc rc = home_look(e);

	if (rc != RC_OK && rc != RC_END)
		return rc;
	if (rc == RC_OK)
		return err_set(e, RC_CONFIG, "%s is the home of a sync"
		    " already", home);
	fault_step("make the home");
	*made = mkdir(home, 0700) == 0;
	if (*made)
		return RC_OK;
	if (errno != EEXIST)
		return err_errno(e, err_of_file(errno), "%s", home);
	rc = require_empty(home, e);
	if (!rc && chmod(home, 0700) != 0)
		rc = err_errno(e, err_of_file(errno), "%s", home);
	return rc;
}

enum rc
init_directory(const char *home, bool *made, struct err *e)
{
	enum rc rc = make_directory(home, made, e);

	if (!rc)
		rc = local_require(home, e);
	if (rc && *made)
		rmdir(home);
	return rc;
}

/* ---- its files ---- */

static enum rc
write_all(int fd, struct span s)
{
	while (s.len) {
		ssize_t n = write(fd, s.ptr, s.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return RC_SYSTEM;
		s.ptr += n;
		s.len -= (size_t)n;
	}
	return fsync(fd) == 0 ? RC_OK : RC_SYSTEM;
}

static enum rc
write_new(const char *path, struct span text, struct err *e)
{
	enum rc rc;
	int fd;

	fault_step("write a file of the home");
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(e, RC_SYSTEM, "%s", path);
	rc = write_all(fd, text);
	if (rc)
		err_errno(e, rc, "%s", path);
	if (close(fd) != 0 && !rc)
		rc = err_errno(e, RC_SYSTEM, "%s", path);
	return rc;
}

enum rc
init_file(const char *home, const char *name, struct span text, struct err *e)
{
	char path[PATH_CAP], unfinished[PATH_CAP];
	enum rc rc;

	if (snprintf(path, PATH_CAP, "%s/%s", home, name) >= PATH_CAP ||
	    snprintf(unfinished, PATH_CAP, "%s/%s" UNFINISHED, home, name) >=
	    PATH_CAP)
		return err_set(e, RC_CONFIG, "the path of the home is too"
		    " long");
	if (access(path, F_OK) == 0)
		return RC_OK;
	rc = write_new(unfinished, text, e);
	if (!rc && rename(unfinished, path) != 0)
		rc = err_errno(e, RC_SYSTEM, "%s", path);
	return rc ? rc : directory_sync_of(path, e);
}

enum rc
init_mark(const char *home, struct err *e)
{
	return init_file(home, HOME_MARKER, SPAN(HOME_FORMAT), e);
}

/* The example's store, so that a first sync has where to write. */
static enum rc
make_store(bool *made, struct systems *s, struct err *e)
{
	const struct system *app;
	enum rc rc = systems_load(s, e);

	if (rc)
		return rc;
	app = systems_find(s, SPAN("app"));
	if (!app || !app->path)
		return RC_OK;
	*made = mkdir(app->path, 0700) == 0;
	if (!*made && errno != EEXIST)
		return err_errno(e, RC_SYSTEM, "%s", app->path);
	return directory_sync_of(app->path, e);
}

static enum rc
fill(const char *home, bool *store, struct systems *s, struct err *e)
{
	enum rc rc = directory_sync_of(home, e);

	if (!rc)
		rc = init_file(home, SYSTEMS, span_str(systems), e);
	if (!rc)
		rc = state_create(home, e);
	if (!rc)
		rc = make_store(store, s, e);
	return rc ? rc : init_mark(home, e);
}

void
init_run(struct run *r)
{
	const char *home = home_path();
	struct systems s = { 0 };
	struct err e;
	bool made = false, store = false;
	enum rc rc = init_directory(home, &made, &e);

	if (!rc)
		rc = fill(home, &store, &s, &e);
	if (rc)
		run_fatal(r, rc, &e);
	run_notice(r, NULL, "made %s%s%s; its systems are in %s/systems.jq",
	    home, store ? " and the store " : "", store ?
	    systems_find(&s, SPAN("app"))->path : "", home);
	systems_free(&s);
}
