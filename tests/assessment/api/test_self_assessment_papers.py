"""A self-assessment as a document, for programs: public for everybody who reads it, restricted for fewer."""

from __future__ import annotations

import io
from typing import Any

import docx
from flask import Flask

from saas.policy import Role
from tests.caller import Caller
from tests.factories.assessment import make_accreditation
from tests.factories.submissions import answer_all
from tests.factories.tenants import MadeCouncil, MadeUser, make_user


def test_it_is_downloaded_and_goes_to_a_committee(app: Flask, council: MadeCouncil, lead: MadeUser) -> None:
    made = make_accreditation(app, council)
    answer_all(app, council, made)
    caller, one = Caller.of(app, lead, council), f"/councils/{council.slug}/accreditations/{made}"
    for version in ("public", "restricted"):
        sent = caller.get(f"{one}/paper?version={version}")
        written = docx.Document(io.BytesIO(sent.data))
        assert (sent.status_code, "1.1.1" in "".join(cell.text for cell in written.tables[-1].columns[0].cells)) == (
            200,
            True,
        )
    signatory = Caller.of(app, make_user(app, council, Role.SIGNATORY), council)
    statuses = [signatory.get(f"{one}/paper?version={version}").status_code for version in ("public", "restricted")]
    assert statuses == [200, 403]
    begun: Any = caller.post(f"{one}/cover")
    cover: Any = caller.get(begun.headers["Location"].removeprefix("/api/v1")).json
    assert (begun.status_code, cover["subject"], cover["subject_id"]) == (200, "self_assessment", str(made))
    assert begun.json == {"id": cover["id"], "title": cover["title"]}
    assert caller.post(f"{one}/cover").json == begun.json
