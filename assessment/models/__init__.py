"""Tables of the Charter's journey: importing this package makes all of them known."""

from assessment.models import (
    accreditations,
    answers,
    assignments,
    awards,
    frameworks,
    improvements,
    processes,
    reports,
    scores,
    signings,
    submissions,
)

__all__ = [
    "accreditations",
    "answers",
    "assignments",
    "awards",
    "frameworks",
    "improvements",
    "processes",
    "reports",
    "scores",
    "signings",
    "submissions",
]
