# SPDX-License-Identifier: MIT
# The programs as functions of one: their own objects, with names, variables
# and some calls set apart (tests/property/play/program.h).
OBJCOPY ?= objcopy
PLAY    := tests/property/play
PLAYED  := crm-extract crm-map crm-diff crm-resolve crm-load crm-state
set_apart = $(LD) -r @$(PLAY)/wrapped -o $@.all $(1) && \
	$(OBJCOPY) @$(PLAY)/sections $(2) $@.all $@
alone   = @$(PLAY)/visible --redefine-sym main=$(1)_main \
	--keep-global-symbol=$(1)_main
$O/play/state_dump.o: tests/helpers/state_dump.c $O/flags
	@mkdir -p $(@D)
	$(call say,cc $<)$(CC) $(ALLFLAGS) -MMD -MP -MT $@ -iquote src/lib -c \
	    -o $@.c.o $< && $(call set_apart,$@.c.o,$(call alone,state_dump))
$O/play/libcrm.o: $O/libcrm.a $(wildcard $(PLAY)/*)
	@mkdir -p $(@D)
	$(call say,ld $@)$(call set_apart,--whole-archive $<,)
$(PLAYED:%=$O/play/%.o): $O/play/%.o: $$(call objs,$$*) $(wildcard \
    $(PLAY)/*)
	@mkdir -p $(@D)
	$(call say,ld $@)$(call set_apart,$(filter %.o,$^),$(call \
	    alone,$(subst -,_,$*)))
$O/play/main/%.o: $(PLAY)/%.c $O/flags
	@mkdir -p $(@D)
	$(call say,cc $<)$(CC) $(ALLFLAGS) -MMD -MP -c -o $@ $<
$O/property/histories: $(patsubst $(PLAY)/%.c,$O/play/main/%.o,$(wildcard \
    $(PLAY)/*.c)) $(PLAYED:%=$O/play/%.o) $O/play/state_dump.o \
    $O/play/libcrm.o
	@mkdir -p $(@D)
	$(call say,ld $@)$(CC) $(ALLFLAGS) $(LINK) $(LDFLAGS) \
	    -Wl,@$(PLAY)/wrapped -o $@ $^ $(LDLIBS)
