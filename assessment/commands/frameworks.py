"""`charterway framework`: check a framework file, and publish it."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask

from assessment.rules import frameworks
from assessment.services.frameworks import publish_framework
from saas.cli import with_app
from saas.errors import Refused
from saas.tenancy import CONSOLE, Scope
from saas.transaction import within
from tenants.queries.access import get_scope

LARGEST_BYTES = 2 * 1024 * 1024
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def framework() -> None:
    """Frameworks: published versions of the standard, as files."""


@framework.command()
@click.argument("file", type=FILE)
def check(file: Path) -> None:
    """Say whether FILE is a framework, and everything that is wrong with it, by line."""
    tree = _read(file)
    click.echo(
        f"{file.name}: {tree.title}, version {tree.version} ({tree.code}):"
        f" {_counted(len(tree.criteria), 'criterion', 'criteria')},"
        f" {_counted(sum(len(criterion.elements) for criterion in tree.criteria), 'element', 'elements')},"
        f" {_counted(len(tree.requirements), 'requirement', 'requirements')},"
        f" {_counted(len(tree.levels), 'level', 'levels')}. Nothing is wrong with it."
    )


@framework.command()
@click.argument("file", type=FILE)
@click.option("--region", metavar="SLUG", help="Publish it for this region only; else for every region.")
@with_app
def load(_app: Flask, file: Path, region: str | None) -> None:
    """Publish the framework in FILE. What is published never changes: a new version needs a new code."""
    tree = _read(file)
    scope, region_id, whom = Scope.operator(None), None, "every region"
    if region is not None:
        with within(Scope.operator(None), read_only=True):
            found = get_scope(region)
        if found.kind != "region":
            raise Refused(f"{region} is a council: a framework is published for a region.")
        scope, region_id, whom = found.as_scope(), found.id, found.name
    with within(scope):
        _row, new = publish_framework(tree, region_id=region_id, by=CONSOLE)
    click.echo(
        f"{tree.code} is published for {whom}."
        if new
        else f"{tree.code} is published for {whom} already, with this very content: nothing to do."
    )


def _read(file: Path) -> frameworks.Framework:
    """The framework in the file; prints everything that is wrong and ends with exit 1."""
    if file.stat().st_size > LARGEST_BYTES:
        raise Refused(f"{file.name} is larger than {LARGEST_BYTES // 1024 // 1024} MB, the limit for a framework.")
    try:
        return frameworks.parse(file.read_text(encoding="utf-8-sig"), file.name)
    except UnicodeDecodeError as error:
        raise Refused(f"{file.name} is not text in UTF-8.") from error
    except frameworks.FrameworkError as refusal:
        for line, reason in refusal.errors:
            click.echo(f"line {line}: {reason}", err=True)
        raise SystemExit(1) from None


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
