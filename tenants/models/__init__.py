"""Tables of the tenants: importing this package makes all of them known."""

from tenants.models import (
    access,
    action_details,
    committee_papers,
    councils,
    evidence,
    imports,
    meetings,
    members,
    notices,
    offices,
    plans,
)

__all__ = [
    "access",
    "action_details",
    "committee_papers",
    "councils",
    "evidence",
    "imports",
    "meetings",
    "members",
    "notices",
    "offices",
    "plans",
]
