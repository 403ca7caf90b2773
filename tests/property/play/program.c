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

#define PROGRAMS(each)                                                      \
	each("crm-extract", crm_extract_main)                               \
	each("crm-map", crm_map_main)                                       \
	each("crm-diff", crm_diff_main)                                     \
	each("crm-resolve", crm_resolve_main)                               \
	each("crm-load", crm_load_main)                                     \
	each("crm-state", crm_state_main)                                   \
	each("state_dump", state_dump_main)

#define DECLARE(name, function) int function(int argc, char **argv);
PROGRAMS(DECLARE)

#define ROW(name, function) { name, function },
static const struct {
	const char *name;
	int (*main)(int argc, char **argv);
} programs[] = { PROGRAMS(ROW) };

/* Their variables: the linker says where each section begins and ends. */
#define SECTION(name)                                                       \
	extern char __start_##name[] __attribute__((weak));                 \
	extern char __stop_##name[] __attribute__((weak));
SECTION(crm_data)
SECTION(crm_rel)
SECTION(crm_bss)

void program_exit(int status) __attribute__((noreturn));

static struct section {
	char *start, *stop, *fresh;
} sections[] = {
	{ __start_crm_data, __stop_crm_data, NULL },
	{ __start_crm_rel, __stop_crm_rel, NULL },
	{ __start_crm_bss, __stop_crm_bss, NULL },
};

static char now_is[64], run_is[64];
static char home_is[] = "CRM_HOME=.crm";
static char mappings_is[] = "CRM_MAPPINGS=mappings";
static char said[1024];
static int errors = -1, lowest, old_stderr = -1;
static bool was_open; /* the state, before the program ran */
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

FILE *
program_start(void)
{
	FILE *tap = fdopen(dup(STDOUT_FILENO), "w");

	old_stderr = dup(STDERR_FILENO);
	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
		struct section *s = &sections[i];
		size_t n = (size_t)(s->stop - s->start);

		s->fresh = calloc(1, n + 1);
		copy(s->fresh, s->start, n);
	}
	putenv(home_is);
	putenv(mappings_is);
	snprintf(now_is, sizeof now_is, "CRM_NOW=");
	snprintf(run_is, sizeof run_is, "CRM_RUN=");
	putenv(now_is);
	putenv(run_is);
	return tap;
}

void
program_exit(int status)
{
	longjmp(ended, status + 1);
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

static void
redirect(const char *path, int flags, int to)
{
	int fd = open(path ? path : "/dev/null", flags, 0600);

	if (fd < 0) {
		perror(path);
		_exit(99);
	}
	lowest = fd;
	dup2(fd, to);
	close(fd);
}

static void
prepare(const char *in, const char *out, const char *now, const char *run)
{
	snprintf(now_is, sizeof now_is, "CRM_NOW=%s", now);
	snprintf(run_is, sizeof run_is, "CRM_RUN=%s", run);
	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
		copy(sections[i].start, sections[i].fresh,
		    (size_t)(sections[i].stop - sections[i].start));
	was_open = pool_is_open();
	redirect(in, O_RDONLY, STDIN_FILENO);
	redirect(out, O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
	dup2(errors, STDERR_FILENO);
	if (lseek(STDERR_FILENO, 0, SEEK_CUR) > 0) {
		lseek(STDERR_FILENO, 0, SEEK_SET);
		if (ftruncate(STDERR_FILENO, 0) < 0)
			_exit(99);
	}
}

/* What -h and state_dump print goes through stdio. */
static int
call(char *const *words)
{
	char *argv[PROGRAM_WORDS + 1] = { NULL };
	int argc = 0, status = 127;

	for (; words[argc] && argc < PROGRAM_WORDS; argc++)
		argv[argc] = words[argc];
	for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
		if (strcmp(programs[i].name, argv[0]) == 0)
			status = programs[i].main(argc, argv);
	return fflush(stdout) ? 3 : status;
}

/* The next descriptor is the one it was before, or the program left one. */
static void
check_descriptors(void)
{
	int fd = dup(STDIN_FILENO);

	if (fd != lowest && was_open == pool_is_open()) {
		dprintf(errors, "a program left a descriptor open\n");
		_exit(98);
	}
	close(fd);
}

int
program_run(char *const *argv, const char *in, const char *out,
    const char *now, const char *run)
{
	int status;

	prepare(in, out, now, run);
	status = setjmp(ended);
	status = status ? status - 1 : call(argv);
	check_descriptors();
	return status;
}
