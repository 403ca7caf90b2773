# SPDX-License-Identifier: MIT
# make              build the programs into bin/
# make demo         an import of real data, then a sync of two sides
# make test         pass the tests; ends "N passed, N failed"
# make test-all     the long ones too: asan, ten million records (45 minutes;
#                   tests/heavy/README says what of them)
# make bench        ours against the peers that are installed (BENCH_ROWS=N),
#                   and over HTTP against the limits of the sandbox's HubSpot
# make bench-peers  install those peers (jq gojq miller sqlite3 duckdb)
# make clients      HubSpot's own npm client against the sandbox
# make sandbox      a HubSpot that stands in for a real one, and what to do
#                   with it (SANDBOX=options)
# make lint         both compilers' warnings, headers, man pages, sh, style
# make fuzz         fuzz every byte parser (FUZZ_SECONDS=60 each)
# make property     more random histories of a sync (N=1000 SEED=1)
# make asan         the tests under address and undefined sanitizers
# make valgrind     the tests under valgrind
# make cov          line coverage of the tests
# make shape        lengths of functions and files
# make install      into DESTDIR, PREFIX (/usr/local); also: uninstall
# make dist         a source archive in dist/
# make deb          a Debian package and its source in dist/
# make clean        remove what was built
#
# CC, CFLAGS, CPPFLAGS and LDFLAGS are honoured; V=1 shows whole commands.
# What is missing on the machine is installed by .ci/deps, which says so.

PREFIX  ?= /usr/local
VERSION := 0.1.0
VARIANT ?= release
CFLAGS  ?= -O2 -g
O       := .build/$(VARIANT)
B       := $(if $(filter release,$(VARIANT)),bin,$O/bin)

TOOLS   := $(notdir $(patsubst %/main.c,%,$(wildcard src/crm-*/main.c)))
WARN    := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wwrite-strings -Wvla -Wformat=2 -Wundef
HARDEN  := -fstack-protector-strong -fPIE
LINK    := -pie -Wl,-z,relro,-z,now -Wl,--as-needed
DEFS    := -D_POSIX_C_SOURCE=200809L -DCRM_VERSION='"$(VERSION)"' \
	-DCRM_PREFIX='"$(PREFIX)"'
# libcurl is loaded when it is needed: see src/lib/http_curl.h
LDLIBS  := -ljq -lcsv -llmdb -lcrypto -ldl

FLAGS.release := -D_FORTIFY_SOURCE=2
# -O1: most of a test run's building is of these two
FLAGS.asan    := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
FLAGS.fault   := -O1 -DCRM_FAULT
FLAGS.cov     := --coverage -O0
FLAGS.fuzz    := -fsanitize=address,undefined,fuzzer-no-link
ALLFLAGS = -std=c11 $(WARN) $(HARDEN) $(DEFS) $(CPPFLAGS) $(CFLAGS) \
	$(FLAGS.$(VARIANT))

lib_objs := $(patsubst src/%.c,$O/%.o,$(wildcard src/lib/*.c src/adapters/*.c))
objs      = $(patsubst src/%.c,$O/%.o,$(wildcard src/$(1)/*.c))
names     = $(basename $(notdir $(wildcard $(1))))
UNITS    := $(call names,tests/unit/*.c)
FUZZERS  := $(call names,tests/fuzz/*.c)
HELPERS  := $(call names,tests/helpers/*.c)
BENCHES  := $(call names,tests/bench/*.c)
MAN      := $(wildcard src/*/*.[1-8] src/*.[1-8])

all: $(TOOLS:%=$B/%)
.SECONDARY:
.SECONDEXPANSION:

deps:
	@CC='$(CC)' CPPFLAGS='$(CPPFLAGS)' .ci/deps build

# Where shells look for completions.
BASH = $(PREFIX)/share/bash-completion/completions
ZSH  = $(PREFIX)/share/zsh/site-functions

# Changes when the flags do, so that everything is built again.
$O/flags: FORCE | deps
	@mkdir -p $(@D)
	@new=$@.$$$$; \
	    echo '$(subst ','\'',$(CC) $(ALLFLAGS) $(LDFLAGS))' > $$new && \
	    { cmp -s $$new $@ && rm $$new || mv $$new $@; }

# One short line a step; V=1 shows the whole commands.
quiet = $(findstring s,$(firstword -$(MAKEFLAGS)))
say = $(if $(V),,@$(if $(quiet),,echo '$(1)'; ))

$O/%.o: src/%.c $O/flags
	@mkdir -p $(@D)
	$(call say,cc $<)$(CC) $(ALLFLAGS) -MMD -MP -c -o $@ $<

$O/libcrm.a: $(lib_objs)
	@rm -f $@
	$(call say,ar $@)$(AR) rcs $@ $^

$B/%: $$(call objs,$$*) $O/libcrm.a
	@mkdir -p $(@D)
	$(call say,ld $@)$(CC) $(ALLFLAGS) $(LINK) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# A unit test is one file; it links what it needs from the library, and may
# include what it tests of a program.
$O/unit/%: tests/unit/%.c $O/libcrm.a
	@mkdir -p $(@D)
	$(CC) $(ALLFLAGS) -iquote src/lib -iquote src/adapters \
	    -iquote tests/unit $(LINK) $(LDFLAGS) -MMD -MP -MF $@.d -o $@ \
	    $< $O/libcrm.a $(LDLIBS)

# How fast one module is, by itself.
$O/bench/%: tests/bench/%.c $O/libcrm.a
	@mkdir -p $(@D)
	$(CC) $(ALLFLAGS) -iquote src/lib $(LINK) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# A program some test in sh runs; what it has besides is in its folder.
$O/helper/%: tests/helpers/%.c $$(wildcard tests/helpers/$$*/*.[ch]) \
    $O/libcrm.a
	@mkdir -p $(@D)
	$(CC) $(ALLFLAGS) -iquote src/lib -iquote src/adapters \
	    $(LINK) $(LDFLAGS) -o $@ $(filter-out %.h,$^) $(LDLIBS)

# What stands between a program and the C library, to fail its calls or to end
# it as a power failure would (LD_PRELOAD).
$O/preload/faults.so: $(wildcard tests/preload/*.[ch])
	@mkdir -p $(@D)
	$(CC) -std=c11 $(WARN) -O2 -g -fPIC -shared -o $@ \
	    $(filter %.c,$^) -ldl

# The sync as a small machine, searched whole; it links nothing of ours.
$O/model: $(wildcard tests/model/*.[ch])
	@mkdir -p $(@D)
	$(CC) $(ALLFLAGS) $(LINK) $(LDFLAGS) -o $@ $(filter %.c,$^)

include tests/property/play/rules.mk

# A fuzzer too; in tests it runs its corpus and small changes to it.
FUZZ_MAIN = $(if $(filter fuzz,$(VARIANT)),,tests/fuzz/driver/driver.c)
$O/fuzz/%: tests/fuzz/%.c $$(FUZZ_MAIN) $O/libcrm.a
	@mkdir -p $(@D)
	$(CC) $(ALLFLAGS) -iquote src/lib -iquote src/adapters $(LINK) $(LDFLAGS) \
	    $(if $(FUZZ_MAIN),,-fsanitize=fuzzer) -o $@ $^ $(LDLIBS)

units: $(UNITS:%=$O/unit/%)
fuzzers: $(FUZZERS:%=$O/fuzz/%)
everything: all units fuzzers $(HELPERS:%=$O/helper/%) \
	$(BENCHES:%=$O/bench/%) $O/model $O/property/histories $O/preload/faults.so
tests-build: all units $(HELPERS:%=$O/helper/%) \
	$(if $(filter release asan,$(VARIANT)),$O/property/histories) \
	$(if $(filter release,$(VARIANT)),$O/preload/faults.so)
	$(if $(filter release,$(VARIANT)),$(MAKE) VARIANT=asan fuzzers)
	$(if $(filter release,$(VARIANT)),$(MAKE) $O/model)
	$(if $(filter fault,$(VARIANT)),,$(MAKE) VARIANT=fault all \
	    $(HELPERS:%=.build/fault/helper/%))
	$(if $(filter release fault,$(VARIANT)),,$(MAKE) VARIANT=release all \
	    $(HELPERS:%=.build/release/helper/%))

test-deps:
	@CC='$(CC)' CPPFLAGS='$(CPPFLAGS)' .ci/deps test
test: test-deps
	@MAKE='$(MAKE)' tests/run
# Without npm the clients are left out, which their test says.
test-all: test-deps
	@tests/clients/install || true
	@MAKE='$(MAKE)' tests/run -a -V release -V asan
asan valgrind: test-deps
	@MAKE='$(MAKE)' tests/run -V $@
property: $O/property/histories
	@$< -n '$(or $(N),1000)' -s '$(or $(SEED),1)'
cov: test-deps
	@MAKE='$(MAKE)' tests/run -V cov && tests/cov
shape:
	@tests/shape
lint:
	@.ci/deps lint
	@tests/lint

demo: all
	@examples/first-import/demo
	@examples/two-way/demo

clients:
	@tests/clients/install
	@MAKE='$(MAKE)' tests/run heavy/clients.t

# It ends with its standard input (Ctrl-D) or at Ctrl-C.
sandbox: all
	@.ci/deps test
	@tests/sandbox/rehearse $(SANDBOX)

FUZZ_SECONDS ?= 60
fuzz:
	@.ci/deps lint
	@$(MAKE) VARIANT=fuzz CC=clang fuzzers
	@for f in $(FUZZERS); do mkdir -p .build/corpus/$$f && \
	    LSAN_OPTIONS=suppressions=.ci/lsan:print_suppressions=0 \
	    .build/fuzz/fuzz/$$f -max_total_time=$(FUZZ_SECONDS) \
	    -artifact_prefix=.build/corpus/$$f. \
	    .build/corpus/$$f $$(ls -d tests/fuzz/$$f) || exit 1; done

bench: all $(BENCHES:%=$O/bench/%)
	@tests/bench/run
	@tests/bench/network
bench-peers:
	@tests/bench/peers

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/crm
	install $(TOOLS:%=$B/%) $(DESTDIR)$(PREFIX)/bin
	for f in $(MAN); do install -D -m 644 $$f \
	    $(DESTDIR)$(PREFIX)/share/man/man$${f##*.}/$${f##*/}; done
	cp -R mappings pipelines $(DESTDIR)$(PREFIX)/share/crm
	cd $(DESTDIR)$(PREFIX)/share/crm/pipelines && \
	    sed -i 's|/usr/local|$(PREFIX)|g' crontab *.service
	install -D -m 644 src/completion/_crm -t $(DESTDIR)$(ZSH)
	install -D -m 644 src/completion/crm.bash -t $(DESTDIR)$(BASH)
	cd $(DESTDIR)$(BASH) && for f in $(TOOLS); do ln -sf crm.bash $$f; done
uninstall:
	cd $(DESTDIR)$(PREFIX)/bin && rm -f $(TOOLS)
	cd $(DESTDIR)$(PREFIX)/share/man && \
	    rm -f $(foreach f,$(MAN),man$(patsubst .%,%,$(suffix $f))/$(notdir $f))
	rm -rf $(DESTDIR)$(PREFIX)/share/crm $(DESTDIR)$(ZSH)/_crm
	cd $(DESTDIR)$(BASH) && rm -f crm.bash $(TOOLS)

dist:
	@mkdir -p dist
	git archive --prefix=crm-$(VERSION)/ HEAD | gzip -n9 \
	    > dist/crm-$(VERSION).tar.gz

deb:
	@.ci/deps deb
	@.ci/deb '$(VERSION)'

help:
	@sed -n 's/^# \{0,1\}//p;/^$$/q' Makefile | tail -n +2
clean:
	rm -rf .build dist bin/crm-*

-include $(shell find $O -name '*.d' 2>/dev/null)
FORCE:
.PHONY: all asan bench bench-peers clean clients cov deb demo deps \
	dist everything fuzz fuzzers help install lint property sandbox shape \
	test test-all test-deps tests-build uninstall units valgrind FORCE
