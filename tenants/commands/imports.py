"""`charterway import`: action plans and members from files, with a dry run."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import orjson
from flask import Flask

from saas.cli import with_app
from saas.errors import Conflict, Invalid, Refused
from saas.tenancy import CONSOLE, Scope
from saas.transaction import within
from tenants.queries.access import FoundScope, get_scope
from tenants.queries.remembered_columns import remembered_meanings
from tenants.rules.action_plans import Reading, rows_as_json
from tenants.rules.action_words import counted, words_of_reading
from tenants.rules.member_tables import Preview
from tenants.services import imports, member_imports

MOST_BYTES = 50 * 1024 * 1024
VERBS = {"added": "added", "updated": "updated", "re_elected": "re-elected", "unchanged": "unchanged"}
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
COUNCIL = click.option("--council", required=True, metavar="SLUG", help="The council it belongs to.")
DRY_RUN = click.option("--dry-run", is_flag=True, help="Show what was read; change nothing.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group("import")
def import_group() -> None:
    """Take in what a council has in files."""


@import_group.command("action-plan")
@COUNCIL
@click.option(
    "--plan",
    type=click.Choice(["own", "improvements"]),
    default="own",
    show_default=True,
    help="A plan named after the file, or the improvements plan.",
)
@click.option("--dated", type=click.DateTime(["%Y-%m-%d"]), help="The document's own day, for days without a year.")
@DRY_RUN
@JSON
@FILE
@with_app
def import_action_plan(
    _app: Flask, council: str, plan: str, dated: datetime | None, dry_run: bool, as_json: bool, file: Path
) -> None:
    """Take in an action plan from Word, Excel, PDF, CSV or text: every row or none; the same file once."""
    found = _council(council)
    data = _content(file)
    document_on = dated.date() if dated else None
    if dry_run:
        with within(found.as_scope(), read_only=True):
            remembered = remembered_meanings(found.id, imports.ACTION_PLAN)
        told = {"document_on": document_on, "remembered": remembered}
        _show_reading(_told(imports.read_action_plan, data, file.name, **told), as_json)
        return
    with within(found.as_scope()):
        done = _told(
            imports.import_action_plan,
            found.id,
            data,
            file.name,
            improvements=plan == "improvements",
            document_on=document_on,
            by=CONSOLE,
        )
        answer = {"plan": done.plan.title, "added": done.added, "already_taken_in": done.already}
        if as_json:
            click.echo(orjson.dumps(answer))
        elif done.already:
            click.echo(f"This file was taken in before, into “{done.plan.title}”. Nothing was added.")
        else:
            left = f" {counted(done.left_out)} there already, word for word." if done.left_out else ""
            click.echo(f"{counted(done.added)} added to “{done.plan.title}”.{left}")


@import_group.command("members")
@COUNCIL
@DRY_RUN
@JSON
@FILE
@with_app
def import_members(_app: Flask, council: str, dry_run: bool, as_json: bool, file: Path) -> None:
    """Take in members from CSV: every row or none; rows that say nothing new change nothing."""
    found = _council(council)
    data = _content(file)
    with within(found.as_scope(), read_only=dry_run):
        preview = _told(member_imports.preview_of_file, found.id, data, file.name)
        if not dry_run and not preview.problems:
            kept = member_imports.keep_members(found.id, data, file.name, by=CONSOLE)
            member_imports.take_in_members(kept, by=CONSOLE)
    _show_preview(preview, as_json, dry_run)
    if preview.problems:
        count = len(preview.problems)
        raise Refused(
            f"{count} {'place' if count == 1 else 'places'} in {file.name} cannot be taken: nothing was imported"
        )


def _council(slug: str) -> FoundScope:
    with within(Scope.operator(None), read_only=True):
        found = get_scope(slug)
    if found.kind != "council":
        raise Refused(f"{slug} is a region, not a council")
    return found


def _content(file: Path) -> bytes:
    if file.stat().st_size > MOST_BYTES:
        raise Refused(f"{file.name} is larger than {MOST_BYTES // 1024**2} MB, the limit")
    return file.read_bytes()


def _told(run: Any, *arguments: Any, **options: Any) -> Any:
    """Run a service; what is wrong with the file is said without the name of a form's field."""
    try:
        return run(*arguments, **options)
    except Conflict as conflict:
        raise Refused(conflict.message) from conflict
    except Invalid as invalid:
        raise Refused(" ".join(text for texts in invalid.messages.values() for text in texts)) from invalid


def _show_reading(reading: Reading, as_json: bool) -> None:
    if as_json:
        click.echo(orjson.dumps({"rows": rows_as_json(reading)}))
        return
    for row in reading.rows:
        when = words_of_reading(row.kind, row.earliest, row.latest)
        click.echo(f"{row.ref:>4}  {' '.join(row.action.split())[:70]}")
        click.echo(f"      when: {row.timescale or '–'}" + (f" [{when}]" if when else ""))
        click.echo(f"      who: {' '.join(row.responsibility.split()) or '–'}; status: {row.status_proposed}")
    for words in reading.leftovers:
        click.echo(f"not part of a table: {words}")
    for words in reading.warnings:
        click.echo(f"look at: {words}")
    click.echo(f"{counted(len(reading.rows))} read; nothing was changed.")


def _show_preview(preview: Preview, as_json: bool, dry_run: bool) -> None:
    if as_json:
        rows = [
            {"line": outcome.line, "would" if dry_run else "did": outcome.verb, "name": outcome.person.name}
            for outcome in preview.outcomes
        ]
        click.echo(orjson.dumps({"rows": rows, "problems": [asdict(problem) for problem in preview.problems]}))
        return
    for outcome in preview.outcomes:
        changes = "; ".join(f"{column}: {before or '–'} → {after}" for column, before, after in outcome.changes)
        click.echo(f"line {outcome.line:>3}  {VERBS[outcome.verb]:<10} {outcome.person.name}  {changes}".rstrip())
    for problem in preview.problems:
        click.echo(f"line {problem.line:>3}  refused    {problem.column}: {problem.reason}", err=True)
    if not preview.problems:
        counts = ", ".join(f"{preview.count(verb)} {word}" for verb, word in VERBS.items())
        click.echo(f"{counts}.{' Nothing was changed.' if dry_run else ''}")
