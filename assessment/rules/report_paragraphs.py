"""Paragraphs of a report that can be named: each has a key that stays its own while the words round it change."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

LIKE = 0.5
"""From this share of equal words on, a paragraph is the earlier one reworded."""
MOST = 100
"""Of more paragraphs than these between two that stayed, only those whose words stayed keep their keys."""

Keyed = dict[str, str]
"""{key, words}: one paragraph."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a version: its words, and where it stands ("Summary, paragraph 2").

    states: what a comment may be about: "all" of it, "facts" of a judgement's reason, or "nothing", for a judgement
    alone is not open to comment.
    """

    place: str
    words: str
    states: str = "all"


def split(text: str) -> list[str]:
    """The paragraphs of a text: what blank lines set apart."""
    chunks = re.split(r"\n[ \t\u00a0]*\n", text.replace("\r\n", "\n"))
    return [chunk.strip("\n") for chunk in chunks if chunk.strip()]


def keyed(text: str, prefix: str, before: Sequence[Keyed] | str | None = None) -> list[Keyed]:
    """The paragraphs of a text with their keys.

    `before` are those of the version before: what stayed or was reworded in its place keeps its key, what is new gets
    one made of the prefix and its words.
    """
    earlier = keyed(before, prefix) if isinstance(before, str) else list(before or ())
    words = split(text)
    keys = _kept(earlier, words)
    used = {each["key"] for each in earlier}
    for place, chunk in enumerate(words):
        if place not in keys:
            keys[place] = _new(prefix, chunk, used)
            used.add(keys[place])
    return [{"key": keys[place], "words": chunk} for place, chunk in enumerate(words)]


def paragraphs_of(document: Mapping[str, Any]) -> dict[str, Paragraph]:
    """Everything in a version that has a key, by key, in the order of the report; of either format."""
    found = _listed(keys_of(document["summary"], "summary"), "Summary")
    for criterion in document["criteria"]:
        name = f"{criterion['code']} {criterion['title']}"
        found |= _listed(keys_of(criterion["strengths"], f"strengths-{criterion['code']}"), f"{name}, strengths")
        for line in criterion["judgements"]:
            words = ". ".join(part for part in (line["words"], line["reason"]) if part)
            found[judgement_key(line)] = Paragraph(
                f"Requirement {line['code']}", words, "facts" if line["reason"] else "nothing"
            )
    for number, item in enumerate(document.get("good_practice", ()), 1):
        found[practice_key(item)] = Paragraph(f"Good practice {number}", item["text"])
    for item in document["improvements"]:
        parts = (item["action"], item["timescale"], item["reason"], item["remark"])
        words = "\n\n".join(part for part in parts if part)
        found[improvement_key(item)] = Paragraph(f"Improvement {item['number']}", words)
    return found


def keys_of(part: Sequence[Keyed] | str, prefix: str) -> list[Keyed]:
    """The paragraphs of one part; a text of format 1 is divided as it would be today."""
    return keyed(part, prefix) if isinstance(part, str) else list(part)


def judgement_key(line: Mapping[str, Any]) -> str:
    """The key of one agreed judgement."""
    return f"judgement-{line['code']}"


def practice_key(item: Mapping[str, Any]) -> str:
    """The key of one entry of good practice."""
    return f"practice-{item['key']}"


def improvement_key(item: Mapping[str, Any]) -> str:
    """The key of one improvement; by its number in format 1, which kept no other."""
    return f"improvement-{item.get('key') or item['number']}"


def _kept(earlier: Sequence[Keyed], words: Sequence[str]) -> dict[int, str]:
    """Place of a paragraph → the key it keeps."""
    old = [each["words"] for each in earlier]
    shorter = min(len(old), len(words))
    head = next((place for place in range(shorter) if old[place] != words[place]), shorter)
    rest = shorter - head
    tail = next((place for place in range(rest) if old[-1 - place] != words[-1 - place]), rest)
    keys = {place: earlier[place]["key"] for place in range(head)}
    keys |= {len(words) - tail + step: earlier[len(old) - tail + step]["key"] for step in range(tail)}
    left, first, last = earlier[head : len(old) - tail], head, len(words) - tail
    if max(len(left), last - first) > MOST:
        return keys | _stayed(left, words, first, last)
    matcher = SequenceMatcher(None, [each["words"] for each in left], words[first:last], autojunk=False)
    for tag, start, end, begin, stop in matcher.get_opcodes():
        if tag == "equal":
            keys |= {first + begin + step: left[start + step]["key"] for step in range(stop - begin)}
        elif tag == "replace":
            keys |= _reworded(left[start:end], words, first + begin, first + stop)
    return keys


def _stayed(earlier: Sequence[Keyed], words: Sequence[str], first: int, last: int) -> dict[int, str]:
    """The keys of what stands there word for word, wherever it stood; each is given once."""
    known: defaultdict[str, deque[str]] = defaultdict(deque)
    for each in earlier:
        known[each["words"]].append(each["key"])
    return {place: known[words[place]].popleft() for place in range(first, last) if known[words[place]]}


def _reworded(earlier: Sequence[Keyed], words: Sequence[str], first: int, last: int) -> dict[int, str]:
    """Each new paragraph takes the key of the first earlier one that it is like, in order."""
    keys: dict[int, str] = {}
    left = [(each["key"], Counter(each["words"].split())) for each in earlier]
    for place in range(first, last):
        mine = Counter(words[place].split())
        for number, (key, theirs) in enumerate(left):
            if 2 * (mine & theirs).total() >= LIKE * (mine.total() + theirs.total()):
                keys[place] = key
                left = left[number + 1 :]
                break
    return keys


def _new(prefix: str, words: str, used: set[str]) -> str:
    digest = hashlib.sha256(words.encode()).hexdigest()[:8]
    key, number = f"{prefix}-{digest}", 1
    while key in used:
        number += 1
        key = f"{prefix}-{digest}-{number}"
    return key


def _listed(parts: Sequence[Keyed], name: str) -> dict[str, Paragraph]:
    if len(parts) == 1:
        return {parts[0]["key"]: Paragraph(name, parts[0]["words"])}
    return {
        each["key"]: Paragraph(f"{name}, paragraph {number}", each["words"]) for number, each in enumerate(parts, 1)
    }
