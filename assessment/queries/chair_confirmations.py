"""Confirmations by the steering group's chair: the one that counts, all there were, and whether one was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, cast, exists, func, literal, select

from assessment.models.accreditations import Accreditation
from assessment.models.chair_confirmations import ChairConfirmation
from assessment.models.submissions import Submission
from assessment.rules.stages import Stage
from saas.db import db
from tenants.models.notices import Notice


def counts() -> ColumnElement[bool]:
    """In SQL, of a confirmation: nothing of its kind was sealed since."""
    return ~exists().where(
        Submission.council_id == ChairConfirmation.council_id,
        Submission.accreditation_id == ChairConfirmation.accreditation_id,
        Submission.kind == ChairConfirmation.about,
        Submission.sealed_at >= ChairConfirmation.confirmed_at,
    )


def asks(council_id: Any, accreditation_id: Any, about: ColumnElement[str]) -> tuple[ColumnElement[bool], ...]:
    """In SQL, of a notice: it asks the chair to confirm this, and nothing of the kind was sealed since."""
    key = func.concat("chair:", cast(accreditation_id, Text), ":", about, ":")
    sealed = exists().where(
        Submission.council_id == Notice.council_id,
        Submission.accreditation_id == accreditation_id,
        Submission.kind == about,
        Submission.sealed_at >= Notice.at,
    )
    return Notice.council_id == council_id, Notice.key.startswith(key), ~sealed


def unconfirmed() -> ColumnElement[bool]:
    """In SQL, of an accreditation: the chair has still to confirm what is sent next."""
    confirmed = exists().where(
        ChairConfirmation.council_id == Accreditation.council_id,
        ChairConfirmation.accreditation_id == Accreditation.id,
        ChairConfirmation.about == _next_sent(),
        counts(),
    )
    return _where_asked_for(~confirmed.correlate(Accreditation))


def chair_asked() -> ColumnElement[bool]:
    """In SQL, of an accreditation: the chair was asked to; only a council's scope sees it."""
    asked = asks(Accreditation.council_id, Accreditation.id, _next_sent())
    return _where_asked_for(exists().where(*asked).correlate(Accreditation))


def _next_sent() -> ColumnElement[str]:
    return case((Accreditation.stage == Stage.SELF_ASSESSING.value, "plan"), else_="readiness")


def _where_asked_for(what: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition where the process asks for it and something can be sent, else false without looking."""
    before_sending = Accreditation.stage.in_((Stage.SELF_ASSESSING.value, Stage.IMPROVING.value))
    return case((and_(Accreditation.process["chair_confirms"].as_boolean(), before_sending), what), else_=False)


def find_standing(accreditation: Accreditation, about: str) -> ChairConfirmation | None:
    """The newest confirmation of what is to be sent next; None while there is none."""
    wanted = select(ChairConfirmation).where(*_of(accreditation), ChairConfirmation.about == about, counts())
    return db.session.scalar(wanted.order_by(ChairConfirmation.confirmed_at.desc(), ChairConfirmation.id.desc()))


def list_confirmations(accreditation: Accreditation) -> Sequence[ChairConfirmation]:
    """Every confirmation of an accreditation, newest first, in any scope that sees it."""
    wanted = select(ChairConfirmation).where(*_of(accreditation))
    return db.session.scalars(wanted.order_by(ChairConfirmation.confirmed_at.desc(), ChairConfirmation.id.desc())).all()


def find_asked_at(accreditation: Accreditation, about: str) -> datetime | None:
    """When the chair was asked last to confirm what is to be sent next. In the council's scope."""
    asked = asks(accreditation.council_id, accreditation.id, literal(about))
    return db.session.scalar(select(func.max(Notice.at)).where(*asked))


def _of(accreditation: Accreditation) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        ChairConfirmation.council_id == accreditation.council_id,
        ChairConfirmation.accreditation_id == accreditation.id,
    )
