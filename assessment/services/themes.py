"""Themes: the region's officer names them, and puts improvements under them, several at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast
from uuid import UUID

from sqlalchemy import Table, delete, select
from sqlalchemy.dialects.postgresql import insert

from assessment.models.improvements import Improvement
from assessment.models.themes import ImprovementTheme, Theme
from assessment.queries.themes import list_held_themes, list_themes, next_position
from assessment.rules.themes import STARTERS, problem_of_words, read_words
from saas import clock, events
from saas.db import db, new_id, turning
from saas.errors import Conflict, Invalid, NotFound
from saas.tenancy import Actor
from tenants.queries.locks import hold

SAME_TITLE = "uq_themes_region_id_title"


def add_theme(region_id: UUID, *, title: str, words: Sequence[str], training: str, by: Actor) -> Theme:
    """Add a theme at the end of the list. words: phrases apart by commas or in items. Raises Invalid (title, words)."""
    title, kept = _checked(title, words)
    hold(f"themes:{region_id}")
    theme = Theme(
        id=new_id(),
        region_id=region_id,
        title=title,
        words=kept,
        training=training.strip(),
        position=next_position(region_id),
        past=False,
        updated_at=clock.now(),
        updated_by_name=by.name,
        version=1,
    )
    with turning(SAME_TITLE, _taken):
        db.session.add(theme)
        db.session.flush()
    events.record("theme.added", theme, by=by, audience="region", payload={"title": title})
    return theme


def add_starters(region_id: UUID, *, by: Actor) -> list[Theme]:
    """Add the themes to begin from whose titles the region does not have yet."""
    hold(f"themes:{region_id}")
    there = {theme.title for theme in list_themes(region_id)}
    return [
        add_theme(region_id, title=each.title, words=each.words, training=each.training, by=by)
        for each in STARTERS
        if each.title not in there
    ]


def change_theme(theme: Theme, *, title: str, words: Sequence[str], training: str, version: int, by: Actor) -> None:
    """Change a theme. Raises Conflict when it was changed since this version, Invalid (title, words)."""
    _same(theme, version)
    title, kept = _checked(title, words)
    with turning(SAME_TITLE, _taken):
        theme.title, theme.words, theme.training = title, kept, training.strip()
        _touch(theme, by)
        db.session.flush()
    events.record("theme.changed", theme, by=by, audience="region", payload={"title": title})


def put_away(theme: Theme, *, past: bool, version: int, by: Actor) -> None:
    """Offer a theme no more, or again. What stands under it stays. Raises Conflict when it was changed since."""
    _same(theme, version)
    if theme.past == past:
        return
    theme.past = past
    _touch(theme, by)
    verb = "theme.put_away" if past else "theme.brought_back"
    events.record(verb, theme, by=by, audience="region", payload={"title": theme.title})


def assign(region_id: UUID, improvement_ids: Iterable[UUID], theme_ids: Iterable[UUID], *, by: Actor) -> int:
    """Put improvements under themes; how many of them were under one less before.

    What stands there already stays as it is. Raises NotFound for another region's improvement or theme, Conflict for
    a theme that was put away.
    """
    improvements, themes = _chosen(region_id, improvement_ids, theme_ids)
    for theme in themes:
        if theme.past:
            raise Conflict(f"“{theme.title}” was put away. Bring it back to put improvements under it.")
    rows = [
        {
            "council_id": improvement.council_id,
            "id": new_id(),
            "region_id": region_id,
            "improvement_id": improvement.id,
            "theme_id": theme.id,
            "assigned_at": clock.now(),
            "assigned_by_name": by.name,
        }
        for improvement in improvements
        for theme in themes
    ]
    table = cast(Table, ImprovementTheme.__table__)
    added = insert(table).on_conflict_do_nothing()  # in as many statements as the rows need
    told = added.returning(ImprovementTheme.improvement_id, ImprovementTheme.theme_id)
    found = db.session.execute(told, rows).all()
    return _record("improvement.themed", improvements, themes, {(row[0], row[1]) for row in found}, by)


def take_out(region_id: UUID, improvement_ids: Iterable[UUID], theme_ids: Iterable[UUID], *, by: Actor) -> int:
    """Take improvements out of themes; how many of them stood under one. Raises NotFound for another region's."""
    improvements, themes = _chosen(region_id, improvement_ids, theme_ids)
    removed = delete(ImprovementTheme).where(
        ImprovementTheme.region_id == region_id,
        ImprovementTheme.council_id.in_({each.council_id for each in improvements}),
        ImprovementTheme.improvement_id.in_([each.id for each in improvements]),
        ImprovementTheme.theme_id.in_([each.id for each in themes]),
    )
    found = db.session.execute(removed.returning(ImprovementTheme.improvement_id, ImprovementTheme.theme_id)).all()
    return _record("improvement.unthemed", improvements, themes, {(row[0], row[1]) for row in found}, by)


def _chosen(
    region_id: UUID, improvement_ids: Iterable[UUID], theme_ids: Iterable[UUID]
) -> tuple[list[Improvement], list[Theme]]:
    wanted = set(improvement_ids)
    improvements = list(
        db.session.scalars(
            select(Improvement)
            .where(Improvement.region_id == region_id, Improvement.id.in_(wanted))
            .order_by(Improvement.council_id, Improvement.id)
        )
    )
    themes = list_held_themes(region_id, list(theme_ids))
    if len(improvements) < len(wanted) or not improvements or not themes:
        raise NotFound
    return improvements, themes


def _record(
    verb: str, improvements: list[Improvement], themes: list[Theme], changed: set[tuple[UUID, UUID]], by: Actor
) -> int:
    count = 0
    for improvement in improvements:
        titles = [theme.title for theme in themes if (improvement.id, theme.id) in changed]
        if titles:
            count += 1
            payload = {"number": improvement.number, "themes": ", ".join(titles)}
            events.record(verb, improvement, by=by, audience="region", payload=payload)
    return count


def _same(theme: Theme, version: int) -> None:
    if theme.version != version:
        raise Conflict(f"{theme.updated_by_name} changed “{theme.title}” since you opened it.", theirs=theme)


def _checked(title: str, words: Sequence[str]) -> tuple[str, list[str]]:
    """The title as it is kept, without spaces around it and one between its words, and the phrases, each once."""
    kept = read_words("\n".join(words))
    problem = problem_of_words(kept)
    if problem:
        raise Invalid({"words": [problem]})
    title = " ".join(title.split())
    if not title:
        raise Invalid({"title": ["Enter the theme’s name."]})
    return title, kept


def _touch(theme: Theme, by: Actor) -> None:
    theme.updated_at, theme.updated_by_name = clock.now(), by.name


def _taken() -> Invalid:
    return Invalid({"title": ["Your region has a theme of this name. Choose another name."]})
