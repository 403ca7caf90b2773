/* SPDX-License-Identifier: MIT */
/* http_curl: libcurl, loaded when it is needed. */
#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "http_curl.h"

/* The one its header is of: what curl has called itself since 2006. */
#define LIBRARY "libcurl.so.4"

#define CALL(name) {"curl_" #name, offsetof(struct http_curl, name)},
static const struct {
	const char *name;
	size_t at;
} calls[] = {
	HTTP_CURL(CALL)
};

struct http_curl http_curl;

enum rc
http_curl_load(struct err *e)
{
	static bool loaded;
	void *library, *found;

	if (loaded)
		return RC_OK;
	library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (!library)
		return err_set(e, RC_SYSTEM, "curl cannot be loaded: %s",
		    dlerror());
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		found = dlsym(library, calls[i].name);
		if (!found)
			return err_set(e, RC_SYSTEM, "%s has no %s()",
			    LIBRARY, calls[i].name);
		memcpy((char *)&http_curl + calls[i].at, &found,
		    sizeof found);
	}
	loaded = true;
	return RC_OK;
}
