"""The places of the demo: one region, its usual councils and the people who sign in. All of it is invented."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, auto

from saas.policy import Role

PASSWORD = "lantern orchard ferry 47"  # noqa: S105 - of a demo, which says it aloud
"""The one password of every demo sign-in. The demo loads only where nothing real is, and says it at every start."""


class Step(IntEnum):
    """How far a council has come, in the order in which the demo plays it."""

    COMMITTED = auto()
    HALF_ANSWERED = auto()
    NEARLY_ANSWERED = auto()
    ANSWERED = auto()
    PLAN_SENT = auto()
    IMPROVING = auto()
    SENT = auto()
    ACCEPTED = auto()
    ASSIGNED = auto()
    DECLARED = auto()
    SCORING = auto()
    SCORED = auto()
    MODERATING = auto()
    MODERATED = auto()
    DRAFTED = auto()
    FACT_CHECK = auto()
    COMMENTED = auto()
    DECIDED = auto()
    RELEASED = auto()
    REPLIED = auto()
    VERIFIED = auto()
    REVIEWED = auto()
    MERGED = auto()


@dataclass(frozen=True)
class MadeUpRegion:
    """The employers' body of the demo."""

    slug: str
    name: str


@dataclass(frozen=True)
class MadeUpCouncil:
    """One of the usual councils and where it stands.

    until: its present cycle's last step, `ago` that step's age in days. award_left: days left of the award of an
    earlier cycle, None where there was none. outcome: what is decided, where it comes so far. framework: the one it
    chose, None for the usual one. new_members: share of its members elected three weeks ago.
    """

    slug: str
    name: str
    kind: str
    county: str
    until: Step
    ago: int = 6
    members: int = 18
    award_left: int | None = None
    outcome: str = "awarded"
    framework: str | None = None
    new_members: float = 0.0


@dataclass(frozen=True)
class SignIn:
    """Somebody who signs in: role in the scope of that slug."""

    email: str
    name: str
    role: Role
    scope: str


REGION = MadeUpRegion("larkmere", "Larkmere Employers")

REOPENED = 292
"""Days since the interim review of a council whose reassessment opened a week ago."""

COUNCILS = (
    MadeUpCouncil("dunmarrow", "Dunmarrow District Council", "district", "Larkshire", Step.COMMITTED, new_members=0.6),
    MadeUpCouncil("harrowfen", "Harrowfen Borough Council", "district", "Larkshire", Step.HALF_ANSWERED, 3, 24),
    MadeUpCouncil(
        "larkshire", "Larkshire County Council", "county", "Larkshire", Step.NEARLY_ANSWERED, 2, 32, award_left=250
    ),
    MadeUpCouncil("tessen-bay", "Tessen Bay Council", "unitary", "Tessendale", Step.PLAN_SENT, 9),
    MadeUpCouncil(
        "quillbrook",
        "Quillbrook District Council",
        "district",
        "Larkshire",
        Step.IMPROVING,
        45,
        framework="charter-2017",
    ),
    MadeUpCouncil("wyrrow", "Wyrrow City Council", "metropolitan", "Wyrrowshire", Step.SENT, 5, 28, award_left=64),
    MadeUpCouncil(
        "ostermoor", "Ostermoor Metropolitan Borough Council", "metropolitan", "Wyrrowshire", Step.SCORING, 1
    ),
    MadeUpCouncil("pellinford", "Pellinford District Council", "district", "Tessendale", Step.MODERATING, 4),
    MadeUpCouncil("brindlemouth", "Brindlemouth Borough Council", "district", "Tessendale", Step.DRAFTED, 3),
    MadeUpCouncil("larkmere-fire", "Larkmere Fire and Rescue Authority", "fire", "Larkshire", Step.FACT_CHECK, 3, 14),
    MadeUpCouncil("caddowell", "Caddowell Borough Council", "district", "Wyrrowshire", Step.VERIFIED, 20, 22),
    MadeUpCouncil(
        "wyrrow-hills",
        "Wyrrow Hills National Park Authority",
        "national_park",
        "Wyrrowshire",
        Step.REPLIED,
        12,
        12,
        outcome="not_yet",
    ),
    MadeUpCouncil("tessen-vale", "Tessen Vale District Council", "district", "Tessendale", Step.MERGED, 15, 16),
    # Awarded sixteen months ago: the interim return is open, and nothing is sent yet.
    MadeUpCouncil("orrowdale", "Orrowdale Borough Council", "district", "Larkshire", Step.VERIFIED, 375, 20),
    # Its reassessment opened a week ago, and it has not committed again.
    MadeUpCouncil("stanniford", "Stanniford District Council", "district", "Wyrrowshire", Step.REVIEWED, REOPENED, 18),
)
MAIN = "harrowfen"
"""The council in which every role has a sign-in."""

OPERATOR = SignIn("operator@example.org", "Robin Ashdown", Role.OPERATOR, "platform")
OFFICER = SignIn("region.officer@example.org", "Morgan Fairley", Role.REGION_OFFICER, REGION.slug)
DECIDER = SignIn("region.decider@example.org", "Alex Thornby", Role.REGION_DECIDER, REGION.slug)
SECOND_DECIDER = SignIn("second.decider@example.org", "Noor Castledine", Role.REGION_DECIDER, REGION.slug)
VIEWER = SignIn("region.viewer@example.org", "Jamie Wexcombe", Role.REGION_VIEWER, REGION.slug)
ASSESSORS = (
    SignIn("assessor.councillor@example.org", "Cllr Priya Menlow", Role.ASSESSOR, REGION.slug),
    SignIn("assessor.officer@example.org", "Dana Holloway", Role.ASSESSOR, REGION.slug),
    SignIn("second.councillor@example.org", "Cllr Tomas Averell", Role.ASSESSOR, REGION.slug),
    SignIn("second.officer@example.org", "Ruth Okafor", Role.ASSESSOR, REGION.slug),
)
HOMES = dict(
    zip(
        ASSESSORS,
        ("Caddowell Borough Council", "Dunmarrow District Council", "Tessen Bay Council", "Harrowfen Borough Council"),
        strict=True,
    )
)
"""The council each assessor comes from."""


def lead_of(slug: str) -> SignIn:
    """The lead of a council."""
    names = ("Sam Harker", "Lee Pemberton", "Chris Adeyemi", "Frances Doyle", "Nicky Vance", "Jo Marchetti")
    named = sum(map(ord, slug)) % len(names)
    email = "council.lead@example.org" if slug == MAIN else f"lead.{slug}@example.org"
    return SignIn(email, names[named], Role.COUNCIL_LEAD, slug)


LEAD = lead_of(MAIN)
MOST_COUNCILS = 4_000
EVERYWHERE = SignIn("everywhere@example.org", "Casey Lindqvist", Role.COUNCIL_EDITOR, MAIN)
"""An editor of every council, where there are more than the usual ones: to see that many places cost nothing."""

PEOPLE = (
    OPERATOR,
    OFFICER,
    DECIDER,
    SECOND_DECIDER,
    VIEWER,
    *ASSESSORS,
    LEAD,
    SignIn("council.editor@example.org", "Mina Castellan", Role.COUNCIL_EDITOR, MAIN),
    SignIn("signatory@example.org", "Cllr Hugh Brannock", Role.SIGNATORY, MAIN),
    SignIn("development.officer@example.org", "Tess Norbury", Role.DEVELOPMENT_OFFICER, MAIN),
    SignIn("steering.chair@example.org", "Cllr Amina Foss", Role.STEERING_CHAIR, MAIN),
    SignIn("chair.tessen-bay@example.org", "Cllr Leila Brandt", Role.STEERING_CHAIR, "tessen-bay"),
    SignIn("group.leader@example.org", "Cllr Owen Radley", Role.GROUP_LEADER, MAIN),
    SignIn("member@example.org", "Cllr Bea Stanhope", Role.MEMBER, MAIN),
    SignIn("council.viewer@example.org", "Iris Quayle", Role.COUNCIL_VIEWER, MAIN),
    *(lead_of(council.slug) for council in COUNCILS if council.slug != MAIN),
)


def sign_ins(slugs: set[str]) -> list[SignIn]:
    """Everybody who can sign in where these councils are; the roles first, then the other leads."""
    there = {"platform", REGION.slug, *slugs}
    generated = slugs - {REGION.slug, *(council.slug for council in COUNCILS)}
    return [person for person in [*PEOPLE, *([EVERYWHERE] if generated else [])] if person.scope in there]
