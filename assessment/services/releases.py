"""Releasing at a set time: several outcomes are set, each goes out by itself, and what cannot stays back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from assessment.models.accreditations import Accreditation
from assessment.models.releases import Release, ReleaseItem
from assessment.queries.accreditations import get_accreditation
from assessment.queries.decisions import find_decision
from assessment.queries.releases import Line, find_standing, get_item, get_release, list_lines, may_still_release
from assessment.queries.reports import get_draft
from assessment.rules.process_words import day_words
from assessment.services import awards
from assessment.services.release_items import finish, stay_back
from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid, NotFound, Refused
from saas.tenancy import Actor

PASSED = "That time has passed."
BROKE = "Something went wrong on our side. Release this outcome by itself."


def set_time(region_id: UUID, chosen: Mapping[UUID, int], *, release_at: datetime | None, by: Actor) -> Release:
    """Let these outcomes go out together. In the region's scope.

    chosen: accreditation id → version of its report as it was seen. release_at: None for at once. Raises NotFound for
    another region's, Invalid (release_at: the time has passed; cases: what stands in the way of each).
    """
    now = clock.now()
    if release_at is not None and release_at <= now:
        raise Invalid({"release_at": [PASSED]})
    if not chosen:
        raise Invalid({"cases": ["Choose at least one outcome."]})
    cases = [get_accreditation(case_id, lock=True) for case_id in sorted(chosen)]
    hindered = [words for case in cases for words in _in_the_way(case, chosen[case.id])]
    if hindered:
        raise Invalid({"cases": hindered})
    release = Release(
        id=new_id(),
        region_id=region_id,
        release_at=release_at or now,
        set_at=now,
        set_by=by.id,
        set_by_name=by.name,
        called_off_at=None,
        done_at=None,
    )
    db.session.add(release)
    db.session.flush()
    for case in cases:
        item = ReleaseItem(
            council_id=case.council_id,
            id=new_id(),
            region_id=region_id,
            release_id=release.id,
            accreditation_id=case.id,
            decision_id=_decided(case),
            draft_version=chosen[case.id],
            released_at=None,
            failure="",
        )
        db.session.add(item)
        db.session.flush()
        delay = release.release_at - now if release_at else timedelta(0)
        local = release.release_at.astimezone(clock.LONDON)
        payload = {"on": day_words(local.date()), "time": f"{local:%H:%M}"}
        events.record("outcome.release_set", item, by=by, audience="region", payload=payload, delay=delay)
    return release


def carry_out(item_id: UUID) -> None:
    """Release one outcome at its time, or keep it back with the reason; done before or called off, nothing."""
    item = get_item(item_id)
    get_accreditation(item.accreditation_id, lock=True)  # before the release, as who takes an outcome out of it does
    release = get_release(item.release_id, lock=True)
    db.session.refresh(item)
    if release.called_off_at is not None or item.released_at is not None or item.failure:
        return
    by, recorded = Actor(release.set_by, release.set_by_name), len(db.session.info["events"])
    try:
        with db.session.begin_nested():
            if by.id is not None and not may_still_release(release.region_id, by.id):
                raise Conflict(f"{by.name} no longer releases for this region.")
            awards.release(item.accreditation_id, by=by, version=item.draft_version, decision_id=item.decision_id)
    except Refused as refusal:
        del db.session.info["events"][recorded:]  # what was undone did not happen
        stay_back(item, _words_of(refusal), by=by)
    else:
        item.released_at = clock.now()
    finish(release)


def keep_back(item_id: UUID) -> None:
    """What could not be done, however often it was tried, stays back as well."""
    item = get_item(item_id)
    release = get_release(item.release_id, lock=True)
    if item.released_at is None and not item.failure:
        stay_back(item, BROKE, by=Actor(release.set_by, release.set_by_name))
        finish(release)


def call_off(release_id: UUID, *, by: Actor) -> None:
    """Let nothing of it go out; again changes nothing. Raises Conflict when it has begun."""
    release = get_release(release_id, lock=True)
    if release.called_off_at is not None:
        return
    lines = list_lines(release_id)
    if has_begun(release, lines):
        raise Conflict("This release has begun, so it cannot be called off any more.")
    release.called_off_at = clock.now()
    for line in lines:
        if line.item.failure:
            continue
        events.record("outcome.release_called_off", line.item, by=by, audience="region")


def has_begun(release: Release, lines: Sequence[Line]) -> bool:
    """Whether something of it went out or stayed back at its time; what was taken out before does not count."""
    if release.release_at > clock.now():
        return any(line.item.released_at for line in lines) or release.done_at is not None
    return any(line.item.released_at or line.item.failure for line in lines)


def _decided(accreditation: Accreditation) -> UUID:
    decision = find_decision(accreditation.id)
    if decision is None:
        raise NotFound
    return decision.id


def _in_the_way(accreditation: Accreditation, version: int) -> list[str]:
    """What keeps one outcome from being set, each sentence with the council's name before it."""
    draft = get_draft(accreditation.id)
    found = awards.obstacles(accreditation, draft)
    standing = find_standing(accreditation.id)
    if standing is not None:
        found.append(f"{standing.set_by_name} has set it to be released already.")
    if draft.version != version:
        found.append(f"{draft.updated_by_name} changed the report since. Look at it again before you release it.")
    return [f"{accreditation.council_name}: {words}" for words in found]


def _words_of(refusal: Refused) -> str:
    if isinstance(refusal, Invalid):
        return " ".join(words for texts in refusal.messages.values() for words in texts)
    return refusal.message
