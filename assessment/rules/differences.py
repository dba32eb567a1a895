"""Differences between two texts, by words: what stayed, what was added and what was taken out."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from typing import Literal

Kind = Literal["same", "added", "removed"]
MOST_COMPARED = 2_000_000
"""Pairs of equal words that are looked at one by one; beyond it, words that come often no longer tie texts together."""
MOST_LOOKED_AT = 1_000_000
"""Words that are looked at in all while the longest runs are sought, so that texts made for it keep nobody waiting:
what is left by then counts as changed. Texts of 3,000 words with 300 changes take less than half of it."""
MUCH = 200
"""So many characters taken out at once are worth keeping."""
SHORT = 40
"""Half of a text counts only from this length on: a first sentence is turned over many times."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that both texts have ("same"), or only the later ("added") or the earlier one ("removed")."""

    kind: Kind
    text: str


def compare(before: str, after: str) -> tuple[Piece, ...]:
    """The way from one text to the other.

    "same" and "added" pieces one after another are exactly the later text. Blanks and line ends alone are no
    difference. A few words that happen to stand in both between larger changes are part of these changes.
    """
    old, new = _words(before), _words(after)
    changes = _merged(_changes(old, new))
    pieces: list[Piece] = []
    for taken, given, same in changes:
        if same or "".join(taken).split() == "".join(given).split():
            _put(pieces, "same", "".join(given))
        else:
            removed, added = "".join(taken), "".join(given)
            if removed.strip():
                _put(pieces, "removed", removed)
            _put(pieces, "added" if added.strip() else "same", added)
    return tuple(pieces)


def takes_out_much(before: str, after: str) -> bool:
    """Whether a text lost more than 200 characters, or half of what it had, at one place."""
    kept = 0
    shorter = min(len(before), len(after))
    while kept < shorter and before[kept] == after[kept]:
        kept += 1
    ending = 0
    while ending < shorter - kept and before[-1 - ending] == after[-1 - ending]:
        ending += 1
    lost = len(before) - kept - ending
    return lost > MUCH or (len(before) >= SHORT and lost * 2 >= len(before))


def _words(text: str) -> list[str]:
    """Words with the blanks before them; line ends stand by themselves."""
    return re.findall(r"\n+|[^\S\n]*[^\s]+|[^\S\n]+", text.replace("\r\n", "\n"))


Change = tuple[list[str], list[str], bool]
"""Words of the earlier text, words of the later one, and whether these are the same."""


def _changes(old: list[str], new: list[str]) -> list[Change]:
    """Runs that stayed and runs that changed, one after the other."""
    left, right = [_key(word) for word in old], [_key(word) for word in new]
    counted = Counter(right)
    costly = sum(count * counted[word] for word, count in Counter(left).items()) > MOST_COMPARED
    matcher = _Patient(None, left, right, autojunk=costly)
    return [(old[a:b], new[c:d], tag == "equal") for tag, a, b, c, d in matcher.get_opcodes()]


class _Patient(SequenceMatcher[str]):
    """Gives up looking for runs once it has looked at MOST_LOOKED_AT words."""

    patience = MOST_LOOKED_AT

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        """The longest run both have in these stretches; none when patience is over."""
        self.patience -= (ahi or 0) - alo  # the search itself always says where a stretch ends
        if self.patience < 0:
            return Match(alo, blo, 0)
        return super().find_longest_match(alo, ahi, blo, bhi)


def _key(word: str) -> str:
    return word.strip() or word


def _merged(changes: list[Change]) -> list[Change]:
    """Changes that only a few shared words divide become one: nobody reads a text in which every third word stays."""
    done: list[Change] = []
    for change in changes:
        done.append(change)
        while len(done) > 2 and not done[-1][2] and _is_crumb(*done[-3:]):
            parts, done = done[-3:], done[:-3]
            done.append(
                ([word for part in parts for word in part[0]], [word for part in parts for word in part[1]], False)
            )
    return done


def _is_crumb(left: Change, middle: Change, right: Change) -> bool:
    """Fewer characters stayed than changed on either side, within a line."""
    if not middle[2] or any("\n" in word for word in middle[1]):
        return False
    return all(_length(middle[1]) < max(_length(side[0]), _length(side[1])) for side in (left, right))


def _length(words: list[str]) -> int:
    return sum(len(word) for word in words)


def _put(pieces: list[Piece], kind: Kind, text: str) -> None:
    """Add a piece; the same kind twice is one."""
    if not text:
        return
    if pieces and pieces[-1].kind == kind:
        pieces[-1] = Piece(kind, pieces[-1].text + text)
    else:
        pieces.append(Piece(kind, text))
