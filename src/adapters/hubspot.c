/* SPDX-License-Identifier: MIT */
/* HubSpot: what it is made of; hubspot.h says where. */
#include "hubspot_read.h"

extern const struct profile profile_hubspot;
const struct web web_hubspot = {
	.profile = &profile_hubspot,
	.lanes = hubspot_lanes,
	.lane_count = HUBSPOT_LANES,
	.limits = hubspot_limits,
	.judge = hubspot_judge,
	.describe = hubspot_fields_open,
	.setup = hubspot_setup_open,
	.concurrent = 8,
	.write = hubspot_write,
	.read_calls = hubspot_read_calls,
	.write_calls = hubspot_write_calls,
	.count = hubspot_count,
	.read = hubspot_read,
	.fetch = hubspot_read_ids,
};
