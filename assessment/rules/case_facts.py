"""What is known of one accreditation: the facts from which follows what waits, and for whom."""

from dataclasses import dataclass
from datetime import date

from assessment.rules.answering import Progress
from assessment.rules.stages import Stage


@dataclass(frozen=True)
class Facts:
    """What is known of one accreditation; what a side cannot see stays at its default.

    `answered` and `to_answer` count requirements, by the definition of `rules.answering`; `replies_missing` and
    `to_verify` count improvements. `sent` is the kind of the newest submission ("" for none), `sent_outcome` what the
    region decided of it. The submission is with those who sign while `signing`, `signatures` of them having signed, and
    waits to be sent while `signed`. `begun_again`: a later accreditation is under way. An interim return is with the
    region while `interim_waits`. `past_deadline` is the last day where it is over and nothing was sent.
    """

    stage: Stage
    empty_places: int = 0
    """Places of the team nobody sits in."""
    undeclared: int = 0
    """Scorers who have not said whether they have an interest."""
    judged: int = 0
    to_judge: int = 0
    """Requirements of the level, and how many of them have an agreed judgement that stands."""
    questions: int = 0
    question_due_on: date | None = None
    """Questions the council has not answered, and by when the first of them is due."""
    appealed: bool = False
    """An appeal waits to be decided."""
    checking_until: date | None = None
    """The last day of a fact check that the council has not ended; None where it is over."""
    late: bool = False
    """By the definition of `queries.late`."""
    stayed_back: str = ""
    """Why the outcome stayed back at the time that was set for its release."""
    next_due_on: date | None = None
    answered: int = 0
    to_answer: int = 0
    plan_step: bool = True
    sent: str = ""
    sent_outcome: str | None = None
    sealing: bool = False
    signing: bool = False
    signed: bool = False
    signatures: int = 0
    unconfirmed: bool = False
    """The process asks the chair of the steering group to confirm what is sent next, and that is not done yet."""
    chair_asked: bool = False
    """The chair was asked to confirm it."""
    scorers: int = 0
    conflicts: int = 0
    submitted: int = 0
    report_closes_on: date | None = None
    commented: bool = False
    comment_waits: bool = False
    decided: bool = False
    replies_missing: int = 0
    reply_due_on: date | None = None
    to_verify: int = 0
    reassessment_opens_on: date | None = None
    valid_to_on: date | None = None
    award_ended: bool = False
    begun_again: bool = False
    interim_opens_on: date | None = None
    interim_due_on: date | None = None
    interim_waits: bool = False
    interim_reviewed: bool = False
    past_deadline: date | None = None
    sent_on: date | None = None
    answered_on: date | None = None
    """When the newest submission was sent, and when the region decided on it."""
    commented_on: date | None = None
    """When the council commented on the report last."""
    appealed_on: date | None = None
    released_on: date | None = None
    """When the newest report came out with its outcome."""
    appeal_by: date | None = None
    """The last day of an appeal that the council may still make."""
    visit_on: date | None = None
    """The day of a visit that is to come."""
    visit_missing: tuple[str, ...] = ()
    """Political groups nobody named for the visit speaks for."""
    visit_unnamed: bool = False
    """Nobody at all is named for the visit."""

    @property
    def progress(self) -> Progress:
        """How far the self-assessment is."""
        return Progress(self.answered, self.to_answer)
