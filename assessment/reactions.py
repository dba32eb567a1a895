"""Which job follows which event."""

from __future__ import annotations

from assessment.jobs.element_owners import tell_of_lost_owner
from assessment.jobs.frameworks import offer_starters
from assessment.jobs.improvements import stand_in_plan
from assessment.jobs.submissions import seal_submission

REACTIONS = {
    "access.ended": (tell_of_lost_owner,),
    "improvements.issued": (stand_in_plan,),
    "region.added": (offer_starters,),
    "submission.seal_requested": (seal_submission,),
}
