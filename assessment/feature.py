"""What assessment brings to the house: its pages, reactions and commands."""

from __future__ import annotations

from assessment.commands.demo import demo
from assessment.commands.frameworks import framework
from assessment.commands.submissions import submission
from assessment.reactions import DAILY, REACTIONS
from assessment.web import (
    accreditations,
    answer_history,
    answers,
    awards,
    calendar,
    carried,
    case_lists,
    cases,
    clarification_answers,
    clarifications,
    comments,
    contribution_links,
    contributions,
    coverage,
    decisions,
    dropped_files,
    element_owners,
    extensions,
    files,
    frameworks,
    gap_plans,
    home,
    improvements,
    interviews,
    measures,
    moderations,
    offices,
    papers,
    processes,
    proposals,
    readiness,
    regions,
    register,
    reports,
    scores,
    scores_again,
    search,
    signatures,
    signings,
    submissions,
    teams,
    visit_people,
    visit_timetable,
    visits,
)
from saas.app import Feature
from saas.policy import Permission, Place

NAVIGATION: dict[str, tuple[tuple[Permission, str, str], ...]] = {
    "council": (
        (Permission.COUNCIL_READ, "Home", "home.council"),
        (Permission.ACCREDITATION_READ, "Self-assessment", "accreditations.index"),
        (Permission.DECLARATION_SIGN, "Signatures", "signatures.index"),
        (Permission.ACCREDITATION_READ, "Frameworks", "frameworks.council_list"),
        (Permission.OFFICE_WRITE, "Office-holders", "offices.index"),
    ),
    "region": (
        (Permission.REGION_READ, "Home", "home.region"),
        (Permission.REGION_REPORT_READ, "Pipeline", "regions.pipeline"),
        (Permission.CASE_READ, "Cases", "case_lists.show"),
        (Permission.REGION_REPORT_READ, "Improvements", "regions.improvements"),
        (Permission.FRAMEWORK_READ, "Frameworks", "frameworks.region_list"),
        (Permission.REGION_READ, "Process", "processes.show"),
        (Permission.REGION_READ, "Register", "register.show"),
        (Permission.FILE_READ, "My files", "files.list_files"),
    ),
    "file": ((Permission.FILE_READ, "My files", "files.list_files"),),
}
"""Kind of place → the permission that shows a page in its header, its words and its endpoint, in order."""


def navigation(place: Place) -> list[tuple[str, str]]:
    """The pages of assessment that the viewer may open in this place."""
    entries = NAVIGATION.get(place.kind, ())
    return [(words, endpoint) for permission, words, endpoint in entries if permission in place.permissions]


FEATURE = Feature(
    "assessment",
    blueprints=(
        home.blueprint,
        accreditations.blueprint,
        cases.blueprint,
        case_lists.blueprint,
        regions.blueprint,
        answers.blueprint,
        answer_history.blueprint,
        coverage.blueprint,
        dropped_files.blueprint,
        element_owners.blueprint,
        comments.blueprint,
        signings.blueprint,
        signatures.blueprint,
        offices.blueprint,
        papers.blueprint,
        contributions.blueprint,
        contribution_links.blueprint,
        calendar.blueprint,
        submissions.blueprint,
        frameworks.blueprint,
        processes.blueprint,
        readiness.blueprint,
        extensions.blueprint,
        carried.blueprint,
        gap_plans.blueprint,
        teams.blueprint,
        visits.blueprint,
        visit_timetable.blueprint,
        visit_people.blueprint,
        interviews.blueprint,
        files.blueprint,
        scores.blueprint,
        scores_again.blueprint,
        clarifications.blueprint,
        clarification_answers.blueprint,
        moderations.blueprint,
        reports.blueprint,
        proposals.blueprint,
        decisions.blueprint,
        awards.blueprint,
        register.blueprint,
        improvements.blueprint,
        search.blueprint,
        measures.blueprint,
    ),
    navigation=navigation,
    reactions=REACTIONS,
    daily=DAILY,
    commands=(
        demo,
        framework,
        submission,
    ),
)
