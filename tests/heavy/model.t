#!/bin/sh
# SPDX-License-Identifier: MIT
# As tests/model/model.t, further.
exec "${0%/*}/../model/model.t" -l
