"""Themes of improvements: which of a region's themes a text suggests, by words, and a first list to begin from."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
BETWEEN = re.compile(r"[,;\n]+")
GAPS = re.compile(r"[\s\-‐‑–]+")
MOST_WORDS, LONGEST_WORD = 40, 60
LONGEST_TITLE, LONGEST_TRAINING = 100, 2_000
"""Characters of a theme's title, and of what the region could offer."""


@dataclass(frozen=True, slots=True)
class Starter:
    """A theme to begin from."""

    title: str
    words: tuple[str, ...]
    training: str


STARTERS = (
    Starter(
        "Starting as a councillor",
        ("induction", "new member", "new councillor", "welcome pack", "candidate", "buddy"),
        "A shared induction day after elections, and a checklist for the first hundred days.",
    ),
    Starter(
        "Personal development plans",
        ("pdp", "personal development", "development plan", "one to one", "development conversation", "learning need"),
        "A workshop for those who hold development conversations with members.",
    ),
    Starter(
        "Roles and leadership",
        ("role description", "role profile", "leadership", "succession", "portfolio holder", "lead member", "chairing"),
        "A leadership programme across councils, with a session on chairing.",
    ),
    Starter(
        "Knowing what learning changed",
        ("evaluat", "feedback", "impact", "outcome", "difference it makes", "return on investment"),
        "A half day on simple ways to evaluate: what to ask, when, and what to do with the answers.",
    ),
    Starter(
        "Taking part",
        ("attendance", "take up", "turnout", "timing", "evening", "childcare", "carer", "accessib", "hybrid"),
        "An exchange on times and forms of sessions that members can join.",
    ),
    Starter(
        "Digital ways of learning",
        ("digital", "e learning", "online", "webinar", "webcast", "social media", "cyber", "intranet"),
        "A tour of online courses that councils may share, and digital skills for members.",
    ),
    Starter(
        "Strategy, budget and ownership",
        ("strategy", "policy", "budget", "resourc", "steering group", "working group", "cross party"),
        "A clinic for steering groups: strategy on a page, budget and yearly plan.",
    ),
    Starter(
        "Support for members",
        ("mentor", "coach", "wellbeing", "safety", "casework", "support officer", "member support"),
        "A pool of mentors and coaches across the region.",
    ),
)


def read_words(typed: str) -> list[str]:
    """The words and phrases of a theme from one field: apart by commas, semicolons or lines, each once."""
    found = (" ".join(part.split()) for part in BETWEEN.split(typed))
    return list(dict.fromkeys(part for part in found if part))


def problem_of_words(words: Sequence[str]) -> str | None:
    """Why these cannot be a theme's words, as a sentence; None when they can."""
    if len(words) > MOST_WORDS:
        return f"Enter at most {MOST_WORDS} words or phrases."
    longest = max(words, key=len, default="")
    if len(longest) > LONGEST_WORD:
        return f"“{longest[:LONGEST_WORD]}…” is longer than {LONGEST_WORD} characters. Put commas between the phrases."
    return None


def suggest(text: str, themes: Mapping[Key, Iterable[str]]) -> list[Key]:
    """The themes whose words stand in a text, the one with most of them first.

    themes: key → words and phrases. Each is found where a word begins with it, in any case, hyphens or not: "mentor"
    is in "Mentoring" and not in "commentor".
    """
    plain = f" {_plain(text)} "
    found = {key: sum(f" {_plain(word)}" in plain for word in words if _plain(word)) for key, words in themes.items()}
    return sorted((key for key, count in found.items() if count), key=lambda key: -found[key])


def _plain(text: str) -> str:
    letters = re.sub(r"[^\w\s\-‐‑–]", " ", text.casefold())
    return GAPS.sub(" ", letters).strip()
