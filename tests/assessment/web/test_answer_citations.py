"""The words about cited evidence on a requirement's page: changed in place, kept when refused, lost to nobody."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

from flask import Flask

from assessment.queries import answers as queries
from assessment.queries.accreditations import get_accreditation
from saas import clock
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.evidence import make_file
from tests.factories.tenants import MadeCouncil, MadeUser

BASE = {"judgement": "met", "narrative": "We do."}


def _fields(page: str) -> list[dict[str, str]]:
    """What the page would send about each citation, in order."""
    found = []
    for seen, key in re.findall(r'name="cited_seen_(\w+)" value="(\w+)"', page):
        pinpoint = re.search(rf'<input[^>]*name="cited_pinpoint_{seen}"[^>]*>', page)
        why = re.search(rf'name="cited_why_{seen}"[^>]*>\n([^<]*)</textarea>', page)
        assert pinpoint is not None
        assert why is not None
        value = re.search(r'value="([^"]*)"', pinpoint[0])
        found.append(
            {
                f"cited_pinpoint_{seen}": value[1] if value else "",
                f"cited_why_{seen}": why[1],
                f"cited_seen_{seen}": key,
            }
        )
    return found


def _changed(about: dict[str, str], pinpoint: str, why: str) -> dict[str, str]:
    words = {"pinpoint": pinpoint, "why": why}
    return {name: words.get(name.split("_")[1], value) for name, value in about.items()}


def _cited(council: MadeCouncil, made: UUID, in_scope: InScope) -> list[tuple[str, str, str]]:
    with in_scope(council.scope()):
        rows = [row for rows in queries.list_citations(get_accreditation(made)).values() for row in rows]
        return [(row.Evidence.title, row.pinpoint, row.why) for row in rows]


def test_what_is_said_about_evidence_is_changed_in_place(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    page = f"/councils/{council.slug}/accreditations/{made}/requirements/1.1.1"
    client.sign_in(lead)
    for version, title in enumerate(("Policy", "Minutes")):
        about = {"evidence_id": str(make_file(app, council, title=title)), "pinpoint": "Page 3", "why": "So it says."}
        assert client.post(page, data=BASE | about | {"version": str(version and 1)}).status_code == 303
    text = client.get(page).get_data(as_text=True)
    first, second = _fields(text)
    assert list(first.values())[:2] == ["Page 3", "So it says."]
    assert "what is said about Policy</span>" in text

    typed = {"narrative": "We do more.", "action": "Train.", "version": "1", "do": "save"}
    kept = client.post(page, data=BASE | _changed(first, "Page 30", "") | second | typed)
    assert (kept.status_code, kept.location) == (303, page)
    assert _cited(council, made, in_scope) == [("Policy", "Page 30", ""), ("Minutes", "Page 3", "So it says.")]
    text = client.get(page).get_data(as_text=True)
    for words in ("The words about the evidence are changed. The action is in your plan.", "We do more.", "Train."):
        assert words in text

    stale = client.post(page, data=BASE | _changed(first, "Page 31", "Mine.") | typed | {"version": "2", "action": ""})
    text = stale.get_data(as_text=True)
    assert stale.status_code == 422
    assert "Somebody else changed this meanwhile. It now says: “Page 30”." in text
    mine = _fields(text)[0]
    assert list(mine.values())[:2] == ["Page 31", "Mine."]
    assert client.post(page, data=BASE | typed | mine | {"version": "2", "action": ""}).status_code == 303
    assert _cited(council, made, in_scope)[0] == ("Policy", "Page 31", "Mine.")


def test_what_is_wrong_stands_beside_its_field_and_everything_typed_stays(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    page = f"/councils/{council.slug}/accreditations/{made}/requirements/1.1.1"
    client.sign_in(lead)
    about = {"evidence_id": str(make_file(app, council, title="Policy")), "pinpoint": "Page 3"}
    client.post(page, data=BASE | about | {"version": "0"})
    (shown,) = _fields(client.get(page).get_data(as_text=True))
    wrong = _changed(shown, "x" * 201, "Kept.")
    refused = client.post(page, data=BASE | wrong | {"version": "1", "narrative": "Kept too."})
    text = refused.get_data(as_text=True)
    at = next(iter(shown))
    assert (refused.status_code, f'id="{at}-error"' in text) == (422, True)
    assert ("Kept.</textarea>" in text, "Kept too." in text) == (True, True)
    identity = at.rsplit("_", 1)[1]
    assert client.post(page, data=BASE | {"version": "1", "uncite": identity}).status_code == 303
    gone = client.post(page, data=BASE | _changed(shown, "Page 4", "") | {"version": "1"})
    text = gone.get_data(as_text=True)
    assert (gone.status_code, "took this evidence out meanwhile" in text, "“Page 4”" in text) == (422, True, True)
    assert client.post(page, data=BASE | shown | {"version": "1"}).status_code == 303
    assert _cited(council, made, in_scope) == []


def test_items_of_one_title_are_told_apart_by_when_they_were_added(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    with clock.at(datetime(2027, 3, 8, 9, 5, tzinfo=UTC)):
        make_file(app, council, title="Minutes")
    with clock.at(datetime(2027, 6, 8, 9, 5, tzinfo=UTC)):
        make_file(app, council, title="Minutes")
        make_file(app, council, title="Policy")
    client.sign_in(lead)
    text = client.get(f"/councils/{council.slug}/accreditations/{made}/requirements/1.1.1").get_data(as_text=True)
    offered = re.findall(r'<option value="[0-9a-f-]{36}"[^>]*>([^<]*)</option>', text)
    assert sorted(offered) == [
        "Minutes, added 8 June 2027 at 10:05am", "Minutes, added 8 March 2027 at 9:05am", "Policy",
    ]  # fmt: skip
