"""A journey: one cycle of one council, and what it knows of itself while it is played."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from random import Random
from uuid import UUID

from assessment.demo.places import COUNCILS, MadeUpCouncil, Step, lead_of
from assessment.demo.scene import NOT_YET, Scene
from assessment.rules.framework_tree import Requirement
from assessment.services.frameworks import starter
from saas.tenancy import Actor, Scope

LEVEL = "charter"
THINKS = "caddowell"
"""The council that still thinks about its last reply."""
BELOW = ("partly_met", "partly_met", "not_met")


@dataclass
class Journey:
    """One cycle, begun on a day and played up to a step. Judgements are settled before anybody makes them."""

    scene: Scene
    council: MadeUpCouncil
    begun_on: date
    until: Step
    cycle: int = 1
    outcome: str = "awarded"
    accreditation_id: UUID = field(default=NOT_YET, init=False)

    def chance(self, *about: object) -> Random:
        """Chance of this journey's own."""
        return self.scene.chance(self.council.slug, self.cycle, *about)

    @property
    def council_id(self) -> UUID:
        return self.scene.councils[self.council.slug]

    @property
    def lead(self) -> Actor:
        """Who does the council's work."""
        return self.scene.actor(lead_of(self.council.slug))

    @property
    def council_scope(self) -> Scope:
        return self.scene.in_council(self.council.slug, lead_of(self.council.slug))

    @property
    def framework_code(self) -> str:
        chosen = self.council.framework or self.scene.usual
        return chosen if chosen in self.scene.frameworks else self.scene.usual

    @property
    def framework_id(self) -> UUID:
        return self.scene.frameworks[self.framework_code]

    @property
    def finds_mistakes(self) -> bool:
        """Whether the council has something to say in the fact check."""
        return COUNCILS.index(self.council) % 2 == 0

    @property
    def drafts_last_reply(self) -> bool:
        """Whether the council still thinks about its last reply."""
        return self.council.slug == THINKS

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """What its level asks for."""
        return starter(self.framework_code).requirements_of(LEVEL)

    @property
    def asked_again(self) -> tuple[str, str]:
        """The codes the region names where it returns something: one that is below met, and one more."""
        return self.requirements[1].code, self.requirements[3].code

    @property
    def leaves_unconfirmed(self) -> bool:
        """Whether the council is still at it to confirm what it carried from its last cycle."""
        return self.cycle > 1 and self.until is Step.NEARLY_ANSWERED

    @cached_property
    def first_steps(self) -> dict[str, str]:
        """Requirement code → the council's own judgement when it plans: a third is not met yet."""
        chance = self.chance("first")
        steps = {each.code: chance.choice(BELOW) if chance.random() < 0.33 else "met" for each in self.requirements}
        steps[self.requirements[1].code] = "partly_met"  # so that every council has a plan to work on
        steps[next(each for each in self.requirements[::-1] if not each.key_indicator).code] = "not_applicable"
        return steps

    @cached_property
    def sent_steps(self) -> dict[str, str]:
        """Requirement code → the council's own judgement when it sends: nearly all is met."""
        chance = self.chance("sent")
        return {
            each.code: step
            if step in ("met", "not_applicable") or (not each.key_indicator and chance.random() < 0.15)
            else "met"
            for each, step in zip(self.requirements, self.first_steps.values(), strict=True)
        }

    @cached_property
    def found_steps(self) -> dict[str, str]:
        """Requirement code → what the team finds in the end: a tenth below, or a third where the award is not made."""
        chance = self.chance("found")
        share = 0.35 if self.outcome == "not_yet" else 0.06
        below = chance.sample(self.requirements, k=max(1, round(share * len(self.requirements))))
        if self.outcome == "awarded":
            below = [each for each in below if not each.key_indicator]
        lowered = {each.code for each in below}
        return {
            code: step if step == "not_applicable" else "partly_met" if code in lowered or step != "met" else "met"
            for code, step in self.sent_steps.items()
        }

    @cached_property
    def disputed(self) -> frozenset[str]:
        """The codes on which the two scorers differ by a step."""
        judged = [each.code for each in self.requirements if self.found_steps[each.code] != "not_applicable"]
        return frozenset(self.chance("disputed").sample(judged, k=5))
