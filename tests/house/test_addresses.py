"""Every line has an address: tests and templates lie where the code they belong to lies, and every room has a name."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("saas", "tenants", "assessment")
ACROSS = {"house", "journeys", "browser", "factories", "samples", "bench", "soak"}
"""The rooms of `tests` that belong to no single module."""
NAMELESS = {"helper", "helpers", "utils", "util", "manager", "managers", "common", "misc", "core", "base"}
PLAIN = {"__init__.py", "conftest.py"}
STAND_INS = {"caller.py", "checking_client.py", "saas/pattern_pages.py", "saas/stand_in.py"}
"""What tests of more than one module share, beside the fixtures."""
SHARED = {"assessment/sealed": "what was sealed, as the region and the assessors read it"}
"""Folders of templates that pages of several nouns draw on, and what they show."""


def modules() -> list[Path]:
    """Every module of the code, its path from the root."""
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return sorted(path.relative_to(ROOT) for path in [*found, ROOT / "charterway.py"])


def in_tests() -> list[Path]:
    """Every module of the tests that has to mirror one of the code, its path from `tests`."""
    paths = (path.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("*.py"))
    return sorted(path for path in paths if path.name not in PLAIN and path.parts[0] not in ACROSS)


def mirrored(test: Path) -> bool:
    """Whether `floor/test_noun.py`, or `floor/test_noun_aspect.py`, has a `floor/noun.py` to be about."""
    words = test.stem.removeprefix("test_").split("_")
    nouns = ("_".join(words[:length]) for length in range(len(words), 0, -1))
    return any((ROOT / test.parent / f"{noun}.py").is_file() for noun in nouns)


def test_every_test_module_lies_at_the_address_of_a_module() -> None:
    tests = [path for path in in_tests() if path.name.startswith("test_")]
    assert [str(path) for path in tests if not mirrored(path)] == []
    assert {str(path) for path in in_tests() if path not in tests} == STAND_INS


def test_a_test_of_nothing_would_be_noticed() -> None:
    assert mirrored(Path("saas/test_jobs_scopes.py"))
    assert not mirrored(Path("saas/test_scopes_of_jobs.py"))
    assert not mirrored(Path("tenants/web/test_stages.py"))


@pytest.mark.parametrize("package", ["tenants", "assessment"])
def test_every_folder_of_templates_belongs_to_a_noun_of_the_web(package: str) -> None:
    folders = {path.name for path in (ROOT / "templates" / package).iterdir()}
    nouns = {path.stem for path in (ROOT / package / "web").glob("*.py")}
    assert {f"{package}/{name}" for name in folders - nouns} == {name for name in SHARED if name.startswith(package)}


def test_every_module_says_in_a_sentence_what_room_it_is() -> None:
    first = {path: (ast.get_docstring(ast.parse((ROOT / path).read_text())) or "").split("\n")[0] for path in modules()}
    assert [str(path) for path, line in first.items() if not line.endswith(".")] == []


def test_no_room_is_called_by_a_word_that_says_nothing() -> None:
    named = {str(path): {*path.with_suffix("").parts, *path.stem.split("_")} for path in [*modules(), *in_tests()]}
    assert [path for path, words in named.items() if words & NAMELESS] == []
