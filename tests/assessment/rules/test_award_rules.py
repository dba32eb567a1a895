"""An award rule is read, refused with reasons, and evaluated into lines a person can follow."""

import pytest

from assessment.rules.award_rules import (
    Figures,
    Outcome,
    RuleError,
    RuleLine,
    evaluate,
    parse_rule,
    problems,
    rule_document,
)
from assessment.rules.framework_tree import Clause, ClauseKind, Rule, Selector, SelectorKind
from assessment.rules.frameworks import Framework

SHARE = {"share": {"of": "requirements", "at_least": "met", "minimum": 0.5}}
ALL = {"all": {"of": "key_indicators", "at_least": "met"}}
NONE = {"none": {"of": "criterion 2", "is": "not_met"}}


def line(framework: Framework, rule: object, level: str = "charter", **judgements: str) -> RuleLine:
    codes = {"signed": "1.1.1", "kept": "1.1.2", "planned": "1.10", "shared": "2.1.2"}
    given = {codes[name]: step for name, step in judgements.items()}
    (only,) = evaluate(parse_rule(rule), framework, level, given).lines
    return only


def test_one_clause_and_several_are_read_and_written_back() -> None:
    assert parse_rule(ALL) == Rule((Clause(ClauseKind.ALL, Selector(SelectorKind.KEY_INDICATORS), "met"),))
    whole = {"and": [ALL, SHARE, NONE, {"all": {"of": "element 1.1", "at_least": "partly_met"}}]}
    assert rule_document(parse_rule(whole)) == whole
    assert rule_document(parse_rule({"and": [ALL]})) == ALL


@pytest.mark.parametrize(
    ("node", "errors"),
    [
        (None, (((), "a rule is one of: and, all, share, none"),)),
        ({**ALL, **SHARE}, (((), "a rule is one of: and, all, share, none"),)),
        ({"or": [ALL]}, (((), "a clause is one of: all, share, none"),)),
        ({"and": []}, ((("and",), "and takes a list of one or more clauses"),)),
        ({"and": [{"and": [ALL]}]}, ((("and", 0), "a clause is one of: all, share, none"),)),
        ({"all": "met"}, ((("all",), "all takes the keys of, at_least"),)),
        (
            {"none": {"of": "requirements", "at_least": "met"}},
            ((("none", "at_least"), "unknown key 'at_least' in none"), (("none",), "none needs is")),
        ),
        (
            {"share": {"of": "requirements", "at_least": "met", "minimum": 0}},
            ((("share", "minimum"), "minimum is a share above 0 and up to 1, such as 0.8"),),
        ),
        (
            {"share": {"of": "requirements", "at_least": "met", "minimum": True}},
            ((("share", "minimum"), "minimum is a share above 0 and up to 1, such as 0.8"),),
        ),
        (
            {"share": {"of": "requirements", "at_least": "met", "minimum": "most"}},
            ((("share", "minimum"), "minimum is a share above 0 and up to 1, such as 0.8"),),
        ),
        (
            {"all": {"of": ["criterion 1"], "at_least": "met"}},
            ((("all", "of"), "of is requirements, key_indicators, criterion CODE or element CODE"),),
        ),
        (
            {"all": {"of": "criterion ", "at_least": "met"}},
            ((("all", "of"), "of is requirements, key_indicators, criterion CODE or element CODE"),),
        ),
        (
            {"all": {"of": "requirements", "at_least": ["met"]}},
            ((("all", "at_least"), "at_least names a step of the scale"),),
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(node: object, errors: object) -> None:
    with pytest.raises(RuleError) as caught:
        parse_rule(node)
    assert caught.value.errors == errors


def test_an_award_is_proposed_when_every_line_holds(small: Framework) -> None:
    proposal = evaluate(small.award_rule, small, "charter", {"1.1.1": "met", "1.1.2": "not_met", "1.10": "met"})
    assert proposal.outcome is Outcome.AWARDED
    assert [(each.holds, each.text) for each in proposal.lines] == [
        (True, "All key indicators are judged “Met”: 1 of 1."),
        (True, "At least 50% of the requirements are judged “Met”: 2 of 3 (66.7%); not so: 1.1.2."),
        (
            True,
            "None of the requirements of criterion 2 is judged “Not yet met”: 1 of 1 are judged otherwise.",
        ),
    ]


def test_one_line_that_fails_is_enough_for_not_yet(small: Framework) -> None:
    proposal = evaluate(small.award_rule, small, "charter", {"1.1.1": "met", "1.1.2": "met", "1.10": "not_met"})
    assert proposal.outcome is Outcome.NOT_YET
    assert [each.holds for each in proposal.lines] == [True, True, False]
    assert proposal.lines[2].text == (
        "None of the requirements of criterion 2 is judged “Not yet met”: 0 of 1 are judged otherwise; judged so: 1.10."
    )


def test_a_step_below_met_never_counts_as_met(small: Framework) -> None:
    found = line(small, ALL, signed="partly_met")
    assert found == RuleLine(
        "All key indicators are judged “Met”: 0 of 1; not so: 1.1.1.",
        False,
        Figures(1, 0, 0, ("1.1.1",), (), 0.0, None),
    )


def test_partly_met_counts_where_the_rule_asks_for_no_more(small: Framework) -> None:
    rule = {"all": {"of": "element 1.1", "at_least": "partly_met"}}
    found = line(small, rule, signed="partly_met", kept="met")
    assert (found.holds, found.text) == (
        True,
        "All requirements of element 1.1 are judged “Partly met” or better: 2 of 2.",
    )


def test_not_applicable_leaves_the_denominator(small: Framework) -> None:
    found = line(small, SHARE, signed="met", kept="not_met", planned="not_applicable")
    assert found == RuleLine(
        "At least 50% of the requirements are judged “Met”: 1 of 2 (50%); not so: 1.1.2; "
        "not applicable and not counted: 1.",
        True,
        Figures(2, 1, 1, ("1.1.2",), (), 0.5, 0.5),
    )


@pytest.mark.parametrize("rule", [ALL, NONE])
def test_when_everything_is_not_applicable_nothing_holds(small: Framework, rule: object) -> None:
    found = line(small, rule, signed="not_applicable", planned="not_applicable")
    assert (found.holds, found.figures) == (False, Figures(0, 0, 1, (), (), None, None))
    assert found.text.endswith("nothing to count, as everything here is judged not applicable.")


def test_a_missing_judgement_does_not_hold_and_is_named(small: Framework) -> None:
    assert line(small, SHARE, signed="met", kept="nonsense") == RuleLine(
        ("At least 50% of the requirements are judged “Met”: 1 of 3 (33.3%); without a judgement: 1.1.2, 1.10."),
        False,
        Figures(3, 1, 0, (), ("1.1.2", "1.10"), 1 / 3, 0.5),
    )
    assert line(small, NONE).holds is False


def test_a_level_counts_its_own_requirements_only(small: Framework) -> None:
    assert line(small, SHARE, "charter", signed="met", kept="met", planned="met").figures.counted == 3
    assert line(small, SHARE, "plus", signed="met", kept="met", planned="met").figures == Figures(
        4, 3, 0, (), ("2.1.2",), 0.75, 0.5
    )
    with pytest.raises(KeyError):
        line(small, SHARE, "gold")


def test_a_share_exactly_at_its_minimum_holds_and_one_below_does_not(starter_45: Framework) -> None:
    codes = [requirement.code for requirement in starter_45.requirements]
    rule = parse_rule({"share": {"of": "requirements", "at_least": "met", "minimum": 0.8}})

    def met(number: int) -> RuleLine:
        given = {code: "met" if index < number else "not_met" for index, code in enumerate(codes)}
        return evaluate(rule, starter_45, "charter", given).lines[0]

    assert [met(number).holds for number in (35, 36, 45)] == [False, True, True]
    assert met(35).text.startswith("At least 80% of the requirements are judged “Met”: 35 of 45 (77.8%); not so: ")


def test_a_rule_cannot_ask_for_not_applicable(small: Framework) -> None:
    rule = parse_rule({"none": {"of": "requirements", "is": "not_applicable"}})
    assert problems(rule, small) == (
        (("none", "is"), "what is not applicable leaves the count, no rule can ask for it"),
    )
