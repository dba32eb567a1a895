"""Live measures against a count by hand."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import update

from assessment.queries import measures
from assessment.queries.accreditations import get_accreditation
from assessment.queries.answers import list_answers
from assessment.queries.frameworks import get_framework
from assessment.rules.measures import MEASURES
from assessment.services import answers
from saas.tenancy import CONSOLE
from tenants.models.evidence import Evidence
from tenants.models.members import Term
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.evidence import make_file, make_link
from tests.factories.members import make_member
from tests.factories.submissions import answer_all
from tests.factories.tenants import MadeCouncil, make_council

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
Counted = Callable[[], AbstractContextManager[list[str]]]


def figures(accreditation: object, council: MadeCouncil, code: str) -> tuple[int, int]:
    found = measures.compute_all(accreditation, council.id, [code], NOON)[code]  # type: ignore[arg-type]
    return found.numerator, found.denominator


def test_members_with_a_current_term_and_a_group(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    usual = {"started_on": date(2023, 5, 4)}
    make_member(app, council, **usual, group="Independents")
    make_member(app, council, **usual, due_to_end_on=date(2027, 3, 1), group="Independents")
    make_member(app, council, **usual, due_to_end_on=date(2027, 2, 28))  # ran out, and nobody said how it ended
    make_member(app, council, started_on=date(2027, 5, 6))  # not begun
    make_member(app, council, **usual)
    left = make_member(app, council, **usual, group="Independents")
    make_member(app, council, **usual, kind="co_opted", group="Independents")
    with in_scope(council.scope()) as session:
        session.execute(update(Term).where(Term.member_id == left).values(ended_on=date(2027, 3, 1)))
        assert figures(None, council, "members_in_office") == (3, 5)
        assert figures(None, council, "members_in_group") == (2, 3)


def test_answers_met_by_criterion_and_with_evidence(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    made = make_accreditation(app, council)
    answer_all(app, council, made)
    with in_scope(council.scope()) as session:
        accreditation = get_accreditation(made, share=True)
        framework = get_framework(accreditation.framework_id)
        first, second, *_ = framework.tree.requirements
        drafts = list_answers(accreditation)
        for requirement, step, reason in ((first, "partly_met", ""), (second, "not_applicable", "There is none.")):
            draft = drafts[framework.ids[requirement.code]]
            answers.save(
                accreditation,
                draft.requirement_id,
                judgement=step,
                narrative="",
                not_applicable_reason=reason,
                version=draft.version,
                by=CONSOLE,
            )
        session.flush()
        found = measures.compute_all(accreditation, council.id, ["answers_met"], NOON)["answers_met"]
        assert (found.numerator, found.denominator) == (26, 27)
        assert sum(part.denominator for part in found.parts) == 27
        criterion = framework.tree.place_of(first.code)[0]
        assert (found.parts[0].label, found.parts[0].denominator - found.parts[0].numerator) == (
            f"{criterion.code} {criterion.title}",
            1,
        )
        assert figures(accreditation, council, "requirements_with_evidence") == (28, 28)
        session.execute(update(Evidence).values(removed_at=NOON))
        assert figures(accreditation, council, "requirements_with_evidence") == (0, 28)
        assert figures(None, council, "requirements_with_evidence") == (0, 0)


def test_evidence_in_force(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    ids = [make_file(app, council), make_file(app, council), make_link(app, council), make_file(app, council)]
    with in_scope(council.scope()) as session:
        changes = (
            {"valid_until_on": date(2027, 3, 1)},
            {"valid_until_on": date(2027, 2, 28)},
            {},
            {"scan": "quarantined"},
        )
        for evidence_id, values in zip(ids, changes, strict=True):
            if values:
                session.execute(update(Evidence).where(Evidence.id == evidence_id).values(**values))
        assert figures(None, council, "evidence_in_force") == (2, 3)


def test_all_measures_take_three_statements_and_count_one_council_alone(
    app: Flask, council: MadeCouncil, in_scope: InScope, statements: Counted
) -> None:
    neighbour = make_council(app, council.region)
    make_member(app, neighbour)
    make_file(app, neighbour)
    made = make_accreditation(app, council)
    counts = []
    for _ in range(2):
        with in_scope(council.scope()):
            accreditation = get_accreditation(made)
            get_framework(accreditation.framework_id)
            with statements() as sql:
                found = measures.compute_all(accreditation, council.id, list(MEASURES), NOON)
            counts.append(len(sql))
            if len(counts) == 1:
                own = [found[code].denominator for code in ("members_in_office", "evidence_in_force")]
        for _ in range(3):
            make_member(app, council)
            make_file(app, council)
    assert (counts, own) == ([3, 3], [0, 0])


def test_an_unknown_code_is_named(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    with in_scope(council.scope()), pytest.raises(KeyError, match="members_who_smile"):
        measures.compute_all(None, council.id, ["members_who_smile"], NOON)
