"""`charterway region add` and `charterway council add`: done, or refused in one line."""

from __future__ import annotations

import pytest

from saas.tenancy import Scope
from tenants.queries.access import get_scope
from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil, MadeRegion
from tests.tenants.commands.conftest import Run


def test_a_region_and_a_council_are_added(run: Run, in_scope: InScope) -> None:
    added = run("region", "add", "--slug", "north", "--name", "North Employers")
    assert (added.exit_code, added.stdout) == (0, "Added the region North Employers (north).\n")
    added = run("council", "add", "--region", "north", "--slug", "norby", "--name", "Norby Council")
    assert (added.exit_code, added.stdout) == (0, "Added Norby Council (norby) to North Employers.\n")
    with in_scope(Scope.operator(None)):
        council, region = get_scope("norby"), get_scope("north")
    assert (council.kind, council.name, council.region_id) == ("council", "Norby Council", region.id)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("region", "add", "--slug", "{council}", "--name", "North"), "slug: The short name {council} is taken"),
        (("region", "add", "--slug", "platform", "--name", "North"), "slug: The short name platform is taken"),
        (("region", "add", "--slug", "No Good", "--name", "North"), "slug: The short name must be small letters"),
        (("region", "add", "--slug", "north", "--name", " "), "name: Enter a name."),
        (
            ("council", "add", "--region", "{region}", "--slug", "{region}", "--name", "N"),
            "slug: The short name {region}",
        ),
        (("council", "add", "--region", "nowhere", "--slug", "n1", "--name", "N"), "There is no region named nowhere."),
        (
            ("council", "add", "--region", "{council}", "--slug", "n1", "--name", "N"),
            "There is no region named {council}.",
        ),
    ],
)
def test_a_refusal_is_one_line_and_exit_1(
    run: Run, region: MadeRegion, council: MadeCouncil, arguments: tuple[str, ...], words: str
) -> None:
    names = {"region": region.slug, "council": council.slug}
    refused = run(*(argument.format(**names) for argument in arguments))
    assert refused.exit_code == 1
    assert refused.stdout == ""
    assert refused.stderr.startswith(f"charterway: {words.format(**names)}")
    assert refused.stderr.count("\n") == 1


def test_wrong_use_is_exit_2(run: Run) -> None:
    assert run("region", "add", "--slug", "north").exit_code == 2
