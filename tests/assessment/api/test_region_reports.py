"""A whole region for programs: pipeline, matrix, improvements and their files."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from tests.caller import Caller
from tests.factories.assessment import make_accreditation
from tests.factories.awards import make_award
from tests.factories.scores import make_team
from tests.factories.submissions import make_submission
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_region, make_user


@pytest.fixture
def caller(app: Flask, region: MadeRegion, officer: MadeUser) -> Caller:
    return Caller.of(app, officer, region)


def test_the_pipeline_has_a_row_for_each_council(
    app: Flask, caller: Caller, region: MadeRegion, council: MadeCouncil
) -> None:
    case = make_team(app, council, region)
    other = make_council(app, region, name="Zelby Council")
    path = f"/regions/{region.slug}/pipeline"
    listed = caller.get(f"{path}?sort=-name").json
    assert listed is not None
    assert [(each["council"], each["state"], each["accreditation_id"], each["leads"]) for each in listed["items"]] == [
        (other.slug, "none", None, []),
        (council.slug, "assessing", str(case.accreditation_id), [case.officer.name]),
    ]
    assert [each["council"] for each in caller.get(f"{path}?stage=none").json["items"]] == [other.slug]  # type: ignore[index]
    assert [each["council"] for each in caller.get(f"{path}?lead=-").json["items"]] == [other.slug]  # type: ignore[index]
    for query in ("stage=lost", "kind=castle", "sort=colour", "ends_within=7", "late=perhaps", "x=1"):
        assert caller.get(f"{path}?{query}").status_code == 422


def test_who_reads_no_cases_reads_no_names_of_assessors(app: Flask, region: MadeRegion, council: MadeCouncil) -> None:
    make_team(app, council, region)
    board = Caller.of(app, make_user(app, region, "region_viewer"), region)
    listed = board.get(f"/regions/{region.slug}/pipeline").json
    assert listed is not None
    assert [each["leads"] for each in listed["items"]] == [[]]
    assert "Lead assessor" not in board.get(f"/regions/{region.slug}/export").text


def test_the_matrix_has_every_judgement(app: Flask, caller: Caller, region: MadeRegion, council: MadeCouncil) -> None:
    path = f"/regions/{region.slug}/matrix"
    assert caller.get(path).json == {"items": [], "next": None}
    accreditation_id = make_accreditation(app, council)
    make_submission(app, council, accreditation_id)
    listed = caller.get(path).json
    assert listed is not None
    (row,) = listed["items"]
    assert (row["council"], row["accreditation_id"]) == (council.slug, str(accreditation_id))
    assert (row["own"]["1.1.1"], row["issued"]["1.1.1"], row["issued_at"]) == ("met", None, None)
    assert caller.get(f"{path}?county=Nowhere").json == {"items": [], "next": None}
    assert caller.get(f"{path}?framework_id=mine").status_code == 422


def test_improvements_are_listed_counted_and_exported(app: Flask, region: MadeRegion, council: MadeCouncil) -> None:
    case = make_award(app, council, improvements=2, words={1: {"mandatory": True}})  # type: ignore[dict-item]
    caller, path = Caller.of(app, case.officer, region), f"/regions/{region.slug}/improvements"
    listed = caller.get(path).json
    assert listed is not None
    assert [(each["number"], each["mandatory"], each["state"], each["reply"]) for each in listed["items"]] == [
        (1, True, "issued", None),
        (2, False, "issued", None),
    ]
    narrowed = caller.get(f"{path}?weight=mandatory").json
    assert narrowed is not None
    assert [each["number"] for each in narrowed["items"]] == [1]
    counted = caller.get(f"{path}/counts?by=weight").json
    assert counted is not None
    assert [(each["key"], each["issued"], each["open"]) for each in counted["items"]] == [
        ("mandatory", 1, 1),
        ("recommended", 1, 1),
    ]
    export = f"/regions/{region.slug}/export?table=improvements"
    rows = list(csv.reader(io.StringIO(caller.get(export).text.removeprefix("\ufeff"))))
    assert [row[:2] for row in rows] == [["Council", "Number"], [council.name, "1"], [council.name, "2"]]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(caller.get(f"{export}&kind=xlsx").data))
    assert "Improvements" in sheet.sheet_names[0]
    assert caller.get(f"/regions/{region.slug}/export?table=secrets").status_code == 422


def test_judgements_are_exported_line_by_line(
    app: Flask, caller: Caller, region: MadeRegion, council: MadeCouncil
) -> None:
    make_submission(app, council, make_accreditation(app, council))
    text = caller.get(f"/regions/{region.slug}/export?table=judgements").text.removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 28
    assert (rows[0]["Council"], rows[0]["Requirement"], rows[0]["Own judgement"]) == (council.name, "1.1.1", "Met")


def test_a_region_is_its_own_people_s(app: Flask, region: MadeRegion) -> None:
    elsewhere = make_region(app)
    foreign = Caller.of(app, make_user(app, elsewhere, "region_officer"), elsewhere)
    assessor = Caller.of(app, make_user(app, region, "assessor"), region)
    for name in ("pipeline", "matrix", "improvements", "improvements/counts", "export"):
        assert foreign.get(f"/regions/{region.slug}/{name}").status_code == 404
        assert assessor.get(f"/regions/{region.slug}/{name}").status_code == 403
