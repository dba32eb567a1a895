"""A framework is read, checked as a whole and written back; every refusal names its line."""

import json
from datetime import date
from pathlib import Path

import pytest

from assessment.rules.frameworks import (
    DEFAULT_SCALE,
    Crossing,
    Framework,
    FrameworkError,
    Level,
    Requirement,
    digest,
    from_document,
    parse,
    to_document,
)


def refused(text: str) -> tuple[tuple[int, str], ...]:
    with pytest.raises(FrameworkError) as caught:
        parse(text)
    return caught.value.errors


def test_a_framework_is_read_with_its_levels_and_the_default_scale(small: Framework) -> None:
    assert (small.code, small.version, small.title) == ("small", "1", "Small")
    assert (small.in_force_from, small.starter, small.note) == (None, False, "")
    assert small.levels == (Level("charter", "Charter"), Level("plus", "Charter Plus", "charter"))
    assert small.scale == DEFAULT_SCALE
    assert [(step.code, step.label, step.met) for step in small.scale] == [
        ("met", "Met", True),
        ("partly_met", "Partly met", False),
        ("not_met", "Not yet met", False),
        ("not_applicable", "Not applicable", False),
    ]


def test_requirements_are_found_by_level_and_by_code(small: Framework) -> None:
    assert [each.code for each in small.requirements_of("charter")] == ["1.1.1", "1.1.2", "1.10"]
    assert [each.code for each in small.requirements_of("plus")] == ["1.1.1", "1.1.2", "1.10", "2.1.2"]
    assert small.requirement("2.1.2") == Requirement("2.1.2", "Shared", "It is shared.", "", (), ("plus",))
    assert [part.code for part in small.place_of("1.10")] == ["2", "2.1"]
    with pytest.raises(KeyError):
        small.requirements_of("gold")
    with pytest.raises(KeyError):
        small.requirement("9")


def test_a_framework_survives_the_way_through_json(small: Framework, starter: Path) -> None:
    for framework in (small, parse((starter / "charter-2017.yaml").read_text())):
        assert from_document(json.loads(json.dumps(to_document(framework)))) == framework


def test_a_stored_document_is_checked_as_strictly_and_has_no_lines(small: Framework) -> None:
    document = {**to_document(small), "title": "", "colour": "red"}
    with pytest.raises(FrameworkError) as caught:
        from_document(document)
    assert caught.value.errors == ((0, "unknown key 'colour' in the framework"), (0, "title is missing"))
    assert str(caught.value) == "unknown key 'colour' in the framework\ntitle is missing"


def test_the_digest_changes_with_any_word_and_not_with_the_layout(small: Framework, small_text: str) -> None:
    assert digest(parse(small_text.replace("title: Small", 'title:   "Small"  # the same'))) == digest(small)
    assert digest(parse(small_text.replace("It is kept.", "It is kept!"))) != digest(small)
    assert len(digest(small)) == 64


def test_the_message_begins_with_the_line(small_text: str) -> None:
    with pytest.raises(FrameworkError, match=r"^line 3: title is missing$") as caught:
        parse(small_text.replace("title: Small", "title:"), source="own.yaml")
    assert (caught.value.line, caught.value.reason, caught.value.source) == (
        3,
        "title is missing",
        "own.yaml",
    )


def test_everything_wrong_is_told_at_once_in_the_order_of_the_file(small_text: str) -> None:
    text = small_text.replace("title: Small", "titel: Small").replace(", levels: [plus]}", "}")
    assert refused(text) == (
        (1, "title is missing"),
        (3, "unknown key 'titel' in the framework"),
        (28, "levels must be a list of one or more texts"),
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("code: 1.1.2", "code: 1.1.1", 20, "the code '1.1.1' is given twice"),
        ('code: "2.1"', "code: 1.1.2", 24, "the code '1.1.2' is given twice"),
        ("code: 1.1.2", 'code: ""', 20, "code is missing"),
        ("code: 1.1.2", "code: a/b", 20, "code 'a/b' may hold letters, digits, spaces and . - _ ( ) only"),
        ("code: 1.1.2", "code: ..", 20, "code '..' may hold letters, digits, spaces and . - _ ( ) only"),
        (
            "code: small",
            "code: Small One",
            1,
            "code 'Small One' may hold small letters, digits, hyphen and underscore only",
        ),
        ("levels: [plus]", "levels: [gold]", 28, "requirement 2.1.2 names the unknown level 'gold'"),
        ("levels: [plus]", "levels: []", 28, "levels must be a list of one or more texts"),
        ("levels: [plus]", "levels: [plus, plus]", 28, "levels names 'plus' twice"),
        (
            "requires: charter",
            "requires: gold",
            6,
            "level 'plus' requires 'gold', which is no level above it in the list",
        ),
        (
            "requires: charter}",
            "requires: charter}\n  - {code: plus, title: More}",
            7,
            "the level 'plus' is given twice",
        ),
        ("key_indicator: true", "key_indicator: perhaps", 19, "key_indicator must be true or false"),
        ("at_least: met}", "at_least: done}", 9, "award rule: the step 'done' is not on the scale"),
        (
            "of: key_indicators",
            "of: everything",
            9,
            "award rule: of is requirements, key_indicators, criterion CODE or element CODE",
        ),
        (", key_indicator: true", "", 9, "award rule: no requirement is marked as a key indicator"),
        ('"criterion 2"', '"criterion 3"', 11, "award rule: there is no criterion 3"),
        (
            "minimum: 0.5",
            "minimum: 80",
            10,
            "award rule: minimum is a share above 0 and up to 1, such as 0.8",
        ),
        (
            "title: Small",
            "title: Small\nin_force_from: 2017-02-30",
            4,
            "in_force_from '2017-02-30' is not a date like 2017-04-01",
        ),
        ("title: Small", "title: Small\ntitle: Again", 4, "the key 'title' is given twice"),
        ("title: Small", "title: [a, b]", 3, "title must be text"),
        (
            "title: Small",
            "title: &a Small",
            3,
            "anchors and aliases (& and *) cannot be used: write the text out",
        ),
        (
            "title: Small",
            "title: !!python/name:os.system x",
            3,
            "the tag !!python/name:os.system cannot be used",
        ),
        ("title: Small", 'title: "a\\0b"', 3, "the character U+0000 cannot be used"),
        ("title: Small", "title: a\x07b", 3, "the character U+0007 cannot be used"),
        ("title: Small", "title: Small\n\tnote: x", 4, "indent with spaces, not with tabs"),
        ("title: Small", f"title: {'x' * 301}", 3, "title is longer than 300 characters"),
    ],
)
def test_a_refusal_names_its_line(small_text: str, old: str, new: str, line: int, reason: str) -> None:
    assert old in small_text
    assert refused(small_text.replace(old, new, 1)) == ((line, reason),)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", (1, "the file is empty")),
        ("just words", (1, "the framework must be given as keys and values")),
        (
            "code: small\n  version: 1",
            (2, "this is not YAML: mapping values are not allowed in this context"),
        ),
        ("a: 1\n---\nb: 2", (2, "this is not YAML: but found another document")),
        ("? [a]\n: b", (1, "a key must be a word")),
        ("x" * 1_000_001, (1, "the file is larger than 1 MB")),
        ("é" * 600_000, (1, "the file is larger than 1 MB")),
        ("a: " + "[" * 50, (1, "nested more than 20 levels deep")),
    ],
)
def test_what_is_no_framework_at_all_is_refused(text: str, error: tuple[int, str]) -> None:
    assert refused(text)[0] == error


def test_a_billion_laughs_are_not_laughed() -> None:
    lines = ["a0: &a0 [ha, ha]"] + [f"a{n}: &a{n} [{f'*a{n - 1}, ' * 10}]" for n in range(1, 12)]
    assert refused("\n".join(lines)) == ((1, "anchors and aliases (& and *) cannot be used: write the text out"),)


def test_an_empty_tree_is_refused(small_text: str) -> None:
    head = small_text[: small_text.index("criteria:")]
    assert refused(head + "criteria: []") == ((12, "criteria must be a list of one or more"),)
    empty = 'criteria:\n  - code: "1"\n    title: A\n    elements:\n      - {code: "1.1", title: B, requirements: []}\n'
    assert refused(head + empty) == ((16, "requirements must be a list of one or more"),)


def test_a_level_nobody_asks_for_is_refused(small_text: str) -> None:
    text = small_text.replace("{code: plus, ", "{code: gold, title: Gold}\n  - {code: plus, ")
    assert refused(text) == ((6, "no requirement belongs to the level 'gold'"),)


def test_a_rule_may_not_count_nothing_at_one_of_the_levels(small_text: str) -> None:
    text = small_text.replace("text: It is planned., levels: [charter, plus]", "text: It is planned., levels: [plus]")
    assert refused(text) == ((11, "award rule: criterion 2 has nothing to count at the level Charter"),)


@pytest.mark.parametrize(
    ("scale", "reason"),
    [
        (
            "[{code: yes, label: Yes, met: true}]",
            "the scale needs a step that counts as met and one that does not",
        ),
        (
            "[{code: no, label: No}, {code: met, label: Met, met: true}]",
            "the scale runs from best to worst: steps that count as met come first",
        ),
        (
            "[{code: met, label: M, met: true}, {code: no, label: N}, {code: met, label: M}]",
            "the step 'met' is given twice",
        ),
        (
            (
                "[{code: met, label: M, met: true}, {code: no, label: N}, {code: a, label: A, "
                "not_applicable: true}, {code: b, label: B, not_applicable: true}]"
            ),
            "the scale has more than one step for not applicable",
        ),
        (
            (
                "[{code: met, label: M, met: true}, {code: no, label: N}, {code: a, label: A, met: "
                "true, not_applicable: true}]"
            ),
            "the step 'a' cannot be both met and not applicable",
        ),
    ],
)
def test_a_scale_must_make_sense(small_text: str, scale: str, reason: str) -> None:
    assert (4, reason) in [(4, why) for _, why in refused(small_text.replace("levels:", f"scale: {scale}\nlevels:", 1))]


def test_a_crosswalk_leads_from_an_earlier_framework_to_requirements_of_this_one(small_text: str) -> None:
    good = (
        "crosswalk:\n"
        "  - {framework: old, theirs: '7', ours: ['1.1.1', '1.10']}\n"
        "  - {framework: old, theirs: '8', ours: ['1.10']}\n"
    )
    framework = parse(small_text + good)
    assert framework.crosswalk == (Crossing("old", "7", ("1.1.1", "1.10")), Crossing("old", "8", ("1.10",)))
    assert framework.carried_from("old") == {"1.1.1": ("7",), "1.10": ("7", "8")}
    assert framework.carried_from("older") == {}
    bad = (
        "crosswalk:\n"
        "  - {framework: old, theirs: '7', ours: ['7']}\n"
        "  - {framework: small, theirs: '8', ours: ['1.10']}\n"
    )
    assert refused(small_text + bad) == (
        (30, "there is no requirement '7' in this framework"),
        (31, "a crosswalk leads from an earlier framework, not from this one"),
    )


@pytest.mark.parametrize(
    ("name", "criteria", "elements", "by_level", "key_indicators"),
    [
        ("charter-2008", 5, 28, {"charter": 28}, 0),
        ("charter-2017", 3, 16, {"charter": 20, "charter_plus": 27}, 9),
        ("fixture-45", 3, 15, {"charter": 45}, 12),
    ],
)
def test_the_starters_have_the_shape_of_their_version(
    starter: Path, name: str, criteria: int, elements: int, by_level: dict[str, int], key_indicators: int
) -> None:
    framework = parse((starter / f"{name}.yaml").read_text(), name)
    assert framework.code == name
    assert framework.starter is True
    assert len(framework.criteria) == criteria
    assert sum(len(criterion.elements) for criterion in framework.criteria) == elements
    assert {level.code: len(framework.requirements_of(level.code)) for level in framework.levels} == by_level
    assert sum(requirement.key_indicator for requirement in framework.requirements) == key_indicators


def test_every_requirement_of_the_starters_comes_with_guidance_and_examples(starter: Path) -> None:
    files = sorted(starter.glob("*.yaml"))
    assert [file.stem for file in files] == ["charter-2008", "charter-2017", "fixture-45"]
    for file in files:
        for requirement in parse(file.read_text()).requirements:
            assert requirement.text.endswith("."), requirement.code
            assert requirement.guidance.endswith("."), requirement.code
            assert 2 <= len(requirement.evidence_examples) <= 3, requirement.code


def test_the_starters_say_whose_words_they_are(starter: Path) -> None:
    for name in ("charter-2008", "charter-2017"):
        note = parse((starter / f"{name}.yaml").read_text()).note
        assert "Replace them by your region's own text" in note
    assert parse((starter / "charter-2008.yaml").read_text()).in_force_from is None
    assert parse((starter / "charter-2017.yaml").read_text()).in_force_from == date(2017, 4, 1)


def test_everything_of_2008_lives_on_in_2017(starter: Path) -> None:
    old = parse((starter / "charter-2008.yaml").read_text())
    new = parse((starter / "charter-2017.yaml").read_text())
    assert {crossing.theirs for crossing in new.crosswalk} == {requirement.code for requirement in old.requirements}
    without = {requirement.code for requirement in new.requirements} - set(new.carried_from("charter-2008"))
    assert without == {"1.1.4", "1.3.2", "1.4.2", "2.4.3", "3.2.2"}


def test_a_character_that_cannot_be_stored_is_refused_in_a_document_too(small: Framework) -> None:
    with pytest.raises(FrameworkError, match=r"^title holds a character that cannot be printed$"):
        from_document({**to_document(small), "title": "a\x00b"})


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(small: Framework, small_text: str) -> None:
    assert parse("\ufeff" + small_text.replace("\n", "\r\n")) == small
