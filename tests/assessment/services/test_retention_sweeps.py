"""What assessments leave behind goes with the rules; what was sealed, scored and sent is never touched."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from flask import Flask

from assessment.models.answers import Answer, AnswerComment, AnswerVersion, Citation, ContributionRequest
from assessment.models.assessors import Assessor, AssessorAbsence, AssessorCouncil
from assessment.models.assignments import Assignment
from assessment.models.awards import Award
from assessment.models.region_views import CouncilImport
from assessment.models.reports import Report, ReportDraft, ReportDraftVersion
from assessment.models.scores import Score
from assessment.models.submissions import SubmissionAnswer, SubmissionFile
from assessment.queries.accreditations import get_accreditation
from assessment.services import accreditations, assignments, awards, retention_sweeps
from saas import clock
from saas.db import Base, db, new_id
from saas.files import storage
from saas.tenancy import CONSOLE, SERVICE
from tenants.models.evidence import Evidence, EvidenceVersion
from tenants.queries.evidence import get_evidence
from tenants.queries.retention import Keeper
from tenants.rules.retention import BY_CODE
from tenants.services import evidence
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.assessors import away, enter, serve
from tests.factories.awards import make_decided, release
from tests.factories.contributions import make_contribution
from tests.factories.evidence import make_file
from tests.factories.scores import make_declared, score_all
from tests.factories.submissions import FILE_CONTENT, make_submission
from tests.factories.tenants import MadeCouncil, MadeRegion, make_user

SOON = timedelta(days=1)
EXPIRED = datetime(2029, 5, 4, tzinfo=UTC)


def keeper_of(place: MadeCouncil | MadeRegion) -> Keeper:
    return Keeper(place.region.id, place.id) if isinstance(place, MadeCouncil) else Keeper(place.id, None)


def rows(*models: type[Base]) -> tuple[int, ...]:
    return tuple(db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0 for model in models)


def test_every_kind_has_its_sweep() -> None:
    assert set(retention_sweeps.SWEEPS) == set(BY_CODE)


def test_drafts_go_once_the_self_assessment_is_over_and_the_seal_stays(
    app: Flask, in_scope: InScope, council: MadeCouncil
) -> None:
    over = make_accreditation(app, council)
    make_contribution(app, council, over)
    make_submission(app, council, over, kind="plan")
    with in_scope(council.scope()):
        sealed = rows(SubmissionAnswer, SubmissionFile)
        answers = rows(Answer)[0]
        assert (answers > 0, retention_sweeps.finished_drafts(keeper_of(council), clock.now() + SOON, True)) == (
            True,
            0,
        )
        accreditations.withdraw(get_accreditation(over, lock=True), by=CONSOLE)
    running = make_accreditation(app, council)
    with in_scope(council.scope()) as session:
        first = session.scalars(sa.select(Answer)).first()
        requirement = {"requirement_id": first.requirement_id, "narrative": "", "not_applicable_reason": ""}
        session.add(
            Answer(
                council_id=council.id,
                accreditation_id=running,
                judgement="met",
                updated_at=clock.now(),
                updated_by_name="",
                **requirement,
            )
        )
    with in_scope(council.scope()):
        keeper = keeper_of(council)
        assert retention_sweeps.finished_drafts(keeper, clock.now() - SOON, True) == 0
        counted = retention_sweeps.finished_drafts(keeper, clock.now() + SOON, False)
        assert (counted, retention_sweeps.finished_drafts(keeper, clock.now() + SOON, True)) == (answers + 1,) * 2
        assert list(db.session.scalars(sa.select(Answer.accreditation_id))) == [running]
        assert rows(AnswerVersion, Citation, AnswerComment) == (1, 0, 0)
        assert rows(SubmissionAnswer, SubmissionFile) == sealed
        asked = db.session.scalars(sa.select(ContributionRequest)).one()
        assert (asked.name, asked.email, asked.question, asked.key_hash) == ("", "", "", None)
        assert retention_sweeps.finished_drafts(keeper, clock.now() + SOON, True) == 0


def test_evidence_taken_out_goes_with_its_bytes_unless_it_was_sealed_or_is_cited(
    app: Flask, in_scope: InScope, council: MadeCouncil
) -> None:
    free, kept = make_file(app, council, title="Free"), make_file(app, council, title="Kept")
    make_submission(app, council, make_accreditation(app, council), kind="plan")
    copied = make_file(app, council, content=FILE_CONTENT, title="The same bytes as a sealed file")
    with in_scope(council.scope()):
        digests = {each: get_evidence(council.id, each).sha256 for each in (free, kept, copied)}
        cited = db.session.scalars(sa.select(Evidence).where(Evidence.id.in_(sa.select(Citation.evidence_id)))).first()
        for each in (get_evidence(council.id, free), get_evidence(council.id, copied)):
            evidence.remove(each, by=CONSOLE)
        if cited.removed_at is None:
            cited.removed_at = clock.now()
    with in_scope(council.scope()):
        keeper = keeper_of(council)
        assert retention_sweeps.removed_evidence(keeper, clock.now() - SOON, True) == 0
        gone = [free] if cited.id == copied else [free, copied]
        assert retention_sweeps.removed_evidence(keeper, clock.now() + SOON, False) == len(gone)
        assert retention_sweeps.removed_evidence(keeper, clock.now() + SOON, True) == len(gone)
        left = set(db.session.scalars(sa.select(Evidence.id)))
        assert (left & {*gone}, {kept, cited.id} <= left) == (set(), True)
        assert set(db.session.scalars(sa.select(EvidenceVersion.evidence_id))) & {*gone} == set()
        there = {each: storage().exists(str(council.id), str(digest)) for each, digest in digests.items()}
        assert there == {free: False, kept: True, copied: True}


def test_lists_of_councils_that_nobody_took_in(in_scope: InScope, region: MadeRegion) -> None:
    now = datetime(2031, 5, 4, tzinfo=UTC)
    with in_scope(region.scope()) as session:
        for name, taken_in_at in (("never", None), ("taken", now)):
            session.add(
                CouncilImport(
                    id=new_id(),
                    region_id=region.id,
                    filename=name,
                    sha256=name,
                    rows=[["a"]],
                    leftovers=["Signed."],
                    warnings=[],
                    read_at=now,
                    read_by_name="",
                    taken_in_at=taken_in_at,
                )
            )
    with in_scope(region.scope()):
        assert retention_sweeps.imported_documents(keeper_of(region), now, True) == 0
        assert retention_sweeps.imported_documents(keeper_of(region), now + SOON, False) == 1
        assert retention_sweeps.imported_documents(keeper_of(region), now + SOON, True) == 1
        found = db.session.execute(sa.select(CouncilImport.filename, CouncilImport.rows, CouncilImport.leftovers))
        assert {row.filename: (row.rows, row.leftovers) for row in found} == {
            "never": ([], []),
            "taken": ([["a"]], ["Signed."]),
        }


def test_drafts_of_scores_go_after_the_file_closed_and_scores_stay(
    app: Flask, in_scope: InScope, council: MadeCouncil, region: MadeRegion
) -> None:
    case = make_declared(app, council, region)
    score_all(app, case, 0)
    score_all(app, case, 1, submit=False)
    with in_scope(region.scope()):
        keeper = keeper_of(region)
        assert retention_sweeps.score_drafts(keeper, clock.now() + SOON, True) == 0
        assignments.close(get_accreditation(case.accreditation_id, lock=True), by=SERVICE)
    with in_scope(region.scope()):
        assert all(db.session.scalars(sa.select(Assignment.closed_at)))
        assert retention_sweeps.score_drafts(keeper, clock.now() - SOON, True) == 0
        counted = retention_sweeps.score_drafts(keeper, clock.now() + SOON, False)
        assert counted > 0
        assert retention_sweeps.score_drafts(keeper, clock.now() + SOON, True) == counted
        assert retention_sweeps.score_drafts(keeper, clock.now() + SOON, True) == 0
    with in_scope(council.scope()):
        assert retention_sweeps.score_drafts(keeper_of(council), clock.now() + SOON, True) == 0
    with in_scope(region.scope(), read_only=True):
        assert rows(Score) == (0,)


def test_drafts_of_a_report_go_once_its_award_ended_and_the_report_stays(
    app: Flask, in_scope: InScope, council: MadeCouncil, region: MadeRegion
) -> None:
    case, keeper = make_decided(app, council), keeper_of(region)
    release(app, case)
    with in_scope(region.scope()):
        before = rows(ReportDraft, Report)
        held = [retention_sweeps.report_drafts(keeper, clock.now() + SOON, really) for really in (False, True)]
        assert (before[0], held, rows(ReportDraft, Report)) == (1, [0, 0], before)
    with in_scope(region.scope()):
        (award,) = db.session.scalars(sa.select(Award))
        awards.end(award, ending="expired", on=date(2029, 5, 4), by=SERVICE)
    with in_scope(council.scope()):
        assert retention_sweeps.report_drafts(keeper_of(council), EXPIRED + SOON, True) == 0
    with in_scope(region.scope()):
        versions = rows(ReportDraftVersion)[0]
        counts = [
            retention_sweeps.report_drafts(keeper, moment, really)
            for moment, really in (
                (EXPIRED, True),
                (EXPIRED + SOON, False),
                (EXPIRED + SOON, True),
                (EXPIRED + SOON, True),
            )
        ]
        assert (versions > 0, counts) == (True, [0, 1, 1, 0])
        assert rows(ReportDraft, ReportDraftVersion, Report) == (0, 0, before[1])


def test_drafts_of_scores_go_after_their_assessor_left_the_team(
    app: Flask, in_scope: InScope, council: MadeCouncil, region: MadeRegion
) -> None:
    case = make_declared(app, council, region)
    score_all(app, case, 1, submit=False)
    with in_scope(region.scope()):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        (left,) = db.session.scalars(sa.select(Assignment).where(Assignment.user_id == case.scorers[1].id))
        assignments.withdraw(accreditation, left, reason="Ill", by=SERVICE)
    with in_scope(region.scope()):
        moments = (clock.now() - SOON, clock.now() + SOON)
        counts = [retention_sweeps.score_drafts(keeper_of(region), moment, False) for moment in moments]
        assert (counts[0], counts[1] > 0) == (0, True)
        assert retention_sweeps.score_drafts(keeper_of(region), moments[1], True) == counts[1]


def test_assessors_who_left(app: Flask, in_scope: InScope, council: MadeCouncil, region: MadeRegion) -> None:
    gone, here = (make_user(app, region, "assessor") for _ in range(2))
    for user in (gone, here):
        enter(app, region, user)
        serve(app, region, user, council)
        away(app, region, user, date(2031, 1, 1), date(2031, 1, 9))
    with in_scope(region.scope()) as session:
        session.execute(sa.update(Assessor).where(Assessor.user_id == gone.id).values(left_on=date(2031, 2, 1)))
    before = datetime(2031, 3, 1, tzinfo=UTC)
    with in_scope(region.scope()):
        keeper = keeper_of(region)
        assert retention_sweeps.former_assessors(keeper, before - 60 * SOON, True) == 0
        assert retention_sweeps.former_assessors(keeper, before, False) == 1
        assert retention_sweeps.former_assessors(keeper, before, True) == 1
        names = {row.user_id: row.name for row in db.session.scalars(sa.select(Assessor))}
        assert names == {gone.id: "A former assessor", here.id: here.name}
        for model in (AssessorAbsence, AssessorCouncil):
            assert list(db.session.scalars(sa.select(model.user_id))) == [here.id]
        assert retention_sweeps.former_assessors(keeper, before, True) == 0
