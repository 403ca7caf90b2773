#!/bin/sh
# SPDX-License-Identifier: MIT
# As tests/hubspot/read.t, of 25,000 contacts.
exec "${0%/*}/../hubspot/read.t" 12500
