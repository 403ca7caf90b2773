#!/bin/sh
# SPDX-License-Identifier: MIT
# Random histories through the shell; heavy/mutants.t plays many more in one
# process.
exec "${0%/*}/../property/histories" -n 250 -s 1000
