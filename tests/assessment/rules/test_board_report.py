"""The sentences of a board report: none, one and several; and which days count for what."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from assessment.rules.board_facts import BoardFacts, Load, ThemeCount, next_report_on, quarter_before, quarter_of
from assessment.rules.board_report import document_of, read_sections, sections_of
from assessment.rules.board_sections import Section
from assessment.rules.board_words import beside, joined, several
from assessment.rules.working_days import Nation
from tests.factories.board_facts import NOTHING, a_region, award


def section(code: str, facts: BoardFacts) -> Section:
    """One section of the report on these facts."""
    return next(each for each in sections_of(facts) if each.code == code)


def said(code: str, facts: BoardFacts) -> str:
    """Its sentence."""
    return section(code, facts).sentence


def test_a_region_without_anything_says_so_in_each_section() -> None:
    assert {each.code: (each.sentence, each.tables, each.chart) for each in sections_of(NOTHING)} == {
        "holders": (
            "No councils held an award on 30 September 2026. There were none a year before either.", (), None,
        ),
        "changes": (
            "No awards were made in the period. No awards ended early, and no awards ran out.", (), None,
        ),
        "pipeline": ("On 22 November 2026 the region had no councils.", (), None),
        "expiries": ("No award has its last day in the twelve months to 22 November 2027.", (), None),
        "interim": (
            "No interim reviews were due in the period. No reviews fall due by 22 November 2027.", (), None,
        ),
        "themes": ("No improvement is open.", (), None),
        "load": ("The region has no assessors on its list.", (), None),
    }  # fmt: skip


def test_one_of_everything_is_said_in_the_singular() -> None:
    facts = replace(
        NOTHING,
        councils=1,
        under_way=1,
        late=1,
        awards=(award("Oakford", date(2026, 9, 1), valid_to_on=date(2027, 9, 1), interim_due_on=date(2026, 9, 20)),),
        open_improvements=1,
        themes=(ThemeCount("Mentors", "", 1, 1, 1),),
        loads=(Load(1, 1),),
    )
    assert {each.code: each.sentence for each in sections_of(facts)} == {
        "holders": "1 council held an award on 30 September 2026: 1 at Charter. That is 1 more than a year before.",
        "changes": "1 award was made in the period. No awards ended early, and no awards ran out.",
        "pipeline": "On 22 November 2026, 1 of 1 council was on the way to an award, and all had committed."
        " 1 council was late.",
        "expiries": "1 award has its last day in the twelve months to 22 November 2027. It is Charter of Oakford, on"
        " 1 September 2027.",
        "interim": "1 interim review was due in the period: none are done and 1 is late."
        " No reviews fall due by 22 November 2027.",
        "themes": "1 improvement is open. The most common theme is “Mentors”: 1 open, in 1 council.",
        "load": "1 assessor had 1 place in teams on 22 November 2026. Each had at least one, and 1 had as many as they"
        " take on.",
    }


def test_a_council_with_two_levels_counts_once() -> None:
    facts = replace(NOTHING, awards=(award("A", date(2025, 3, 1)), award("A", date(2026, 3, 1), "Charter Plus")))
    found = section("holders", facts)
    assert found.sentence == (
        "1 council held an award on 30 September 2026: 1 at Charter and 1 at Charter Plus."
        " That is as many as a year before."
    )
    (table,) = found.tables
    assert table.headings == ("On", "Charter", "Charter Plus", "Councils")
    assert table.rows[-2:] == (("30 September 2025", 1, 0, 1), ("30 September 2026", 1, 1, 1))


@pytest.mark.parametrize(
    ("more", "holders"),
    [
        ({"grace_to_on": date(2026, 9, 30)}, 1),
        ({"grace_to_on": date(2026, 9, 29)}, 0),
        ({"ending": "surrendered", "ended_on": date(2026, 10, 1)}, 1),
        ({"ending": "surrendered", "ended_on": date(2026, 9, 30)}, 0),
    ],
)
def test_the_day_of_an_end_is_the_first_without_the_award(more: dict[str, object], holders: int) -> None:
    facts = replace(NOTHING, awards=(award("A", date(2023, 9, 1), **more),))
    assert said("holders", facts).startswith("1 council held" if holders else "No councils held")


def test_a_renewal_is_no_end() -> None:
    earlier = award("A", date(2023, 9, 1), ending="ended", ended_on=date(2026, 8, 1))
    facts = replace(
        NOTHING,
        awards=(
            earlier,
            award("A", date(2026, 8, 1)),
            award("B", date(2024, 1, 1), ending="ended", ended_on=date(2026, 8, 1)),
            award("C", date(2022, 1, 1), grace_to_on=date(2026, 9, 29), ending="expired", ended_on=date(2026, 9, 30)),
            award("D", date(2022, 1, 1), grace_to_on=date(2026, 9, 30)),
        ),
    )
    assert said("changes", facts) == (
        "1 award was made in the period, 1 of them a renewal. 1 award ended early, and 1 award ran out."
    )


def test_reviews_of_the_period_are_told_from_those_due_at_another_time() -> None:
    made = date(2025, 1, 1)
    facts = replace(
        NOTHING,
        awards=(
            award("A", made, interim_due_on=date(2026, 7, 1), interim_reviewed_on=date(2026, 9, 1)),
            award("B", made, interim_due_on=date(2026, 7, 2)),
            award("C", made, interim_due_on=date(2026, 6, 30)),
            award("D", made, interim_due_on=date(2026, 11, 22)),
            award("E", made, interim_due_on=date(2026, 8, 1), ending="surrendered", ended_on=date(2026, 10, 1)),
        ),
    )
    found = section("interim", facts)
    assert found.sentence == (
        "3 interim reviews were due in the period: 1 is done and 1 is late. 1 review due at another time is late."
        " 1 review falls due by 22 November 2027."
    )
    assert found.tables[1].rows == (("C", "Charter", "30 June 2026"), ("B", "Charter", "2 July 2026"))


def test_themes_that_are_as_common_are_named_together() -> None:
    themes = tuple(ThemeCount(title, "", 2, 2, 1) for title in ("Mentors", "Induction"))
    assert said("themes", replace(NOTHING, open_improvements=3, themes=themes)) == (
        "3 improvements are open. The most common themes are “Mentors” and “Induction”: 2 open each."
    )
    assert said("themes", replace(NOTHING, open_improvements=3)) == (
        "3 improvements are open, none of them under a theme."
    )


def test_improvements_without_a_theme_are_counted_in_sentence_table_and_chart() -> None:
    themes, none = (ThemeCount("Mentors", "A pool.", 20, 15, 4),), ThemeCount("No theme", "", 30, 21, 9)
    found = section("themes", replace(NOTHING, open_improvements=36, themes=themes, without_theme=none))
    assert found.sentence == (
        "36 improvements are open. The most common theme is “Mentors”: 15 open, in 4 councils. 21 have no theme yet."
    )
    assert found.tables[0].rows == (("Mentors", 15, 4, 20, "A pool."), ("No theme yet", 21, 9, 30, ""))
    assert found.chart is not None
    assert (found.chart.labels, found.chart.series) == (
        ("Mentors", "No theme yet"),
        (("Open improvements", (15, 21)),),
    )


def test_awards_that_ended_or_ran_out_are_listed_with_the_first_day_without_them() -> None:
    facts = replace(
        NOTHING,
        awards=(
            award("B", date(2022, 1, 1), grace_to_on=date(2026, 8, 31)),
            award("A", date(2024, 1, 1), ending="surrendered", ended_on=date(2026, 9, 2)),
            award("C", date(2024, 1, 1), ending="ended", ended_on=date(2026, 8, 1)),
        ),
    )
    assert section("changes", facts).tables[-1].rows == (
        ("C", "Charter", "Ended early", "1 August 2026"),
        ("B", "Charter", "Ran out", "1 September 2026"),
        ("A", "Charter", "Given up", "2 September 2026"),
    )


def test_what_happened_between_the_period_and_the_report_is_said_beside_the_holders() -> None:
    facts = replace(
        NOTHING,
        awards=(
            award("A", date(2024, 1, 1), ending="surrendered", ended_on=date(2026, 10, 2)),
            award("B", date(2026, 10, 5)),
            award("C", date(2023, 1, 1), grace_to_on=date(2026, 11, 1)),
            award("D", date(2024, 1, 1)),
        ),
    )
    assert said("holders", facts) == (
        "3 councils held an award on 30 September 2026: 3 at Charter. That is as many as a year before."
        " From then to 22 November 2026, 1 award was made and 2 awards ended or ran out."
    )


def test_no_assessor_is_named_and_many_files_are_one_line() -> None:
    found = section("load", a_region())
    assert found.sentence == (
        "5 assessors had 8 places in teams on 22 November 2026. 2 had none, and 2 had as many as they take on."
    )
    assert found.tables[0].rows == (("No file", 2), ("1 file", 1), ("2 files", 1), ("3 files or more", 1))


def test_what_is_kept_reads_as_what_was_computed() -> None:
    document = document_of(a_region())
    assert read_sections(json.loads(json.dumps(document))) == sections_of(a_region())
    assert (document["period_from"], document["as_of"]) == ("2026-07-01", "2026-11-22")


def test_quarters_and_the_first_working_day_after_them() -> None:
    assert quarter_of(date(2026, 12, 31)) == (date(2026, 10, 1), date(2026, 12, 31))
    assert quarter_before(date(2026, 1, 1)) == (date(2025, 10, 1), date(2025, 12, 31))
    assert quarter_before(date(2028, 4, 2)) == (date(2028, 1, 1), date(2028, 3, 31))
    # New Year's Day 2027 is a Friday; the first working day is the Monday after it.
    assert next_report_on(date(2026, 11, 22), Nation.ENGLAND) == date(2027, 1, 4)


def test_numbers_come_with_their_nouns() -> None:
    assert [several(number, "council") for number in (0, 1, 1200)] == ["no councils", "1 council", "1,200 councils"]
    assert [joined(words) for words in (["A"], ["A", "B"], ["A", "B", "C"])] == ["A", "A and B", "A, B and C"]
    assert beside(1, 3, "a year before") == "That is 2 fewer than a year before."
