# SPDX-License-Identifier: MIT
# auth/lib.sh: a home that is logged in to a fake, for tests in sh.
#
#   . "${0%/*}/lib.sh"
#
# The test is run again beside a fake: $SANDBOX_URL and so on.
. "${0%/*}/../lib.sh"

if [ -z "${SANDBOX_URL:-}" ]; then
	cd / && rm -rf "$WORK"
	exec "$TREE/tests/sandbox/with" --faults "${FAULTS:-consent=auto}" \
		hubspot -- "$SELF"
fi
CRM_MAPPINGS=$WORK/none
CRM_CLIENT_SECRET_HUBSPOT=$SANDBOX_CLIENT_SECRET
export CRM_MAPPINGS CRM_CLIENT_SECRET_HUBSPOT
crm-state init -q
echo "{hubspot: {kind: \"hubspot\", api: \"$SANDBOX_URL\"}}" > .crm/systems.jq

# login ARG...: as a person would; what the browser shows is in `page`.
login() {
	rm -f url page
	crm-auth login hubspot --client-id "$SANDBOX_CLIENT_ID" --timeout 20 \
		"$@" > url 2> err < /dev/null &
	login_pid=$!
	while [ ! -s url ] && kill -0 $login_pid 2> /dev/null; do
		sleep 0.05
	done
	[ ! -s url ] || curl -sSL "$(cat url)" > page 2>> err
	wait $login_pid
}

# sandbox METHOD PATH [BODY]: looks in, and meddles.
sandbox() {
	curl -sS -X "$1" "$SANDBOX_URL/_sandbox/$2" ${3:+-d "$3"}
}

# asked PATH: how often that path was asked for.
asked() {
	sandbox GET log | grep -c "\"target\": \"$1\"" || :
}
