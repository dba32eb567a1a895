"""What assessment brings to the house: its pages, reactions and commands."""

from __future__ import annotations

from assessment.api import accreditations as accreditation_operations
from assessment.api import answer_versions, interim_returns
from assessment.api import answers as answer_operations
from assessment.api import appeals as appeal_operations
from assessment.api import assessors as assessor_operations
from assessment.api import availability as availability_operations
from assessment.api import awards as award_operations
from assessment.api import benchmarks as benchmark_operations
from assessment.api import board_reports as board_report_operations
from assessment.api import case_studies as case_study_operations
from assessment.api import cases as case_operations
from assessment.api import chair_confirmations as chair_confirmation_operations
from assessment.api import clarification_answers as clarification_answer_operations
from assessment.api import comments as comment_operations
from assessment.api import contributions as contribution_operations
from assessment.api import decisions as decision_operations
from assessment.api import element_owners as element_owner_operations
from assessment.api import endings as ending_operations
from assessment.api import events as event_operations
from assessment.api import extensions as extension_operations
from assessment.api import fact_checks as fact_check_operations
from assessment.api import files as file_operations
from assessment.api import frameworks as framework_operations
from assessment.api import good_practice as good_practice_operations
from assessment.api import improvements as improvement_operations
from assessment.api import interim_reviews as interim_review_operations
from assessment.api import interviews as interview_operations
from assessment.api import matrix_trend as matrix_trend_operations
from assessment.api import measures as measure_operations
from assessment.api import moderations as moderation_operations
from assessment.api import neighbours as neighbour_operations
from assessment.api import practice_library as practice_library_operations
from assessment.api import processes as process_operations
from assessment.api import questions as question_operations
from assessment.api import readiness as readiness_operations
from assessment.api import region_reports as region_operations
from assessment.api import replies as reply_operations
from assessment.api import report_drafts as report_draft_operations
from assessment.api import reports as report_operations
from assessment.api import retention as retention_operations
from assessment.api import scores as score_operations
from assessment.api import scores_again as scores_again_operations
from assessment.api import self_assessment_papers as self_assessment_paper_operations
from assessment.api import signatures as signature_operations
from assessment.api import signings as signing_operations
from assessment.api import submissions as submission_operations
from assessment.api import successions as succession_operations
from assessment.api import teams as team_operations
from assessment.api import themes as theme_operations
from assessment.api import visit_people as visit_people_operations
from assessment.api import visits as visit_operations
from assessment.commands.council_moves import export_group, import_group
from assessment.commands.demo import demo
from assessment.commands.frameworks import framework
from assessment.commands.submissions import submission
from assessment.reactions import DAILY, REACTIONS
from assessment.rules.event_words import VERBS
from assessment.web import (
    accreditations,
    action_links,
    answer_history,
    answers,
    appeals,
    assessors,
    availability,
    awards,
    benchmarks,
    board_reports,
    calendar,
    carried,
    case_lists,
    case_studies,
    cases,
    chair_confirmations,
    clarification_answers,
    clarifications,
    comments,
    commitments,
    contribution_links,
    contributions,
    council_imports,
    coverage,
    decisions,
    dropped_files,
    element_owners,
    endings,
    extensions,
    files,
    frameworks,
    gap_plans,
    good_practice,
    home,
    improvements,
    interim,
    interim_drafts,
    interim_reviews,
    interviews,
    matrix,
    matrix_lines,
    matrix_trend,
    measures,
    moderations,
    neighbours,
    offices,
    papers,
    pipeline,
    practice_library,
    processes,
    proposals,
    readiness,
    readings,
    region_improvements,
    register,
    register_data,
    releases,
    report_files,
    report_versions,
    reports,
    retention,
    saved_filters,
    scores,
    scores_again,
    search,
    self_assessment_imports,
    self_assessment_papers,
    signatures,
    signings,
    submissions,
    successions,
    team_proposals,
    teams,
    themes,
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
        (Permission.ACCREDITATION_READ, "Sharing", "good_practice.sharing"),
    ),
    "region": (
        (Permission.REGION_READ, "Home", "home.region"),
        (Permission.REGION_REPORT_READ, "Pipeline", "pipeline.show"),
        (Permission.CASE_READ, "Cases", "case_lists.show"),
        (Permission.REGION_REPORT_READ, "Improvements", "region_improvements.show"),
        (Permission.REGION_REPORT_READ, "Matrix", "matrix.show"),
        (Permission.REGION_REPORT_READ, "Board reports", "board_reports.index"),
        (Permission.REGION_READ, "Good practice", "practice_library.region"),
        (Permission.FRAMEWORK_READ, "Frameworks", "frameworks.region_list"),
        (Permission.TEAM_ASSIGN, "Assessors", "assessors.index"),
        (Permission.AWARD_RELEASE, "Releases", "releases.index"),
        (Permission.REGION_READ, "Process", "processes.show"),
        (Permission.REGION_READ, "Register", "register.show"),
        (Permission.FILE_READ, "My files", "files.list_files"),
        (Permission.FILE_READ, "My availability", "availability.index"),
    ),
    "file": (
        (Permission.FILE_READ, "My files", "files.list_files"),
        (Permission.FILE_READ, "Questions", "clarifications.list_of_file"),
        (Permission.FILE_READ, "Visit", "interviews.visit"),
        (Permission.INTEREST_DECLARE, "Declare a conflict", "files.changed"),
    ),
}
"""Kind of place → the permission that shows a page in its header, its words and its endpoint, in order."""

LIBRARY = ("Good practice", "practice_library.council")
"""What a council's people read who have no page on sharing that leads to it."""


def navigation(place: Place) -> list[tuple[str, str]]:
    """The pages of assessment that the viewer may open in this place."""
    entries = NAVIGATION.get(place.kind, ())
    found = [(words, endpoint) for permission, words, endpoint in entries if permission in place.permissions]
    has_sharing = Permission.ACCREDITATION_READ in place.permissions
    return [*found, LIBRARY] if place.kind == "council" and not has_sharing else found


FEATURE = Feature(
    "assessment",
    operations=(
        framework_operations.operations,
        accreditation_operations.operations,
        signature_operations.operations,
        signing_operations.operations,
        answer_operations.operations,
        answer_versions.operations,
        comment_operations.operations,
        contribution_operations.operations,
        measure_operations.operations,
        self_assessment_paper_operations.operations,
        element_owner_operations.operations,
        chair_confirmation_operations.operations,
        submission_operations.operations,
        clarification_answer_operations.operations,
        fact_check_operations.operations,
        reply_operations.operations,
        interim_returns.operations,
        case_study_operations.operations,
        good_practice_operations.operations,
        practice_library_operations.operations,
        benchmark_operations.operations,
        award_operations.operations,
        case_operations.operations,
        ending_operations.operations,
        extension_operations.operations,
        readiness_operations.operations,
        team_operations.operations,
        assessor_operations.operations,
        neighbour_operations.operations,
        availability_operations.operations,
        file_operations.operations,
        score_operations.operations,
        scores_again_operations.operations,
        question_operations.operations,
        visit_operations.operations,
        visit_people_operations.operations,
        interview_operations.operations,
        moderation_operations.operations,
        report_operations.operations,
        report_draft_operations.operations,
        decision_operations.operations,
        appeal_operations.operations,
        improvement_operations.operations,
        interim_review_operations.operations,
        theme_operations.operations,
        region_operations.operations,
        matrix_trend_operations.operations,
        board_report_operations.operations,
        process_operations.operations,
        retention_operations.operations,
        succession_operations.operations,
        event_operations.operations,
    ),
    verbs=VERBS,
    blueprints=(
        home.blueprint,
        accreditations.blueprint,
        commitments.blueprint,
        cases.blueprint,
        case_lists.blueprint,
        pipeline.blueprint,
        saved_filters.blueprint,
        council_imports.blueprint,
        region_improvements.blueprint,
        themes.blueprint,
        board_reports.blueprint,
        matrix.blueprint,
        matrix_lines.blueprint,
        matrix_trend.blueprint,
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
        chair_confirmations.blueprint,
        frameworks.blueprint,
        processes.blueprint,
        readiness.blueprint,
        readings.blueprint,
        retention.blueprint,
        extensions.blueprint,
        carried.blueprint,
        gap_plans.blueprint,
        self_assessment_imports.blueprint,
        self_assessment_papers.blueprint,
        teams.blueprint,
        team_proposals.blueprint,
        assessors.blueprint,
        neighbours.blueprint,
        availability.blueprint,
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
        report_files.blueprint,
        report_versions.blueprint,
        proposals.blueprint,
        decisions.blueprint,
        awards.blueprint,
        appeals.blueprint,
        register.blueprint,
        register_data.blueprint,
        releases.blueprint,
        improvements.blueprint,
        interim.blueprint,
        interim_drafts.blueprint,
        interim_reviews.blueprint,
        endings.blueprint,
        successions.blueprint,
        search.blueprint,
        measures.blueprint,
        good_practice.blueprint,
        case_studies.blueprint,
        practice_library.blueprint,
        benchmarks.blueprint,
    ),
    navigation=navigation,
    reactions=REACTIONS,
    panels={"action": action_links.links_of},
    placing=action_links.places_of,
    daily=DAILY,
    commands=(
        demo,
        export_group,
        framework,
        import_group,
        submission,
    ),
)
