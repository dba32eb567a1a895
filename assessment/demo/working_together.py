"""How the people of one council of the demo share the work: owners of elements, and what they say to each other."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from assessment.demo.journeys import Journey
from assessment.demo.places import LEAD, MAIN, PEOPLE, SignIn
from assessment.demo.scene import opened
from assessment.queries.accreditations import get_accreditation
from assessment.queries.frameworks import get_framework
from assessment.services import comments, element_owners
from saas import clock
from saas.policy import Role

EDITOR, CHAIR = (
    next(person for person in PEOPLE if (person.scope, person.role) == (MAIN, role))
    for role in (Role.COUNCIL_EDITOR, Role.STEERING_CHAIR)
)
SHARED_OUT = ((EDITOR, 12), (LEAD, 14), (EDITOR, 16), (LEAD, 50))
"""For each criterion in order, who answers it and in how many days; nobody is named for those that follow."""
TALK = (
    (LEAD, 0, "Is this still the version the annual meeting agreed? @Mina, can you check?", False),
    (EDITOR, 0, "Yes, it was agreed in May. I have added the minutes.", True),
    (EDITOR, 2, "We have nothing from the finance team yet. @Cllr Foss, could you ask them?", False),
    (CHAIR, 2, "I will raise it on Tuesday.", False),
)
"""Who says what about which requirement, by its place; and whether it is settled since."""


def share_out(journey: Journey) -> None:
    """Name an owner and a day for whole criteria at once."""
    with opened(journey.council_scope):
        accreditation = get_accreditation(journey.accreditation_id)
        asked = element_owners.elements_of(accreditation)
        criteria = get_framework(journey.framework_id).tree.criteria
        for criterion, (person, days) in zip(criteria, SHARED_OUT, strict=False):
            codes = [each.code for each in criterion.elements if each.code in asked]
            element_owners.name_owner(
                accreditation,
                codes,
                user_id=_id_of(journey, person),
                due_on=clock.today() + timedelta(days=days),
                versions=[0] * len(codes),
                by=journey.lead,
            )


def talk(journey: Journey) -> None:
    """Ask and answer beside the requirements, everybody for himself or herself; what is dealt with is settled."""
    ids = get_framework(journey.framework_id).ids
    for person, place, words, settled in TALK:
        by = journey.scene.actor(person)
        with opened(journey.scene.in_council(MAIN, person)):
            accreditation = get_accreditation(journey.accreditation_id)
            comment = comments.write(accreditation, ids[journey.requirements[place].code], words, by=by)
            if settled:
                comments.settle(comment, by=by)


def _id_of(journey: Journey, person: SignIn) -> UUID:
    return journey.scene.users[person.email]
