"""Looking at evidence after it was added: malware, the words of a file, and what a link leads to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from saas import clock, events
from saas.db import db, new_id
from saas.files import FileMissing, Malware, NoText, scan_stored, storage, text_pages
from saas.outside import AddressRefused, TooLarge, Unreachable, fetch
from saas.tenancy import SERVICE
from tenants.models.councils import Council
from tenants.models.evidence import Evidence, EvidencePage, EvidenceVersion
from tenants.queries.evidence import find_evidence
from tenants.queries.locks import hold
from tenants.rules.web_pages import facts_of
from tenants.services.evidence import forget_text
from tenants.services.notices import tell

LARGEST_PAGE = 2 * 1024 * 1024
ASK_AGAIN_AFTER = timedelta(hours=1)


def read_text(evidence_id: UUID) -> None:
    """Keep the words of a file page by page; a scan, a picture or a document that cannot be read has none.

    Does nothing for links, and where the file is replaced meanwhile: its newest version is read on its own.
    """
    hold(f"evidence-text:{evidence_id}")
    evidence = find_evidence(evidence_id)
    if evidence is None or evidence.kind != "file" or evidence.scan == "quarantined" or evidence.sha256 is None:
        return
    pages: tuple[str, ...] = ()
    try:
        with storage().open(str(evidence.council_id), evidence.sha256) as opened:
            pages = text_pages(opened, evidence.content_type or "")
    except (NoText, FileMissing):
        pages = ()
    keep_text(evidence, pages)


def keep_text(evidence: Evidence, pages: Sequence[str]) -> None:
    """Keep what was read of the newest version, page by page; nothing where it was replaced or closed meanwhile."""
    found = [(number, text) for number, text in enumerate(pages, start=1) if text.strip()]
    state = {"text_state": "read" if found else "no_text", "pages": len(pages) or None}
    if not _note(evidence, state, Evidence.sha256 == evidence.sha256, Evidence.scan != "quarantined"):
        return
    forget_text(evidence)
    db.session.add_all(
        EvidencePage(council_id=evidence.council_id, id=new_id(), evidence_id=evidence.id, page=number, text=text)
        for number, text in found
    )


def scan_again(evidence_id: UUID) -> None:
    """Show a file that is not scanned yet to the scanner; malware puts it in quarantine.

    Raises ScannerUnavailable, to be tried again.
    """
    evidence = find_evidence(evidence_id)
    if evidence is None or evidence.kind != "file" or evidence.scan != "unscanned" or evidence.sha256 is None:
        return
    try:
        if scan_stored(str(evidence.council_id), evidence.sha256, evidence.filename or evidence.title):
            _note(evidence, {"scan": "clean"}, Evidence.sha256 == evidence.sha256)
    except FileMissing:
        return
    except Malware as found:
        quarantine(evidence.council_id, evidence.sha256, found.signature)


def ask_again_later(evidence_id: UUID) -> None:
    """Let a scanner that stays away be asked in an hour."""
    evidence = find_evidence(evidence_id)
    if evidence is not None:
        payload = {"title": evidence.title}
        events.record(
            "evidence.scan_waits", evidence, by=SERVICE, audience="council", payload=payload, delay=ASK_AGAIN_AFTER
        )


def quarantine(council_id: UUID, sha256: str, signature: str) -> None:
    """Close a content in which malware was found, wherever the council holds it, and tell who added it."""
    ours = (EvidenceVersion.council_id == council_id, EvidenceVersion.sha256 == sha256)
    db.session.execute(update(EvidenceVersion).where(*ours).values(quarantined=True))
    slug = db.session.scalar(select(Council.slug).where(Council.id == council_id))
    wanted = select(Evidence).where(Evidence.council_id == council_id, Evidence.sha256 == sha256).with_for_update()
    for evidence in db.session.scalars(wanted).all():
        evidence.scan, evidence.scan_words, evidence.text_state = "quarantined", signature, "no_text"
        forget_text(evidence)
        payload = {"title": evidence.title, "sha256": sha256, "signature": signature}
        events.record("evidence.quarantined", evidence, by=SERVICE, audience="council", payload=payload)
        if evidence.added_by is not None:
            tell(
                council_id,
                evidence.added_by,
                key=f"quarantine:{evidence.id}:{evidence.file_number}",
                kind="evidence",
                words=f"Malware was found in “{evidence.title}”. It is in quarantine: replace it by a clean file.",
                path=f"/councils/{slug}/evidence/{evidence.id}",
            )


def check_link(evidence_id: UUID) -> None:
    """Look at the page a link leads to: whether it answers, its title and its date."""
    evidence = find_evidence(evidence_id)
    if evidence is None or evidence.url is None:
        return
    try:
        page = fetch(evidence.url, limit_bytes=LARGEST_PAGE, accept="text/html,*/*;q=0.5")
    except TooLarge:
        keep_look(evidence, reachable=True, words="answers, but is too large to be read")
    except (AddressRefused, Unreachable) as refusal:
        keep_look(evidence, reachable=False, words=refusal.message)
    else:
        if page.status >= 400:
            keep_look(evidence, reachable=False, words=f"The site answers {page.status}: {_meaning(page.status)}.")
            return
        facts = facts_of(page.body, page.content_type, page.last_modified)
        keep_look(evidence, reachable=True, words="answers", title=facts.title, dated_on=facts.dated_on)


def keep_look(
    evidence: Evidence, *, reachable: bool, words: str, title: str = "", dated_on: date | None = None
) -> None:
    """Keep what a look at a link found just now: whether it answers, in words, and the page's title and date."""
    found = {"reachable": reachable, "check_words": words, "link_title": title, "link_dated_on": dated_on}
    _note(evidence, found | {"checked_at": clock.now()}, Evidence.url == evidence.url)


def _meaning(status: int) -> str:
    known = {401: "it wants a password", 403: "it does not let us in", 404: "there is no such page"}
    return known.get(status, "the page is gone" if status == 410 else "the page cannot be shown")


def _note(evidence: Evidence, values: dict[str, Any], *conditions: Any) -> bool:
    """Write down what was found, if that still holds; nobody's edit becomes stale by it."""
    ours = (Evidence.council_id == evidence.council_id, Evidence.id == evidence.id)
    done = db.session.execute(
        update(Evidence).where(*ours, *conditions).values(values).execution_options(synchronize_session=False)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]
