"""Files dropped on a requirement's page: each goes into the library and is cited at once."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, jsonify, url_for
from marshmallow import Schema, fields, validate
from werkzeug.exceptions import RequestEntityTooLarge

from assessment.queries.accreditations import get_accreditation
from assessment.queries.frameworks import get_framework
from assessment.rules.answering import LONGEST_PINPOINT, LONGEST_WHY
from assessment.services import answers, citing
from saas import guard, uploads
from saas.errors import Conflict, Invalid, NotFound
from saas.files import FileRefused
from saas.forms import Upload
from saas.guard import requires
from saas.policy import Permission
from tenants.services import evidence as library

blueprint = Blueprint("dropped_files", __name__)


class DroppedForm(Schema):
    """One file, as the page sends it, with the size it has there in bytes, where in it, and what it shows."""

    file = Upload(required=True, metadata={"label": "File"})
    size = fields.Integer(validate=validate.Range(min=0))
    pinpoint = fields.String(validate=validate.Length(max=LONGEST_PINPOINT), metadata={"label": "Where in it"})
    why = fields.String(validate=validate.Length(max=LONGEST_WHY), metadata={"label": "What it shows"})


@blueprint.post("/councils/<council>/accreditations/<uuid:accreditation_id>/requirements/<code>/files")
@requires(Permission.ANSWER_WRITE)
def receive(accreditation_id: UUID, code: str) -> Response:
    """Keep a file and cite it in the answer; what became of it, and the answer's version, as JSON."""
    form = uploads.bind_upload(DroppedForm)
    if not form.valid:
        return uploads.refused(" ".join(problem.message for problem in form))
    try:
        with uploads.receive_upload(form.values["file"], announced=form.values["size"]) as received:
            accreditation = get_accreditation(accreditation_id, share=True)
            framework = get_framework(accreditation.framework_id)
            if code not in framework.ids:
                raise NotFound
            answers.requirement_of(accreditation, framework.ids[code])
            evidence = library.add_file(
                accreditation.council_id, received=received, title="", speaks_for_on=None, by=guard.actor()
            )
            words = {name: form.values[name] for name in ("pinpoint", "why")}
            answer = citing.cite_new(accreditation, framework.ids[code], evidence, **words, by=guard.actor())
    except (FileRefused, Conflict) as refusal:
        return uploads.refused(refusal.message)
    except Invalid as refusal:
        return uploads.refused(" ".join(text for texts in refusal.messages.values() for text in texts))
    return jsonify(
        outcome="added",
        words=f"Cited, as “{evidence.title}”.",
        href=url_for("evidence.preview", evidence_id=evidence.id),
        link="Look inside",
        id=str(evidence.id),
        version=answer.version,
    )


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """A body beyond the limit was not read."""
    return uploads.refused(uploads.too_large(), 413)
