#!/bin/sh
# SPDX-License-Identifier: MIT
# As tests/crash/power.t, with programs whose batches are three records.
CRM_BIN=$(cd "${0%/*}/../.." && pwd)/.build/fault/bin
export CRM_BIN
exec "${0%/*}/../crash/power.t"
