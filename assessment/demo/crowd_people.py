"""The rows of a generated council itself, as plain values: its library, groups, members and terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from assessment.demo import words
from assessment.demo.places import SignIn
from assessment.demo.scene import Scene
from saas.db import new_id

Row = dict[str, Any]


@dataclass(frozen=True)
class Generated:
    """A generated council."""

    id: UUID
    number: int
    slug: str
    name: str
    lead: SignIn
    kind: str
    county: str


@dataclass(frozen=True)
class Library:
    """Its evidence, the pages of it that are text, and the CRC-32 of each file by its SHA-256."""

    evidence: list[Row]
    pages: list[Row]
    checksums: dict[str, int]


def library(scene: Scene, council: Generated, files: list[tuple[str, str, int, str, str]], at: datetime) -> list[Row]:
    """Evidence: the given files (title, SHA-256, size, type, name) and four links."""
    common = {"council_id": council.id, "version": 1, "added_at": at, "added_by_name": council.lead.name}
    common["added_by"] = scene.users[council.lead.email]
    found = [
        {**common, "id": new_id(), "kind": "file", "title": title, "sha256": sha256, "size": size,
         "content_type": kind, "filename": name, "speaks_for_on": at.date(), "text_state": "read", "pages": 1}
        for title, sha256, size, kind, name in files
    ]  # fmt: skip
    for title in ("Programme on the web", "Recording of a session", "Minutes on the web", "Survey of members"):
        url = f"https://www.example.org/{council.slug}/{title.lower().replace(' ', '-')}"
        found.append(
            {**common, "id": new_id(), "kind": "link", "title": title, "url": url, "text_state": "no_text",
             "checked_at": at, "reachable": True, "link_title": title, "check_words": "answers"}
        )  # fmt: skip
    return found


def people(scene: Scene, council: Generated, number: int, at: datetime) -> dict[str, list[Row]]:
    """Political groups, members and terms."""
    chance = scene.chance(council.slug, "members")
    groups = [{"council_id": council.id, "id": new_id(), "name": name} for name in words.GROUPS]
    members, terms = [], []
    for place in range(number):
        given, family = chance.choice(words.GIVEN_NAMES), chance.choice(words.FAMILY_NAMES)
        member_id = new_id()
        members.append(
            {"council_id": council.id, "id": member_id, "version": 1, "given_name": given, "family_name": family,
             "title": "Cllr", "email": f"{given}.{family}{place}@{council.slug}.example.org".lower(), "kind": "elected",
             "ward": words.WARDS[place % len(words.WARDS)], "reference": f"M{place + 1:03}",
             "group_id": chance.choice(groups)["id"], "created_at": at}
        )  # fmt: skip
        elected_on = scene.today - timedelta(days=400)
        terms.append(
            {"council_id": council.id, "id": new_id(), "member_id": member_id, "started_on": elected_on,
             "due_to_end_on": elected_on + timedelta(days=4 * 365)}
        )  # fmt: skip
    return {"political_groups": groups, "members": members, "terms": terms}
