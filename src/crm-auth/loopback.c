/* SPDX-License-Identifier: MIT */
/*
 * loopback: where the browser comes back to (RFC 8252, 7.3).  It listens on
 * this machine only and takes one redirect.  Browsers open connections they
 * never use and ask for an icon: neither may keep the redirect waiting.
 */
#include "auth.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/clock.h"
#include "../lib/limits.h"
#include "../lib/secret.h"

#define PATH "/callback"
#define HEAD 16384     /* bytes of a request's head */
#define SILENCE 2000   /* ms a connection may take to ask */
#define VISITORS 8     /* connections waiting to be taken */

static enum rc
take_port(struct loopback *l, int64_t port, struct err *e)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	int yes = 1;

	at.sin_port = htons((uint16_t)port);
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	l->listener = socket(AF_INET, SOCK_STREAM, 0);
	if (l->listener < 0)
		return err_errno(e, RC_SYSTEM, "socket");
	fcntl(l->listener, F_SETFD, FD_CLOEXEC);
	setsockopt(l->listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	if (bind(l->listener, (struct sockaddr *)&at, sizeof at) != 0 ||
	    listen(l->listener, VISITORS) != 0)
		return err_errno(e, RC_SYSTEM, "127.0.0.1:%lld",
		    (long long)port);
	return RC_OK;
}

enum rc
loopback_open(struct loopback *l, const char *host, int64_t port,
    int64_t seconds, struct err *e)
{
	struct sockaddr_in at;
	socklen_t len = sizeof at;
	enum rc rc;

	*l = (struct loopback){ .listener = -1, .visitor = -1 };
	buf_init(&l->url, 256, "address");
	l->until = clock_monotonic() + 1000 * seconds;
	rc = take_port(l, port, e);
	if (rc)
		return rc;
	if (getsockname(l->listener, (struct sockaddr *)&at, &len) != 0)
		return err_errno(e, RC_SYSTEM, "socket");
	buf_printf(&l->url, "http://%s:%d" PATH, host,
	    (int)ntohs(at.sin_port));
	return RC_OK;
}

/* RC_OK when there is something to read or take. */
static enum rc
wait_until(int fd, int64_t until, struct err *e)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int64_t left = until - clock_monotonic();
	int n = 0;

	if (!run_stopping() && left > 0)
		n = poll(&p, 1, (int)(left < 1000 ? left : 1000));
	if (run_stopping())
		return err_set(e, RC_SYSTEM, "interrupted");
	if (n > 0)
		return RC_OK;
	if (clock_monotonic() >= until)
		return err_set(e, RC_SYSTEM, "nobody agreed in time");
	return wait_until(fd, until, e);
}

static bool
has_end(struct span head)
{
	for (size_t i = 0; i + 4 <= head.len; i++)
		if (memcmp(head.ptr + i, "\r\n\r\n", 4) == 0)
			return true;
	return false;
}

/* A whole head, or false: it said nothing, or too much. */
static bool
read_head(struct loopback *l, struct buf *head)
{
	int64_t until = clock_monotonic() + SILENCE;
	struct err unused;
	ssize_t n;

	while (!has_end(buf_view(head))) {
		if (head->len == head->cap || wait_until(l->visitor,
		    until < l->until ? until : l->until, &unused))
			return false;
		n = recv(l->visitor, head->ptr + head->len,
		    head->cap - head->len, 0);
		if (n <= 0)
			return false;
		head->len += (size_t)n;
	}
	return true;
}

/* ---- answering ---- */

static void
put_html(struct buf *b, struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == '<')
			BUF_LIT(b, "&lt;");
		else if (c == '>')
			BUF_LIT(b, "&gt;");
		else if (c == '&')
			BUF_LIT(b, "&amp;");
		else if (c == '"')
			BUF_LIT(b, "&quot;");
		else
			buf_putc(b, c);
	}
}

static void
send_all(int fd, struct span s)
{
	while (s.len) {
		ssize_t n = send(fd, s.ptr, s.len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		s = span_of(s.ptr + n, s.len - (size_t)n);
	}
}

static void
hang_up(struct loopback *l)
{
	if (l->visitor >= 0)
		close(l->visitor);
	l->visitor = -1;
}

static void
answer(struct loopback *l, const char *status, struct span title,
    struct span text)
{
	struct buf page, head;

	buf_init(&page, 1 << 16, "page");
	buf_init(&head, 1 << 10, "head");
	BUF_LIT(&page, "<!DOCTYPE html><meta charset=\"utf-8\"><title>");
	put_html(&page, title);
	BUF_LIT(&page, "</title><h1>");
	put_html(&page, title);
	BUF_LIT(&page, "</h1><p>");
	put_html(&page, text);
	BUF_LIT(&page, "</p>\n");
	buf_printf(&head, "HTTP/1.1 %s\r\nContent-Type: text/html; "
	    "charset=utf-8\r\nContent-Length: %zu\r\nConnection: close\r\n"
	    "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n"
	    "Content-Security-Policy: default-src 'none'\r\n\r\n", status,
	    page.len);
	send_all(l->visitor, buf_view(&head));
	send_all(l->visitor, buf_view(&page));
	buf_free(&head);
	buf_free(&page);
	hang_up(l);
}

void
loopback_tell(struct loopback *l, bool good, struct span text)
{
	if (l->visitor >= 0)
		answer(l, good ? "200 OK" : "400 Bad Request", good ?
		    SPAN("Logged in") : SPAN("Not logged in"), text);
}

/* ---- asking ---- */

/* "GET /callback?..." : what follows the '?'; false for all else. */
static bool
query_of(struct span head, struct span *query)
{
	static const char start[] = "GET " PATH "?";
	const char *end;

	if (head.len < sizeof start - 1 ||
	    memcmp(head.ptr, start, sizeof start - 1) != 0)
		return false;
	head = span_of(head.ptr + sizeof start - 1,
	    head.len - (sizeof start - 1));
	end = memchr(head.ptr, ' ', head.len);
	*query = span_of(head.ptr, end ? (size_t)(end - head.ptr) : 0);
	return end != NULL;
}

/* Anybody may send a browser here: only who knows the state is answered. */
static bool
is_answer(struct loopback *l, struct span query, struct span state,
    struct loopback_answer *a)
{
	bool ours, told;

	buf_reset(&a->state);
	buf_reset(&a->code);
	buf_reset(&a->error);
	ours = oauth_take(query, "state", &a->state) &&
	    secret_equal(buf_view(&a->state), state);
	told = oauth_take(query, "code", &a->code);
	told |= oauth_take(query, "error", &a->error);
	if (!ours)
		answer(l, "400 Bad Request", SPAN("Not logged in"),
		    SPAN("This is not the answer to what was asked "
		    "(state)."));
	else if (!told)
		answer(l, "400 Bad Request", SPAN("Not logged in"),
		    SPAN("Neither a code nor an error came."));
	return ours && told;
}

/* True when it was the redirect: the visitor then waits for a page. */
static bool
serve(struct loopback *l, struct span state, struct loopback_answer *a)
{
	struct buf head;
	struct span query;
	bool came = false;

	secret_init(&head, HEAD, "request");
	if (!read_head(l, &head)) {
		hang_up(l);
	} else if (!query_of(buf_view(&head), &query)) {
		answer(l, "404 Not Found", SPAN("Not here"),
		    SPAN("This address waits for a login."));
	} else {
		came = is_answer(l, query, state, a);
	}
	secret_free(&head);
	return came;
}

enum rc
loopback_wait(struct loopback *l, struct span state,
    struct loopback_answer *a, struct err *e)
{
	enum rc rc;

	for (;;) {
		rc = wait_until(l->listener, l->until, e);
		if (rc)
			return rc;
		l->visitor = accept(l->listener, NULL, NULL);
		if (l->visitor < 0)
			continue;
		fcntl(l->visitor, F_SETFD, FD_CLOEXEC);
		if (serve(l, state, a))
			return RC_OK;
	}
}

void
loopback_close(struct loopback *l)
{
	hang_up(l);
	if (l->listener >= 0)
		close(l->listener);
	l->listener = -1;
	buf_free(&l->url);
}
