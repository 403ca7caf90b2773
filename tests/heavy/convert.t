#!/bin/sh
# SPDX-License-Identifier: MIT
# As tests/crash/convert.t, under every policy.
exec "${0%/*}/../crash/convert.t" tell archive review
