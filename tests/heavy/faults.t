#!/bin/sh
# SPDX-License-Identifier: MIT
# As tests/crash/faults.t, every point of each kind that is no allocation, and
# many that are.
exec "${0%/*}/../crash/faults.t" 0
