"""The trend of the region's matrix: the share of requirements met by criterion, cycle after cycle."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from assessment.queries.matrix import list_trend
from assessment.rules.matrix import Show
from assessment.services.trend_charts import FEW, trend_chart
from assessment.web.matrix_address import choices_of, narrowed, query, read
from saas.guard import place, place_id, requires
from saas.papers import Picture
from saas.policy import Permission
from saas.replica import figures
from saas.tables import Cell, csv_response
from saas.templating import moment

blueprint = Blueprint("matrix_trend", __name__)
SIDES = {Show.OWN: "What councils said of themselves", Show.ISSUED: "What reports said"}


@blueprint.get("/regions/<region>/matrix/trend")
@requires(Permission.REGION_REPORT_READ, may_lag=True)
def trend() -> str:
    """The share of requirements met by criterion, cycle after cycle."""
    found = read()
    if found.framework is None:
        return render_template("assessment/matrix/none.html")
    rows = narrowed(found.rows)
    found_lines = list_trend(place_id(), found.framework, [row.council_id for row in rows])
    codes = [each.code for each in found.framework.tree.criteria]
    cells = {(line.show, line.criterion_code, line.cycle): line for line in found_lines}
    return render_template(
        "assessment/matrix/trend.html",
        cells=cells,
        cycles=sorted({line.cycle for line in found_lines}),
        criteria=found.framework.tree.criteria,
        councils=len(rows),
        few=FEW,
        sides=[
            (show.value, words, _chart(trend_chart(found_lines, show, words, codes))) for show, words in SIDES.items()
        ],
        query=query(),
        csv_href=url_for("matrix_trend.trend_csv", **query()),
        **choices_of(found),
    )


def _chart(picture: Picture | None) -> dict[str, str] | None:
    """A picture as the page holds it: drawn from figures that are read once, so it has no address of its own."""
    if picture is None:
        return None
    return {"src": f"data:image/svg+xml;base64,{b64encode(picture.svg.encode()).decode()}", "alt": picture.words}


@blueprint.get("/regions/<region>/matrix/trend.csv")
@requires(Permission.REGION_REPORT_READ, may_lag=True)
def trend_csv() -> Response:
    """The trend's figures, a line for each cycle and criterion."""
    found = read()
    headings = ("Judged by", "Cycle", "Criterion", "Title", "Met", "Judged", "Percent met", "Councils", "As of")
    lines: list[Sequence[Cell]] = []
    if found.framework is not None:
        titles = {each.code: each.title for each in found.framework.tree.criteria}
        ids = [row.council_id for row in narrowed(found.rows)]
        lines = [
            (
                "The council" if each.show == Show.OWN else "The report", each.cycle, each.criterion_code,
                titles.get(each.criterion_code, ""), each.share.met, each.share.judged, each.share.percent,
                each.councils, moment(figures().at),
            )
            for each in list_trend(place_id(), found.framework, ids)
        ]  # fmt: skip
    return csv_response(f"{place().slug}-trend.csv", headings, lines)
