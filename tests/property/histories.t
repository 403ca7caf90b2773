#!/bin/sh
# SPDX-License-Identifier: MIT
# Fifty random histories, and those that found something; more of them:
# make property N=1000 SEED=1
exec "${0%/*}/histories" -n 50 -s 1 --found
