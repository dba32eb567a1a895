"""What a report's draft said before, and its versions as files, for programs."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from saas.policy import Role
from tests.caller import Caller
from tests.factories.awards import make_award, make_draft
from tests.factories.scores import MadeCase
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user


def report_of(case: MadeCase, rest: str = "") -> str:
    return f"/regions/{case.region.slug}/accreditations/{case.accreditation_id}/report{rest}"


def test_a_report_says_again_what_it_said_before(app: Flask, council: MadeCouncil) -> None:
    case = make_draft(app, council)
    caller = Caller.of(app, case.officer, case.region)
    read = caller.get(report_of(case))
    before: Any = read.json
    first = before["version"]
    saved = caller.call("PUT", report_of(case), json={"summary": "Worse words."}, match=read.headers["ETag"])
    listed: Any = caller.get(report_of(case, "/drafts")).json
    assert [(each["number"], each["saved_by_name"]) for each in listed["items"]][:2] == [
        (first + 1, case.officer.name),
        (first, case.officer.name),
    ]
    kept: Any = caller.get(report_of(case, f"/drafts/{first}")).json
    assert (kept["summary"], kept["number"]) == (before["summary"], first)
    again = report_of(case, f"/drafts/{first}/bring-back")
    assert caller.post(again).status_code == 428
    assert caller.post(again, match=read.headers["ETag"]).status_code == 412
    assert caller.post(again, match=saved.headers["ETag"]).status_code == 204
    after: Any = caller.get(report_of(case)).json
    assert (after["summary"], after["version"]) == (before["summary"], first + 2)
    assert caller.get(report_of(case, "/drafts/99")).status_code == 404
    decider = Caller.of(app, make_user(app, case.region, Role.REGION_DECIDER), case.region)
    assert decider.get(report_of(case, "/drafts")).status_code == 403


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_every_side_downloads_what_it_reads(app: Flask, council: MadeCouncil, lead: MadeUser, kind: str) -> None:
    case = make_award(app, council)
    officer, own = Caller.of(app, case.officer, case.region), Caller.of(app, lead, council)
    assessor = Caller.of(app, case.scorers[0], case.region)
    versions: Any = officer.get(report_of(case, "/versions")).json
    issued = next(each for each in versions["items"] if each["kind"] == "issued")
    of_council = f"/councils/{council.slug}/accreditations/{case.accreditation_id}/reports/{issued['id']}/file"
    of_file = f"/files/{case.accreditation_id}/report"
    starts = {"docx": b"PK", "pdf": b"%P"}[kind]
    for caller, path in (
        (officer, report_of(case, f"/versions/{issued['id']}/file")),
        (own, of_council),
        (assessor, f"{of_file}/file"),
    ):
        file = caller.get(f"{path}?kind={kind}")
        assert (file.status_code, file.data[:2]) == (200, starts)
    read: Any = assessor.get(of_file).json
    assert (read["id"], read["document"], read["hash"]) == (issued["id"], issued["document"], issued["hash"])
    elsewhere = make_council(app, council.region)
    stranger = Caller.of(app, make_user(app, elsewhere, Role.COUNCIL_LEAD), elsewhere)
    assert stranger.get(of_council.replace(council.slug, elsewhere.slug)).status_code == 404


def test_the_team_reads_no_report_before_it_is_issued(app: Flask, council: MadeCouncil) -> None:
    case = make_draft(app, council)
    assessor = Caller.of(app, case.scorers[0], case.region)
    assert assessor.get(f"/files/{case.accreditation_id}/report").status_code == 404
    assert assessor.get(f"/files/{case.accreditation_id}/report/file").status_code == 404
