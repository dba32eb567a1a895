"""The demo's officer tells the board of the last quarter, and lets reports be made by themselves from now on."""

from __future__ import annotations

from assessment.demo.places import OFFICER
from assessment.demo.scene import Scene, opened
from assessment.rules.board_facts import quarter_before
from assessment.services import board_reports
from saas import clock


def tell_the_board(scene: Scene) -> None:
    """The afternoon before the demo's last day, when everything else has happened."""
    by = scene.actor(OFFICER)
    with clock.at(scene.moment(1, 15)), opened(scene.in_region()):
        period_from, period_to = quarter_before(scene.today)
        board_reports.make_report(scene.region_id, period_from=period_from, period_to=period_to, by=by)
        board_reports.set_schedule(scene.region_id, quarterly=True, by=by)
