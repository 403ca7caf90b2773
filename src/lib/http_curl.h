/* SPDX-License-Identifier: MIT */
/* http_curl: libcurl, loaded when the first engine is opened.  Loading it and
 * the forty libraries it brings takes longer than most runs that only have
 * files to read, and crm-extract and crm-load are started for those too. */
#ifndef HTTP_CURL_H
#define HTTP_CURL_H

#include <curl/curl.h>

#include "err.h"

/* What the engine calls; http_curl.easy_init() is curl_easy_init(). */
#define HTTP_CURL(call) \
	call(easy_cleanup) \
	call(easy_getinfo) \
	call(easy_init) \
	call(easy_reset) \
	call(easy_setopt) \
	call(easy_strerror) \
	call(global_cleanup) \
	call(global_init) \
	call(multi_add_handle) \
	call(multi_cleanup) \
	call(multi_info_read) \
	call(multi_init) \
	call(multi_perform) \
	call(multi_poll) \
	call(multi_remove_handle) \
	call(multi_setopt) \
	call(multi_strerror) \
	call(slist_append) \
	call(slist_free_all)

#define HTTP_CURL_MEMBER(name) __typeof__(&curl_##name) name;
struct http_curl {
	HTTP_CURL(HTTP_CURL_MEMBER)
};

/* Nothing in it may be called before http_curl_load() was RC_OK. */
extern struct http_curl http_curl;

/* RC_SYSTEM: it is not there, or lacks a call.  Done once; it stays. */
enum rc http_curl_load(struct err *e) RC_CHECK;

#endif
