"""One word for each state, in lists, files and tags alike."""

from __future__ import annotations

from flask import Flask, get_template_attribute

from assessment.web.states import LABELS


def test_a_tag_says_what_the_filter_and_the_file_say(app: Flask) -> None:
    with app.app_context():
        tags = get_template_attribute("components/status.html", "stages")
    assert {state: tags[state][0] for state in LABELS if state != "none"} == {
        state: label for state, label in LABELS.items() if state != "none"
    }
