"""A reading is the same after it was sent from one process to another."""

from __future__ import annotations

import json
from datetime import date

from tenants.rules import action_plans, sent_readings

TEXT = "Our plan\nRef\tAction\tWhen\tColour\n1\tTrain\t31 June 2027\tRed\n2\tMeet\tMay 2027\t\nEnd\n"


def test_a_reading_comes_back_as_it_was_sent() -> None:
    reading = action_plans.read_pasted(TEXT, date(2026, 5, 4))
    sent = json.loads(json.dumps(sent_readings.as_json(reading)))
    assert sent_readings.from_json(sent) == reading
    assert [row.latest for row in sent_readings.from_json(sent).rows] == [None, date(2027, 5, 31)]
    assert sent_readings.from_json(sent).rows[0].extra == (("Colour", "Red"),)
