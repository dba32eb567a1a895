"""What assessment brings to the house: its pages, reactions and commands."""

from __future__ import annotations

from assessment.commands.frameworks import framework
from assessment.commands.submissions import submission
from assessment.reactions import REACTIONS
from assessment.web import answers, files, frameworks, moderations, processes, readiness, scores, submissions, teams
from saas.app import Feature

FEATURE = Feature(
    "assessment",
    blueprints=(
        answers.blueprint,
        submissions.blueprint,
        frameworks.blueprint,
        processes.blueprint,
        readiness.blueprint,
        teams.blueprint,
        files.blueprint,
        scores.blueprint,
        moderations.blueprint,
    ),
    reactions=REACTIONS,
    commands=(
        framework,
        submission,
    ),
)
