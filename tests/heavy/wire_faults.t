#!/bin/sh
# SPDX-License-Identifier: MIT
# As tests/hubspot/faults.t, most points; with 0 every point of each kind but
# libraries' own allocations, of which there are many.
exec "${0%/*}/../hubspot/faults.t" 600 auth id delta full load
