/* SPDX-License-Identifier: MIT */
#include "jqwatch.h"

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "run.h"

#define TICKS 4 /* a second */

static const char *volatile running; /* NULL: none is */
static volatile sig_atomic_t ticks;  /* since it began */

static void
say(const char *text)
{
	ssize_t ignored = write(STDERR_FILENO, text, strlen(text));

	(void)ignored;
}

/* Only what a handler may call. */
static void
on_tick(int number)
{
	bool over = ++ticks > JQWATCH_SECONDS * TICKS;

	(void)number;
	if (!running || (!over && !run_stopping()))
		return;
	say(run_name());
	say(": expression ");
	say(running);
	say(over ? ": does not end; stopped\n" :
	    ": stopped by a signal while it ran; run again to go on\n");
	_exit(over ? 2 : 3);
}

/* The clock is the processor's time we use ourselves: it never wakes anyone. */
static void
start_clock(void)
{
	struct itimerval each = { .it_interval = { 0, 1000000 / TICKS },
		.it_value = { 0, 1000000 / TICKS } };
	struct sigaction sa = { .sa_handler = on_tick,
		.sa_flags = SA_RESTART };

	sigemptyset(&sa.sa_mask);
	sigaction(SIGVTALRM, &sa, NULL);
	setitimer(ITIMER_VIRTUAL, &each, NULL);
}

void
jqwatch_begin(const char *what)
{
	static bool ticking;

	if (!ticking)
		start_clock();
	ticking = true;
	ticks = 0;
	running = what;
}

void
jqwatch_end(void)
{
	running = NULL;
}
