/* SPDX-License-Identifier: MIT */
/* auth: the commands of crm-auth, and what they share. */
#ifndef AUTH_H
#define AUTH_H

#include "../adapters/adapter.h"
#include "../adapters/profile.h"
#include "../lib/credentials.h"
#include "../lib/home.h"
#include "../lib/mapping.h"
#include "../lib/run.h"

/* Each reports its failures to the run. */
void login_run(struct run *r);
extern const struct opt login_opts[];
void list_run(struct run *r);
void test_run(struct run *r);
extern const struct opt test_opts[];
void logout_run(struct run *r);
extern const struct opt logout_opts[];
void rekey_run(struct run *r);
void setup_run(struct run *r);
extern const struct opt setup_opts[];

/* --trace and so on, of a command that asks systems. */
extern struct adapter_terms trace_said;
#define TRACE_OPTS \
	{ 0, "trace", "FILE", "append what goes over the wire to FILE", \
	    OPT_STRING, &trace_said.trace, 0, 0 }, \
	{ 0, "trace-bodies", NULL, "with bodies: personal data stand in it", \
	    OPT_FLAG, &trace_said.bodies, 0, 0 }, \
	{ 0, "trace-mask", NULL, "with bodies, personal data as ***", \
	    OPT_FLAG, &trace_said.mask, 0, 0 }
enum rc trace_open(struct err *e) RC_CHECK;
void trace_close(void);

/* A system named on the command line, and how its kind is logged in to. */
struct party {
	struct systems systems;
	const struct system *system;
	const struct profile *profile;
};
/* With the wire log, if one was asked for. */
enum rc party_open(struct party *p, const char *name, struct err *e)
    RC_CHECK;
void party_close(struct party *p);

/* ---- mappings ---- */

/* A failure ends it. */
typedef enum rc mapped_visit(void *arg, const struct mapping *m,
    struct err *e);
/* Those of the entities named (NULL-terminated), else of all that have one. */
enum rc mapped_each(const struct systems *systems, struct span system,
    char *const *entities, mapped_visit *fn, void *arg, struct err *e)
    RC_CHECK;

/* ---- the redirect to this machine ---- */

struct loopback {
	int listener, visitor; /* -1: none */
	int64_t until;         /* clock_monotonic */
	struct buf url;        /* where the redirect leads */
};

/* What it brought; the code is a secret. */
struct loopback_answer {
	struct buf code, state, error;
};

/* `port` 0: any that is free.  `host` names this machine in the address. */
enum rc loopback_open(struct loopback *l, const char *host, int64_t port,
    int64_t seconds, struct err *e) RC_CHECK;
/* Waits for the redirect that brings `state`, with a code or an error; all
 * else that comes is sent away.  RC_SYSTEM when none came in time, or a signal
 * did. */
enum rc loopback_wait(struct loopback *l, struct span state,
    struct loopback_answer *a, struct err *e) RC_CHECK;
/* The page the browser shows at last. */
void loopback_tell(struct loopback *l, bool good, struct span text);
void loopback_close(struct loopback *l);

/* Opens a page where there is a screen; false: nobody saw it. */
bool browser_open(const char *url);

/* ---- who stands behind a token ---- */

struct identity {
	struct profile_facts facts;
	struct arena arena; /* owns them */
};
void identity_init(struct identity *i);
void identity_free(struct identity *i);
/* What the system tells of it; RC_PERSON when it does not take the token. */
enum rc identity_ask(struct identity *i, const struct party *p,
    const struct credential *c, struct span token, struct err *e) RC_CHECK;

#endif
