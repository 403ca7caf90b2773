#!/bin/sh
# SPDX-License-Identifier: MIT
# As tests/crash/crash.t, every allocation instead of some.
exec "${0%/*}/../crash/crash.t" 0
