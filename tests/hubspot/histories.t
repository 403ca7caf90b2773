#!/bin/sh
# SPDX-License-Identifier: MIT
# Random histories over HTTP; SEED says where to begin, N how many.
exec "${0%/*}/histories" -n "${N:-6}" -s "${SEED:-$(date +%j%H%M)}"
