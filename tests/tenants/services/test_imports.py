"""Taking documents in, through the service."""

from __future__ import annotations

import sqlalchemy as sa

from saas.tenancy import CONSOLE
from tenants.models.plans import Action, Plan
from tenants.services import imports
from tests.conftest import InScope
from tests.factories.documents import ROWS, excel_plan
from tests.factories.tenants import MadeCouncil


def test_every_row_stands_in_the_plan_as_it_was_written(council: MadeCouncil, in_scope: InScope) -> None:
    document = excel_plan()
    with in_scope(council.scope()) as session:
        done = imports.import_action_plan(council.id, document, "plan.xlsx", by=CONSOLE)
        columns = (Action.ref, Action.action, Action.timescale, Action.responsibility, Action.status_text)
        rows = [tuple(row) for row in session.execute(sa.select(*columns).order_by(Action.position))]
        again = imports.import_action_plan(council.id, document, "renamed.xlsx", by=CONSOLE)
    whole = [row for row in ROWS if row[0]]
    assert [row[0] for row in rows] == [row[0].rstrip(".") for row in whole]
    assert [row[2] for row in rows] == [row[2] for row in whole]
    assert [row[4] for row in rows] == [row[5] for row in whole]
    assert (done.plan.title, done.added, done.already) == ("Action plan of Oakford", len(whole), False)
    assert (again.plan.id, again.added, again.already) == (done.plan.id, 0, True)


def test_undone_it_can_be_taken_in_again(council: MadeCouncil, in_scope: InScope) -> None:
    with in_scope(council.scope()) as session:
        kept = imports.keep_action_plan(council.id, excel_plan(), "plan.xlsx", by=CONSOLE)
        first = imports.take_in(kept, by=CONSOLE)
        assert imports.undo(kept, by=CONSOLE) == imports.Undone(first.added, "Action plan of Oakford")
        assert session.scalar(sa.select(sa.func.count()).select_from(Plan)) == 0
        assert session.scalar(sa.select(sa.func.count()).select_from(Action)) == 0
        assert imports.take_in(kept, by=CONSOLE).added == first.added


def test_a_new_plan_is_called_as_the_document_calls_itself(council: MadeCouncil, in_scope: InScope) -> None:
    document = b"Oakford Learning Action Plan 2027\n\nAction,By when\nAsk members.,May 2027\nTell them.,June 2027\n"
    with in_scope(council.scope()):
        kept = imports.keep_action_plan(council.id, document, "scan_0007.csv", by=CONSOLE)
        assert imports.title_of(kept) == "Oakford Learning Action Plan 2027"
        kept.plan_title = "Ours"
        assert imports.title_of(kept) == "Ours"
