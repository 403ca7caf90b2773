#!/bin/sh
# SPDX-License-Identifier: MIT
# Completion in bash and zsh: what is offered, as the programs' own -h has it.
. "${0%/*}/../lib.sh"
FOLDER=$TREE/src/completion
export FOLDER
crm-state -q init
echo '{app: {kind: "file", path: "app"}, hub: {kind: "file", path: "hub"}}' \
	> .crm/systems.jq
mkdir plans
: > plans/first

# offered WORD...: what bash offers for the last word.
cat > offered <<'E2'
. "$FOLDER/crm.bash"
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_crm "$1"
echo "${COMPREPLY[*]}"
E2
offers() {
	want=$1
	shift
	is "$(bash offered "$@" 2> err)" "$want" "bash: $*"
	is "$(cat err)" '' 'without an error'
}
offers '--suggest --subset --strict' crm-map --s
offers 'customer.salesforce' crm-map customer.sal
offers 'text json' crm-map --log ''
offers 'json' crm-map --log = j
offers 'app hub' crm-load ''
offers 'hub' crm-load --pending h
offers 'plans/first' crm-load --report plans/
offers 'approve account audit' crm-state a
offers '--verify --verbose --version' crm-state audit --ver
offers 'app hub' crm-state retry ''
offers 'call contact customer' crm-resolve c
offers '' crm-map --nosuch
# Every option of every program is offered.
for program in "$CRM_BIN"/crm-*; do
	program=${program##*/}
	grep -q "$program" "$FOLDER/crm.bash" && grep -q "$program" \
		"$FOLDER/_crm"
	ok $? "$program is completed in both"
	bash offered "$program" -- | tr ' ' '\n' | grep -e -- | sort > got
	"$program" -h | sed -n 's/^  *\(-., \)*\(--[a-z-]*\).*/\2/p' |
		sort > want
	same got want "$program: all of its options"
done

if ! command -v zsh > /dev/null; then
	note 'zsh is not installed'
	done_testing
	exit
fi
# A zsh in a terminal of its own; each line is typed, then TAB twice, until what
# is wanted is shown.  A machine in full use may take its time.
cat > typed <<'E2'
zmodload zsh/zpty
zpty shell zsh -f -i
# await TEXT: whether it is shown within half a minute; all that was: $out.
await() {
	local chunk
	local -i waited=0
	out=''
	while [[ $out != *$1* ]] && ((waited++ < 600)); do
		if zpty -rt shell chunk; then
			out+=$chunk
		else
			sleep 0.05
		fi
	done
}
zpty -w shell "PS1= fpath=($FOLDER \$fpath); autoload -U compinit;" \
	"compinit -u -D; setopt nobeep nolistambiguous; zstyle" \
	"':completion:*' list-colors ''; bindkey '^I' complete-word;" \
	'print -r all "is" set'
await 'all is set'
while IFS='|' read -r line want; do
	zpty -w -n shell "$line"$'\t\t'
	await "$want"
	print -r -- "$line => ${(q)out}"
	zpty -w -n shell $'\x15'
done
zpty -d shell
E2
export TERM=dumb
zsh -f typed > got 2> err <<'E2'
crm-map --su|--subset
crm-load hu|hub
crm-state aud|audit
crm-map --log te|text
crm-map customer.sal|customer.salesforce
E2
is "$(cat err)" '' 'zsh: no error'
zsh_offers() {
	grep -F -- "$1 =>" got | grep -qF -- "$2"
	ok $? "zsh: $1" || note "$(grep -F -- "$1 =>" got)"
}
zsh_offers 'crm-map --su' '--subset'
zsh_offers 'crm-load hu' 'hub'
zsh_offers 'crm-state aud' 'audit'
zsh_offers 'crm-map --log te' 'text'
zsh_offers 'crm-map customer.sal' 'customer.salesforce'
done_testing
