#!/bin/sh
# SPDX-License-Identifier: MIT
# poll: what cron runs between two full syncs: what changed, unless another
# sync is running.  Options as full-sync.sh.
exec "${0%/*}/full-sync.sh" -d -o "$@"
