"""Which job follows which event."""

from __future__ import annotations

from assessment.jobs.assignments import tell_assessor, tell_officers
from assessment.jobs.board_reports import make_due_report, tell_of_board_report
from assessment.jobs.clarifications import tell_council, tell_of_reply
from assessment.jobs.contributions import send_contribution_request, tell_asker, tell_of_more_time
from assessment.jobs.element_owners import tell_of_lost_owner
from assessment.jobs.endings import call_off_lapsed, look_for_expired
from assessment.jobs.files import close_ended_file, close_files
from assessment.jobs.frameworks import offer_starters
from assessment.jobs.good_practice import end_shared_practice
from assessment.jobs.improvements import stand_in_plan
from assessment.jobs.outcomes import tell_of_appeal, tell_of_outcome
from assessment.jobs.quarantined import discard_quarantined
from assessment.jobs.releases import release_outcome
from assessment.jobs.reminders import remind_of_dates
from assessment.jobs.retention import sweep_council, sweep_region
from assessment.jobs.scores import tell_scorers
from assessment.jobs.signings import (
    follow_office,
    follow_signature,
    remind_signatories,
    send_signature_request,
    tell_of_decline,
)
from assessment.jobs.submissions import seal_submission
from assessment.jobs.successions import call_off_ended, hand_over
from assessment.jobs.visits import follow_team, tell_leads, tell_team

DAILY = (
    close_files,
    remind_of_dates,
    remind_signatories,
    look_for_expired,
    sweep_council,
    make_due_report,
    sweep_region,
)
"""What happens by itself once a day: in every active council, the last two in every region."""

REACTIONS = {
    "accreditation.lapsed": (call_off_lapsed,),
    "access.ended": (tell_of_lost_owner,),
    "accreditation.moved": (close_ended_file,),
    "council.succeeded": (hand_over, call_off_ended),
    "evidence.quarantined": (discard_quarantined,),
    "assignment.conflicted": (follow_team, tell_officers),
    "assignment.declared": (follow_team,),
    "assignment.declined": (follow_team, tell_officers),
    "assignment.made": (follow_team, tell_assessor),
    "assignment.withdrawn": (follow_team,),
    "award.ended": (end_shared_practice,),
    "board_report.made": (tell_of_board_report,),
    "clarification.answered": (tell_of_reply,),
    "clarification.asked": (tell_council,),
    "contribution.asked": (send_contribution_request,),
    "contribution.declined": (tell_asker,),
    "contribution.extended": (tell_of_more_time,),
    "contribution.resent": (send_contribution_request,),
    "contribution.sent": (tell_asker,),
    "improvements.issued": (stand_in_plan,),
    "office.changed": (follow_office,),
    "office.left": (follow_office,),
    "office.taken": (follow_office,),
    "appeal.decided": (tell_of_appeal,),
    "outcome.release_set": (release_outcome,),
    "region.added": (offer_starters,),
    "report.issued": (tell_of_outcome,),
    "scores.reopened": (tell_scorers,),
    "signature.asked": (send_signature_request,),
    "signature.declined": (tell_of_decline,),
    "signature.given": (follow_signature,),
    "signature.recorded": (follow_signature,),
    "signature.resent": (send_signature_request,),
    "submission.seal_requested": (seal_submission,),
    "visit.called_off": (tell_team, tell_leads),
    "visit.invited": (tell_team, tell_leads),
}
