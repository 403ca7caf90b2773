#!/bin/sh
# SPDX-License-Identifier: MIT
# As tests/crash/convert.t, at every step, and under every policy.
exec "${0%/*}/../crash/convert.t" tell archive review
