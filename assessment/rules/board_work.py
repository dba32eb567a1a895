"""Sections of a board report about work: the pipeline, themes of improvements, and what assessors have to do."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from assessment.rules.board_facts import BoardFacts
from assessment.rules.board_sections import Chart, Section, Tabled
from assessment.rules.board_words import begun, joined, several
from assessment.rules.process_words import day_words

MANY_FILES = 3
"""From so many files on, assessors stand in one line."""
NO_THEME = "No theme yet"


def pipeline(facts: BoardFacts) -> Section:
    """Where councils stand on the day of the report."""
    if facts.councils:
        of_all = f"of {several(facts.councils, 'council')}"
        sentence = (
            f"On {day_words(facts.as_of)}, {facts.under_way or 'none'} {of_all}"
            f" {'was' if facts.under_way == 1 else 'were'} on the way to an award,"
            f" and {f'{facts.not_committed:,} had not' if facts.not_committed else 'all had'} committed."
            f" {begun(several(facts.late, 'council was', 'councils were'))} late."
        )
    else:
        sentence = f"On {day_words(facts.as_of)} the region had no councils."
    shown = tuple((words, number) for words, number in facts.stages if number)
    return Section(
        "pipeline",
        "Where councils stand",
        sentence,
        "Each council once, by the accreditation under way, or else by its newest award, on the day the report was"
        " made. Late: a date that the council or the region is waited for has passed.",
        (Tabled("Councils by stage", ("Stage", "Councils"), shown),),
        Chart(tuple(words for words, _ in shown), (("Councils", tuple(number for _, number in shown)),), lying=True),
    )


def themes(facts: BoardFacts) -> Section:
    """What open improvements have in common."""
    open_words = begun(several(facts.open_improvements, "improvement is", "improvements are"))
    themed = sorted((theme for theme in facts.themes if theme.issued), key=lambda theme: -theme.open)
    most, none = themed[0].open if themed else 0, facts.without_theme
    shown = [*themed, replace(none, title=NO_THEME, training="")] if none and none.issued else themed
    if not facts.open_improvements:
        sentence = "No improvement is open."
    elif not most:
        sentence = f"{open_words} open, none of them under a theme."
    else:
        first = [theme for theme in themed if theme.open == most]
        names = joined([f"“{theme.title}”" for theme in first])
        most_common = "theme is" if len(first) == 1 else "themes are"
        where = f", in {several(first[0].councils, 'council')}" if len(first) == 1 else " each"
        sentence = f"{open_words} open. The most common {most_common} {names}: {most:,} open{where}."
        if none and none.open:
            sentence += f" {none.open:,} {'has' if none.open == 1 else 'have'} no theme yet."
    return Section(
        "themes",
        "What improvements are about",
        sentence,
        "Improvements issued to councils that the region has not ended are open. The region’s officer puts them under"
        " themes; one under two themes counts under both, one that is under none under “No theme yet”. Councils: those"
        " with an open one.",
        (
            Tabled(
                "Improvements by theme",
                ("Theme", "Open", "Councils", "Issued", "Training that it suggests"),
                tuple((each.title, each.open, each.councils, each.issued, each.training) for each in shown),
            ),
        ),
        Chart(
            tuple(theme.title for theme in shown if theme.open),
            (("Open improvements", tuple(theme.open for theme in shown if theme.open)),),
            lying=True,
        ),
    )


def load(facts: BoardFacts) -> Section:
    """How much assessors have to do; without a name."""
    loads = Counter(min(load.files, MANY_FILES) for load in facts.loads)
    full = sum(load.files >= load.most for load in facts.loads)
    number = len(facts.loads)
    sentence = "The region has no assessors on its list."
    if number:
        places = sum(load.files for load in facts.loads)
        free = f"{loads[0]:,} had none" if loads[0] else "Each had at least one"
        sentence = (
            f"{several(number, 'assessor')} had {several(places, 'place')} in teams on {day_words(facts.as_of)}."
            f" {free}, and {full or 'none'} had as many as they take on."
        )
    words = ("No file", "1 file", "2 files", f"{MANY_FILES} files or more")
    rows = tuple((label, loads[files]) for files, label in enumerate(words)) if number else ()
    return Section(
        "load",
        "What assessors have to do",
        sentence,
        "Assessors on the region’s list who have not left it. A file counts until its scores are sent; for who leads"
        " without scoring, until the outcome is decided. Names do not stand in this report.",
        (Tabled("Assessors by files", ("Files", "Assessors"), rows),),
        Chart(tuple(words), (("Assessors", tuple(loads[files] for files in range(len(words)))),), lying=True),
    )
