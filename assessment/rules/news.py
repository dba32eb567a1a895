"""Which events are news: for whom in a council, by which side, and which are steps too small to tell."""

from collections.abc import Collection

QUIET = (
    "answer.restored",
    "answer.confirmation_taken_back",
    "answer.confirmed",
    "answer.saved",
    "comment.reopened",
    "comment.settled",
    "comment.written",
    "councils.read",
    "evidence.cited",
    "evidence.look_asked",
    "evidence.scan_waits",
    "evidence.uncited",
    "filter.deleted",
    "filter.saved",
    "improvement.reply_drafted",
    "interim.written",
    "import.read",
    "interview.deleted",
    "interview.noted",
    "interview.read",
    "moderation.decided",
    "provisioned_user.added",
    "provisioned_user.changed",
    "provisioned_user.ended",
    "provisioned_user.removed",
    "report.changed",
    "retention.ran",
    "sign_in_provider.demanded",
    "sign_in_provider.left_open",
    "sign_in_provider.removed",
    "sign_in_provider.set_up",
    "sign_in_provider.switched_on",
    "signature.resent",
    "submission.seal_requested",
    "token.made",
    "token.revoked",
    "visit.entry_sent",
    "webhook.made",
    "webhook.paused",
    "webhook.removed",
    "webhook.replayed",
    "webhook.resumed",
)
"""Work in small steps, which no timeline lists."""

ROUTINE = (
    "action.added",
    "action.changed",
    "action.evidence_linked",
    "action.evidence_unlinked",
    "action.note_added",
    "action.note_removed",
    "action.owners_confirmed",
    "action.priorities_chosen",
    "action.removed",
    "action.status_confirmed",
    "action.timescale_chosen",
    "element_owner.cleared",
    "element_owner.named",
    "improvement.themed",
    "improvement.unthemed",
    "member.added",
    "member.changed",
)
"""What comes by the dozen, and would drown a council's news. The lists themselves show it."""

BY_COUNCIL = frozenset({
    "accreditation.committed", "appeal.lodged", "case_study.published", "case_study.taken_back",
    "clarification.answered", "confirmation.given", "improvement.progress_reported", "improvement.replied",
    "report.commented", "submission.sealed", "visit_people.named",
})  # fmt: skip
"""What councils do, of what they share with their regions."""

READ_WITH = {
    "accreditation:read": (
        "accreditations", "appeal_decisions", "appeals", "awards", "chair_confirmations", "improvement_progress",
        "improvements", "replies",
        "report_comment_answers",
        "report_comments", "reports", "seal_requests", "signature_requests", "signings", "submission_decisions",
        "submissions",
    ),
    "evidence:read": ("evidence",),
    "action:read": ("actions", "plans"),
    "member:read": ("members", "office_holders", "political_groups"),
}  # fmt: skip
"""Permission → the tables whose events one reads with it in a council."""
IN_DETAIL = {"accreditation:read": ("answers", "clarifications", "clarification_answers")}
"""The same of what makes no news, but stands in a list of all events."""


def subjects_read_with(permissions: Collection[str], *, in_detail: bool = False) -> list[str]:
    """The tables whose events somebody with these permissions reads in a council."""
    rooms = (READ_WITH, IN_DETAIL) if in_detail else (READ_WITH,)
    return [name for room in rooms for each, names in room.items() if each in permissions for name in names]
