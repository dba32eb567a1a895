"""The members of the demo's councils: groups, wards, terms, and an election that has just been."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from assessment.demo import words
from assessment.demo.places import PEOPLE, MadeUpCouncil, lead_of
from assessment.demo.scene import Scene, opened
from saas import clock
from tenants.models.members import Member
from tenants.services import members
from tenants.services.members import MemberDetails

ELECTED_DAYS_AGO = 21
TERM_YEARS = 4


def last_election(scene: Scene, made_up: MadeUpCouncil) -> date:
    """The day the members who sit were elected: years ago, or three weeks where there was an election just now."""
    years = 1 + len(made_up.slug) % 3
    if made_up.new_members:
        years = TERM_YEARS
    return scene.today - timedelta(days=365 * years + 40)


def details_of(scene: Scene, made_up: MadeUpCouncil) -> list[MemberDetails]:
    """The members as they sit before any election; whoever signs in as one of them comes first."""
    chance = scene.chance(made_up.slug, "members")
    elected_on = last_election(scene, made_up)
    known = [person for person in PEOPLE if person.scope == made_up.slug and person.name.startswith("Cllr ")]
    found = [(*person.name.removeprefix("Cllr ").split(" ", 1), person.email) for person in known]
    while len(found) < made_up.members:
        given, family = chance.choice(words.GIVEN_NAMES), chance.choice(words.FAMILY_NAMES)
        if (given, family) not in {(each[0], each[1]) for each in found}:
            found.append((given, family, f"{given}.{family}@{made_up.slug}.example.org".lower()))
    return [
        MemberDetails(
            given_name=given,
            family_name=family,
            title="Cllr",
            email=email,
            kind="co_opted" if number and number % 17 == 0 else "elected",
            ward=words.WARDS[number % len(words.WARDS)],
            group=words.GROUPS[min(chance.randrange(7) // 2, 3)],
            reference=f"M{number + 1:03}",
            started_on=elected_on,
            due_to_end_on=elected_on + timedelta(days=365 * TERM_YEARS),
        )
        for number, (given, family, email) in enumerate(found)
    ]


def enter(scene: Scene, made_up: MadeUpCouncil) -> None:
    """Enter every member."""
    by = scene.actor(lead_of(made_up.slug))
    with opened(scene.in_council(made_up.slug, lead_of(made_up.slug))):
        for details in details_of(scene, made_up):
            members.add_member(scene.councils[made_up.slug], details=details, by=by)


def elect(scene: Scene, made_up: MadeUpCouncil) -> None:
    """Where there was an election: the first members sit on for another term, the others make place for new ones."""
    if not made_up.new_members:
        return
    chance = scene.chance(made_up.slug, "election")
    by, council_id = scene.actor(lead_of(made_up.slug)), scene.councils[made_up.slug]
    elected_on = scene.today - timedelta(days=ELECTED_DAYS_AGO)
    due_to_end_on = elected_on + timedelta(days=365 * TERM_YEARS)
    staying = round(made_up.members * (1 - made_up.new_members))
    with opened(scene.in_council(made_up.slug, lead_of(made_up.slug))) as session:
        sitting = session.scalars(select(Member).where(Member.council_id == council_id).order_by(Member.reference))
        for number, member in enumerate(sitting.all()):
            if number < staying:
                members.re_elect(member, started_on=elected_on, due_to_end_on=due_to_end_on, by=by)
                continue
            reason = "not_reelected" if number % 3 else "term_ended"
            members.end_term(member, ended_on=min(elected_on, clock.today()), reason=reason, by=by)
            given, family = chance.choice(words.GIVEN_NAMES), chance.choice(words.FAMILY_NAMES)
            details = MemberDetails(
                given_name=given,
                family_name=family,
                title="Cllr",
                email=f"{given}.{family}{number}@{made_up.slug}.example.org".lower(),
                ward=member.ward,
                group=chance.choice(words.GROUPS),
                reference=f"N{number + 1:03}",
                started_on=elected_on,
                due_to_end_on=due_to_end_on,
            )
            members.add_member(council_id, details=details, by=by)
