#!/bin/sh
# SPDX-License-Identifier: MIT
# As tests/property/conversion.t, more of them.
exec "${0%/*}/../property/conversion.t" 100 100
