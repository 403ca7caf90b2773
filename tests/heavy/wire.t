#!/bin/sh
# SPDX-License-Identifier: MIT
# Many random histories over HTTP, on a wire on which everything goes wrong.
N=${N:-100} exec "${0%/*}/../hubspot/histories.t"
