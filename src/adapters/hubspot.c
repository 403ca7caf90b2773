/* SPDX-License-Identifier: MIT */
#include "web.h"

extern const struct profile profile_hubspot;
const struct web web_hubspot = { .profile = &profile_hubspot, .concurrent = 1};
