"""Release items: one outcome of a release stays back, at its time or because its file went back before."""

from __future__ import annotations

from assessment.models.accreditations import Accreditation
from assessment.models.releases import Release, ReleaseItem
from assessment.queries.releases import count_pending, list_standing
from saas import clock, events
from saas.db import db
from saas.tenancy import Actor

WENT_BACK = "The file went back before its release, so this was called off."


def take_out(accreditation: Accreditation, *, by: Actor) -> None:
    """A file that goes back is in no release any more; in the region's scope. Nothing where it is set in none."""
    for item, release in list_standing(accreditation.id):
        stay_back(item, WENT_BACK, by=by)
        finish(release)


def stay_back(item: ReleaseItem, words: str, *, by: Actor) -> None:
    """Keep one outcome back, with the reason."""
    item.failure = words
    events.record("outcome.release_failed", item, by=by, audience="region", payload={"reason": words})


def finish(release: Release) -> None:
    """Note that nothing of a release waits any more, where that is so."""
    db.session.flush()
    if not count_pending(release.id):
        release.done_at = clock.now()
