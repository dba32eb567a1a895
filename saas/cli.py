"""The command line's frame: settings, one-line refusals, servers up while a command runs."""

from __future__ import annotations

import copy
import functools
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar

import click
from flask import Flask

from saas.config import Config, load, resolve
from saas.errors import Refused

if TYPE_CHECKING:
    from saas.backups import Manifest

PARAMETERS = ParamSpec("PARAMETERS")
RESULT = TypeVar("RESULT")
CreateApp = Callable[[Config], Flask]


class HasCommands(Protocol):
    """What the command line needs of a feature."""

    @property
    def commands(self) -> Iterable[click.Command]:
        """Its commands and groups; groups of one name from several features become one group."""


class CommandLine(click.Group):
    """A group whose refusals are one line on standard error and exit 1; wrong use stays exit 2."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command; what it refuses ends here."""
        try:
            return super().invoke(context)
        except Refused as refusal:
            click.echo(f"charterway: {' '.join(refusal.message.split())}", err=True)
            context.exit(1)


def settings() -> Config:
    """The settings of this environment; raises ConfigError."""
    return load(os.environ)


def with_app(
    command: Callable[Concatenate[Flask, PARAMETERS], RESULT],
) -> Callable[PARAMETERS, RESULT]:
    """Give a command the app as its first argument, inside its context, with the servers up while it runs."""

    @functools.wraps(command)
    def run(*arguments: PARAMETERS.args, **options: PARAMETERS.kwargs) -> RESULT:
        from saas.locks import database_up

        create_app: CreateApp = click.get_current_context().find_root().obj
        with database_up(settings()) as config:
            app = create_app(config)
            with app.app_context():
                return command(app, *arguments, **options)

    return run


@click.command()
@click.option("--demo/--no-demo", default=None, help="Load the demo into an empty database (usual when embedded).")
@click.option("--end-with-parent", is_flag=True, hidden=True)
def up(demo: bool | None, end_with_parent: bool) -> None:
    """Start everything and keep it up until Ctrl-C or SIGTERM."""
    import signal

    from saas import processes, supervisor

    if end_with_parent:
        processes.die_with_parent(signal.SIGTERM)
    config = settings()
    root = click.get_current_context().find_root().command
    has_demo = isinstance(root, click.Group) and "demo" in root.commands
    supervisor.run(config, demo=has_demo and (config.embedded if demo is None else demo))


@click.command()
@with_app
def migrate(app: Flask) -> None:
    """Bring the database's schema up to date, as role owner; one of a later release stays as it is."""
    from alembic import command

    from saas import health

    config: Config = app.config["CHARTERWAY"]
    if health.is_schema_later(config):
        click.echo(f"schema {health.schema(config).seen}: nothing to do", err=True)
        return
    command.upgrade(health.alembic_settings(), "head")


@click.command()
def doctor() -> None:
    """Check settings, database roles, schema, queue, storage, mail and clock; exit 1 with what to do."""
    from saas import health
    from saas.locks import database_up

    with database_up(settings()) as config:
        findings = health.run(health.EVERYTHING, config)
    for finding in findings:
        advice = "" if finding.holds else f": {finding.advice}"
        click.echo(f"{'ok ' if finding.holds else 'NO '} {finding.name:<9} {finding.seen}{advice}")
    wrong = [finding.name for finding in findings if not finding.holds]
    if wrong:
        raise Refused(f"not in order: {', '.join(wrong)}")


@click.command()
@click.option("--role", type=click.Choice(["app", "owner"]), default="app", show_default=True)
def dsn(role: str) -> None:
    """Print the database address in use."""
    click.echo(resolve(settings()).dsn(role))


@click.command()
@click.pass_obj
def worker(create_app: CreateApp) -> None:
    """Work on the queue until asked to stop."""
    from saas.processes import every_fork_dies_with_us
    from saas.worker import run_worker

    every_fork_dies_with_us()
    run_worker(create_app(resolve(settings())))


@click.command()
@click.pass_obj
def scheduler(create_app: CreateApp) -> None:
    """Hand what is due to the queue until asked to stop."""
    from saas.worker import run_scheduler

    run_scheduler(create_app(resolve(settings())))


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@with_app
def backup(app: Flask, folder: Path) -> None:
    """Write everything into a new folder: tables, files, hashes."""
    from saas import backups

    with bar("Backing up") as tell:
        made = backups.backup(app.config["CHARTERWAY"], folder.absolute(), tell=tell)
    click.echo(f"{_words(made.manifest)} are in {made.folder}.")
    if made.manifest.damaged:
        raise Refused(
            f"{len(made.manifest.damaged)} damaged files of the storage were left out: see damaged in"
            f" {made.folder / 'manifest.json'}"
        )


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@with_app
def restore(app: Flask, folder: Path) -> None:
    """Put a backup into an empty instance; refuses any other."""
    from saas import backups

    with bar("Restoring") as tell:
        manifest = backups.restore(
            app.config["CHARTERWAY"], folder.absolute(), key_given=settings().secret_key is not None, tell=tell
        )
    click.echo(f"{_words(manifest)} of {manifest.made_at} are back, each counted and hashed.")


@contextmanager
def bar(words: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal, and nothing elsewhere."""
    with click.progressbar(length=1, label=words, file=sys.stderr, hidden=not sys.stderr.isatty()) as shown:

        def tell(done: int, total: int) -> None:
            shown.length = total
            shown.update(done - shown.pos)

        yield tell


def _words(manifest: Manifest) -> str:
    return f"{manifest.rows:,} rows of {len(manifest.tables)} tables and {manifest.file_count:,} files"


def create_cli(features: Iterable[HasCommands], create_app: CreateApp) -> CommandLine:
    """The `charterway` command: the platform's own commands and each feature's.

    create_app: makes the app from settings with every address known.
    Raises ValueError when two commands share a name.
    """

    @click.group(cls=CommandLine, name="charterway", context_settings={"help_option_names": ["-h", "--help"]})
    @click.pass_context
    def cli(context: click.Context) -> None:
        """The Member Development Charter, run online."""
        context.obj = create_app

    for command in (up, migrate, doctor, dsn, worker, scheduler, backup, restore):
        cli.add_command(command)
    for feature in features:
        for command in feature.commands:
            _add(cli, command)
    return cli


def _add(group: click.Group, command: click.Command) -> None:
    """Put a command into a group; two groups of one name (import, export) become one."""
    name = command.name or ""
    there = group.commands.get(name)
    if there is None and isinstance(command, click.Group):
        own = copy.copy(command)  # what joins it later must not change the feature's own group
        own.commands = dict(command.commands)
        group.add_command(own)
    elif there is None:
        group.add_command(command)
    elif isinstance(there, click.Group) and isinstance(command, click.Group):
        for inner in command.commands.values():
            _add(there, inner)
    else:
        raise ValueError(f"two commands are called {name!r}")
