"""The demo halfway through an award: the council's interim return, and what the region makes of it."""

from __future__ import annotations

import time

from assessment.demo.journeys import Journey
from assessment.demo.places import OFFICER
from assessment.demo.scene import opened
from assessment.queries.accreditations import get_accreditation
from assessment.queries.improvements import list_improvements
from assessment.queries.interim import find_standing
from assessment.rules.interim import WHOLE, letter_of
from assessment.services import interim, interim_reviews
from saas import jobs
from tenants.queries.evidence import list_evidence

WRITTEN = {
    "claimed_complete": "It is done, and part of the yearly programme now. The panel looked at it in spring.",
    "in_progress": "Half of it is done. The rest waits for the new officer, who begins in autumn.",
}
ABOUT = "Training went on through a change of leadership. Attendance is where it was when we were assessed."
TRIES, WAIT_SECONDS = 200, 0.1


def write(journey: Journey) -> None:
    """Say of every open improvement how far it is; the first cites a file of the library."""
    with opened(journey.council_scope):
        accreditation = get_accreditation(journey.accreditation_id, share=True)
        waiting = [line for line in list_improvements(accreditation.id) if not line.is_closed]
        for place, line in enumerate(waiting):
            number, state = line.improvement.number, "in_progress" if place % 2 else "claimed_complete"
            interim.save(accreditation, number, state=state, words=WRITTEN[state], version=0, by=journey.lead)
        interim.save(accreditation, WHOLE, state="", words=ABOUT, version=0, by=journey.lead)
        shown = [each for each in list_evidence(journey.council_id, kind="file", sort="title") if each.scan == "clean"]
        if waiting and shown:
            interim.cite(accreditation, waiting[0].improvement.number, shown[0], by=journey.lead)


def send(journey: Journey) -> None:
    """Seal the return and send it to the region."""
    with opened(journey.council_scope):
        interim.request_seal(get_accreditation(journey.accreditation_id, lock=True), by=journey.lead)
    for _ in range(TRIES):
        jobs.run_all()
        with opened(journey.council_scope):
            if find_standing(get_accreditation(journey.accreditation_id)).sent is not None:
                return
        time.sleep(WAIT_SECONDS)  # a worker that is up has taken it first
    raise RuntimeError(f"{journey.council.name}: the interim return was not sealed")


def review(journey: Journey) -> None:
    """Verify what is complete, leave the rest open, and write the letter."""
    wanted, by = journey.accreditation_id, journey.scene.actor(OFFICER)
    with opened(journey.scene.in_region()):
        sent = find_standing(get_accreditation(wanted)).sent
        if sent is None:
            raise RuntimeError(f"{journey.council.name}: no interim return was sent")
        waiting = [line for line in list_improvements(wanted) if not line.is_closed]
        endings = {
            line.improvement.number: "verified"
            if line.progress is not None and line.progress.state == "claimed_complete"
            else "open"
            for line in waiting
        }
        done = [number for number, ending in endings.items() if ending == "verified"]
        left = [number for number, ending in endings.items() if ending == "open"]
        letter = letter_of(journey.council.name, sent.document["level"]["title"], done, left)
        interim_reviews.review(wanted, sent.id, endings=endings, letter=letter, by=by)
