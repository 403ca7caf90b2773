/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* putenv */
#include "program.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pool.h"
#include "streams.h"

#define PROGRAMS(each)                                                      \
	each("crm-extract", crm_extract)                                    \
	each("crm-map", crm_map)                                            \
	each("crm-diff", crm_diff)                                          \
	each("crm-resolve", crm_resolve)                                    \
	each("crm-load", crm_load)                                          \
	each("crm-state", crm_state)                                        \
	each("state_dump", state_dump)

/* Variables: the linker says where each section begins and ends. */
struct section {
	char *start, *stop, *fresh;
};
struct variables {
	struct section data, rel, bss;
};

#define SECTION(name)                                                       \
	extern char __start_##name[] __attribute__((weak));                 \
	extern char __stop_##name[] __attribute__((weak));
#define BOUNDS(name) { __start_##name, __stop_##name, NULL }
#define SECTIONS(of) SECTION(of##_data) SECTION(of##_rel) SECTION(of##_bss)
#define VARIABLES(of)                                                       \
	{ BOUNDS(of##_data), BOUNDS(of##_rel), BOUNDS(of##_bss) }

#define DECLARE(name, id) int id##_main(int argc, char **argv); SECTIONS(id)
PROGRAMS(DECLARE)
SECTIONS(libcrm)

#define ROW(name, id) { name, id##_main, VARIABLES(id) },
static struct program {
	const char *name;
	int (*main)(int argc, char **argv);
	struct variables variables;
} programs[] = { PROGRAMS(ROW) };
#define COUNT (sizeof programs / sizeof *programs)

static struct variables shared = VARIABLES(libcrm);

void program_exit(int status) __attribute__((noreturn));

static char now_is[64], run_is[64];
static char home_is[] = "CRM_HOME=.crm";
static char mappings_is[] = "CRM_MAPPINGS=mappings";
static char said[1024];
static int errors = -1, old_stderr = -1;
static bool was_open; /* the state, before the program ran */
static int lowest[2]; /* free descriptor, by whether it is; -1: not known */
static jmp_buf ended;

#ifdef __SANITIZE_ADDRESS__ /* memcpy may not touch what lies between two */
typedef uint64_t word __attribute__((may_alias, aligned(1)));

__attribute__((no_sanitize("address", "undefined"))) static void
copy(char *to, const char *from, size_t n)
{
	size_t at = 0;

	for (; at + sizeof(word) <= n; at += sizeof(word)) {
		*(word *)(to + at) = *(const word *)(from + at);
		__asm__ volatile("" ::: "memory"); /* stays a loop */
	}
	for (; at < n; at++)
		to[at] = from[at];
}
#else
static void
copy(char *to, const char *from, size_t n)
{
	memcpy(to, from, n);
}
#endif

static void
take_copy(struct section *s)
{
	size_t n = (size_t)(s->stop - s->start);

	s->fresh = calloc(1, n + 1);
	copy(s->fresh, s->start, n);
}

static void
put_back(struct section *s)
{
	copy(s->start, s->fresh, (size_t)(s->stop - s->start));
}

/* Each has some; or they are not where they are looked for (rules.mk). */
static void
each_section(struct variables *v, void (*what)(struct section *))
{
	if (v->bss.start == v->bss.stop)
		abort();
	what(&v->data);
	what(&v->rel);
	what(&v->bss);
}

FILE *
program_start(void)
{
	FILE *tap = fdopen(dup(STDOUT_FILENO), "w");

	old_stderr = dup(STDERR_FILENO);
	each_section(&shared, take_copy);
	for (size_t i = 0; i < COUNT; i++)
		each_section(&programs[i].variables, take_copy);
	putenv(home_is);
	putenv(mappings_is);
	snprintf(now_is, sizeof now_is, "CRM_NOW=");
	snprintf(run_is, sizeof run_is, "CRM_RUN=");
	putenv(now_is);
	putenv(run_is);
	streams_start();
	return tap;
}

void
program_exit(int status)
{
	longjmp(ended, status + 1);
}

/* Both are in memory (streams.h); these two keep their numbers taken. */
static void
no_files(void)
{
	int fd = open("/dev/null", O_RDWR);

	if (fd < 0 || dup2(fd, STDIN_FILENO) < 0 ||
	    dup2(fd, STDOUT_FILENO) < 0)
		_exit(99);
	close(fd);
	lowest[false] = lowest[true] = -1;
}

/* Of one's own: it is rewound. */
void
program_begin(void)
{
	char path[] = "/tmp/histories.XXXXXX";

	if (errors >= 0)
		close(errors);
	errors = mkstemp(path);
	unlink(path);
	dup2(errors, STDERR_FILENO);
	no_files();
}

void
program_end(void)
{
	dup2(old_stderr, STDERR_FILENO);
}

const char *
program_said(void)
{
	ssize_t n = pread(errors, said, sizeof said - 1, 0);

	said[n > 0 ? n : 0] = '\0';
	return said;
}

/* Not inline: its variables have no part in a longjmp. */
__attribute__((noinline)) static struct program *
find(const char *name)
{
	for (size_t i = 0; i < COUNT; i++)
		if (strcmp(programs[i].name, name) == 0)
			return &programs[i];
	return NULL;
}

/* The descriptor that is opened next, now that the state is as it is. */
static int
next_descriptor(void)
{
	int *known = &lowest[pool_is_open()];

	if (*known < 0) {
		*known = dup(STDIN_FILENO);
		close(*known);
	}
	return *known;
}

static void
prepare(struct program *p, const char *in, const char *out, const char *now,
    const char *run)
{
	snprintf(now_is, sizeof now_is, "CRM_NOW=%s", now);
	snprintf(run_is, sizeof run_is, "CRM_RUN=%s", run);
	each_section(&shared, put_back);
	each_section(&p->variables, put_back);
	was_open = pool_is_open();
	(void)next_descriptor();
	if (!streams_connect(in, out)) {
		dprintf(errors, "nobody wrote %s\n", in);
		_exit(99);
	}
	if (lseek(STDERR_FILENO, 0, SEEK_CUR) > 0) {
		lseek(STDERR_FILENO, 0, SEEK_SET);
		if (ftruncate(STDERR_FILENO, 0) < 0)
			_exit(99);
	}
}

/* What -h and state_dump print goes through stdio. */
static int
call(const struct program *p, char *const *words)
{
	char *argv[PROGRAM_WORDS + 1] = { NULL };
	int argc = 0, status;

	for (; words[argc] && argc < PROGRAM_WORDS; argc++)
		argv[argc] = words[argc];
	status = p->main(argc, argv);
	return fflush(stdout) ? 3 : status;
}

/* That one is still free, or the program left one open. */
static void
check_descriptors(void)
{
	if (was_open != pool_is_open()) {
		lowest[pool_is_open()] = -1;
	} else if (fcntl(next_descriptor(), F_GETFD) >= 0) {
		dprintf(errors, "a program left a descriptor open\n");
		_exit(98);
	}
}

int
program_run(char *const *argv, const char *in, const char *out,
    const char *now, const char *run)
{
	struct program *p = find(argv[0]);
	int status;

	if (!p)
		return 127;
	prepare(p, in, out, now, run);
	status = setjmp(ended);
	status = status ? status - 1 : call(p, argv);
	streams_disconnect();
	check_descriptors();
	return status;
}
