#!/bin/sh
# SPDX-License-Identifier: MIT
# A thousand random histories.
exec "${0%/*}/../property/histories" -n 1000 -s 1000
