"""Which addresses may be evidence."""

from __future__ import annotations

import pytest

from tenants.rules.web_links import problem_with


@pytest.mark.parametrize(
    "url", ["https://www.example.gov.uk", "http://example.org:8080/a?b=c#d", "https://münchen.example/x"]
)
def test_web_addresses_may(url: str) -> None:
    assert problem_with(url) is None


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("javascript:alert(1)", "The web address must begin with https:// or http://."),
        ("ftp://example.org", "The web address must begin with https:// or http://."),
        ("www.example.org", "The web address must begin with https:// or http://."),
        ("https:///path", "The web address must name a site, like https://www.example.gov.uk/minutes."),
        ("https://intranet", "The web address must name a site, like https://www.example.gov.uk/minutes."),
        ("https://ann:secret@example.org", "The web address must not contain a user name or password."),
        ("https://example.org/a b", "The web address must not contain spaces."),
        ("https://[::1", "The web address is not right: check its beginning."),
        ("https://example.org:port", "The web address is not right: check its beginning."),
        ("https://example.org/" + "a" * 2000, "The web address must be 2,000 characters or fewer."),
    ],
)
def test_others_are_refused_in_words(url: str, words: str) -> None:
    assert problem_with(url) == words
