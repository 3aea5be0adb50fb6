"""Who may come to the pages of families. Which child is whose, the roster says."""

from __future__ import annotations

from diary.foundation.access.permissions import permission

# a new account has no role anywhere until its first child is linked
FAMILY_READ = permission("family.links.read")
CHILD_ADD = permission("family.child.add")
REQUEST_WITHDRAW = permission("family.request.withdraw")
DEVICE_INVITE = permission("family.device.invite")
DEVICE_REVOKE = permission("family.device.revoke")
