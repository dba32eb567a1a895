"""Pages on which a council or a region says how long records are kept, and sees what that would remove and did."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from assessment.services.retention_sweeps import SWEEPS
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import actor, place, requires
from saas.overtaken import Stale, compare
from saas.policy import Permission
from saas.templating import plural
from tenants.queries.history import Change
from tenants.queries.retention import Keeper, Term, list_own_rules, list_runs, list_terms, version_of
from tenants.rules.retention import BY_CODE, Side
from tenants.services import retention

blueprint = Blueprint("retention", __name__)
LOOK = "look"


@blueprint.get("/councils/<council>/retention")
@blueprint.get("/regions/<region>/retention")
@requires(Permission.ACCESS_GRANT)
def show() -> str:
    """What holds now, what would be removed next, and what was."""
    keeper = Keeper.of(place())
    terms = list_terms(keeper)
    shown = {term.kind.code: term.months for term in terms} | {"version": version_of(list_own_rules(keeper))}
    return _page(keeper, terms, Bound.empty(_form(keeper, terms), shown), retention.count_due(keeper, SWEEPS))


@blueprint.post("/councils/<council>/retention")
@blueprint.post("/regions/<region>/retention")
@requires(Permission.ACCESS_GRANT)
def save() -> ResponseReturnValue:
    """Show what other months would remove, or keep them from tonight on."""
    keeper = Keeper.of(place())
    terms = list_terms(keeper)
    form = bind(_form(keeper, terms), request.form)
    if form.valid:
        wanted = {term.kind.code: form.values[term.kind.code] for term in terms}
        try:
            if form.values["step"] == LOOK:
                due = retention.count_due(keeper, SWEEPS, wanted)
                return _page(keeper, terms, form, due, looked=True)
            changed = retention.set_months(keeper, wanted, version=form.values["version"], by=actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        except Conflict:
            own = list_own_rules(keeper)
            last = max(own.values(), key=lambda rule: rule.set_at, default=None)
            change = Change(last.set_by_name, last.set_at) if last else None
            stored = {term.kind.code: term.months for term in terms}
            stale = compare(form, stored, {}, version=version_of(own), change=change)
            return _page(keeper, terms, form, {}, stale=stale), 409
        else:
            said = f"Saved: other months for {plural(len(changed), 'kind')} of record. They hold from tonight on."
            flash(said if changed else "Nothing was changed.", "success")
            return redirect(url_for("retention.show"), code=303)
    return _page(keeper, terms, form, {}), 422


def _form(keeper: Keeper, terms: list[Term]) -> Schema:
    ours = keeper.side is Side.REGION
    months: dict[str, Any] = {
        term.kind.code: fields.Integer(
            required=True,
            metadata={
                "label": term.kind.title
                + (" (kept by councils)" if ours and Side.REGION not in term.kind.sides else ""),
                "subject": "The months",
                "required": "Enter a number of months.",
            },
        )
        for term in terms
    }
    step = fields.String(load_default="save", validate=validate.OneOf(["save", LOOK]))
    return Schema.from_dict({"version": fields.Integer(required=True), "step": step, **months})()


def _page(
    keeper: Keeper,
    terms: list[Term],
    form: Bound,
    due: dict[str, int],
    *,
    looked: bool = False,
    stale: Stale | None = None,
) -> str:
    return render_template(
        "assessment/retention/show.html",
        form=form,
        terms=terms,
        due=due,
        looked=looked,
        stale=stale,
        own=keeper.side,
        runs=[(run.ran_at, _counted(run.counts)) for run in list_runs(keeper)],
    )


def _counted(counts: dict[str, Any]) -> list[tuple[str, int]]:
    return [(BY_CODE[code].title if code in BY_CODE else code, number) for code, number in sorted(counts.items())]
