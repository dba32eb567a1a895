"""Mail domains: read as typed, and refused where nobody can speak for them."""

from __future__ import annotations

import pytest

from tenants.rules.mail_domains import domain_of, problems_of, read_domains


@pytest.mark.parametrize(
    ("address", "domain"),
    [("Ada@Council.Example ", "council.example"), ("a@b@c.example", "c.example"), ("nobody", ""), ("", "")],
)
def test_the_domain_of_an_address(address: str, domain: str) -> None:
    assert domain_of(address) == domain


def test_domains_are_read_one_on_each_line() -> None:
    assert read_domains(" @Council.example\nward.example, council.example;\n") == ["council.example", "ward.example"]


def test_an_organisation_speaks_for_domains_of_its_own_people_alone() -> None:
    held = {"council.example", "gmail.com"}
    assert problems_of(["council.example"], held=held) == []
    assert problems_of([], held=held) == ["Enter at least one mail domain, such as council.example."]
    assert problems_of(["gmail.com", "other.example", "no domain", "x"], held=held) == [
        "Anybody can have an address at gmail.com, so it cannot be one organisation’s.",
        "Nobody with access here has an address at other.example. Invite somebody from there first.",
        "“no domain” is not a mail domain.",
        "“x” is not a mail domain.",
    ]
    assert problems_of([f"d{number}.example" for number in range(21)], held=held) == ["Enter at most 20 mail domains."]
