#!/bin/sh
# SPDX-License-Identifier: MIT
# As tests/e2e/cut.t, at every byte.
exec "${0%/*}/../e2e/cut.t" 1
