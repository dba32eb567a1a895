"""What every form that cites evidence has: one more piece, of the library or a new file, or one less."""

from __future__ import annotations

from marshmallow import Schema, fields

from saas.files import ACCEPTED
from saas.forms import Upload


class CitingForm(Schema):
    """One more piece of evidence, or one less."""

    evidence_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"quiet": True, "label": "From your library", "subject": "The evidence"},
    )
    file = Upload(
        load_default=None,
        metadata={"quiet": True, "label": "Or upload a file", "subject": "The file", "accept": ACCEPTED},
    )
    uncite = fields.UUID(load_default=None, allow_none=True)
