"""The platform's pages: the operator adds regions and councils and invites the first person of each."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from saas import clock
from saas.errors import Invalid, NotFound
from saas.forms import Bound, bind
from saas.guard import actor, requires
from saas.policy import Permission
from saas.templating import ACCENTS
from tenants.queries import councils as queries
from tenants.queries.access import Target
from tenants.queries.councils import ListedScope
from tenants.rules.slugs import LONGEST, slug_of
from tenants.services import councils as service
from tenants.services import invitations
from tenants.web.councils import KINDS, CouncilForm, add_with_lead
from tenants.web.invitations import FirstForm

blueprint = Blueprint("platform", __name__)

ACCENT_CHOICES = [(accent, accent.capitalize()) for accent in ACCENTS]


class RegionForm(Schema):
    """A region and its first officer."""

    name = fields.String(
        required=True,
        validate=validate.Length(max=service.LONGEST_NAME),
        metadata={"label": "Name of the region", "subject": "The name of the region"},
    )
    slug = fields.String(
        validate=validate.Length(max=LONGEST),
        metadata={
            "label": "Short name in addresses",
            "hint": "Small letters, digits and hyphens. Leave it empty and we make it from the name.",
        },
    )
    accent = fields.String(
        required=True,
        validate=validate.OneOf(ACCENTS),
        metadata={"label": "Colour", "hint": "The band at the top of the region's and its councils' pages."},
    )
    lead_name = fields.String(
        required=True,
        validate=validate.Length(max=invitations.LONGEST_NAME),
        metadata={"label": "Name", "subject": "The name of the first officer"},
    )
    lead_email = fields.Email(
        required=True,
        validate=validate.Length(max=invitations.LONGEST_EMAIL),
        metadata={"label": "Email address", "subject": "The email address of the first officer"},
    )


@blueprint.get("/platform")
@requires(Permission.PLATFORM_RUN, may_lag=True)
def list_regions() -> str:
    """Every region, how many councils it has, and whether somebody works there."""
    scopes = queries.list_scopes()
    sizes = Counter(scope.region_id for scope in scopes if scope.kind == "council")
    regions = [scope for scope in scopes if scope.kind == "region"]
    return render_template(
        "tenants/platform/regions.html", regions=regions, sizes=sizes, unclaimed=queries.list_unclaimed()
    )


@blueprint.get("/platform/regions/<slug>")
@requires(Permission.PLATFORM_RUN)
def show_region(slug: str) -> str:
    """One region with its councils, and the first invitations that wait."""
    region, councils = _region(slug)
    unclaimed = queries.list_unclaimed()
    waiting = queries.invitations_of([scope.id for scope in (region, *councils) if scope.id in unclaimed])
    return render_template(
        "tenants/platform/region.html",
        region=region,
        councils=councils,
        unclaimed=unclaimed,
        waiting=waiting,
        now=clock.now(),
    )


@blueprint.get("/platform/regions/new")
@requires(Permission.PLATFORM_RUN)
def show_add_region() -> str:
    """The form to add a region."""
    form = Bound.empty(RegionForm, {"accent": "teal"})
    return render_template("tenants/platform/add_region.html", form=form, accents=ACCENT_CHOICES)


@blueprint.post("/platform/regions/new")
@requires(Permission.PLATFORM_RUN)
def add_region() -> str | Response:
    """Add the region and invite its first officer; both or neither."""
    form = bind(RegionForm, request.form)
    if form.valid:
        values = form.values
        values["slug"] = values["slug"] or slug_of(values["name"])
        try:
            service.add_region_with_lead(**values, by=actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        else:
            flash(f"{values['name']} is added. An invitation is on its way to {values['lead_email']}.", "success")
            return redirect(url_for("platform.show_region", slug=values["slug"]), code=303)
    return make_response(render_template("tenants/platform/add_region.html", form=form, accents=ACCENT_CHOICES), 422)


@blueprint.get("/platform/regions/<slug>/councils/new")
@requires(Permission.PLATFORM_RUN)
def show_add_council(slug: str) -> str:
    """The form to add a council to a region."""
    region, _ = _region(slug)
    form = Bound.empty(CouncilForm)
    return render_template("tenants/platform/add_council.html", form=form, kinds=KINDS, region=region)


@blueprint.post("/platform/regions/<slug>/councils/new")
@requires(Permission.PLATFORM_RUN)
def add_council(slug: str) -> str | Response:
    """Add the council and invite its first lead; both or neither."""
    region, _ = _region(slug)
    form = bind(CouncilForm, request.form)
    if form.valid and add_with_lead(form, region.id, by=actor()):
        flash(f"{form.typed('name')} is added. An invitation is on its way to {form.typed('lead_email')}.", "success")
        return redirect(url_for("platform.show_region", slug=slug), code=303)
    page = render_template("tenants/platform/add_council.html", form=form, kinds=KINDS, region=region)
    return make_response(page, 422)


@blueprint.get("/platform/regions/<slug>/first/<uuid:wanted>")
@requires(Permission.PLATFORM_RUN)
def show_invite_first(slug: str, wanted: UUID) -> str:
    """The form to invite the first person of a region or council that nobody has joined."""
    region, target = _unclaimed(slug, wanted)
    form = Bound.empty(FirstForm)
    return render_template("tenants/platform/invite_first.html", form=form, region=region, target=target)


@blueprint.post("/platform/regions/<slug>/first/<uuid:wanted>")
@requires(Permission.PLATFORM_RUN)
def invite_first(slug: str, wanted: UUID) -> str | Response:
    """Invite the first person of a region or council that nobody has joined."""
    region, target = _unclaimed(slug, wanted)
    form = bind(FirstForm, request.form)
    if form.valid:
        try:
            service.invite_first(target, **form.values, by=actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        else:
            flash(f"An invitation to {target.name} is on its way to {form.typed('email')}.", "success")
            return redirect(url_for("platform.show_region", slug=slug), code=303)
    page = render_template("tenants/platform/invite_first.html", form=form, region=region, target=target)
    return make_response(page, 422)


def _region(slug: str) -> tuple[ListedScope, list[ListedScope]]:
    """The region of this slug and its councils; raises NotFound."""
    scopes = queries.list_scopes()
    region = next((scope for scope in scopes if scope.kind == "region" and scope.slug == slug), None)
    if region is None:
        raise NotFound
    return region, [scope for scope in scopes if scope.kind == "council" and scope.region_id == region.id]


def _unclaimed(slug: str, wanted: UUID) -> tuple[ListedScope, Target]:
    """The region, and it or its council as the target of a first invitation; raises NotFound."""
    region, councils = _region(slug)
    found = next((scope for scope in (region, *councils) if scope.id == wanted), None)
    if found is None or found.id not in queries.list_unclaimed():
        raise NotFound
    return region, found.as_target()
