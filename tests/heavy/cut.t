#!/bin/sh
# SPDX-License-Identifier: MIT
# As tests/e2e/cut.t, at every second byte; with 1 at every one.
exec "${0%/*}/../e2e/cut.t" 2
