#!/bin/sh
# SPDX-License-Identifier: MIT
# As tests/crash/power.t, each step with each way to lose what is not synced.
exec "${0%/*}/../crash/power.t" all
