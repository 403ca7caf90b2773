#!/bin/sh
# SPDX-License-Identifier: MIT
# As tests/crash/faults.t, every point of each kind.
exec "${0%/*}/../crash/faults.t" 0
