"""A plan goes through a meeting in a real browser: seen in every way, entered by two people, and closed."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from playwright.sync_api import expect

from saas import clock
from saas.policy import Role
from saas.templating import day
from tests.browser.acts import fill, fill_date, follow, press, sign_in
from tests.browser.looking import look_at
from tests.factories.plans import make_action, make_plan
from tests.factories.tenants import PASSWORD, make_council, make_region, make_user

BODY = "Member development steering group"


def test_a_plan_goes_through_a_meeting(console: Flask, someone: Any) -> None:
    council = make_council(console, make_region(console))
    lead, chair = (make_user(console, council, role) for role in (Role.COUNCIL_LEAD, Role.STEERING_CHAIR))
    plan = make_plan(console, council, title="Members first")
    first = make_action(console, council, plan, action="Write role descriptions.", timescale="May 2027")
    second = make_action(console, council, plan, action="Buy tablets.", timescale="Q2")
    third = make_action(console, council, plan, action="Set up mentoring.", timescale=day(clock.today()))
    plan_page = f"/councils/{council.slug}/plans/{plan}"

    page = someone()
    sign_in(page, lead.email, PASSWORD)
    page.goto(f"{plan_page}/board")
    look_at(page, "plan as a board")
    card = page.locator(f"#action-{third}")
    card.get_by_label("Status of action 3").select_option("in_progress")
    follow(card.get_by_role("button"))
    expect(page.locator("section", has=page.get_by_role("heading", name="In progress (1)"))).to_contain_text(
        "mentoring"
    )
    follow(page.get_by_role("link", name="Calendar", exact=True))
    look_at(page, "plan as a calendar")
    expect(page.get_by_role("heading", name="Without a last day")).to_be_visible()

    follow(page.get_by_role("link", name="Meetings", exact=True))
    look_at(page, "no meetings yet")
    press(page, "Add a meeting")
    fill(page, body=BODY)
    fill_date(page, "held_on", clock.today())
    look_at(page, "adding a meeting")
    press(page, "Add the meeting")
    meeting = page.url
    look_at(page, "an open meeting")
    follow(page.get_by_role("link", name="Meetings", exact=True))
    follow(page.get_by_role("link", name="One page"))
    look_at(page, "one page before a meeting")
    expect(page.get_by_role("heading", name="Due before the next meeting: 1")).to_be_visible()

    page.goto(f"{meeting}/sitting")
    look_at(page, "a sitting")
    fill(page, **{f"timescale-{first}": "June 2027", f"decision-{first}": "One month more.", "head-minute": "14/2027"})
    page.wait_for_timeout(600)
    page.reload()
    expect(page.locator(f"[name='timescale-{first}']")).to_have_value("June 2027")  # a reload loses nothing

    other = someone()
    sign_in(other, chair.email, PASSWORD)
    other.goto(f"{meeting}/sitting")
    fill(other, **{f"timescale-{first}": "July 2027"})
    press(other, "Save all")

    page.locator(f"[name='status-{second}']").select_option("decided_against")
    press(page, "Save all")
    look_at(page, "a sitting that somebody else changed")
    expect(page.locator("#clashes")).to_contain_text("July 2027")
    expect(page.locator(f"[name='decision-{first}']")).to_have_value("One month more.")
    press(page, "Save all")
    look_at(page, "a sitting that lacks a reason")
    expect(page.locator(f"[id='decision-{second}-error']")).to_contain_text("Say why it was decided against.")
    fill(page, **{f"decision-{second}": "No money until 2028."})
    press(page, "Save all")
    expect(page.get_by_text("2 lines were entered.")).to_be_visible()

    look_at(page, "a meeting with its changes")
    main = page.locator("main")
    for words in ("No money until 2028.", "One month more.", "May 2027 → June 2027", "Minutes: 14/2027."):
        expect(main).to_contain_text(words)
    press(page, "Close the record")
    look_at(page, "closing a meeting")
    press(page, "Close the record")
    expect(main).to_contain_text("The record was closed by")
    expect(page).to_have_url(re.compile(re.escape(meeting.split("/")[-1])))
    page.goto(f"{plan_page}/brief")
    expect(page.get_by_role("heading", name="Decided against: 1")).to_be_visible()
    expect(main).to_contain_text("No money until 2028.")
