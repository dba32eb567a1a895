"""Where a person stands in the tables: what is held about somebody, and what somebody did, to be handed over.

A column stands here as `table.column`. The database keeps the same lists (`tenancy.person_rows`) and takes no other.
"""

from __future__ import annotations

from collections.abc import Mapping

ABOUT: Mapping[str, str] = {
    "users.id": "Your account",
    "credentials.user_id": "Your password, of which only the day of its last change can be read",
    "access.user_id": "Your roles",
    "invitations.email": "Invitations sent to you",
    "links.user_id": "Links sent to you, such as for a new password",
    "tokens.user_id": "Your tokens for programs",
    "authenticators.user_id": "Your authenticator app",
    "passkeys.user_id": "Your passkeys",
    "recovery_codes.user_id": "Your recovery codes, of which only whether they were used can be read",
    "sign_in_identities.user_id": "Your sign-in through your organisation",
    "provisioned_users.email": "What your organisation’s directory said about you",
    "notices.user_id": "Notices to you",
    "calendar_feeds.user_id": "Your calendar feeds",
    "saved_filters.user_id": "Filters you saved",
    "prepared_files.user_id": "Files made for you",
    "members.email": "You as a member of a council",
    "office_holders.email": "Offices you hold or held, by your address",
    "office_holders.user_id": "Offices you hold or held, by your account",
    "element_owners.user_id": "Parts of a self-assessment you look after",
    "signature_requests.email": "Signatures you were asked for, by your address",
    "signature_requests.user_id": "Signatures you were asked for, by your account",
    "contribution_requests.email": "Texts you were asked for",
    "assessors.user_id": "You as an assessor",
    "assessor_absences.user_id": "When you were away as an assessor",
    "assessor_councils.user_id": "Councils you have to do with as an assessor",
    "assignments.user_id": "Files you were assigned to, and the interests you declared",
}
"""Rows about the person: whole, apart from secrets, wherever they are."""

DONE_IN_COUNCIL: Mapping[str, str] = {
    "action_notes.written_by": "Notes on actions you wrote",
    "answer_comments.written_by": "Comments you wrote",
    "answer_versions.written_by": "Versions of answers you wrote",
    "answers.confirmed_by": "Answers you confirmed",
    "answers.updated_by": "Answers you changed last",
    "appeals.lodged_by": "Appeals you lodged",
    "chair_confirmations.confirmed_by": "What you confirmed as chair",
    "clarification_answers.answered_by": "Questions you answered",
    "contribution_requests.asked_by": "Texts you asked others for",
    "declaration_signatures.recorded_by": "Signatures on paper you recorded",
    "evidence.added_by": "Evidence you added",
    "evidence_versions.added_by": "Versions of files you added",
    "improvement_progress.reported_by": "Progress you reported",
    "imports.read_by": "Documents you took in",
    "replies.replied_by": "Replies to improvements you sent",
    "report_comments.commented_by": "Comments on a report you sent",
    "seal_requests.asked_by": "What you asked to be sealed",
    "signature_requests.recorded_by": "Answers to signature requests you recorded",
    "signings.opened_by": "Signings you opened",
    "submissions.sent_by": "Submissions you sent",
}
"""What the person did for a council: its words only while he or she has access there, else no more than when."""

DONE_IN_REGION: Mapping[str, str] = {
    "access.granted_by": "Access you gave to others",
    "appeal_decisions.decided_by": "Appeals you decided",
    "assignments.assigned_by": "Teams you put together",
    "clarifications.asked_by": "Questions you asked",
    "council_imports.read_by": "Lists of councils you took in",
    "decisions.decided_by": "Outcomes you decided",
    "interim_reviews.reviewed_by": "Interim reviews you made",
    "interview_notes.user_id": "Notes of interviews you wrote",
    "invitations.invited_by": "Invitations you sent",
    "moderations.moderated_by": "Judgements you settled",
    "process_versions.changed_by": "Changes you made to the process",
    "releases.set_by": "Releases you set",
    "score_drafts.user_id": "Scores you drafted",
    "score_reopenings.reopened_by": "Scores you had given again",
    "scores.user_id": "Scores you gave",
    "submission_decisions.decided_by": "Submissions you decided on",
    "successions.recorded_by": "Mergers you recorded",
}
"""What the person did for a region or in an assessor's file: its words only for the region's own people."""

LOG = "events.actor"
"""What the log has of the person: what was done, and when."""

LEFT_OUT: Mapping[str, str] = {
    "access.email": "stands in the rows of access.user_id",
    "answer_comments.mentions": "a colleague's words, which are that colleague's",
    "assessor_councils.assessor_id": "names the row in assessors",
    "kept_responses.user_id": "copies of answers to programs, kept for 24 hours",
    "visits.organiser_email": "who sent an invitation, which the log has",
}
"""Columns that could name a person and are not handed over, with the reason."""


def sources() -> dict[str, str]:
    """Every column that is handed over, with its heading, in the order of the file."""
    return {**ABOUT, **DONE_IN_COUNCIL, **DONE_IN_REGION, LOG: "What the log has of you"}
