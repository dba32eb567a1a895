"""Prose: the light formatting people may use, what stays as typed, and that nothing else ever comes out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from saas.prose import ALLOWED, Part, Run, parts_of, prose


def bare(text: str) -> str:
    """The markup without classes and line ends, which are the same everywhere."""
    return re.sub(r' class="[^"]*"', "", prose(text)).replace("\n", "")


def test_what_was_written_before_looks_as_it_did() -> None:
    assert prose("We <b>run</b>:\n- induction\n* mentoring & more\nLater\ntoo\n\nEnd") == (
        '<p class="govuk-body">We &lt;b&gt;run&lt;/b&gt;:</p>\n'
        '<ul class="govuk-list govuk-list--bullet"><li>induction</li><li>mentoring &amp; more</li></ul>\n'
        '<p class="govuk-body">Later<br>too</p>\n<p class="govuk-body">End</p>'
    )
    assert (prose(None), prose(" \n ")) == ("", "")


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("**Bold** and *italic* and ***both***", "<p><strong>Bold</strong> and <em>italic</em> and"
         " <em><strong>both</strong></em></p>"),
        ("**“Quoted”** first", "<p><strong>“Quoted”</strong> first</p>"),
        ("- **Ready**: yes", "<ul><li><strong>Ready</strong>: yes</li></ul>"),
        ("We:\n1. plan\n2. do\nThen rest", "<p>We:</p><ol><li>plan</li><li>do</li></ol><p>Then rest</p>"),
        ("3) third\n4) fourth", '<ol start="3"><li>third</li><li>fourth</li></ol>'),
        ("• one\r\n\r\n• two\r\n   and a half", "<ul><li>one</li><li>two<br>and a half</li></ul>"),
        ("1. one\n   - small\n   - smaller\n2. two",
         "<ol><li>one<ul><li>small</li><li>smaller</li></ul></li><li>two</li></ol>"),
        ("    - set in\n    - as well", "<ul><li>set in</li><li>as well</li></ul>"),
    ],
)  # fmt: skip
def test_light_formatting_is_shown(typed: str, seen: str) -> None:
    assert bare(typed) == seen


@pytest.mark.parametrize(
    "typed",
    [
        "5 * 3 * 2 = 30", "member_development_strategy.pdf and __init__", "**not closed", "[words](https://a.example)",
        "https://a.example/_x_", "# A heading", "> quoted", "---", "+ plus", "2.5% more", "&amp; &lt;", "a\\*b",
        "`code`", "| a | b |", "![picture](x.png)",
    ],
)  # fmt: skip
def test_everything_else_stays_as_typed(typed: str) -> None:
    assert bare(typed) == "<p>" + typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") + "</p>"


PIECES = " \n\t.,;&<>\"'()[]!#`~|\\/:@{}$%^+=-*_07aZé–•\u00a0\u2003\u2028\u200b\u3000\x85\x00"


@given(some.text(some.sampled_from(PIECES), max_size=40))
def test_a_text_without_marks_looks_as_it_does_beside_one_that_has_some(typed: str) -> None:
    beside = prose(f"{typed}\n\n*x*").removesuffix('<p class="govuk-body"><em>x</em></p>')
    assert prose(typed) == beside.removesuffix("\n")


def test_what_only_looks_like_a_list_loses_no_character() -> None:
    assert bare("* * *") == "<ul><li>* *</li></ul>"
    assert bare("- 1. x") == "<ul><li>1. x</li></ul>"
    assert bare("a\n-") == "<p>a<br>-</p>"


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "<https://a.example>",
        "**<svg onload=alert(1)>**", "- <a href='javascript:x'>x</a>", "1. <p style='x'>", "&#60;script&#62;",
    ],
)  # fmt: skip
def test_no_other_element_ever_comes_out(typed: str) -> None:
    found = re.findall(r"<(\w+)([^>]*)>", prose(typed))
    assert {name for name, _ in found} <= set(ALLOWED)
    assert {rest for _, rest in found} <= {
        "", ' class="govuk-body"', ' class="govuk-list govuk-list--bullet"', ' class="govuk-list govuk-list--number"',
    }  # fmt: skip


def test_lists_in_lists_end_somewhere() -> None:
    deep = prose("\n".join("  " * level + f"- level {level}" for level in range(12)))
    assert (deep.count("<ul"), deep.count("<li>")) == (4, 12)


def test_papers_have_the_same_words_in_parts() -> None:
    assert parts_of("We **run** it\nlong\n\n- one\n  - *deep* & so\n- two\n\n3. three\n4. four") == (
        Part((Run("We "), Run("run", bold=True), Run(" it"), Run("\n"), Run("long"))),
        Part((Run("one"),), "•", 1),
        Part((Run("deep", italic=True), Run(" & so")), "•", 2),
        Part((Run("two"),), "•", 1),
        Part((Run("three"),), "3.", 1),
        Part((Run("four"),), "4.", 1),
    )
    assert parts_of(None) == ()
