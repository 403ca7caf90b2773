# SPDX-License-Identifier: MIT
# Completion of crm-* for bash.  What a program takes it says itself (-h prints
# its option table), so that nothing here has to be kept in step.
# shellcheck shell=bash

# What there is of a kind of word, as -h calls it.
_crm_words() {
	case $1 in
	SYSTEM) crm-state systems 2> /dev/null |
		sed -n 's/.*"system":"\([^"]*\)".*/\1/p' | sort -u ;;
	ENTITY) _crm_mappings | sed 's/\..*//' | sort -u ;;
	MAPPING) _crm_mappings | grep -F . ;;
	OBJECT) crm-state systems 2> /dev/null |
		sed -n 's/.*"object":"\([^"]*\)".*/\1/p' | sort -u ;;
	RUN) crm-state runs 2> /dev/null |
		sed -n 's/.*"run":"\([^"]*\)".*/\1/p' | sort -u ;;
	COMMAND) sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p' <<< "$2" ;;
	esac
}

# Names of all mapping and entity files, without .jq.
_crm_mappings() {
	local folder file
	local IFS=:
	for folder in $CRM_MAPPINGS mappings /usr/local/share/crm/mappings \
		/usr/share/crm/mappings; do
		for file in "$folder"/*.jq; do
			[ -e "$file" ] || continue
			file=${file##*/}
			echo "${file%.jq}"
		done
	done
}

# The words a usage line takes as operands, one a line: "SYSTEM", "FILE".
_crm_operands() {
	sed -n '1s/^usage: [^ ]* \[OPTION\.\.\.\] *//p' <<< "$1" |
		grep -o '[A-Z][A-Z]*' | sort -u
}

_crm() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
	local program=$1 command='' help value kind kinds candidate i
	COMPREPLY=()
	# A program of commands takes other options behind each.
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-*) ;;
		*) command=${COMP_WORDS[i]} && break ;;
		esac
	done
	help=$("$program" -h 2> /dev/null) || return
	if [[ $help != *COMMAND* ]]; then
		command=''
	elif [ -n "$command" ]; then
		# Operands as the list of commands has them.
		kinds=$(grep "^  $command " <<< "$help" | sed 's/   .*//' |
			grep -o '[A-Z][A-Z]*')
		help=$("$program" "$command" -h 2> /dev/null) || return
	fi
	if [ "$before" = = ] || [ "$word" = = ]; then
		[ "$word" = = ] && word=''
		before=${COMP_WORDS[COMP_CWORD-2]}
		[[ $before == --* ]] || before=${COMP_WORDS[COMP_CWORD-1]}
	fi
	# The value of the option before, if it takes one.
	value=$(sed -n "s/^ *\(-., \)\{0,1\}$before \([^ ]*\)  .*/\2/p
		s/^ *$before, --[a-z-]* \([^ ]*\)  .*/\1/p" <<< "$help" |
		grep -x '[A-Z%:]*')
	if [[ $before == -* && -n $value ]]; then
		kinds=$value
	elif [[ $word == -* ]]; then
		kinds=''
		mapfile -t COMPREPLY < <(compgen -W "$(grep -o -e \
			'^ *-[a-z], ' -e '--[a-z][a-z-]* ' <<< "$(grep \
			'^ *\(-[a-z], \)\{0,1\}--' <<< "$help")" |
			tr -d ' ,')" -- "$word")
		return
	elif [ -z "$command" ]; then
		kinds=$(_crm_operands "$help")
	fi
	for kind in $kinds; do
		if [ "$kind" = FILE ]; then
			compopt -o filenames 2> /dev/null
			mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen \
				-f -- "$word")
			continue
		fi
		for candidate in $(_crm_words "$kind" "$help"); do
			[[ $candidate != "$word"* ]] ||
				COMPREPLY+=("$candidate")
		done
	done
	[ "$value" != FORM ] ||
		mapfile -t COMPREPLY < <(compgen -W 'text json' -- "$word")
}

complete -F _crm crm-auth crm-diff crm-extract crm-load crm-map crm-match \
	crm-resolve crm-state crm-status
