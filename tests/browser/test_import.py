"""Bringing documents in, in a real browser: a Word plan with a corrected column, taken in and undone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import expect

from assessment.queries.accreditations import get_accreditation
from assessment.queries.frameworks import get_framework
from assessment.services import answers
from saas.tenancy import CONSOLE
from saas.transaction import within
from tests.browser.acts import begin_council, sign_in
from tests.browser.looking import look_at
from tests.factories.assessment import make_accreditation, make_framework
from tests.factories.documents import HEADINGS, ROWS, word_document
from tests.factories.tenants import PASSWORD, make_council, make_region, make_user

TABLE = (
    "<table><tr><th>Action</th><th>By when</th><th>By whom</th></tr>"
    "<tr><td><p>Write a policy.</p><p>Agree it.</p></td><td>May 2027</td><td>Clerk</td></tr></table>"
)
PASTE = """(area, html) => {
    const held = new DataTransfer();
    held.setData("text/html", html);
    area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: held, bubbles: true, cancelable: true }));
}"""


def test_a_word_plan_is_corrected_looked_through_taken_in_and_undone(
    console: Flask, someone: Any, tmp_path: Path
) -> None:
    page = someone()
    begin_council(console, page, region="moor", council="oakford", lead="may")
    page.goto("/councils/oakford/plans/import")
    look_at(page, "import, choose")
    document = tmp_path / "Action plan.docx"
    rows = [[*row] for row in ROWS]
    rows[0][2] = "31 June 2017"
    document.write_bytes(word_document("Updated 12 May 2016", [HEADINGS, *rows]))
    page.set_input_files("input[type=file]", document)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("8 actions read")
    expect(page.get_by_text("The document seems to be of 12 May 2016")).to_be_visible()
    look_at(page, "import, preview")

    page.get_by_label("“Completed By” means").select_option("Remark")
    page.get_by_role("button", name="Take in all 8 actions").click()
    expect(page.get_by_text("You had changed how the document is read.")).to_be_visible()
    expect(page.get_by_label("“Completed By” means")).to_have_value("remark")
    expect(page.locator("tbody tr").first).to_contain_text("Remark: The number of seats was raised")
    page.get_by_role("link", name="show only").click()
    expect(page.locator("tbody")).to_contain_text("31 June 2017")
    look_at(page, "import, rows to look at")

    page.get_by_role("button", name="Take in all 8 actions").click()
    expect(page.get_by_text("8 actions were added from Action plan.docx.")).to_be_visible()
    page.get_by_role("link", name="what was read from Action plan.docx").click()
    page.get_by_role("button", name="Undo: take the actions out again").click()
    expect(page.get_by_text("8 actions were taken out again. The plan “Action plan”")).to_be_visible()
    page.goto("/councils/oakford/plans/import/headings")
    expect(page.locator("tbody th")).to_have_text(["Completed by"])
    look_at(page, "import, headings")


def test_a_table_is_pasted_with_its_cells(console: Flask, someone: Any) -> None:
    page = someone()
    sign_in(page, "may@example.org")
    page.goto("/councils/oakford/plans/import")
    page.get_by_label("Or paste the table").evaluate(PASTE, TABLE)
    expect(page.get_by_label("Or paste the table")).to_have_value(
        'Action\tBy when\tBy whom\n"Write a policy.\nAgree it."\tMay 2027\tClerk'
    )
    page.get_by_label("What the new plan is called").fill("Pasted plan")
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 action read")
    expect(page.locator("tbody tr")).to_contain_text("Write a policy.")


def test_a_self_assessment_is_taken_in_beside_what_is_answered(console: Flask, someone: Any, tmp_path: Path) -> None:
    council = make_council(console, make_region(console))
    lead = make_user(console, council, "council_lead")
    made = make_accreditation(console, council, make_framework(console, "charter-2017"))
    with console.app_context(), within(council.scope()):
        accreditation = get_accreditation(made)
        answers.save(
            accreditation,
            get_framework(accreditation.framework_id).ids["1.1.1"],
            judgement="met",
            narrative="What we wrote ourselves.",
            not_applicable_reason="",
            version=0,
            by=CONSOLE,
        )
    page = someone()
    sign_in(page, lead.email, PASSWORD)
    page.goto(f"/councils/{council.slug}/accreditations/{made}/import")
    look_at(page, "self-assessment import, choose")
    document = tmp_path / "Template.docx"
    rows = [
        ["Elements", "Requirements for Charter", "Evidence", "Action", "By when", "By whom"],
        ["1.1", "1.1.1 Leaders", "The Leader signed in May.", "Renew the declaration.", "May 2027", "Leader"],
        ["", "A cross-party group steers", "It met four times.", "None", "", ""],
        ["", "Words of our own", "We also do this.", "", "", ""],
    ]
    document.write_bytes(word_document(rows))
    page.set_input_files("input[type=file]", document)
    page.get_by_role("button", name="Read the document").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("3 rows read, 2 requirements found")
    look_at(page, "self-assessment import, preview")
    page.get_by_label("Table 1, row 4").select_option("1.1.3")
    page.get_by_role("button", name="Show again").click()
    page.get_by_label("Put the document’s words below ours").check()
    page.get_by_role("button", name="Take in all of it").click()
    expect(page.get_by_text("3 answers and 1 action taken in from Template.docx.")).to_be_visible()
    page.goto(f"/councils/{council.slug}/accreditations/{made}/requirements/1.1.1")
    expect(page.get_by_role("heading", name="From a document: does it hold?")).to_be_visible()
    look_at(page, "self-assessment import, answer to confirm")
