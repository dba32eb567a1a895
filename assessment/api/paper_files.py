"""Papers as files, as programs ask for them: for reading, as Word file or PDF."""

from __future__ import annotations

from marshmallow import fields, validate

from saas.api import ApiSchema, FileOf
from saas.papers import KINDS

TO_READ = ("docx", "pdf")
FILE_TO_READ = FileOf(tuple(KINDS[kind] for kind in TO_READ))


class AskedPaperFileSchema(ApiSchema):
    """As which file."""

    kind = fields.String(load_default="pdf", validate=validate.OneOf(TO_READ))
