#!/bin/sh
# SPDX-License-Identifier: MIT
# As tests/property/histories.t, every mutant.
exec "${0%/*}/../property/histories.t" all
