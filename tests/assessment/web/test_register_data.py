"""The register for everybody: narrowed, as JSON with its tag, as CSV, and what caches and robots are told."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask

from assessment.queries.awards import find_award
from assessment.queries.register import find_entry
from assessment.services.awards import end
from assessment.web.register_data import FIELDS
from saas import clock
from saas.tenancy import CONSOLE, Scope
from saas.transaction import within
from tests.assessment.web.test_reports import texts
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.awards import make_award
from tests.factories.scores import MadeCase
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council

Statements = Callable[[], AbstractContextManager[list[str]]]


def awarded(app: Flask, region: MadeRegion, name: str, county: str = "") -> MadeCase:
    """An award of a new council, which the register shows in a county."""
    case = make_award(app, make_council(app, region, name=name))
    with app.app_context(), within(region.scope()) as session:
        award = find_award(case.accreditation_id)
        assert award is not None
        entry = find_entry(award.certificate_number)
        assert entry is not None
        entry.county = county
        session.flush()
    return case


def names(client: CheckingClient, **query: str) -> list[str]:
    """The councils of the JSON."""
    return [each["council"] for each in client.get("/register.json", query_string=query).get_json()["awards"]]


def test_an_award_enters_the_register_with_type_county_and_level(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    case = make_award(app, council)
    with in_scope(council.scope()):
        award = find_award(case.accreditation_id)
        assert award is not None
    with in_scope(Scope.nobody()):
        entry = find_entry(award.certificate_number)
        assert entry is not None
        assert (entry.county, entry.council_kind, entry.level) == ("", "district", award.level)


def test_json_says_what_its_page_documents(
    app: Flask, region: MadeRegion, client: CheckingClient, in_scope: InScope
) -> None:
    case = awarded(app, region, "Oakford", "Larkshire")
    with in_scope(case.council.scope()):
        award = find_award(case.accreditation_id)
        assert award is not None
    answer = client.get("/register.json")
    assert (answer.mimetype, answer.get_json()) == (
        "application/json",
        {
            "as_of": clock.today().isoformat(),
            "count": 1,
            "awards": [
                {
                    "council": "Oakford",
                    "council_type": "district",
                    "county": "Larkshire",
                    "region": region.name,
                    "level": award.level,
                    "award": award.level_title,
                    "framework": award.framework_title,
                    "awarded_on": award.awarded_on.isoformat(),
                    "valid_to_on": award.valid_to_on.isoformat(),
                    "held_to_on": award.grace_to_on.isoformat(),
                    "held": True,
                    "state": "Valid",
                    "ended_on": None,
                    "with_conditions": False,
                    "certificate": award.certificate_number,
                    "certificate_url": f"http://localhost/certificates/{award.certificate_number}",
                }
            ],
        },
    )
    assert list(answer.get_json()["awards"][0]) == [name for name, _ in FIELDS]
    page = texts(client.get("/register/data"))
    assert [name for name, _ in FIELDS if name not in page] == []


def test_the_tag_stays_until_something_changes(
    app: Flask, region: MadeRegion, client: CheckingClient, in_scope: InScope
) -> None:
    case = awarded(app, region, "Oakford")
    first = client.get("/register.json")
    tag = {"If-None-Match": first.headers["ETag"]}
    same = client.get("/register.json", headers=tag)
    assert (same.status_code, same.data) == (304, b"")
    with in_scope(region.scope()):
        award = find_award(case.accreditation_id)
        assert award is not None
        end(award, ending="surrendered", on=clock.today(), by=CONSOLE)
    changed = client.get("/register.json", headers=tag)
    assert (changed.status_code, changed.get_json()["awards"][0]["state"]) == (200, "Surrendered")


def test_page_json_and_csv_are_narrowed_alike(app: Flask, region: MadeRegion, client: CheckingClient) -> None:
    awarded(app, region, "North Oakford", "Larkshire")
    awarded(app, region, "Oakford Bay")
    level = client.get("/register.json").get_json()["awards"][0]["level"]
    narrowed = [
        ({"county": "Larkshire"}, ["North Oakford"]),
        ({"words": "oakford north"}, ["North Oakford"]),
        ({"words": "oakford", "level": level}, ["North Oakford", "Oakford Bay"]),
        ({"level": "nothing"}, []),
        ({"state": "past"}, []),
        ({"of": str(region.id), "state": "held", "words": "bay"}, ["Oakford Bay"]),
    ]
    for query, wanted in narrowed:
        page = texts(client.get("/register", query_string=query))
        rows = list(
            csv.DictReader(io.StringIO(client.get("/register.csv", query_string=query).data.decode("utf-8-sig")))
        )
        assert (query, names(client, **query)) == (query, wanted)
        assert (query, [row["Council"] for row in rows]) == (query, wanted)
        assert (query, [name for name in ("North Oakford", "Oakford Bay") if name in page]) == (query, wanted)
    refused = client.get("/register.json", query_string={"state": "gone"})
    assert (refused.status_code, list(refused.get_json()["errors"])) == (422, ["state"])


def test_caches_and_robots_are_told_what_is_public(
    app: Flask, region: MadeRegion, client: CheckingClient, officer: MadeUser
) -> None:
    awarded(app, region, "Oakford")
    told = {
        address: (answer.headers["Cache-Control"], answer.headers.get("X-Robots-Tag"))
        for address in ("/register", "/register?words=oak", "/register.json", "/register.csv", "/robots.txt")
        for answer in [client.get(address)]
    }
    public = "public, max-age=300"
    assert told == {
        "/register": (public, None),
        "/register?words=oak": (public, "noindex"),
        "/register.json": (public, "noindex"),
        "/register.csv": (public, "noindex"),
        "/robots.txt": (public, None),
    }
    assert "Disallow: /\n" in client.get("/robots.txt").text
    client.sign_in(officer)
    assert client.get("/register").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("councils", [1, 3])
def test_the_page_takes_as_many_statements_for_three_as_for_one(
    app: Flask, region: MadeRegion, client: CheckingClient, statements: Statements, councils: int
) -> None:
    for number in range(councils):
        awarded(app, region, f"Oakford {number}")
    with statements() as sent:
        client.get("/register")
    assert len(sent) == 5


def test_an_award_that_ran_out_has_the_day_that_its_definition_says(
    app: Flask, region: MadeRegion, client: CheckingClient
) -> None:
    case = awarded(app, region, "Oakford")
    with app.app_context(), within(region.scope()):
        award = find_award(case.accreditation_id)
        assert award is not None
        end(award, ending="expired", on=award.grace_to_on, by=CONSOLE)
        last = award.grace_to_on.isoformat()
    [found] = client.get("/register.json").get_json()["awards"]
    assert (found["ended_on"], found["held_to_on"]) == (last, last)
    assert dict(FIELDS)["ended_on"] == (
        "The day it ended: given up, followed by another or run out, with its last day of grace. Else null."
    )
