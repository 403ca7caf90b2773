#!/bin/sh
# SPDX-License-Identifier: MIT
# As tests/crash/convert.t, at many steps, and under every policy; with `all`
# instead of `many` at every step, which takes ten minutes.
exec "${0%/*}/../crash/convert.t" many tell archive review
