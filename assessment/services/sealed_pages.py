"""What is made of a sealed document for people: the page in the archive, and the receipt for printing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from assessment.rules.event_words import SENT_AS
from assessment.rules.framework_tree import Framework
from assessment.rules.marks import shape_of
from assessment.rules.measures import thawed
from assessment.rules.sealing import ManifestEntry, Seal
from saas.papers import render_pdf
from saas.templating import iso_day, iso_moment, standalone

MARKS = {"met": "●", "partly": "◐", "not": "○", "inapplicable": "–", "none": "◌"}


def page_of(document: dict[str, Any], framework: Framework, entries: Sequence[ManifestEntry]) -> str:
    """`index.html` of the archive: every answer by criterion and element, with links to the files beside it.

    It asks for nothing outside the archive and runs nothing. It cannot name the hash, which covers it.
    """
    lines = {line["requirement_code"]: line for line in document["answers"]}
    criteria = [
        (criterion, [(element, found) for element in criterion.elements if (found := _of(element, lines))])
        for criterion in framework.criteria
    ]
    return standalone(
        "assessment/submissions/archive.html",
        document=document,
        what=SENT_AS[document["kind"]],
        criteria=[(criterion, elements) for criterion, elements in criteria if elements],
        marks={step.code: MARKS[shape_of(framework, step)] for step in framework.scale},
        files={entry.file_id: entry for entry in entries},
        entries=entries,
        thawed=thawed,
    )


def printed_receipt(document: dict[str, Any], sealed: Seal) -> bytes:
    """`receipt.pdf`: the same bytes for the same seal as long as the program that prints it stays the same."""
    titles = {item["file_id"]: item["title"] for line in document["answers"] for item in line["evidence"]}
    title = f"Receipt of {SENT_AS[document['kind']]} {document['number']}"
    return render_pdf(
        "receipt",
        {
            "title": title,
            "council": document["council"]["name"],
            "region": document["region"]["name"],
            "created": datetime.fromisoformat(document["sent"]["at"]),
            "framework": document["framework"]["title"],
            "level": document["level"]["title"],
            "kind": SENT_AS[document["kind"]].capitalize(),
            "number": document["number"],
            "sent_by": document["sent"]["by"],
            "sent_at": iso_moment(document["sent"]["at"]),
            "hash": sealed.hash,
            "document_hash": sealed.manifest.document.sha256,
            "files": [
                {
                    "number": entry.number,
                    "title": titles.get(entry.file_id, entry.name),
                    "name": entry.name,
                    "size": entry.size,
                    "sha256": entry.sha256,
                }
                for entry in sealed.manifest.files
            ],
            "signatures": [_signature(each) for each in document["signatures"]],
            "confirmed": [
                {
                    "code": line["requirement_code"],
                    "by": line["carried"]["confirmed_by"],
                    "at": iso_moment(line["carried"]["confirmed_at"]),
                }
                for line in document["answers"]
                if line["carried"]
            ],
        },
    )


def _signature(signature: dict[str, Any]) -> dict[str, str]:
    at = iso_moment(signature["signed_at"]) or f"{iso_day(signature['signed_on'])}, on paper"
    text = signature["text"] or "The declaration, on paper."
    return {"office": signature["office"], "name": signature["name"], "at": at, "text": text}


def _of(element: Any, lines: dict[str, Any]) -> list[dict[str, Any]]:
    return [lines[requirement.code] for requirement in element.requirements if requirement.code in lines]
