"""What assessment brings to the house: its pages, reactions and commands."""

from __future__ import annotations

from assessment.commands.frameworks import framework
from assessment.reactions import REACTIONS
from assessment.web import frameworks, processes
from saas.app import Feature

FEATURE = Feature(
    "assessment",
    blueprints=(
        frameworks.blueprint,
        processes.blueprint,
    ),
    reactions=REACTIONS,
    commands=(
        framework,
    ),
)
