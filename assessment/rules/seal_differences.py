"""What changed in one requirement between two seals: judgement, words, evidence and actions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Item = Mapping[str, Any]


@dataclass(frozen=True)
class Sealed:
    """One answer as it was sealed; `evidence` and `actions` are the entries of the sealed document."""

    judgement: str | None
    narrative: str
    not_applicable_reason: str
    evidence: Sequence[Item]
    actions: Sequence[Item]


@dataclass(frozen=True)
class Change:
    """One piece of evidence or one action: `kind` is added, removed, version (another file) or words.

    `was` and `now` hold what differs in a line each: "" where there is nothing to say.
    """

    kind: str
    title: str
    was: str = ""
    now: str = ""


@dataclass(frozen=True)
class Difference:
    """What changed; None and () where nothing did. A pair is what it was and what it is now."""

    judgement: tuple[str | None, str | None] | None = None
    narrative: tuple[str, str] | None = None
    not_applicable_reason: tuple[str, str] | None = None
    evidence: tuple[Change, ...] = ()
    actions: tuple[Change, ...] = ()

    @property
    def is_any(self) -> bool:
        """Whether anything changed at all."""
        return self != Difference()


def differ(before: Sealed, after: Sealed) -> Difference:
    """What changed from one seal of a requirement to the next."""
    return Difference(
        judgement=_pair(before.judgement, after.judgement),
        narrative=_pair(before.narrative, after.narrative),
        not_applicable_reason=_pair(before.not_applicable_reason, after.not_applicable_reason),
        evidence=_changes(before.evidence, after.evidence, _same_content, _same_title, _evidence_words),
        actions=_changes(before.actions, after.actions, _same_action, _same_ref, _action_words),
    )


def _pair(was: Any, now: Any) -> Any:
    return None if was == now else (was, now)


def _changes(
    before: Sequence[Item],
    after: Sequence[Item],
    same: Callable[[Item, Item], bool],
    alike: Callable[[Item, Item], bool],
    words: Callable[[Item], str],
) -> tuple[Change, ...]:
    """Pair what is the same, then what is alike; who stays alone was added or removed. Items keep their order."""
    left = list(before)
    partners: dict[int, Item] = {}
    for match in (lambda one, other: same(one, other) and _title(one) == _title(other), same, alike):
        for place, item in enumerate(after):
            found = next((each for each in left if match(each, item)), None) if place not in partners else None
            if found is not None:
                partners[place] = found
                left.remove(found)
    found_changes = []
    for place, item in enumerate(after):
        was = partners.get(place)
        if was is None:
            found_changes.append(Change("added", _title(item), now=words(item)))
        elif was.get("sha256") != item.get("sha256"):
            found_changes.append(Change("version", _title(item), _file(was), _file(item)))
        elif (_title(was), words(was)) != (_title(item), words(item)):
            renamed = _title(was) != _title(item)
            found_changes.append(Change("words", _title(item), _line(was, words, renamed), _line(item, words, renamed)))
    return (*found_changes, *(Change("removed", _title(item), was=words(item)) for item in left))


def _same_content(one: Item, other: Item) -> bool:
    """The same file, the same web address or the same live measure."""
    keys = ("sha256", "url")
    if any(one.get(key) and one.get(key) == other.get(key) for key in keys):
        return True
    return _measure(one) is not None and _measure(one) == _measure(other)


def _same_title(one: Item, other: Item) -> bool:
    """Two files under one title: the later one is another version of it."""
    return bool(one.get("sha256") and other.get("sha256")) and one.get("title") == other.get("title")


def _same_action(one: Item, other: Item) -> bool:
    return one.get("ref") == other.get("ref") and one.get("action") == other.get("action")


def _same_ref(one: Item, other: Item) -> bool:
    return bool(one.get("ref")) and one.get("ref") == other.get("ref")


def _measure(item: Item) -> Any:
    """The code of a live measure: sealed with its figures, in a draft alone."""
    measure = item.get("measure")
    return measure.get("code") if isinstance(measure, Mapping) else measure


def _title(item: Item) -> str:
    return str(item.get("title") or item.get("action") or "")


def _file(item: Item) -> str:
    return str(item.get("filename") or "")


def _line(item: Item, words: Callable[[Item], str], renamed: bool) -> str:
    return ". ".join(part for part in (_title(item) if renamed else "", words(item)) if part)


def _evidence_words(item: Item) -> str:
    measure = item.get("measure")
    counted = ""
    if isinstance(measure, Mapping) and measure.get("denominator") is not None:
        counted = f"{measure.get('numerator')} of {measure.get('denominator')}"
    return ". ".join(part for part in (counted, item.get("pinpoint"), item.get("why")) if part)


def _action_words(item: Item) -> str:
    status = str(item.get("status") or "").replace("_", " ")
    who_and_when = ", ".join(part for part in (item.get("responsibility"), item.get("timescale")) if part)
    return ". ".join(part for part in (who_and_when, status) if part)
