"""Turning what was read from an action plan into the columns of actions, without losing a word."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from tenants.rules.action_plans import ActionRow

_FIGURE = re.compile(r"£?\s*(\d{1,3}(?:,\d{3})+|\d{1,9})(\.\d{1,2})?")


def kept(row: ActionRow) -> dict[str, Any]:
    """A row as plain JSON, every field of it."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(row).items()}


def columns_of(row: dict[str, Any]) -> dict[str, Any]:
    """A kept row as the texts, figures and readings of an action, by the names of its columns.

    Columns of the document with no meaning here, and figures that are no plain number, are added to the remark with
    their heading; the line above the row inside its table is the source.
    """
    remarks = [row["remark"]]
    figures: dict[str, Decimal | None] = {}
    for name, heading in (("officer_days", "Officer days"), ("cost", "Cost")):
        figures[name] = figure_of(row[name])
        if figures[name] is None and row[name]:
            remarks.append(f"{heading}: {row[name]}")
    remarks += [f"{heading}: {text}" if heading else text for heading, text in row["extra"]]
    return {
        "ref": row["ref"],
        "action": row["action"],
        "reason": row["reason"],
        "remark": "\n".join(filter(None, remarks)),
        "responsibility": row["responsibility"],
        "timescale": row["timescale"],
        "earliest_on": _date_of(row["earliest"]),
        "latest_on": _date_of(row["latest"]),
        "timescale_kind": row["kind"],
        "timescale_confidence": row["confidence"],
        "timescale_reason": row["timescale_reason"],
        "status_text": row["status"],
        "status_proposed": row["status_proposed"],
        "source": row["section"],
        **figures,
    }


def figure_of(text: str) -> Decimal | None:
    """A plain number, with or without £ and thousands' commas; None for anything else."""
    found = _FIGURE.fullmatch(text.strip())
    return Decimal(found[1].replace(",", "") + (found[2] or "")) if found else None


def title_of(filename: str) -> str:
    """What a plan is called after its document: the file's name without its ending, in words."""
    stem = filename.rpartition(".")[0] or filename
    return " ".join(re.sub(r"[_]+", " ", stem).split()) or "Action plan"


def _date_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
