"""Tables of the tenants: importing this package makes all of them known."""

from tenants.models import (
    access,
    action_details,
    committee_papers,
    councils,
    data_protection,
    evidence,
    imports,
    meetings,
    members,
    notices,
    offices,
    plans,
    second_factors,
    single_sign_on,
    tokens,
    webhooks,
)

__all__ = [
    "access",
    "action_details",
    "committee_papers",
    "councils",
    "data_protection",
    "evidence",
    "imports",
    "meetings",
    "members",
    "notices",
    "offices",
    "plans",
    "second_factors",
    "single_sign_on",
    "tokens",
    "webhooks",
]
