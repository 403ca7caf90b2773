# SPDX-License-Identifier: MIT
# The programs as functions of one: their own objects, with names, variables
# and some calls set apart (tests/property/play/program.h).
OBJCOPY ?= objcopy
PLAY    := tests/property/play
PLAYED  := crm-extract crm-map crm-diff crm-resolve crm-load crm-state
# $(call set_apart,objects,whose variables,what else)
set_apart = $(LD) -r @$(PLAY)/wrapped -o $@.all $(1) && \
	$(OBJCOPY) --redefine-sym exit=program_exit \
	--rename-section .data=$(2)_data --rename-section .bss=$(2)_bss \
	--rename-section .data.rel=$(2)_rel \
	--rename-section .data.rel.local=$(2)_rel $(3) $@.all $@
alone   = @$(PLAY)/visible --redefine-sym main=$(1)_main \
	--keep-global-symbol=$(1)_main
$O/play/state_dump.o: tests/helpers/state_dump.c $O/flags $(wildcard \
    $(PLAY)/*)
	@mkdir -p $(@D)
	$(call say,cc $<)$(CC) $(ALLFLAGS) -MMD -MP -MT $@ -iquote src/lib -c \
	    -o $@.c.o $< && $(call \
	    set_apart,$@.c.o,state_dump,$(call alone,state_dump))
$O/play/libcrm.o: $O/libcrm.a $(wildcard $(PLAY)/*)
	@mkdir -p $(@D)
	$(call say,ld $@)$(call set_apart,--whole-archive $<,libcrm,)
$(PLAYED:%=$O/play/%.o): $O/play/%.o: $$(call objs,$$*) $(wildcard \
    $(PLAY)/*)
	@mkdir -p $(@D)
	$(call say,ld $@)$(call set_apart,$(filter %.o,$^),$(subst \
	    -,_,$*),$(call alone,$(subst -,_,$*)))
$O/play/main/%.o: $(PLAY)/%.c $O/flags
	@mkdir -p $(@D)
	$(call say,cc $<)$(CC) $(ALLFLAGS) -MMD -MP -c -o $@ $<
$O/property/histories: $(patsubst $(PLAY)/%.c,$O/play/main/%.o,$(wildcard \
    $(PLAY)/*.c)) $(PLAYED:%=$O/play/%.o) $O/play/state_dump.o \
    $O/play/libcrm.o
	@mkdir -p $(@D)
	$(call say,ld $@)$(CC) $(ALLFLAGS) $(LINK) $(LDFLAGS) \
	    -Wl,@$(PLAY)/wrapped -o $@ $^ $(LDLIBS)
