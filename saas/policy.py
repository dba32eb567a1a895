"""Policy: who may do what. The one place where the platform names the domain's nouns.

*May you?* is answered here (403 or 404); *can it be done now?* is answered by rules (409). `GRANTS` is one table,
role → permissions; every route names one permission, and the role × route matrix is a reviewed snapshot.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from saas.tenancy import Actor, Scope


class Permission(StrEnum):
    """What one may do, as noun:verb."""

    COUNCIL_READ = "council:read"
    ACCESS_GRANT = "access:grant"
    MEMBER_READ = "member:read"
    MEMBER_WRITE = "member:write"
    EVIDENCE_READ = "evidence:read"
    EVIDENCE_WRITE = "evidence:write"
    ACTION_READ = "action:read"
    ACTION_WRITE = "action:write"
    MEETING_RECORD = "meeting:record"
    ACCREDITATION_READ = "accreditation:read"
    ACCREDITATION_COMMIT = "accreditation:commit"
    OFFICE_WRITE = "office:write"
    DECLARATION_SIGN = "declaration:sign"
    ANSWER_WRITE = "answer:write"
    ANSWER_COMMENT = "answer:comment"
    PLAN_CONFIRM = "plan:confirm"
    SUBMISSION_SEAL = "submission:seal"
    IMPROVEMENT_REPLY = "improvement:reply"
    REPORT_COMMENT = "report:comment"
    APPEAL_LODGE = "appeal:lodge"
    VISIT_JOIN = "visit:join"

    REGION_READ = "region:read"
    REGION_REPORT_READ = "region_report:read"
    COUNCIL_ADD = "council:add"
    COUNCIL_MERGE = "council:merge"
    THEME_ASSIGN = "theme:assign"
    BOARD_REPORT_MAKE = "board_report:make"
    CASE_READ = "case:read"
    PLAN_APPROVE = "plan:approve"
    READINESS_DECIDE = "readiness:decide"
    TEAM_ASSIGN = "team:assign"
    SCORE_MODERATE = "score:moderate"
    VISIT_PLAN = "visit:plan"
    REPORT_WRITE = "report:write"
    REPORT_ISSUE = "report:issue"
    IMPROVEMENT_VERIFY = "improvement:verify"
    OUTCOME_DECIDE = "outcome:decide"
    APPEAL_DECIDE = "appeal:decide"
    AWARD_RELEASE = "award:release"
    FRAMEWORK_READ = "framework:read"
    PROCESS_EDIT = "process:edit"

    INTEREST_DECLARE = "interest:declare"
    FILE_READ = "file:read"
    SCORE_GIVE = "score:give"
    INTERVIEW_NOTE = "interview:note"
    QUESTION_ASK = "question:ask"
    QUESTION_ANSWER = "question:answer"

    LOGO_SET = "logo:set"
    SHARING_DECIDE = "sharing:decide"
    WEBHOOK_MANAGE = "webhook:manage"
    COUNCIL_EXPORT = "council:export"

    PLATFORM_RUN = "platform:run"


class Role(StrEnum):
    """A role in one scope; a person may have several."""

    OPERATOR = "operator"
    REGION_OFFICER = "region_officer"
    REGION_DECIDER = "region_decider"
    REGION_VIEWER = "region_viewer"
    ASSESSOR = "assessor"
    COUNCIL_LEAD = "council_lead"
    COUNCIL_EDITOR = "council_editor"
    SIGNATORY = "signatory"
    DEVELOPMENT_OFFICER = "development_officer"
    STEERING_CHAIR = "steering_chair"
    GROUP_LEADER = "group_leader"
    MEMBER = "member"
    COUNCIL_VIEWER = "council_viewer"


P = Permission
COUNCIL_WIDE = frozenset({P.COUNCIL_READ})
READS_ANSWERS = frozenset({P.ACCREDITATION_READ, P.ANSWER_COMMENT})
"""Whoever reads the self-assessment may say something to colleagues about it: it stays inside the council."""
READS_COUNCIL = COUNCIL_WIDE | READS_ANSWERS | {P.MEMBER_READ, P.EVIDENCE_READ, P.ACTION_READ}
EDITS_COUNCIL = READS_COUNCIL | {
    P.ACCREDITATION_COMMIT,
    P.ANSWER_WRITE,
    P.EVIDENCE_WRITE,
    P.ACTION_WRITE,
    P.MEETING_RECORD,
    P.REPORT_COMMENT,
    P.VISIT_JOIN,
    P.QUESTION_ANSWER,
}
READS_REGION = frozenset({P.REGION_READ, P.REGION_REPORT_READ, P.FRAMEWORK_READ})

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.OPERATOR: frozenset({P.PLATFORM_RUN, P.ACCESS_GRANT}),
    Role.REGION_OFFICER: READS_REGION
    | {
        P.ACCESS_GRANT,
        P.CASE_READ,
        P.COUNCIL_ADD,
        P.COUNCIL_MERGE,
        P.THEME_ASSIGN,
        P.BOARD_REPORT_MAKE,
        P.QUESTION_ASK,
        P.PLAN_APPROVE,
        P.READINESS_DECIDE,
        P.TEAM_ASSIGN,
        P.SCORE_MODERATE,
        P.VISIT_PLAN,
        P.INTERVIEW_NOTE,
        P.REPORT_WRITE,
        P.REPORT_ISSUE,
        P.IMPROVEMENT_VERIFY,
        P.AWARD_RELEASE,
        P.PROCESS_EDIT,
        P.LOGO_SET,
        P.WEBHOOK_MANAGE,
    },
    Role.REGION_DECIDER: READS_REGION | {P.CASE_READ, P.OUTCOME_DECIDE, P.APPEAL_DECIDE},
    Role.REGION_VIEWER: READS_REGION,
    Role.ASSESSOR: frozenset({P.INTEREST_DECLARE, P.FILE_READ, P.SCORE_GIVE, P.INTERVIEW_NOTE, P.QUESTION_ASK}),
    Role.COUNCIL_LEAD: EDITS_COUNCIL
    | {
        P.OFFICE_WRITE,
        P.SUBMISSION_SEAL,
        P.IMPROVEMENT_REPLY,
        P.APPEAL_LODGE,
        P.MEMBER_WRITE,
        P.ACCESS_GRANT,
        P.LOGO_SET,
        P.SHARING_DECIDE,
        P.WEBHOOK_MANAGE,
        P.COUNCIL_EXPORT,
    },
    Role.COUNCIL_EDITOR: EDITS_COUNCIL,
    Role.SIGNATORY: COUNCIL_WIDE | READS_ANSWERS | {P.DECLARATION_SIGN},
    Role.DEVELOPMENT_OFFICER: READS_COUNCIL | {P.MEMBER_WRITE},
    Role.STEERING_CHAIR: READS_COUNCIL | {P.PLAN_CONFIRM, P.MEETING_RECORD},
    Role.GROUP_LEADER: COUNCIL_WIDE,
    Role.MEMBER: COUNCIL_WIDE,
    Role.COUNCIL_VIEWER: READS_COUNCIL,
}

ROLE_LABELS = {
    Role.OPERATOR: "Operator",
    Role.REGION_OFFICER: "Region officer",
    Role.REGION_DECIDER: "Decider",
    Role.REGION_VIEWER: "Region viewer",
    Role.ASSESSOR: "Assessor",
    Role.COUNCIL_LEAD: "Council lead",
    Role.COUNCIL_EDITOR: "Council editor",
    Role.SIGNATORY: "Signatory",
    Role.DEVELOPMENT_OFFICER: "Development officer",
    Role.STEERING_CHAIR: "Steering group chair",
    Role.GROUP_LEADER: "Group leader",
    Role.MEMBER: "Member",
    Role.COUNCIL_VIEWER: "Council viewer",
}

PLATFORM_ROLES = (Role.OPERATOR,)
REGION_ROLES = (Role.REGION_OFFICER, Role.REGION_DECIDER, Role.REGION_VIEWER, Role.ASSESSOR)
COUNCIL_ROLES = tuple(role for role in Role if role not in PLATFORM_ROLES + REGION_ROLES)
ROLES_BY_KIND = {"platform": PLATFORM_ROLES, "region": REGION_ROLES, "council": COUNCIL_ROLES}
GRANTED_BY = {"platform": Role.OPERATOR, "region": Role.REGION_OFFICER, "council": Role.COUNCIL_LEAD}
"""The role that grants the others of its kind of scope; granting never reaches above one's own scope."""

DIRECTORY_ROLES = (Role.COUNCIL_VIEWER, Role.COUNCIL_EDITOR, Role.GROUP_LEADER, Role.MEMBER)
"""What a council's directory may give to everybody it names, of which one is chosen. Managing access, sealing,
signing, confirming and members' own affairs are given by hand to one person."""


@dataclass(frozen=True, slots=True)
class Place:
    """One scope in which a viewer has roles: a council, a region, the platform, or one file."""

    kind: str
    slug: str
    name: str
    id: UUID | None
    region_id: UUID | None
    region_name: str
    region_slug: str
    accent: str
    roles: tuple[Role, ...]
    unread: int = 0
    """How many notices wait here to be read by the viewer."""

    @property
    def role_label(self) -> str:
        """The roles in words, as the header shows them."""
        return ", ".join(ROLE_LABELS[role] for role in self.roles)

    @property
    def permissions(self) -> frozenset[Permission]:
        """Everything the roles in this place allow."""
        return frozenset().union(*(GRANTS[role] for role in self.roles))


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is signed in, with every place where he or she has access."""

    id: UUID
    name: str
    email: str
    epoch: int
    known: tuple[Place, ...] = field(default=())
    """The places that were asked for: the one that the address names, or every one."""
    several: bool = False
    """Whether there is more than one place, among those asked for or not."""
    find_others: Callable[[], tuple[Place, ...]] | None = field(default=None, repr=False, compare=False)
    """Reads every place, where only one was asked for: somebody may have four hundred, and most pages need one."""
    file: Place | None = None
    """The assessor's file this request asked for, when it is assigned to this viewer."""
    factor_wanted: bool = False
    """Whether a second factor is demanded of a role that this viewer has: by a region, or of operators."""
    sign_on_wanted: frozenset[UUID] = frozenset()
    """The single sign-ons through one of which this viewer must have come."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """What the session keeps: the id and the epoch, so that a password change ends every session."""
        return f"{self.id}:{self.epoch}"

    @property
    def actor(self) -> Actor:
        """The viewer as the one who does something."""
        return Actor(self.id, self.name)

    def lacks(self, *, with_factor: bool, provider_id: UUID | None) -> str:
        """What this viewer needs and did not prove where this alone was proved, in words; "" where nothing lacks.

        provider_id: of the single sign-on that the person came through, if any.
        """
        if self.factor_wanted and not with_factor:
            return "second step"
        if self.sign_on_wanted and provider_id not in self.sign_on_wanted:
            return "single sign-on"
        return ""

    @property
    def places(self) -> tuple[Place, ...]:
        """Every place, whatever was asked for."""
        return self.known if self.find_others is None else self.find_others()

    def place(self, kind: str, slug: str) -> Place | None:
        """The viewer's place of this kind and slug; None when there is no access."""
        found = next((place for place in self.known if place.kind == kind and place.slug == slug), None)
        if found is not None or self.find_others is None:
            return found
        return next((place for place in self.places if place.kind == kind and place.slug == slug), None)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who shows a token: its user, narrowed to the one place of the token, and what the token is for."""

    viewer: Viewer
    token_id: UUID
    purpose: str
    read_only: bool
    place_name: str
    """The place as one text, such as `council:<id>`."""
    with_factor: bool = False
    """Whether the token was made in a session in which a second factor was shown."""
    provider_id: UUID | None = None
    """The single sign-on through which its user had come."""


def scope_of(viewer: Viewer, place: Place | None) -> Scope:
    """The database scope that a place stands for; a viewer without a place sees only his or her own rows.

    Having access in a region as an assessor only never opens the region: that place's scope is the person's.
    """
    if place is None:
        return Scope.person(viewer.id)
    if place.id is None or place.region_id is None:
        return Scope.operator(viewer.id)
    if place.kind == "council":
        return Scope.council(place.id, place.region_id, viewer.id)
    if place.kind == "region":
        if set(place.roles) <= {Role.ASSESSOR}:
            return Scope.person(viewer.id, place.id)
        return Scope.region(place.id, viewer.id)
    return Scope.file(place.id, place.region_id, viewer.id)
