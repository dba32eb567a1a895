"""Reminders: every date of a council told to those it concerns, once for each step towards it and past it."""

from __future__ import annotations

from uuid import UUID

from assessment.queries.dates import find_team, list_dates
from assessment.rules.reminders import key_of, step_on, words_of
from saas import clock
from tenants.queries.reminder_settings import settings_of
from tenants.services.notices import Told, tell_all


def remind(council_id: UUID) -> list[UUID]:
    """Tell everybody of the dates that have come near or passed; in the council's scope.

    Returns the requests for a text whose contributor is to be mailed the link again: those told for the first time of
    a day that is not past. Calling it again on the same day tells nobody twice.
    """
    team = find_team(council_id)
    today = clock.today()
    settings = settings_of(council_id)
    lines: list[Told] = []
    requests: dict[str, UUID] = {}
    for dated in list_dates(council_id, team):
        step = step_on(dated.on, today, (*settings.before, *dated.before), settings.after)
        if step is None:
            continue
        key = key_of(dated.kind, dated.subject, dated.on, step)
        title = f"{dated.title} ({dated.who})" if dated.who else dated.title
        words = words_of(title, dated.on, step, renewal=dated.renewal)
        lines += [Told(person, key, "reminder", words, dated.path) for person in dated.people or team.leads]
        if dated.kind == "contribution" and step.days >= 0:
            requests[key] = UUID(dated.subject)
    new = {line.key for line in tell_all(council_id, lines)}
    return [request_id for key, request_id in requests.items() if key in new]
