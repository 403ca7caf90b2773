/* SPDX-License-Identifier: MIT */
/* limits: every ceiling has a name and stands here. */
#ifndef LIMITS_H
#define LIMITS_H

#define LIMIT_LINE (16u << 20)       /* bytes of one NDJSON line */
#define LIMIT_JSON_DEPTH 64          /* nested arrays and objects */
#define LIMIT_JSON_MEMBERS (1u << 16) /* members of one object */
#define LIMIT_ID 240              /* bytes of a record's id: fits a state key */
#define LIMIT_ACCOUNT 200         /* bytes of an account's name */
#define LIMIT_NAME 64             /* bytes of a system, object, entity */
#define LIMIT_UID (LIMIT_ID + 2 * LIMIT_NAME + 2) /* system:object:id */
#define LIMIT_KEY 511                /* bytes of an LMDB key (its own limit) */
#define LIMIT_FIELDS 1024            /* fields of one entity */
#define LIMIT_MATCH 8                /* match keys of one entity */
#define LIMIT_SYSTEMS 64             /* systems of one home */
#define LIMIT_ENTITIES 256           /* entity files along the search path */
#define LIMIT_SECTIONS 256           /* sections of one stream */
#define LIMIT_COLUMNS 16384          /* columns of a CSV file */
#define LIMIT_MAPPING_FILE (4u << 20) /* bytes of a mapping or systems file */
#define LIMIT_HISTORY (64u << 10)    /* bytes of a field's past values */
#define LIMIT_DIGITS 400 /* digits of a number written out */
#define LIMIT_SECRET (16u << 10)     /* bytes of a token, a key, a secret */
#define LIMIT_CREDENTIALS (1u << 20) /* bytes of a home's credentials */
#define LIMIT_OAUTH_BODY (64u << 10) /* bytes of an answer about a token */
#define LIMIT_REJECT_INPUT (64u << 10) /* bytes of bad input kept in a reject */

#define LIMIT_URL (8u << 10)         /* bytes of a web address */
#define LIMIT_TOKEN (16u << 10)      /* bytes of a bearer token */
#define LIMIT_HEADERS (64u << 10)    /* bytes of an answer's headers */
#define LIMIT_ANSWER (64u << 20)     /* bytes of an answer kept whole */
#define LIMIT_TRACE (256u << 10)     /* bytes of one entry in the wire log */
#define HTTP_CONCURRENT 8            /* requests at a time */
#define HTTP_REDIRECTS 3
#define HTTP_ATTEMPTS 6
#define HTTP_CONNECT_MS 15000
#define HTTP_FIRST_MS 60000          /* a large batch takes its time */
#define HTTP_STALL_MS 30000
#define HTTP_WHOLE_MS 600000
#define HTTP_PATIENCE_MS 300000      /* all attempts of one request */
#define HTTP_BACKOFF_MS 500          /* the first wait's ceiling */
#define HTTP_BACKOFF_CAP_MS 60000
#define LIMIT_LANES 8                /* limits of one account's calls */
/* in a row open it: more than some requests in flight have at once */
#define BREAKER_FAILURES 20
#define BREAKER_MS 10000             /* for so long, then twice... */
#define BREAKER_CAP_MS 600000
#define BREAKER_PROBE_MS 60000       /* for whoever tries first */

#define READ_BLOCK (256u << 10)      /* bytes asked of read(2) at a time */
#define PIPE_BYTES (1 << 20)         /* asked for our input pipe */
#define WRITE_BLOCK (256u << 10)     /* bytes gathered before a write(2) */

#endif
