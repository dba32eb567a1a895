"""What the tests of the rules share: the starter files, and one framework small enough to remember."""

from pathlib import Path

import pytest

from assessment.rules.frameworks import Framework, parse

STARTER = Path(__file__).parents[3] / "assessment" / "starter"

SMALL = """\
code: small
version: "1"
title: Small
levels:
  - {code: charter, title: Charter}
  - {code: plus, title: Charter Plus, requires: charter}
award_rule:
  and:
    - all: {of: key_indicators, at_least: met}
    - share: {of: requirements, at_least: met, minimum: 0.5}
    - none: {of: "criterion 2", is: not_met}
criteria:
  - code: "1"
    title: Commitment
    elements:
      - code: "1.1"
        title: Leadership
        requirements:
          - {code: 1.1.1, title: Signed, text: It is signed., levels: [charter, plus], key_indicator: true}
          - {code: 1.1.2, title: Kept, text: It is kept., levels: [charter, plus]}
  - code: "2"
    title: Strategy
    elements:
      - code: "2.1"
        title: Plan
        requirements:
          - {code: 1.10, title: Planned, text: It is planned., levels: [charter, plus]}
          - {code: 2.1.2, title: Shared, text: It is shared., levels: [plus]}
"""


@pytest.fixture
def small() -> Framework:
    return parse(SMALL)


@pytest.fixture
def small_text() -> str:
    return SMALL


@pytest.fixture
def starter() -> Path:
    return STARTER


@pytest.fixture
def starter_45() -> Framework:
    return parse((STARTER / "fixture-45.yaml").read_text())
