"""Holding a name until the transaction ends, where there is no row yet that could be held."""

from __future__ import annotations

from sqlalchemy import func, select

from saas.db import db


def hold(name: str) -> None:
    """Wait until nobody else holds this name, and hold it to the end of the transaction."""
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
