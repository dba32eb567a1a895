"""Themes for programs: the region's list, and putting improvements under them, many at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import url_for
from marshmallow import fields, validate

from assessment.models.themes import Theme
from assessment.queries.themes import get_theme as find_theme
from assessment.queries.themes import list_themes as list_every_theme
from assessment.rules.themes import LONGEST_TITLE, LONGEST_TRAINING, LONGEST_WORD, MOST_WORDS
from assessment.services import themes
from saas.api import ApiSchema, Given, Listed, Operations
from saas.guard import actor, place_id, requires
from saas.policy import Permission

operations = Operations("themes", "Themes of improvements")
THEMES = "/regions/<region>/themes"
ONE = f"{THEMES}/<uuid:theme_id>"
MOST = 500


class ThemeSchema(ApiSchema):
    """What improvements of many councils have in common, in the region's words."""

    id = fields.UUID(required=True)
    title = fields.String(required=True, metadata={"example": "Mentoring"})
    words = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "An improvement that has one of them is suggested for the theme."},
    )
    training = fields.String(required=True, metadata={"description": "What the region could offer."})
    position = fields.Integer(required=True)
    past = fields.Boolean(required=True, metadata={"description": "It was put away: it is not offered any more."})
    updated_at = fields.AwareDateTime(required=True)
    updated_by_name = fields.String(required=True)
    version = fields.Integer(required=True)


class WrittenThemeSchema(ApiSchema):
    """What can be written of a theme."""

    title = fields.String(required=True, validate=validate.Length(1, LONGEST_TITLE), metadata={"example": "Mentoring"})
    words = fields.List(
        fields.String(validate=validate.Length(1, LONGEST_WORD)),
        load_default=list,
        validate=validate.Length(max=MOST_WORDS),
        metadata={"description": "Each is found where a word begins with it: mentor finds mentoring."},
    )
    training = fields.String(load_default="", validate=validate.Length(max=LONGEST_TRAINING))


class PutAwaySchema(ApiSchema):
    """Whether a theme is offered."""

    past = fields.Boolean(required=True, metadata={"description": "true puts it away, false brings it back."})


class ThemedSchema(ApiSchema):
    """Which improvements and which themes."""

    improvements = fields.List(
        fields.UUID(), required=True, validate=validate.Length(1, MOST), metadata={"description": "Their ids."}
    )
    themes = fields.List(fields.UUID(), required=True, validate=validate.Length(1, 100))


class ThemedCountSchema(ApiSchema):
    """How many improvements it has made a difference to."""

    changed = fields.Integer(required=True)


@operations.get(THEMES, "listThemes", answers=Listed(ThemeSchema))
@requires(Permission.THEME_ASSIGN)
def list_themes() -> list[Theme]:
    """List the themes of a region. In their order, those put away last."""
    return list_every_theme(place_id())


@operations.get(ONE, "getTheme", answers=ThemeSchema)
@requires(Permission.THEME_ASSIGN)
def get_theme(theme_id: UUID) -> Theme:
    """Read one theme."""
    return find_theme(place_id(), theme_id)


@operations.post(THEMES, "createTheme", takes=WrittenThemeSchema, answers=ThemeSchema)
@requires(Permission.THEME_ASSIGN)
def create_theme(given: dict[str, Any]) -> Given:
    """Add a theme at the end of the list."""
    theme = themes.add_theme(place_id(), **given, by=actor())
    return Given(theme, url_for("api_themes.getTheme", theme_id=theme.id))


@operations.put(ONE, "saveTheme", takes=WrittenThemeSchema, answers=ThemeSchema)
@requires(Permission.THEME_ASSIGN)
def save_theme(theme_id: UUID, given: dict[str, Any], version: int) -> Theme:
    """Save a theme. Whole; what stands under it stays there."""
    theme = find_theme(place_id(), theme_id, lock=True)
    themes.change_theme(theme, **given, version=version, by=actor())
    return theme


@operations.post(f"{ONE}/put-away", "putThemeAway", takes=PutAwaySchema, answers=ThemeSchema, status=200,
                 versioned=True)  # fmt: skip
@requires(Permission.THEME_ASSIGN)
def put_theme_away(theme_id: UUID, given: dict[str, Any], version: int) -> Theme:
    """Put a theme away, or bring it back. What stands under it stays there."""
    theme = find_theme(place_id(), theme_id, lock=True)
    themes.put_away(theme, **given, version=version, by=actor())
    return theme


@operations.post(f"{THEMES}/assignments", "assignThemes", takes=ThemedSchema, answers=ThemedCountSchema, status=200)
@requires(Permission.THEME_ASSIGN)
def assign_themes(given: dict[str, Any]) -> dict[str, int]:
    """Put improvements under themes. Each of them under every theme; what stands there already stays."""
    return {"changed": themes.assign(place_id(), given["improvements"], given["themes"], by=actor())}


@operations.post(f"{THEMES}/removals", "removeThemes", takes=ThemedSchema, answers=ThemedCountSchema, status=200)
@requires(Permission.THEME_ASSIGN)
def remove_themes(given: dict[str, Any]) -> dict[str, int]:
    """Take improvements out of themes. Each of them out of every one of these."""
    return {"changed": themes.take_out(place_id(), given["improvements"], given["themes"], by=actor())}
