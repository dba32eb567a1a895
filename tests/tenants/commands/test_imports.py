"""`charterway import`, as somebody at the server runs it."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask

import charterway
from saas.cli import create_cli
from saas.config import Config
from tenants.models.imports import Import
from tenants.models.members import Member
from tenants.models.plans import Action, Plan
from tests.conftest import InScope
from tests.factories.documents import word_document, word_plan
from tests.factories.tenants import MadeCouncil

KEYS = [
    "ref", "action", "reason", "remark", "responsibility", "timescale", "status", "status_proposed", "earliest",
    "latest", "kind", "confidence",
]  # fmt: skip


@pytest.fixture
def run(app: Flask, config: Config, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`run("import", …)` the command on the test's database."""

    @contextmanager
    def up(_config: Config) -> Any:
        yield config

    monkeypatch.setattr("saas.locks.database_up", up)

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(create_cli(charterway.FEATURES, lambda _config: app), ["import", *arguments])

    return command


def counts(in_scope: InScope, council: MadeCouncil) -> tuple[int, ...]:
    """How many actions, plans, imports and members the council has."""
    with in_scope(council.scope()) as session:
        tables = (Action, Plan, Import, Member)
        return tuple(session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables)


def test_a_dry_run_prints_the_rows_and_changes_nothing(
    run: Any, council: MadeCouncil, in_scope: InScope, tmp_path: Path
) -> None:
    file = tmp_path / "plan.docx"
    file.write_bytes(word_plan())
    result = run("action-plan", "--council", council.slug, str(file), "--dry-run", "--json")
    document = orjson.loads(result.output)
    assert (result.exit_code, list(document), len(document["rows"])) == (0, ["rows"], 8)
    assert sorted(document["rows"][0]) == sorted(KEYS)
    assert document["rows"][1]["latest"] == "2018-12-31"
    plain = run("action-plan", "--council", council.slug, str(file), "--dry-run").output
    assert "8 actions were read; nothing was changed." in plain
    assert counts(in_scope, council) == (0, 0, 0, 0)


def test_the_documents_own_day_is_told_and_a_table_without_actions_is_refused(
    run: Any, council: MadeCouncil, in_scope: InScope, tmp_path: Path
) -> None:
    file = tmp_path / "plan.docx"
    file.write_bytes(word_document([["Action", "By when"], ["Choose a mentor.", "2nd December"]]))
    for dated, latest in (([], None), (["--dated", "2025-05-12"], "2025-12-02")):
        result = run("action-plan", "--council", council.slug, str(file), "--dry-run", "--json", *dated)
        assert [row["latest"] for row in orjson.loads(result.output)["rows"]] == [latest]
    assert run("action-plan", "--council", council.slug, str(file), "--dated", "2025-05-12").exit_code == 0
    other = tmp_path / "other.docx"
    other.write_bytes(word_document([["Version", "Agreed"], ["2", "yes"]]))
    refused = run("action-plan", "--council", council.slug, str(other))
    assert (refused.exit_code, "Looked for a heading for the action" in refused.output) == (1, True)
    assert counts(in_scope, council) == (1, 1, 1, 0)


def test_a_plan_is_taken_in_once(run: Any, council: MadeCouncil, in_scope: InScope, tmp_path: Path) -> None:
    file = tmp_path / "Action plan.docx"
    file.write_bytes(word_plan())
    first = run("action-plan", "--council", council.slug, str(file))
    again = run("action-plan", "--council", council.slug, str(file))
    assert (first.exit_code, first.output) == (0, "8 actions were added to “Action plan”.\n")
    assert (again.exit_code, again.output) == (
        0, "This file was taken in before, into “Action plan”. Nothing was added.\n",
    )  # fmt: skip
    assert counts(in_scope, council) == (8, 1, 1, 0)


def test_it_can_go_into_the_improvements_plan(
    run: Any, council: MadeCouncil, in_scope: InScope, tmp_path: Path
) -> None:
    file = tmp_path / "plan.docx"
    file.write_bytes(word_plan())
    result = run("action-plan", "--council", council.slug, str(file), "--plan", "improvements", "--json")
    assert orjson.loads(result.output) == {"plan": "Improvement plan", "added": 8, "already_taken_in": False}
    with in_scope(council.scope()) as session:
        assert session.scalars(sa.select(Plan.kind)).all() == ["improvements"]


def test_refusals_are_one_line_and_keep_nothing(
    run: Any, council: MadeCouncil, in_scope: InScope, tmp_path: Path
) -> None:
    letter = tmp_path / "letter.docx"
    letter.write_bytes(word_document("Only words."))
    refused = run("action-plan", "--council", council.slug, str(letter))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith("charterway: letter.docx: No table was found, only 1 line of text.")
    assert refused.stderr.count("\n") == 1
    nobody = run("action-plan", "--council", "nowhere", str(letter))
    assert (nobody.exit_code, nobody.stderr) == (1, "charterway: There is no council or region named nowhere.\n")
    region = run("action-plan", "--council", council.region.slug, str(letter))
    assert (region.exit_code, region.stderr) == (1, f"charterway: {council.region.slug} is a region, not a council\n")
    assert run("action-plan", "--council", council.slug, "missing.docx").exit_code == 2
    assert counts(in_scope, council) == (0, 0, 0, 0)


def test_members_are_taken_in_as_a_whole(run: Any, council: MadeCouncil, in_scope: InScope, tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    file.write_text("Name,Party\nCllr Ann Lee,Greens\nBo Ash,Reds\n")
    dry = run("members", "--council", council.slug, str(file), "--dry-run", "--json")
    assert orjson.loads(dry.output) == {
        "rows": [
            {"line": 2, "would": "added", "name": "Cllr Ann Lee"},
            {"line": 3, "would": "added", "name": "Bo Ash"},
        ],
        "problems": [],
    }
    assert counts(in_scope, council) == (0, 0, 0, 0)
    assert run("members", "--council", council.slug, str(file)).output.endswith(
        "2 added, 0 updated, 0 re-elected, 0 unchanged.\n"
    )
    assert run("members", "--council", council.slug, str(file)).output.endswith(
        "0 added, 0 updated, 0 re-elected, 2 unchanged.\n"
    )
    file.write_text("Name,Party,Elected\nCy Moss,Greens,\nBo Ash,Reds,soon\n")
    refused = run("members", "--council", council.slug, str(file))
    assert refused.exit_code == 1
    assert "line   3  refused    Elected: “soon” is not a date, like 4 May 2023." in refused.stderr
    assert refused.stderr.endswith("charterway: 1 place in members.csv cannot be taken: nothing was imported\n")
    assert counts(in_scope, council)[3] == 2
