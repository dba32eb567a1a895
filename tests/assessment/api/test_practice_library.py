"""The library for programs: read by the region and its councils, and nothing tells who a council without a name is."""

from __future__ import annotations

import pytest
from flask import Flask

from assessment.models.sharing import Clipping
from assessment.services import case_studies
from saas.policy import Role
from saas.tenancy import CONSOLE
from saas.transaction import within
from tests.assessment.services.test_good_practice import OWN_WORDS, share
from tests.caller import Caller
from tests.factories.sharing import make_practised
from tests.factories.tenants import MadeRegion, make_council, make_region, make_user


@pytest.mark.parametrize("is_named", [True, False])
def test_good_practice_is_read_with_or_without_a_name(app: Flask, region: MadeRegion, is_named: bool) -> None:
    council = make_council(app, region, slug="quillmere", name="Quillmere District Council")
    make_practised(app, council, "A mentor for each.")
    share(app, council, is_named=is_named)
    with app.app_context(), within(council.scope(), read_only=True) as session:
        clipping = session.query(Clipping).one()
        assert clipping.expires_on is not None
        until_on, ids = clipping.expires_on.isoformat(), (str(clipping.id), str(clipping.good_practice_id))
        framework, about = clipping.framework_title, f"1.1.1 {clipping.requirement_title}"
    officer, peer = make_user(app, region, Role.REGION_OFFICER), make_council(app, region)
    reader = make_user(app, peer, Role.MEMBER)
    for caller, address in (
        (Caller.of(app, officer, region), f"/regions/{region.slug}/library"),
        (Caller.of(app, reader, peer), f"/councils/{peer.slug}/library-of-practice"),
    ):
        listed = caller.get(f"{address}?limit=1&requirement=1.1.1&words=EVENING")
        assert listed.json is not None
        [item] = listed.json["items"]
        assert item | {"key": ""} == {
            "key": "",
            "about": about,
            "framework_title": framework,
            "criterion_code": "1",
            "requirement_code": "1.1.1",
            "title": "Evenings",
            "words": OWN_WORDS,
            "council_name": "Quillmere District Council" if is_named else "",
            "contact": "democracy@example.org",
            "until_on": until_on if is_named else None,
        }
        assert not any(each in listed.text for each in (*ids, str(council.id), council.slug))
        assert caller.get(f"{address}?words=morning").json == {"items": [], "next": None}


def test_another_region_reads_another_library(app: Flask, region: MadeRegion) -> None:
    make_practised(app, council := make_council(app, region), "A mentor for each.")
    share(app, council)
    elsewhere = make_region(app)
    stranger = Caller.of(app, make_user(app, elsewhere, Role.REGION_OFFICER), elsewhere)
    assert stranger.get(f"/regions/{region.slug}/library").status_code == 404
    assert stranger.get(f"/regions/{elsewhere.slug}/library").json == {"items": [], "next": None}


def test_a_case_study_is_read_as_it_was_published(app: Flask, region: MadeRegion) -> None:
    council, peer = make_council(app, region), make_council(app, region)
    written = {
        "title": "A buddy for a year",
        "at_a_glance": "Every new councillor has a buddy.",
        "for_councillors": "Somebody to ask.",
        "for_council": "",
        "for_communities": "Quicker answers.",
        "contact": "Democratic services",
    }
    quote = {"words": "It was worth it.", "who": "New councillor"}
    with app.app_context(), within(council.scope()):
        quotes = [quote | {"consented_on": "2026-06-03"}]
        study = case_studies.write(council.id, texts=written, quotes=quotes, by=CONSOLE)
        case_studies.publish(study, region_id=region.id, council_name=council.name, version=1, by=CONSOLE)
    officer, member = make_user(app, region, Role.REGION_VIEWER), make_user(app, peer, Role.MEMBER)
    for caller, library in (
        (Caller.of(app, officer, region), f"/regions/{region.slug}/library"),
        (Caller.of(app, member, peer), f"/councils/{peer.slug}/library-of-practice"),
    ):
        listed = caller.get(f"{library}/case-studies?words=buddy")
        assert listed.json is not None
        [item] = listed.json["items"]
        shown = {name: value for name, value in item.items() if name not in ("id", "published_at")}
        assert shown == written | {"quotes": [quote], "council_name": council.name}
        one = f"{library}/case-studies/{item['id']}"
        assert caller.get(one).json == item
        assert caller.get(f"{one}/file?kind=docx").data[:2] == b"PK"
        assert caller.get(f"{library}/case-studies?words=mentor").json == {"items": [], "next": None}
