/* SPDX-License-Identifier: MIT */
#include "stage.h"
void suggest_run(struct run *r, const char *name) { (void)r; (void)name; }
