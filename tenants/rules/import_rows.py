"""Turning what was read from an action plan into the columns of actions, without losing a word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from tenants.rules.action_plans import ActionRow
from tenants.rules.action_words import as_status

_FIGURE = re.compile(r"£?\s*(\d{1,3}(?:,\d{3})+|\d{1,9})(\.\d{1,2})?")


def kept(row: ActionRow) -> dict[str, Any]:
    """A row as plain JSON, every field of it."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(row).items()}


def columns_of(row: dict[str, Any]) -> dict[str, Any]:
    """A kept row as the texts, figures and readings of an action, by the names of its columns.

    Columns of the document with no meaning here, and figures that are no plain number, are added to the remark with
    their heading; a status in figures has the per cent sign of its heading; the line above the row inside its table is
    the source.
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
        "status_text": row["status"] + "%" * bool(row.get("per_cent")),
        "status_proposed": row["status_proposed"],
        "source": row["section"],
        **figures,
    }


def empty_columns(rows: Sequence[dict[str, Any]]) -> set[str]:
    """Those of the columns of an action that no row has anything in: ref, timescale, source, responsibility, status,
    officer_days and cost. The source has the reason and the remark with it, the status what is proposed.
    """
    parts = {
        "ref": ("ref",),
        "timescale": ("timescale",),
        "source": ("source", "reason", "remark"),
        "responsibility": ("responsibility",),
        "status": ("status_text",),
        "officer_days": ("officer_days",),
        "cost": ("cost",),
    }
    filled: set[str] = set()
    for row in map(columns_of, rows):
        filled |= {name for name, texts in parts.items() if any(row[text] not in ("", None) for text in texts)}
        if as_status(row["status_proposed"]):
            filled.add("status")
    return {*parts} - filled


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
