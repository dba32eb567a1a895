"""The region's letter after an interim review, as a paper to be printed and kept."""

from __future__ import annotations

from assessment.models.accreditations import Accreditation
from assessment.queries.awards import find_award
from assessment.queries.improvements import list_improvements
from assessment.queries.interim import find_review
from assessment.rules.improvements import LABELS
from assessment.rules.process_words import day_words
from saas.db import db
from saas.errors import NotFound
from saas.papers import render_pdf
from tenants.models.councils import Region


def letter(accreditation: Accreditation) -> bytes:
    """The letter as PDF, in any scope that sees it; raises NotFound before the review."""
    review, award = find_review(accreditation.id), find_award(accreditation.id)
    if review is None or award is None:
        raise NotFound
    region = db.session.get(Region, accreditation.region_id)
    return render_pdf(
        "letter",
        {
            "title": "Interim review",
            "council": accreditation.council_name,
            "region": region.name if region else "",
            "created": review.reviewed_at,
            "level": f"{award.framework_title}, {award.level_title}",
            "certificate": award.certificate_number,
            "awarded_on": day_words(award.awarded_on),
            "valid_to_on": day_words(award.valid_to_on),
            "reviewed_on": day_words(review.reviewed_on),
            "written_by": review.reviewed_by_name,
            "paragraphs": [part.strip() for part in review.letter.split("\n\n") if part.strip()],
            "improvements": [
                {
                    "number": line.improvement.number,
                    "action": line.improvement.action,
                    "state": LABELS[line.state],
                }
                for line in list_improvements(accreditation.id)
            ],
        },
    )
