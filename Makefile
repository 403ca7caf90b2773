# SPDX-License-Identifier: MIT
# make            build the programs into bin/
# make demo       run the main job on real data
# make test       pass the tests
# make help       everything else

PREFIX  ?= /usr/local
VERSION := 0.1.0
VARIANT ?= release
CFLAGS  ?= -O2 -g
O       := .build/$(VARIANT)
B       := $(if $(filter release,$(VARIANT)),bin,$O/bin)

TOOLS   := $(notdir $(wildcard src/crm-*))
WARN    := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wwrite-strings -Wvla -Wformat=2 -Wundef
HARDEN  := -fstack-protector-strong -fPIE
LINK    := -pie -Wl,-z,relro,-z,now -Wl,--as-needed
DEFS    := -D_POSIX_C_SOURCE=200809L -DCRM_VERSION='"$(VERSION)"' \
	-DCRM_PREFIX='"$(PREFIX)"'
LDLIBS  := -lcurl -ljq -lcsv -llmdb -lcrypto

FLAGS.release := -D_FORTIFY_SOURCE=2
FLAGS.asan    := -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
FLAGS.fault   := -DCRM_FAULT
FLAGS.cov     := --coverage -O0
FLAGS.fuzz    := -fsanitize=address,undefined,fuzzer-no-link
ALLFLAGS = -std=c11 $(WARN) $(HARDEN) $(DEFS) $(CFLAGS) $(FLAGS.$(VARIANT)) \
	-MMD -MP

lib_objs := $(patsubst src/%.c,$O/%.o,$(wildcard src/lib/*.c src/adapters/*.c))
objs      = $(patsubst src/%.c,$O/%.o,$(wildcard src/$(1)/*.c))

all: $(TOOLS:%=$B/%)
.SECONDARY:
.SECONDEXPANSION:

$O/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(ALLFLAGS) -c -o $@ $<

$O/libcrm.a: $(lib_objs)
	@rm -f $@
	$(AR) rcs $@ $^

$B/%: $$(call objs,$$*) $O/libcrm.a
	@mkdir -p $(@D)
	$(CC) $(ALLFLAGS) $(LINK) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# A unit test is one file; it links what it needs from the library.
$O/unit/%: tests/unit/%.c $O/libcrm.a
	@mkdir -p $(@D)
	$(CC) $(ALLFLAGS) -Isrc/lib -Itests/unit $(LINK) $(LDFLAGS) -o $@ $^ \
	    $(LDLIBS)

clean:
	rm -rf .build bin/crm-*

-include $(shell find $O -name '*.d' 2>/dev/null)
.PHONY: all clean
