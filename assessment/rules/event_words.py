"""What happened, in words for a timeline: from an event's verb and payload."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from assessment.rules.news import QUIET, ROUTINE
from assessment.rules.process_words import day_words
from assessment.rules.stages import LABELS, Stage

SENT_AS = {"plan": "plan", "readiness": "submission", "interim": "interim return"}
SIGNED_AS = {"commitment": "commitment", "plan": "plan", "readiness": "submission"}
SIGNINGS = {
    "confirmation.asked": "The chair of the steering group was asked to confirm the {}",
    "confirmation.given": "The chair of the steering group confirmed the {}",
    "signing.called_off": "The signing of the {} was called off",
    "signing.completed": "Everybody signed the {}",
    "signing.opened": "The {} was put before those who sign",
}
OUTCOMES = {"accepted": "accepted", "returned": "returned"}
REPLIES = {"accepted": "accepted", "accepted_in_part": "accepted in part", "decided_against": "decided against"}
PROGRESS = {"in_progress": "in progress", "claimed_complete": "claimed complete"}

WORDS = {
    "absence.entered": "Days on which {name} cannot be asked were entered",
    "absence.removed": "Days on which {name} cannot be asked were taken out",
    "account.emptied": "An account was emptied",
    "accreditation.committed": "Committed to the Charter",
    "accreditation.lapsed": "The accreditation lapsed: {reason}",
    "access.ended": "Access ended",
    "access.renamed": "{name_before} is now called {name}",
    "access.granted": "Access given",
    "action.added": "Action {ref} added to a plan",
    "action.changed": "An action was changed",
    "action.evidence_linked": "Action {ref} names evidence: {title}",
    "action.evidence_unlinked": "Action {ref} no longer names evidence: {title}",
    "action.note_added": "A note was written on action {ref}",
    "action.note_removed": "A note on action {ref} was taken out",
    "action.owners_confirmed": "The owners of action {ref} were confirmed",
    "action.priorities_chosen": "Priorities of action {ref} were chosen",
    "action.removed": "Action {ref} taken out of a plan",
    "action.status_confirmed": "An action's status was confirmed",
    "action.timescale_chosen": "A reading of the timescale of action {ref} was chosen",
    "answers.carried": "Answers of the last submission were carried: {count}",
    "assessor.changed": "The pool's entry of {name} was changed",
    "assessor.council_added": "The pool's entry of {name} names another council: {council}",
    "assessor.council_ended": "The pool's entry of {name} says: no longer at {council}",
    "assessor.council_removed": "The pool's entry of {name} names no longer {council}",
    "assessor.entered": "{name} was entered in the pool of assessors",
    "appeal.decided": "The appeal was {outcome}",
    "appeal.ended": "The appeal ended undecided: {reason}",
    "appeal.lodged": "The council appealed against the decision",
    "assignment.closed": "The assessors' files were closed",
    "assignment.conflicted": "{name} declared a conflict of interest and left the team",
    "assignment.declared": "An assessor declared interests",
    "assignment.declined": "{name} cannot take part and left the team",
    "assignment.made": "{name} was asked to join the team",
    "assignment.withdrawn": "{name} left the team",
    "assignments.closed": "The assessors' files were closed and their private notes deleted",
    "award.conditions_lifted": "The conditions of the award were lifted",
    "award.ended": "The award ended",
    "award.surrendered": "The award was given back: {reason}",
    "award.made": "Award made: certificate {number}",
    "award.recorded": "Award of {on} recorded from {filename}: certificate {number}",
    "case_study.changed": "Case study changed: {title}",
    "case_study.published": "Case study shared: {title}",
    "case_study.removed": "Case study deleted: {title}",
    "case_study.taken_back": "Case study taken back: {title}",
    "case_study.written": "Case study begun: {title}",
    "colleague.anonymised": "The name of a former colleague was taken out",
    "export.asked": "An export of the whole council was asked for",
    "figure.shared": "Figure shared for comparisons: {title}, {period}",
    "figure.taken_back": "Figure taken back from comparisons: {title}, {period}",
    "good_practice.declined": "Good practice stays with the council: {title}",
    "good_practice.expired": "Good practice left the region’s library with the award: {title}",
    "good_practice.shared": "Good practice shared: {title}",
    "good_practice.taken_back": "Good practice taken back: {title}",
    "calendar_feed.made": "A calendar address was made",
    "calendar_feed.revoked": "A calendar address was ended",
    "clarification.answered": "Question {number} about {requirement} was answered",
    "clarification.asked": "The council was asked about {requirement}: question {number}",
    "contribution.asked": "{name} was asked for a text about {requirement}",
    "contribution.brought_back": "A text by {name} about {requirement} was brought back",
    "contribution.declined": "{name} declined to send a text about {requirement}",
    "contribution.extended": "{name} has more time for a text about {requirement}",
    "contribution.resent": "{name} was sent a new link for a text about {requirement}",
    "contribution.sent": "{name} sent a text about {requirement}",
    "contribution.set_aside": "A text by {name} about {requirement} was set aside",
    "contribution.taken": "A text by {name} was taken into the answer to {requirement}",
    "contribution.withdrawn": "{name} is no longer asked for a text about {requirement}",
    "columns.forgotten": "What headings mean was forgotten",
    "columns.remembered": "What headings mean was remembered",
    "committee_paper.begun": "Cover for a committee begun: {title}",
    "committee_paper.changed": "Cover for a committee changed: {title}",
    "committee_paper.removed": "Cover for a committee taken away: {title}",
    "council.arrived": "The council was taken in from another service",
    "council.added": "A council joined the region",
    "council.succeeded": "{council} merged into {successor}",
    "directory.role_chosen": "What people named by the directory may do was chosen",
    "door_rule.set": "The region changed which roles need a second step at sign-in",
    "element_owner.cleared": "Element {element} has no owner any more",
    "element_owner.named": "Element {element} was given an owner: {name}",
    "evidence.added": "Evidence added: {title}",
    "evidence.changed": "Evidence changed: {title}",
    "evidence.linked": "Link added: {title}",
    "evidence.quarantined": "Malware was found in evidence: {title}",
    "evidence.removed": "Evidence removed: {title}",
    "evidence.replaced": "Evidence replaced: {title}, version {number}",
    "evidence.restored": "Evidence restored: {title}",
    "framework.published": "Framework published: {code}",
    "import.taken_in": "An import was taken in",
    "import.undone": "An import was undone",
    "improvement.carried_forward": "Improvement {number} was carried forward",
    "improvement.superseded": "Improvement {number} was superseded",
    "improvement.verified": "Improvement {number} was verified",
    "improvement.themed": "Improvement {number} was put under: {themes}",
    "improvement.unthemed": "Improvement {number} was taken out of: {themes}",
    "interview.deleted": "A note of an interview was deleted",
    "interview.noted": "An interview was noted",
    "interview.read": "Notes of interviews were opened",
    "interim.reviewed": "The region made the interim review",
    "logo.removed": "The logo on papers was removed",
    "logo.set": "A logo was put on papers",
    "meeting.called_off": "Meeting called off: {body}",
    "meeting.changed": "Meeting changed: {body}",
    "meeting.closed": "The record of the meeting was closed: {body}",
    "meeting.planned": "Meeting planned: {body}",
    "meeting.recorded": "The changes of a meeting were entered: {body}",
    "member.added": "A member was added",
    "member.anonymised": "The name of a former member was taken out",
    "member.changed": "A member's entry was changed",
    "member.term_ended": "A member's term ended",
    "moderation.agreed": "Judgements on which the assessors agree were taken over",
    "moderation.reopened": "Moderation was opened again: {reason}",
    "neighbours.declared": "Declared neighbours: {names}",
    "neighbours.ended": "No longer declared neighbours: {names}",
    "office.changed": "The entry of an office-holder was corrected: {name}, {office}",
    "office.left": "{name} is no longer {office}",
    "office.taken": "{name} was recorded as {office}",
    "outcome.decided": "The outcome was decided",
    "outcome.release_set": "The outcome was set to be released on {on} at {time}",
    "outcome.release_called_off": "The release of the outcome was called off",
    "outcome.release_failed": "The outcome was not released at its time: {reason}",
    "plan.added": "Plan added: {title}",
    "plan.brought_back": "Plan brought back: {title}",
    "plan.changed": "Plan changed: {title}",
    "plan.put_away": "Plan put away: {title}",
    "plan.removed": "Plan removed: {title}",
    "political_group.added": "A political group was added",
    "priority.added": "Corporate priority added: {title}",
    "priority.changed": "Corporate priority changed: {title}",
    "priority.removed": "Corporate priority taken out: {title}",
    "privacy_notice.changed": "The privacy notice was changed",
    "process.changed": "The region's process was changed: version {version}",
    "reminders.changed": "Reminders were changed",
    "report.begun": "The report was begun",
    "report.comment_answered": "The region answered the council's comment",
    "report.fact_check_opened": "Version {number} of the report was opened for the fact check",
    "report.issued": "The report was issued",
    "retention.set": "How long records are kept was changed",
    "score.given_again": "{name} scored {requirement} again",
    "scores.reopened": "{requirement} was opened to be scored again",
    "scores.submitted": "An assessor sent the scores",
    "signature.asked": "{name}, {office}, was asked to sign: {title}",
    "signature.declined": "{name}, {office}, declined to sign: {title}",
    "signature.ended": "The request to {name}, {office}, ended: {title}",
    "signature.given": "{name}, {office}, signed: {title}",
    "signature.recorded": "A signature on paper was recorded: {name}, {office}",
    "submission.seal_failed": "A submission could not be sealed",
    "board_report.made": "Board report {number} was made",
    "board_report.schedule_set": "The schedule of board reports was set: {words}",
    "theme.added": "Theme added: {title}",
    "theme.brought_back": "Theme brought back: {title}",
    "councils.taken_in": "Taken in from {filename}: {councils} new councils, {awards} awards",
    "theme.changed": "Theme changed: {title}",
    "theme.put_away": "Theme put away: {title}",
    "visit.called_off": "The visit was called off: {reason}",
    "visit.changed": "The visit was changed",
    "visit.held": "The visit was held",
    "visit.invited": "Invitations to the visit were sent",
    "visit.planned": "A visit was planned",
    "visit_people.named": "The council named the people to meet: {count}",
}

OTHERS = (
    "access.invited",
    "accreditation.extended",
    "accreditation.moved",
    "assignments.closing_set",
    "improvement.progress_reported",
    "improvement.replied",
    "improvements.issued",
    "invitation.resent",
    "invitation.withdrawn",
    "report.commented",
    "score.saved",
    "submission.decided",
    "submission.sealed",
)
"""Events whose words depend on more than their payload's names, or that no timeline lists."""

AFTER_DECISION = {"assignment.conflicted": "{name} declared a conflict of interest after the decision"}


VERBS = tuple(sorted({*WORDS, *SIGNINGS, *QUIET, *ROUTINE, *OTHERS}))
"""Every event that a council or a region can read of."""


class _Known(dict[str, Any]):
    """What a payload lacks is left out of the sentence."""

    def __missing__(self, _key: str) -> str:
        return ""


FOLDED = {
    "element_owner.cleared": "{number} elements have no owner any more",
    "element_owner.named": "{number} elements were given an owner: {name}",
}
"""What is done to many at one moment, as one line."""


def folded_words(verb: str, payloads: Sequence[Mapping[str, Any]]) -> str:
    """One line for events of one verb in `FOLDED`, by one person at one moment; of a single one, that event's."""
    if len(payloads) == 1:
        return event_words(verb, payloads[0])
    names = dict.fromkeys(str(each["name"]) for each in payloads if each.get("name"))
    return FOLDED[verb].format(number=len(payloads), name=", ".join(names)).strip(": ")


def event_words(verb: str, payload: Mapping[str, Any]) -> str:
    """One line for an event; an unknown verb is read as it is written: "plan.copied" is "Plan copied"."""
    if verb == "accreditation.moved":
        return _moved(payload)
    if verb == "accreditation.extended":
        return _extended(payload)
    if verb == "assignments.closing_set":
        day = f" until {day_words(date.fromisoformat(payload['on']))}" if payload.get("on") else ""
        return f"The assessors' files stay open{day}"
    if verb in ("submission.sealed", "submission.decided"):
        sent = SENT_AS.get(str(payload.get("kind")), "submission")
        outcome = OUTCOMES.get(str(payload.get("outcome")))
        return f"The region {outcome} the {sent}" if outcome else f"The {sent} was sealed and sent"
    if verb in SIGNINGS:
        return SIGNINGS[verb].format(SIGNED_AS.get(str(payload.get("about")), "text"))
    if verb == "report.commented":
        if not payload.get("has_none"):
            return "The council commented on the facts"
        more = "nothing more" if payload.get("comments") else "nothing"
        return f"The council has {more} to correct in the report"
    if verb == "improvement.replied":
        return f"Reply to improvement {payload.get('number')}: {REPLIES.get(str(payload.get('answer')), 'sent')}"
    if verb == "improvement.progress_reported":
        return f"Improvement {payload.get('number')}: {PROGRESS.get(str(payload.get('state')), 'reported')}"
    if verb == "improvements.issued":
        number = payload.get("number")
        return "1 improvement was issued" if number == 1 else f"{number or 'No'} improvements were issued"
    if verb in WORDS:
        known = WORDS | AFTER_DECISION if payload.get("decided") else WORDS
        return known[verb].format_map(_Known(payload)).strip(": ")
    return verb.replace(".", " ").replace("_", " ").capitalize()


def _extended(payload: Mapping[str, Any]) -> str:
    if not payload.get("to"):
        return "The region moved the last day"
    reason = f": {payload['reason']}" if payload.get("reason") else ""
    return f"The region moved the last day to {day_words(date.fromisoformat(payload['to']))}{reason}"


def _moved(payload: Mapping[str, Any]) -> str:
    stages = [LABELS[Stage(payload[end])] for end in ("from", "to") if payload.get(end) in tuple(Stage)]
    if payload.get("verb") == "accept_readiness":
        return "Accepted as ready for assessment"
    return f"Stage: {' → '.join(dict.fromkeys(stages))}"
