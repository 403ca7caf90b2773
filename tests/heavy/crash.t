#!/bin/sh
# SPDX-License-Identifier: MIT
# As tests/crash/crash.t, more of the allocations; with 0 every one.
exec "${0%/*}/../crash/crash.t" 100
