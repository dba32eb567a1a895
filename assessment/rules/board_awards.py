"""Sections of a board report about awards: who holds them, what changed, what runs out, which reviews are due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from assessment.rules.board_facts import BoardFacts, HeldAward
from assessment.rules.board_sections import Chart, Section, Tabled, Value
from assessment.rules.board_words import begun, beside, joined, several
from assessment.rules.process_words import day_words

YEARS_BACK = 4
MONTHS_AHEAD = 12
EARLY_WORDS = {"ended": "Ended early", "surrendered": "Given up"}
EARLY = tuple(EARLY_WORDS)


def holders(facts: BoardFacts) -> Section:
    """How many councils hold which level, on the last day of the period and on that day of earlier years."""
    days = [facts.period_to - relativedelta(years=back) for back in reversed(range(YEARS_BACK + 1))]
    levels = _levels(facts.awards, days)
    counts = [_councils_by_level(facts.awards, day) for day in days]
    totals = [len({award.council_id for award in facts.awards if award.is_held(day)}) for day in days]
    held = [f"{counts[-1][level]:,} at {level}" for level in levels if counts[-1][level]]
    since = _changed_since(facts)
    sentence = f"{begun(several(totals[-1], 'council'))} held an award on {day_words(days[-1])}"
    sentence += f": {joined(held)}." if held else "."
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (day_words(day), *(count[level] for level in levels), total)
        for day, count, total in zip(days, counts, totals, strict=True)
    )
    return Section(
        "holders",
        "Councils that hold an award",
        f"{sentence} {beside(totals[-1], totals[-2], 'a year before')}{since}",
        "Councils with an award that was held on the day, its days of grace included. A council that holds two levels"
        " stands under each of them, and once among the councils. The bars count awards.",
        (Tabled("Holders by level and year", ("On", *levels, "Councils"), rows if levels else ()),),
        Chart(
            tuple(f"{day:%b %Y}" for day in days),
            tuple((level, tuple(count[level] for count in counts)) for level in levels),
        ),
    )


def _changed_since(facts: BoardFacts) -> str:
    """What happened to awards between the period and the day of the report, as a sentence; "" for nothing."""
    after = [award for award in facts.awards if facts.period_to < award.awarded_on <= facts.as_of]
    gone = [award for award in facts.awards if award.is_held(facts.period_to) and not award.is_held(facts.as_of)]
    words = [several(len(after), "award was made", "awards were made")] if after else []
    words += [several(len(gone), "award ended or ran out", "awards ended or ran out")] if gone else []
    return f" From then to {day_words(facts.as_of)}, {joined(words)}." if words else ""


def changes(facts: BoardFacts) -> Section:
    """What was awarded, and what ended, in the period."""
    made = [award for award in facts.awards if _within(award.awarded_on, facts)]
    begun_on = {(award.council_id, award.level, award.awarded_on) for award in facts.awards}
    ended_on = {(award.council_id, award.level, award.ended_on) for award in facts.awards if award.ending == "ended"}
    renewed = [award for award in made if (award.council_id, award.level, award.awarded_on) in ended_on]
    ended = [
        award
        for award in facts.awards
        if award.ending in EARLY
        and _within(award.ended_on, facts)
        and (award.council_id, award.level, award.ended_on) not in begun_on
    ]
    ran_out = [award for award in facts.awards if award.ending not in EARLY and _within(_after_grace(award), facts)]
    again = f", {several(len(renewed), 'of them a renewal', 'of them renewals')}" if renewed else ""
    rows = (
        ("Awards made", len(made)),
        ("of them renewals", len(renewed)),
        ("Ended early", len(ended)),
        ("Ran out", len(ran_out)),
    )
    named = tuple((award.council, award.level, day_words(award.awarded_on)) for award in _ordered(made, _awarded))
    over = [(award.ended_on or award.grace_to_on, award, EARLY_WORDS[award.ending or ""]) for award in ended]
    over += [(_after_grace(award), award, "Ran out") for award in ran_out]
    over.sort(key=lambda each: (each[0], each[1].council.casefold(), each[1].level))
    gone = tuple((award.council, award.level, words, day_words(day)) for day, award, words in over)
    return Section(
        "changes",
        "Awards made and ended",
        f"{begun(several(len(made), 'award was', 'awards were'))} made in the period{again}."
        f" {begun(several(len(ended), 'award'))} ended early, and {several(len(ran_out), 'award')} ran out.",
        "Awards of the days of the period. A renewal takes the place of an award of the same level. Ended early: given"
        " up, or ended with the council. Ran out: the last day of grace passed. From: the first day without the award.",
        (
            Tabled("Awards in the period", ("What happened", "Awards"), rows if made or ended or ran_out else ()),
            Tabled("Awards made in the period", ("Council", "Award", "Awarded on"), named),
            Tabled("Awards that ended or ran out in the period", ("Council", "Award", "What happened", "From"), gone),
        ),
    )


def expiries(facts: BoardFacts) -> Section:
    """Which awards have their last day soon."""
    until = facts.as_of + relativedelta(months=MONTHS_AHEAD)
    ending = _ordered(
        (award for award in facts.awards if award.is_held(facts.as_of) and facts.as_of < award.valid_to_on <= until),
        lambda award: award.valid_to_on,
    )
    sentence = f"No award has its last day in the twelve months to {day_words(until)}."
    if ending:
        first = ending[0]
        sentence = (
            f"{several(len(ending), 'award has its last day', 'awards have their last day')} in the twelve months to"
            f" {day_words(until)}. {'It is' if len(ending) == 1 else 'The first is'} {first.level} of {first.council},"
            f" on {day_words(first.valid_to_on)}."
        )
    months = [(facts.as_of + relativedelta(months=number)).replace(day=1) for number in range(MONTHS_AHEAD + 1)]
    by_month = Counter(award.valid_to_on.replace(day=1) for award in ending)
    return Section(
        "expiries",
        "Awards that run out in the next twelve months",
        sentence,
        "Awards held on the day the report was made, with their last day in the twelve months after it. Days of grace"
        " come after the last day.",
        (
            Tabled(
                "Awards by their last day",
                ("Council", "Award", "Last day"),
                tuple((award.council, award.level, day_words(award.valid_to_on)) for award in ending),
            ),
        ),
        Chart(
            tuple(f"{month:%b\n%Y}" if month.month == 1 or month is months[0] else f"{month:%b}" for month in months),
            (("Awards", tuple(by_month[month] for month in months)),),
        ),
    )


def interim(facts: BoardFacts) -> Section:
    """Interim reviews due, done and late."""
    due = [award for award in facts.awards if _within(award.interim_due_on, facts) and award.is_held(_due(award))]
    done = [award for award in due if _is_reviewed(award, facts.as_of)]
    late = _ordered((award for award in facts.awards if _is_late(award, facts.as_of)), _due)
    late_of_due = [award for award in due if _is_late(award, facts.as_of)]
    until = facts.as_of + relativedelta(months=MONTHS_AHEAD)
    coming = [
        award
        for award in facts.awards
        if award.interim_due_on is not None
        and facts.as_of <= award.interim_due_on <= until
        and award.is_held(facts.as_of)
        and not _is_reviewed(award, facts.as_of)
    ]
    sentence = f"{begun(several(len(due), 'interim review was', 'interim reviews were'))} due in the period"
    if due:
        sentence += f": {len(done) or 'none'} {'is' if len(done) == 1 else 'are'} done and {len(late_of_due) or 'none'}"
        sentence += f" {'is' if len(late_of_due) == 1 else 'are'} late"
    older = len(late) - len(late_of_due)
    if older:
        sentence += f". {several(older, 'review')} due at another time {'is' if older == 1 else 'are'} late"
    sentence += f". {begun(several(len(coming), 'review falls', 'reviews fall'))} due by {day_words(until)}."
    reviewed = sum(_within(award.interim_reviewed_on, facts) for award in facts.awards)
    rows = (
        ("Due in the period", len(due)),
        ("of them done", len(done)),
        ("of them late", len(late_of_due)),
        ("Reviewed in the period, whenever due", reviewed),
        ("Late on the day of the report, whenever due", len(late)),
        ("Due in the next twelve months", len(coming)),
    )
    return Section(
        "interim",
        "Interim reviews",
        sentence,
        "A review is due on the day that the award says, while the award is held. Done: the region has written its"
        " letter. Late: the day has passed without one.",
        (
            Tabled("Interim reviews", ("What", "Reviews"), rows if any(number for _, number in rows) else ()),
            Tabled(
                "Late interim reviews",
                ("Council", "Award", "Due on"),
                tuple((award.council, award.level, day_words(_due(award))) for award in late),
            ),
        ),
        Chart(
            ("Due in the period", "of them done", "Late now", "Due in twelve months"),
            (("Reviews", (len(due), len(done), len(late), len(coming))),),
            lying=True,
        ),
    )


def _levels(awards: Iterable[HeldAward], days: list[date]) -> list[str]:
    """Levels that were held on any of the days, the most held first."""
    held = Counter(award.level for award in awards for day in days if award.is_held(day))
    return sorted(held, key=lambda level: (-held[level], level))


def _councils_by_level(awards: Iterable[HeldAward], day: date) -> Counter[str]:
    held = {(award.level, award.council_id) for award in awards if award.is_held(day)}
    return Counter(level for level, _ in held)


def _within(day: date | None, facts: BoardFacts) -> bool:
    return day is not None and facts.period_from <= day <= facts.period_to


def _after_grace(award: HeldAward) -> date:
    return award.grace_to_on + timedelta(days=1)


def _is_reviewed(award: HeldAward, day: date) -> bool:
    return award.interim_reviewed_on is not None and award.interim_reviewed_on <= day


def _is_late(award: HeldAward, day: date) -> bool:
    return (
        award.interim_due_on is not None
        and award.interim_due_on < day
        and award.is_held(day)
        and not _is_reviewed(award, day)
    )


def _due(award: HeldAward) -> date:
    if award.interim_due_on is None:
        raise ValueError(f"no interim review is due for {award}")
    return award.interim_due_on


def _awarded(award: HeldAward) -> date:
    return award.awarded_on


def _ordered(awards: Iterable[HeldAward], day: Callable[[HeldAward], date]) -> list[HeldAward]:
    return sorted(awards, key=lambda award: (day(award), award.council.casefold(), award.level))
