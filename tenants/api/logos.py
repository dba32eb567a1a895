"""The logo that a council's and a region's papers carry, for programs."""

from __future__ import annotations

from flask import Response

from saas import uploads
from saas.api import FileOf, Operations
from saas.errors import NotFound
from saas.guard import actor, place, place_id, requires
from saas.policy import Permission
from tenants.queries.logos import find_logo
from tenants.services import logos as services

operations = Operations("logos", "Settings")
OF_COUNCIL, OF_REGION = "/councils/<council>/logo", "/regions/<region>/logo"
PNG = "image/png"


@operations.get(OF_COUNCIL, "downloadLogo", answers=FileOf((PNG,)))
@operations.get(OF_REGION, "downloadRegionLogo", answers=FileOf((PNG,)))
@requires(Permission.LOGO_SET)
def download_logo() -> Response:
    """Download the logo. As papers carry it."""
    logo = find_logo(place_id())
    if logo is None:
        raise NotFound
    return Response(logo, content_type=PNG)


@operations.post(OF_COUNCIL, "setLogo", status=204, uploads=True)
@operations.post(OF_REGION, "setRegionLogo", status=204, uploads=True)
@requires(Permission.LOGO_SET)
def set_logo() -> None:
    """Set the logo. A picture of at most 500 kB; it is drawn again, so that nothing else comes in with it."""
    with uploads.sent_file() as received, received.path.open("rb") as stream:
        services.set_logo(services.subject_of(place()), stream.read(services.MOST_BYTES + 1), by=actor())


@operations.delete(OF_COUNCIL, "removeLogo")
@operations.delete(OF_REGION, "removeRegionLogo")
@requires(Permission.LOGO_SET)
def remove_logo() -> None:
    """Remove the logo. Papers carry the name alone from then on."""
    services.remove_logo(services.subject_of(place()), by=actor())
