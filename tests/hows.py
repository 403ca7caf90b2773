# SPDX-License-Identifier: MIT
"""hows: in which ways each kind of call can be made to fail (preload/)."""

HOWS = {
    "read": ["EIO", "EINTR", "short", "EIO+"],
    "write": ["ENOSPC", "ENOSPC+", "EIO", "EINTR", "short"],
    "sync": ["EIO", "ENOSPC", "EIO+"], "rename": ["EIO", "ENOSPC"],
    "open": ["EMFILE", "EIO", "ENOSPC"], "close": ["EIO"],
    "unlink": ["EIO"], "link": ["EIO", "ENOSPC"], "truncate": ["EIO"],
    "mkdir": ["ENOSPC"], "stat": ["EIO"], "lock": ["ENOLCK"],
    "map": ["ENOMEM"], "alloc": ["ENOMEM", "ENOMEM+"],
}
