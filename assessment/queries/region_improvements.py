"""Issued improvements of a whole region: counted by criterion, theme, age, reply or weight, and line by line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, case, cast, exists, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from assessment.models.accreditations import Accreditation
from assessment.models.frameworks import Framework
from assessment.models.improvements import Improvement, ImprovementProgress, Reply
from assessment.models.themes import ImprovementTheme, Theme
from saas import clock
from saas.db import db
from tenants.models.councils import Council

NONE = "-"
"""In a filter: under no criterion, under no theme, not replied to. No code of a criterion begins with a hyphen."""
AGES = {"90": (0, 90), "180": (91, 180), "365": (181, 365), "730": (366, 730), "older": (731, None)}
"""Band → the fewest and the most whole days since the day of issue."""


class Grouped(StrEnum):
    CRITERION = "criterion"
    THEME = "theme"
    AGE = "age"
    REPLY = "reply"
    WEIGHT = "weight"


REPLY = (
    select(Reply.answer, Reply.body, Reply.decided_on, Reply.minute, Reply.reason)
    .where(Reply.council_id == Improvement.council_id, Reply.improvement_id == Improvement.id)
    .order_by(Reply.replied_at.desc(), Reply.id.desc())
    .limit(1)
    .correlate(Improvement)
    .lateral("newest_reply")
)
PROGRESS = (
    select(ImprovementProgress.state)
    .where(
        ImprovementProgress.council_id == Improvement.council_id,
        ImprovementProgress.improvement_id == Improvement.id,
    )
    .order_by(ImprovementProgress.reported_at.desc(), ImprovementProgress.id.desc())
    .limit(1)
    .correlate(Improvement)
    .lateral("newest_progress")
)
THEMES = (
    select(
        func.array_agg(aggregate_order_by(Theme.title, Theme.position, Theme.title)).label("titles"),
        func.array_agg(aggregate_order_by(Theme.id, Theme.position, Theme.title)).label("ids"),
    )
    .join(ImprovementTheme, and_(ImprovementTheme.region_id == Theme.region_id, ImprovementTheme.theme_id == Theme.id))
    .where(
        ImprovementTheme.council_id == Improvement.council_id,
        ImprovementTheme.improvement_id == Improvement.id,
    )
    .correlate(Improvement)
    .lateral("themes_of")
)
STATES: dict[str, ColumnElement[bool]] = {
    "open": and_(Improvement.ending.is_(None), Council.active),
    "replied": REPLY.c.answer.is_not(None),
    "decided_against": REPLY.c.answer == "decided_against",
    "verified": Improvement.ending == "verified",
}
"""What the columns of the report count. Not exclusive: what is replied to may be open.

What a council had open when it ended is not open: nobody works on it, and the pipeline has no row for it.
"""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What narrows the improvements; "" leaves it open.

    criterion: "<framework's code>:<criterion's code>"; theme: a theme's id; age: one of AGES; reply: an answer; weight:
    "mandatory" or "recommended"; state: one of STATES; council: a slug; words: in action, reason or remark. NONE for
    those without a criterion, theme or reply.
    """

    criterion: str = ""
    theme: str = ""
    age: str = ""
    reply: str = ""
    weight: str = ""
    state: str = ""
    council: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """Issued improvements of one group. `key` is the value of its filter; `councils` have one that is open."""

    key: str
    title: str
    about: str
    issued: int
    open: int
    councils: int
    replied: int
    decided_against: int
    verified: int


def count_by(region_id: UUID, grouped: Grouped) -> list[Count]:
    """Issued improvements of a region by one of their sides, in one statement; what is under two themes counts twice.

    `title` is what the database knows of a group ("" for ages, replies and weights, whose words stand on the page),
    `about` its framework, or what a region could offer under a theme.
    """
    key, title, about, places = _group(grouped)
    order = (places[0].desc(), *places[1:]) if grouped is Grouped.CRITERION else places
    counts = [func.count().filter(condition).label(name) for name, condition in STATES.items()]
    is_open = STATES["open"]
    councils = func.count(Improvement.council_id.distinct()).filter(is_open).label("councils")
    wanted = _improvements(
        region_id, key.label("key"), title.label("title"), about.label("about"), func.count().label("issued"), councils,
        *counts,
    )  # fmt: skip
    if grouped is Grouped.THEME:
        wanted = wanted.outerjoin(
            ImprovementTheme,
            and_(
                ImprovementTheme.council_id == Improvement.council_id,
                ImprovementTheme.improvement_id == Improvement.id,
            ),
        ).outerjoin(Theme, and_(Theme.region_id == region_id, Theme.id == ImprovementTheme.theme_id))
    rows = db.session.execute(wanted.group_by(key, title, about, *places).order_by(*order))
    return [
        Count(
            row.key, row.title, row.about, row.issued, row.open, row.councils, row.replied, row.decided_against,
            row.verified,
        )
        for row in rows
    ]  # fmt: skip


def list_improvement_rows(region_id: UUID, narrowed: Narrowed = Narrowed()) -> list[Any]:
    """Issued improvements of a region by council, in one statement.

    A row has id, number, action, reason, remark, mandatory, timescale, criterion_code, criterion_title, issued_at,
    reply_due_on, ending, accreditation_id, council_name, framework (title); of the newest reply answer, body,
    decided_on, minute and reply_reason; of the newest progress progress; and themes, theme_ids (None where none).
    """
    wanted = (
        _improvements(
            region_id,
            Improvement.id,
            Improvement.number,
            Improvement.action,
            Improvement.reason,
            Improvement.remark,
            Improvement.mandatory,
            Improvement.timescale,
            Improvement.criterion_code,
            Improvement.criterion_title,
            Improvement.issued_at,
            Improvement.reply_due_on,
            Improvement.ending,
            Improvement.accreditation_id,
            Council.name.label("council_name"),
            Framework.title.label("framework"),
            REPLY.c.answer,
            REPLY.c.body,
            REPLY.c.decided_on,
            REPLY.c.minute,
            REPLY.c.reason.label("reply_reason"),
            PROGRESS.c.state.label("progress"),
            THEMES.c.titles.label("themes"),
            THEMES.c.ids.label("theme_ids"),
        )
        .outerjoin(PROGRESS, literal(True))
        .outerjoin(THEMES, literal(True))
    )
    wanted = wanted.where(*_conditions(narrowed))
    return list(db.session.execute(wanted.order_by(Council.name, Improvement.issued_at, Improvement.number)))


def _group(
    grouped: Grouped,
) -> tuple[ColumnElement[str], ColumnElement[str], ColumnElement[str], tuple[Any, ...]]:
    """Key, title and what else is said of a group, and the places by which groups are ordered."""
    nothing: ColumnElement[str] = literal("")
    if grouped is Grouped.CRITERION:
        code = func.coalesce(func.nullif(Improvement.criterion_code, ""), NONE)
        key = Framework.code + ":" + code
        title: ColumnElement[str] = func.trim(Improvement.criterion_code + " " + Improvement.criterion_title)
        about = Framework.title + " (" + Framework.version + ")"
        return key, title, about, (Framework.code, Improvement.criterion_code)
    if grouped is Grouped.THEME:
        key = func.coalesce(cast(Theme.id, Text), NONE)
        order = (func.coalesce(Theme.past, True), Theme.position)
        return key, func.coalesce(Theme.title, ""), func.coalesce(Theme.training, ""), order
    if grouped is Grouped.AGE:
        bands = [(_aged(band), literal(band)) for band in AGES]
        age = case(*bands, else_=literal("older"))
        return age, nothing, nothing, (func.array_position(list(AGES), age),)
    if grouped is Grouped.REPLY:
        return func.coalesce(REPLY.c.answer, NONE), nothing, nothing, (func.coalesce(REPLY.c.answer, NONE),)
    weight = case((Improvement.mandatory, literal("mandatory")), else_=literal("recommended"))
    return weight, nothing, nothing, (weight,)


def _aged(band: str) -> ColumnElement[bool]:
    """Issued so many days ago, by the days of London."""
    fewest, most = AGES[band]
    today = clock.now().astimezone(clock.LONDON).replace(hour=0, minute=0, second=0, microsecond=0)
    youngest: datetime = today - timedelta(days=fewest - 1)
    condition = Improvement.issued_at < youngest
    if most is not None:
        condition = condition & (Improvement.issued_at >= today - timedelta(days=most))
    return condition


def _conditions(narrowed: Narrowed) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if narrowed.criterion:
        framework, _, code = narrowed.criterion.partition(":")
        found += [Framework.code == framework, Improvement.criterion_code == ("" if code == NONE else code)]
    if narrowed.theme:
        under = exists().where(
            ImprovementTheme.council_id == Improvement.council_id, ImprovementTheme.improvement_id == Improvement.id
        )
        found.append(
            ~under if narrowed.theme == NONE else under.where(cast(ImprovementTheme.theme_id, Text) == narrowed.theme)
        )
    if narrowed.age in AGES:
        found.append(_aged(narrowed.age))
    if narrowed.reply:
        found.append(REPLY.c.answer.is_(None) if narrowed.reply == NONE else REPLY.c.answer == narrowed.reply)
    if narrowed.weight:
        found.append(Improvement.mandatory.is_(narrowed.weight == "mandatory"))
    if narrowed.state in STATES:
        found.append(STATES[narrowed.state])
    if narrowed.council:
        found.append(Council.slug == narrowed.council)
    if narrowed.words:
        text = Improvement.action + " " + Improvement.reason + " " + Improvement.remark
        found.append(text.icontains(narrowed.words, autoescape=True))
    return found


def _improvements(region_id: UUID, *columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(Improvement)
        .join(
            Accreditation,
            and_(Accreditation.council_id == Improvement.council_id, Accreditation.id == Improvement.accreditation_id),
        )
        .join(Council, Council.id == Improvement.council_id)
        .join(Framework, Framework.id == Accreditation.framework_id)
        .outerjoin(REPLY, literal(True))
        .where(Improvement.region_id == region_id)
    )
