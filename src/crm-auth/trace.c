/* SPDX-License-Identifier: MIT */
/* trace: the wire log of what crm-auth asks for. */
#include "auth.h"

#include "../lib/http_trace.h"

struct adapter_terms trace_said;

static struct http_trace *wire;

enum rc
trace_open(struct err *e)
{
	enum rc rc = RC_OK;

	if (trace_said.trace && !wire)
		rc = http_trace_open(&wire, trace_said.trace,
		    trace_said.mask ? TRACE_MASKED : trace_said.bodies ?
		    TRACE_PLAIN : TRACE_NONE, e);
	oauth_call_trace(wire);
	return rc;
}

void
trace_close(void)
{
	oauth_call_trace(NULL);
	http_trace_close(wire);
	wire = NULL;
}
