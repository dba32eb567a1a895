"""The one page about a plan: what stands under each heading, in which order and in which words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pypdfium2
import pytest
from flask import Flask
from sqlalchemy import select

from saas import clock
from saas.tenancy import CONSOLE
from tenants.models.plans import Action
from tenants.queries.action_details import Owner
from tenants.queries.plans import list_plans
from tenants.rules.plan_views import BriefLine, Section
from tenants.services import plans
from tenants.services.plan_briefs import Brief, read_brief, write_brief
from tests.conftest import InScope
from tests.factories.meetings import close_meeting, make_meeting
from tests.factories.plans import make_action, make_plan, name_owners
from tests.factories.tenants import MadeCouncil

APRIL, NOW = datetime(2026, 4, 20, 9, tzinfo=UTC), datetime(2026, 5, 4, 9, tzinfo=UTC)


@pytest.fixture
def plan(app: Flask, council: MadeCouncil) -> UUID:
    """A plan written in April with lines late, soon, later, without a day, and decided against."""
    with clock.at(APRIL):
        plan = make_plan(app, council)
        make_action(app, council, plan, action="Late line.", timescale="30 April 2026", responsibility="The  panel")
        make_action(app, council, plan, action="Later yet late.", timescale="March 2026")
        make_action(app, council, plan, action="Soon line.", timescale="20 May 2026", responsibility="Clerk")
        owned = make_action(app, council, plan, action="Line of next year.", timescale="May 2027")
        make_action(app, council, plan, action="Refused line.", status_text="Decided against: no money")
        make_action(app, council, plan, action="Done line.", timescale="March 2026", status_text="Completed")
        name_owners(app, council, owned, Owner("post", "Head of Policy"))
    return plan


def brief(in_scope: InScope, council: MadeCouncil) -> Brief:
    """The page at NOW."""
    with clock.at(NOW), in_scope(council.scope()):
        [line] = list_plans(council.id, today=clock.today())
        return read_brief(line)


def section(found: Brief, title: str) -> Section:
    """The section under this heading."""
    return next(each for each in found.sections if each.title == title)


def test_lines_stand_under_what_is_to_be_said_of_them_the_longest_late_first(
    council: MadeCouncil, plan: UUID, in_scope: InScope
) -> None:
    found = brief(in_scope, council)
    assert found.sections == (
        Section(
            "Overdue",
            "Open after their last day.",
            (
                BriefLine("2", "Later yet late.", "1 March 2026 to 31 March 2026. Nobody is named"),
                BriefLine("1", "Late line.", "By 30 April 2026. The panel"),
            ),
            2,
        ),
        Section(
            "Due within 30 days",
            "Open, and due by 3 June 2026. No next meeting is planned.",
            (BriefLine("3", "Soon line.", "By 20 May 2026. Clerk"),),
            1,
        ),
        section(found, "Changed in the last 30 days"),
        Section(
            "Decided against",
            "Not to be done, with the reason.",
            (BriefLine("5", "Refused line.", "Decided against: no money"),),
            1,
        ),
        section(found, "Waiting for an owner"),
    )


def test_the_sentence_and_the_facts_say_where_it_stands(council: MadeCouncil, plan: UUID, in_scope: InScope) -> None:
    found = brief(in_scope, council)
    assert (found.plan.id, found.next_meeting, found.last_meeting) == (plan, None, None)
    assert found.sentence == "2 of 6 actions are closed, 2 overdue and 6 with a status nobody has confirmed."
    assert found.facts == (
        ("As it stands on", "4 May 2026"),
        ("Monitored by", "Nobody is named"),
        ("Next meeting", "None is planned"),
        ("Last meeting", "None is recorded"),
    )


def test_between_two_meetings_it_tells_what_changed_since_the_one_and_comes_before_the_other(
    app: Flask, council: MadeCouncil, plan: UUID, in_scope: InScope
) -> None:
    with clock.at(APRIL.replace(day=27)):
        close_meeting(app, council, plan, make_meeting(app, council, plan, held_on=date(2026, 4, 27)))
    with clock.at(NOW):
        make_meeting(app, council, plan, body="Member Learning Panel", held_on=date(2026, 5, 12))
        make_action(app, council, plan, action="New line.", timescale="11 May 2026")
    found = brief(in_scope, council)
    assert found.facts[2:] == (
        ("Next meeting", "Member Learning Panel, 12 May 2026"),
        ("Last meeting", "Steering group, 27 April 2026"),
    )
    assert found.sections[1:3] == (
        Section(
            "Due before the next meeting",
            "Open, and due by 12 May 2026.",
            (BriefLine("7", "New line.", "By 11 May 2026. Nobody is named"),),
            1,
        ),
        Section(
            "Changed since the last meeting",
            "Changed after 27 April 2026, when the record of the last meeting was closed.",
            (BriefLine("7", "New line.", "New"),),
            1,
        ),
    )


def test_what_changed_is_told_by_its_status_first_and_who_is_missing_by_what_is_written(
    app: Flask, council: MadeCouncil, plan: UUID, in_scope: InScope
) -> None:
    with clock.at(NOW.replace(day=2)), in_scope(council.scope()) as session:
        line = session.scalars(select(Action).where(Action.ref == "3")).one()
        plans.update_action(line, version=line.version, remark="Rooms are booked.", by=CONSOLE)
        plans.confirm_status(line, status="in_progress", by=CONSOLE)
    with clock.at(APRIL.replace(day=27)):
        close_meeting(app, council, plan, make_meeting(app, council, plan, held_on=date(2026, 4, 27)))
    found = brief(in_scope, council)
    assert section(found, "Changed since the last meeting").lines == (
        BriefLine("3", "Soon line.", "Status: set to In progress (and 1 more)"),
    )
    assert section(found, "Waiting for an owner").lines == (
        BriefLine("1", "Late line.", "As written: The panel"),
        BriefLine("2", "Later yet late.", "Nobody is written"),
        BriefLine("3", "Soon line.", "As written: Clerk"),
    )


def test_the_sheet_says_what_the_page_says(council: MadeCouncil, plan: UUID, in_scope: InScope) -> None:
    found = brief(in_scope, council)
    with pypdfium2.PdfDocument(write_brief(found, council="Oakford", region="Mid Employers", created=NOW)) as read:
        text = " ".join("".join(page.get_textpage().get_text_bounded() for page in read).split())
    wanted = ["Oakford", "Mid Employers", "For the steering group, not for publication", found.sentence]
    wanted += [f"{each.title}: {each.total}" for each in found.sections]
    wanted += [line.text for each in found.sections for line in each.lines]
    assert [words for words in wanted if words not in text] == []
