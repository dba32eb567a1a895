"""Themes of a region's improvements: the officer's list, and putting improvements under them, several at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from assessment.models.themes import Theme
from assessment.queries.region_improvements import NONE, Grouped, Narrowed, count_by, list_improvement_rows
from assessment.queries.themes import get_theme, list_themes
from assessment.rules.themes import LONGEST_TITLE, LONGEST_TRAINING, STARTERS, suggest
from assessment.services import themes as services
from assessment.web.region_improvements import criterion_words, paged, theme_options
from saas import clock
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import actor, place_id, requires
from saas.policy import Permission
from saas.templating import plural

blueprint = Blueprint("themes", __name__)
THEMES = "/regions/<region>/themes"
WHO = "Seen by your region’s staff."


class ThemeForm(Schema):
    """A theme."""

    version = fields.Integer(load_default=0)
    title = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST_TITLE),
        metadata={"label": "Name", "required": "Enter the theme’s name.", "who": WHO},
    )
    words = fields.String(
        validate=validate.Length(max=3000),
        metadata={
            "label": "Words that suggest it",
            "hint": "Apart by commas. Each is found where a word begins with it: mentor finds mentoring.",
            "who": WHO,
        },
    )
    training = fields.String(
        validate=validate.Length(max=LONGEST_TRAINING),
        metadata={"label": "What the region could offer", "who": WHO},
    )


class VersionForm(Schema):
    """The version that was seen; `past` puts it away."""

    version = fields.Integer(required=True)
    past = fields.Boolean()


class AssignForm(Schema):
    """Which improvements, which themes, and whether they are put under them or taken out."""

    improvements = fields.List(fields.UUID(), metadata={"label": "Improvements"})
    themes = fields.List(fields.UUID(), metadata={"label": "Themes"})
    verb = fields.String(required=True, validate=validate.OneOf(("put", "take")))


@blueprint.get(THEMES)
@requires(Permission.THEME_ASSIGN)
def index() -> str:
    """Every theme, with how many improvements stand under it and how many more its words suggest."""
    themes = list_themes(place_id())
    counts = {count.key: count for count in count_by(place_id(), Grouped.THEME)}
    suggested = _suggested(themes) if themes else {}
    return render_template(
        "assessment/themes/index.html",
        themes=themes,
        counts=counts,
        suggested={key: len(rows) for key, rows in suggested.items()},
        without=counts[NONE].issued if NONE in counts else 0,
        nothing=NONE,
        starters=STARTERS,
        as_of=clock.now(),
    )


@blueprint.post(f"{THEMES}/starters")
@requires(Permission.THEME_ASSIGN)
def add_starters() -> Response:
    """Begin from the list that comes with the service."""
    added = services.add_starters(place_id(), by=actor())
    flash(f"{plural(len(added), 'theme')} added. Change their names and words as you like.", "success")
    return redirect(url_for("themes.index"), 303)


@blueprint.get(f"{THEMES}/new")
@requires(Permission.THEME_ASSIGN)
def show_add() -> str:
    """An empty form."""
    return render_template("assessment/themes/edit.html", form=Bound.empty(ThemeForm, {"version": 0}), theme=None)


@blueprint.post(f"{THEMES}/new")
@requires(Permission.THEME_ASSIGN)
def add() -> Response | tuple[str, int]:
    """Add a theme."""
    form = bind(ThemeForm, request.form)
    if form.valid:
        try:
            theme = services.add_theme(place_id(), **_typed(form), by=actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        else:
            flash(f"“{theme.title}” was added.", "success")
            return redirect(url_for("themes.index"), 303)
    return render_template("assessment/themes/edit.html", form=form, theme=None), 422


@blueprint.get(f"{THEMES}/<uuid:theme_id>")
@requires(Permission.THEME_ASSIGN)
def show(theme_id: UUID) -> str:
    """The theme, for changing."""
    theme = get_theme(place_id(), theme_id)
    form = Bound.empty(
        ThemeForm,
        {
            "version": theme.version,
            "title": theme.title,
            "words": ", ".join(theme.words),
            "training": theme.training,
        },
    )
    return render_template("assessment/themes/edit.html", form=form, theme=theme)


@blueprint.post(f"{THEMES}/<uuid:theme_id>")
@requires(Permission.THEME_ASSIGN)
def change(theme_id: UUID) -> Response | tuple[str, int]:
    """Change the theme; what somebody else saved since stands beside what was typed."""
    theme = get_theme(place_id(), theme_id, lock=True)
    form, status = bind(ThemeForm, request.form), 422
    if form.valid:
        try:
            services.change_theme(theme, **_typed(form), version=form.values["version"], by=actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        except Conflict:
            return _both(theme, form), 409
        else:
            flash(f"“{theme.title}” was saved.", "success")
            return redirect(url_for("themes.index"), 303)
    return render_template("assessment/themes/edit.html", form=form, theme=theme), status


@blueprint.post(f"{THEMES}/<uuid:theme_id>/put-away")
@requires(Permission.THEME_ASSIGN)
def put_away(theme_id: UUID) -> Response:
    """Put a theme away, or bring it back."""
    theme, form = get_theme(place_id(), theme_id, lock=True), bind(VersionForm, request.form)
    if not form.valid:
        raise Conflict("Open the theme again before you put it away or bring it back.")
    services.put_away(theme, past=form.values["past"], version=form.values["version"], by=actor())
    flash(f"“{theme.title}” was {'put away' if theme.past else 'brought back'}.", "success")
    return redirect(url_for("themes.index"), 303)


@blueprint.get(f"{THEMES}/assign")
@requires(Permission.THEME_ASSIGN)
def show_assign() -> str:
    """Improvements with what is suggested for each: those without a theme, or those a theme's words suggest."""
    return _assigning(Bound.empty(AssignForm))


@blueprint.post(f"{THEMES}/assign")
@requires(Permission.THEME_ASSIGN)
def assign() -> Response | tuple[str, int]:
    """Put the chosen improvements under the chosen themes, or take them out."""
    form, status = bind(AssignForm, _accepted() or request.form), 422
    if form.valid and not form.values["improvements"]:
        form.add_error("improvements", "Choose at least one improvement.")
    if form.valid and not form.values["themes"]:
        form.add_error("themes", "Choose at least one theme.")
    if form.valid and not form.errors:
        put = form.values["verb"] == "put"
        do = services.assign if put else services.take_out
        try:
            count = do(place_id(), form.values["improvements"], form.values["themes"], by=actor())
        except Conflict as refusal:
            form.add_error("themes", refusal.message)
            status = 409
        else:
            if count or put:
                words = "put under what you chose" if put else "taken out of what you chose"
                flash(f"{plural(count, 'improvement')} {words}.", "success")
            else:
                form.add_error("themes", "Nothing was taken out: none of these improvements stands under these themes.")
                return _assigning(form), status
            return redirect(url_for("themes.show_assign", **_query()), 303)
    return _assigning(form), status


def _accepted() -> MultiDict[str, str] | None:
    """The one improvement and the one theme of the button beside a suggestion; None where another one was pressed."""
    improvement, between, theme = request.form.get("accept", "").partition(" ")
    return MultiDict({"improvements": improvement, "themes": theme, "verb": "put"}) if between else None


def _assigning(form: Bound) -> str:
    themes = list_themes(place_id())
    known = {theme.id: theme for theme in themes}
    wanted = request.args.get("suggested", "")
    if wanted:
        rows = next((found for key, found in _suggested(themes).items() if str(key) == wanted), [])
    else:
        theme = request.args.get("theme", NONE)
        rows = list_improvement_rows(place_id(), Narrowed(theme=theme, words=request.args.get("words", "").strip()))
    page, pages, shown = paged(rows)
    offered = {theme.id: theme.words for theme in themes if not theme.past}
    chosen = _ticked(form, shown, wanted)
    return render_template(
        "assessment/themes/assign.html",
        form=form,
        rows=[
            (row, [known[key] for key in suggest(_text(row), offered) if key not in (row.theme_ids or ())])
            for row in shown
        ],
        found=len(rows),
        page=page,
        pages=pages,
        ticked=chosen[0],
        chosen=chosen[1],
        offered=offered,
        themes=[theme for theme in themes if not theme.past or str(theme.id) == request.args.get("theme")],
        options=[(NONE, "No theme"), *theme_options(themes)],
        wanted=next((theme for theme in themes if str(theme.id) == wanted), None),
        theme=request.args.get("theme", NONE),
        words=request.args.get("words", ""),
        query=_query(),
        criterion_words=criterion_words,
    )


def _ticked(form: Bound, rows: list[Any], wanted: str) -> tuple[set[str], set[str]]:
    """The improvements and themes that are ticked: those that were, or all that a theme's words suggest."""
    if form.raw:
        return set(form.chosen("improvements")), set(form.chosen("themes"))
    return ({str(row.id) for row in rows}, {wanted}) if wanted else (set(), set())


def _suggested(themes: list[Theme]) -> dict[UUID, list[Any]]:
    """Theme → the improvements its words suggest that do not stand under it."""
    offered = {theme.id: theme.words for theme in themes if not theme.past}
    found: dict[UUID, list[Any]] = {theme_id: [] for theme_id in offered}
    for row in list_improvement_rows(place_id()):
        for theme_id in suggest(_text(row), offered):
            if theme_id not in (row.theme_ids or ()):
                found[theme_id].append(row)
    return found


def _text(row: Any) -> str:
    return f"{row.action}\n{row.reason}\n{row.remark}"


def _both(theme: Theme, form: Bound) -> str:
    stored = {"title": theme.title, "words": ", ".join(theme.words), "training": theme.training}
    return render_template(
        "assessment/themes/conflict.html",
        theme=theme,
        pairs=[
            {"label": form.label(name), "name": name, "mine": form.typed(name), "theirs": text}
            for name, text in stored.items()
        ],
    )


def _typed(form: Bound) -> dict[str, Any]:
    return {
        "title": form.values["title"],
        "words": [form.values["words"] or ""],
        "training": form.values["training"] or "",
    }


def _query() -> dict[str, Any]:
    return {name: request.args[name] for name in ("suggested", "theme", "words") if request.args.get(name)}
