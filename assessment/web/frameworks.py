"""Pages of frameworks: which are offered, and each one to read; for councils and for their region."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template

from assessment.queries.frameworks import get_framework, list_published
from assessment.rules.award_rule_words import rule_words
from assessment.rules.marks import shape_of
from saas import guard
from saas.errors import NotFound
from saas.guard import requires
from saas.policy import Permission

blueprint = Blueprint("frameworks", __name__)


@blueprint.get("/councils/<council>/frameworks")
@requires(Permission.ACCREDITATION_READ)
def council_list() -> str:
    """The frameworks a council may choose from."""
    return _list()


@blueprint.get("/regions/<region>/frameworks")
@requires(Permission.FRAMEWORK_READ)
def region_list() -> str:
    """The frameworks a region offers."""
    return _list()


@blueprint.get("/councils/<council>/frameworks/<uuid:framework_id>")
@requires(Permission.ACCREDITATION_READ)
def council_show(framework_id: UUID) -> str:
    """One framework, for a council."""
    return _show(framework_id)


@blueprint.get("/regions/<region>/frameworks/<uuid:framework_id>")
@requires(Permission.FRAMEWORK_READ)
def region_show(framework_id: UUID) -> str:
    """One framework, for its region."""
    return _show(framework_id)


def _list() -> str:
    place = guard.place()
    rows = list_published(place.region_id)
    return render_template(
        "assessment/frameworks/list.html",
        frameworks=rows,
        region_name=place.region_name,
        show=f"frameworks.{place.kind}_show",
    )


def _show(framework_id: UUID) -> str:
    place = guard.place()
    row = next((row for row in list_published(place.region_id) if row.id == framework_id), None)
    if row is None:
        raise NotFound
    tree = get_framework(framework_id).tree
    return render_template(
        "assessment/frameworks/show.html",
        framework=tree,
        own=row.region_id is not None,
        published_at=row.published_at,
        rules=rule_words(tree),
        scale=[(step, shape_of(tree, step)) for step in tree.scale],
        level_titles={level.code: level.title for level in tree.levels},
        index=f"frameworks.{place.kind}_list",
    )
