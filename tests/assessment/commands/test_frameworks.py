"""`charterway framework check` and `framework load`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from assessment.queries.frameworks import find_by_code, list_published
from charterway import FEATURES
from saas import cli, locks
from saas.config import Config
from tests.conftest import InScope
from tests.factories.assessment import STARTERS
from tests.factories.tenants import MadeCouncil, MadeRegion

Runs = Callable[..., Result]
STARTER = STARTERS / "charter-2008.yaml"


@pytest.fixture
def run(app: Flask, config: Config, monkeypatch: pytest.MonkeyPatch) -> Runs:
    """The command line over the test's own app and database."""

    @contextmanager
    def up(_config: Config) -> Iterator[Config]:
        yield config

    monkeypatch.setattr(locks, "database_up", up)
    command = cli.create_cli(FEATURES, lambda _config: app)

    def invoke(*words: object) -> Result:
        return CliRunner().invoke(command, [str(word) for word in words])

    return invoke


def test_a_good_file_is_counted(run: Runs) -> None:
    result = run("framework", "check", STARTER)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "charter-2008.yaml: Member Development Charter, five themes, version 2008 (charter-2008):"
        " 5 criteria, 28 elements, 28 requirements, 1 level. Nothing is wrong with it.\n"
    )


def test_a_refused_file_names_every_line_and_keeps_nothing(
    run: Runs, tmp_path: Path, region: MadeRegion, in_scope: InScope
) -> None:
    file = tmp_path / "broken.yaml"
    text = STARTER.read_text().replace("levels: [charter]", "levels: [gold]", 2)
    file.write_text(text.replace("title:", "titel:", 1))
    checked, loaded = run("framework", "check", file), run("framework", "load", file)
    for result in (checked, loaded):
        assert result.exit_code == 1
        lines = result.stderr.splitlines()
        assert len(lines) > 1
        assert all(line.startswith("line ") for line in lines)
    with in_scope(region.scope()):
        assert list_published(region.id) == []


def test_the_same_file_again_says_so_and_a_changed_one_is_refused(run: Runs, tmp_path: Path) -> None:
    first, again = run("framework", "load", STARTER), run("framework", "load", STARTER)
    assert [first.exit_code, again.exit_code] == [0, 0]
    published = "charter-2008 is published for every region"
    assert first.stdout == f"{published}.\n"
    assert again.stdout == f"{published} already, with this very content: nothing to do.\n"
    changed = tmp_path / "charter-2008.yaml"
    changed.write_text(STARTER.read_text().replace("Budget", "The budget", 1))
    refused = run("framework", "load", changed)
    assert refused.exit_code == 1
    assert "charter-2008 is published already and differs: give the new version a new code" in refused.stderr


def test_a_framework_for_one_region_is_its_own(run: Runs, region: MadeRegion, in_scope: InScope) -> None:
    result = run("framework", "load", STARTER, "--region", region.slug)
    assert (result.exit_code, result.stdout) == (0, f"charter-2008 is published for {region.name}.\n")
    with in_scope(region.scope()):
        row = find_by_code("charter-2008", region.id)
        assert row is not None
        assert row.region_id == region.id


def test_a_region_must_be_one(run: Runs, council: MadeCouncil) -> None:
    unknown = run("framework", "load", STARTER, "--region", "nowhere")
    wrong = run("framework", "load", STARTER, "--region", council.slug)
    assert [unknown.exit_code, wrong.exit_code] == [1, 1]
    assert "There is no council or region named nowhere." in unknown.stderr
    assert f"{council.slug} is a council: a framework is published for a region." in wrong.stderr


def test_what_is_no_text_is_refused_in_one_line(run: Runs, tmp_path: Path) -> None:
    file = tmp_path / "picture.yaml"
    file.write_bytes(b"\x89PNG\xff\xfe")
    result = run("framework", "check", file)
    assert (result.exit_code, result.stderr) == (1, "charterway: picture.yaml is not text in UTF-8.\n")
