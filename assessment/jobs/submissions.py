"""The job that seals what a council asked to send."""

from __future__ import annotations

from uuid import UUID

from assessment.queries.submissions import get_request
from assessment.services import seals, submissions
from saas.jobs import job


def give_up(request_id: UUID, _error: Exception) -> None:
    """The job was given up: let the council know and answer again."""
    request = get_request(request_id, lock=True)
    if request.done_at is None and request.failed_at is None:
        submissions.fail(request, submissions.GIVEN_UP)


@job(isolation="REPEATABLE READ", on_failure=give_up, waited_for=True)
def seal_submission(request_id: UUID) -> None:
    """Seal what was asked for; a second run finds it done."""
    seals.seal(request_id)
