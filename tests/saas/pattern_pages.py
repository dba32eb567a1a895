"""Pages that hold every component once, rendered by the product's own environment."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask, flash, render_template, request
from jinja2 import ChoiceLoader, FileSystemLoader
from marshmallow import Schema, fields, validate
from werkzeug.datastructures import MultiDict

from saas import templating
from saas.forms import Bound, Upload, Words, bind

TODAY = date(2026, 5, 4)
NOW = datetime(2026, 5, 4, 13, 30, tzinfo=UTC)


class ActionForm(Schema):
    """One field of every kind."""

    version = fields.Integer(required=True)
    title = fields.String(required=True, validate=validate.Length(max=200), metadata={"label": "Title"})
    narrative = fields.String(
        required=True,
        validate=Words(300),
        metadata={
            "label": "What you will do",
            "subject": "What you will do",
            "who": "your council and the region, once you submit",
        },
    )
    note = fields.String(validate=validate.Length(max=2000), metadata={"who": "your council only"})
    target_on = fields.Date(required=True, metadata={"label": "Target date"})
    owner = fields.String(validate=validate.OneOf(["ann", "raj"]), metadata={"label": "Who leads it"})
    own_judgement = fields.String(
        required=True, validate=validate.OneOf(["met", "partly_met", "not_met", "not_applicable"])
    )
    reason = fields.String(metadata={"label": "Why it does not apply"})
    groups = fields.List(
        fields.String(validate=validate.OneOf(["new", "chairs", "leaders"])), metadata={"label": "For whom"}
    )
    confidential = fields.Boolean()
    cost = fields.Decimal(places=2)
    email = fields.Email(metadata={"label": "Email address"})
    secret = fields.String(metadata={"label": "Password", "verbatim": True})
    evidence = Upload(metadata={"accept": ".pdf,.docx", "limit": "20 MB"})
    then = fields.String(validate=validate.OneOf(["stay"]))


class FilterForm(Schema):
    """What the list can be narrowed by."""

    words = fields.String()
    stage = fields.String()


def place(kind: str, name: str, accent: str) -> SimpleNamespace:
    """Where a viewer is, as the frame needs it."""
    role = {"council": "Council lead", "region": "Region officer"}.get(kind, "Assessor")
    frame = {"kind": kind, "name": name, "slug": "anytown", "role_label": role, "accent": accent, "unread": 2}
    return SimpleNamespace(**frame, region_name="Example Employers")


def build_app() -> Flask:
    """An app with the pattern pages at /form, /wrong, /list, /parts and /errors/<code>; ?scope= chooses the place."""
    app = Flask("patterns", static_folder=None)
    app.config.update(SECRET_KEY="patterns", MAX_CONTENT_LENGTH=20_000_000)
    templating.install(app)
    app.jinja_env.loader = ChoiceLoader(
        [app.jinja_env.loader, FileSystemLoader(Path(__file__).parent / "patterns")]  # type: ignore[list-item]
    )
    app.jinja_env.globals["csrf_token"] = lambda: "token"

    @app.context_processor
    def frame() -> dict[str, Any]:
        kind = request.args.get("scope", "council")
        if kind == "public":
            return {}
        names = {
            "council": "Anytown Borough Council",
            "region": "Example Employers",
            "platform": "Charterway",
        }
        here = place(kind, names.get(kind, "Anytown: Charter 2026"), request.args.get("accent", "harbour"))
        return {
            "scope": here,
            "viewer": SimpleNamespace(id="ann", name="Ann Lee", several=True),
            "may": lambda permission: permission == "accreditation:read",
            "navigation": [
                ("Home", "/", False),
                ("Self-assessment", "/parts", True),
                ("Members", "/list", False),
            ],
        }

    @app.get("/form")
    def empty_form() -> str:
        flash("Saved at 2:30pm", "success")
        return render_template("form.html", form=Bound.empty(ActionForm, {"version": 3, "target_on": TODAY}))

    @app.get("/wrong")
    def wrong_form() -> str:
        typed = MultiDict(
            [("version", "3"), ("target_on-day", "31"), ("target_on-month", "2"), ("target_on-year", "2026"),
             ("narrative", "One <b>\n\n  two"), ("own_judgement", "not_applicable"), ("email", "nobody")]
        )  # fmt: skip
        form = bind(ActionForm, typed)
        form.add_error(None, "The plan was approved meanwhile")
        return render_template("form.html", form=form)

    @app.get("/list")
    def a_list() -> str:
        stages = ["improving", "submitted", "awarded", "lapsed", "assessing"]
        rows = [
            SimpleNamespace(name=f"Example Borough {n}", stage=stages[n % 5], days=n * 7, next_on=TODAY, lead="Ann Lee")
            for n in range(1, 13)
        ]
        headings = [{"label": f"{1 + n // 10}.{1 + n % 10}"} for n in range(40)]
        return render_template("list.html", rows=rows, headings=headings, filter=Bound.empty(FilterForm))

    @app.get("/parts")
    def parts() -> str:
        flash("The region has answered.", "notice")
        return render_template("parts.html", today=TODAY, now=NOW)

    @app.get("/errors/<int:code>")
    def error_page(code: int) -> str:
        return render_template(f"errors/{code}.html", error=None)

    return app
