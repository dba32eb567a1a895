"""Logos: taken as a picture, drawn again as our own small PNG, so that nothing else comes in with it."""

from __future__ import annotations

import io
from uuid import UUID

from PIL import Image, UnidentifiedImageError
from sqlalchemy import text

from saas import events
from saas.db import db
from saas.errors import Invalid, NotFound
from saas.policy import Place
from saas.tenancy import Actor
from tenants.models.councils import Council, Region

SET_LOGO = text("select tenancy.set_logo(:place_id, :image)")
MOST_BYTES = 500_000
MOST_PIXELS = 4_000_000
"""What a picture may unfold to: each pixel takes four bytes of memory while it is drawn again."""
LARGEST = (1_200, 400)
"""The widest and the highest that a logo is kept; papers print it 16 mm high."""
KINDS = ("PNG", "JPEG")


def set_logo(place: Council | Region, data: bytes, *, by: Actor) -> None:
    """Keep a logo for the place whose scope is open. data: a PNG or JPEG of at most 500 kB. Raises Invalid (file)."""
    _keep(place, drawn_again(data))
    events.record("logo.set", place, by=by, audience=_audience(place))


def remove_logo(place: Council | Region, *, by: Actor) -> None:
    """Papers carry the name alone from now on."""
    _keep(place, None)
    events.record("logo.removed", place, by=by, audience=_audience(place))


def drawn_again(data: bytes) -> bytes:
    """The same picture as a PNG of at most LARGEST pixels, without anything else the file held. Raises Invalid."""
    if len(data) > MOST_BYTES:
        raise Invalid({"file": [f"The file is larger than {MOST_BYTES // 1000} kB, the limit for a logo."]})
    try:
        with Image.open(io.BytesIO(data), formats=KINDS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                most = f"{MOST_PIXELS // 1_000_000} million"
                raise Invalid(
                    {"file": [f"The picture has more than {most} pixels. Save it smaller and send it again."]}
                )
            picture = opened if _shrinks_well(opened) else opened.convert("RGBA")
            picture.thumbnail(LARGEST, Image.Resampling.LANCZOS)
            picture = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Invalid({"file": ["The file is no PNG or JPEG picture that can be read."]}) from error
    for colours in (None, 256, 64):
        written = io.BytesIO()
        (picture if colours is None else picture.quantize(colours)).save(written, "PNG", optimize=True)
        if written.tell() <= MOST_BYTES:
            return written.getvalue()
    raise Invalid({"file": ["The picture is too detailed for a logo. Save it smaller and send it again."]})


def _shrinks_well(picture: Image.Image) -> bool:
    """Whether its pixels can be mixed as they are: those of a palette, or with one colour to see through, cannot."""
    return picture.mode in ("L", "RGB", "RGBA") and "transparency" not in picture.info


def _keep(place: Council | Region, image: bytes | None) -> None:
    db.session.execute(SET_LOGO, {"place_id": place.id, "image": image})


def _audience(place: Council | Region) -> str:
    return "council" if isinstance(place, Council) else "region"


def subject_of(place: Place) -> Council | Region:
    """A viewer's place as the subject of an event; raises NotFound for the platform, which has no papers."""
    if place.id is None or place.region_id is None:
        raise NotFound
    return place_of(place.kind, place.id, place.region_id)


def place_of(kind: str, place_id: UUID, region_id: UUID) -> Council | Region:
    """The place as the subject of an event."""
    return Council(id=place_id, region_id=region_id) if kind == "council" else Region(id=place_id)
