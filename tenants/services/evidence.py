"""Keeping evidence: files by their content, links by their address, nothing ever thrown away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import delete

from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid, NotFound
from saas.files import FileRefused, Received, ScannerUnavailable, is_scanning, quota_bytes, scan, storage
from saas.outside import AddressRefused, check_address
from saas.templating import filesize
from saas.tenancy import Actor
from tenants.models.evidence import Evidence, EvidencePage, EvidenceVersion
from tenants.queries.evidence import find_content, get_evidence, get_version
from tenants.queries.locks import hold
from tenants.rules.web_links import problem_with

LONGEST_TITLE = 300
BETWEEN_LOOKS = timedelta(minutes=1)
"""How long a link rests between two looks that are asked for: each goes out to somebody else's site."""
Outcome = Literal["added", "there", "earlier", "removed", "restored"]


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of an upload: added, or nothing was doubled because its content is held already.

    `there` as the newest version of the evidence, `earlier` as its version `number`, `removed` with it from the
    library, `restored` with it just now.
    """

    evidence: Evidence
    outcome: Outcome
    number: int = 1


def add_file(
    council_id: UUID,
    *,
    received: Received,
    title: str,
    speaks_for_on: date | None,
    by: Actor,
    valid_until_on: date | None = None,
) -> Evidence:
    """Put a judged upload into the library; without a title it is called as the file is.

    A file whose content the library holds already stays the one it is: that row is returned, nothing is added. One that
    was removed comes back with the new title and dates. Raises FileRefused for malware and beyond the quota.
    """
    dates = {"speaks_for_on": speaks_for_on, "valid_until_on": valid_until_on}
    return take_in(council_id, received=received, title=title, **dates, restoring=True, by=by).evidence


def take_in(
    council_id: UUID,
    *,
    received: Received,
    title: str,
    speaks_for_on: date | None,
    valid_until_on: date | None,
    restoring: bool = False,
    by: Actor,
) -> Kept:
    """Put a judged upload into the library, and say what became of it.

    restoring: what was removed comes back; else it is left to the person to say so. Raises FileRefused, Invalid.
    """
    state = _scanned(received)
    title = _titled(title or received.filename)
    check_dates(speaks_for_on, valid_until_on)
    hold_library(council_id)
    found = find_content(council_id, received.sha256)
    _refuse_quarantined(received, quarantined=found.quarantined)
    evidence = found.evidence
    if evidence is not None:
        if evidence.removed_at is None:
            outcome: Outcome = "there" if found.number == evidence.file_number else "earlier"
            return Kept(evidence, outcome, found.number or 1)
        if not restoring:
            return Kept(evidence, "removed", found.number or 1)
        evidence.title, evidence.speaks_for_on, evidence.valid_until_on = title, speaks_for_on, valid_until_on
        restore(evidence, by=by)
        return Kept(evidence, "restored", found.number or 1)
    _refuse_beyond_quota(received, found.used)
    evidence = _new(council_id, "file", by)
    evidence.title, evidence.speaks_for_on, evidence.valid_until_on = title, speaks_for_on, valid_until_on
    _fill(evidence, received, state)
    db.session.add(evidence)
    db.session.flush()
    storage().put(str(council_id), received)
    payload = {"title": title, "kind": "file", "sha256": received.sha256, "size": received.size}
    events.record("evidence.added", evidence, by=by, audience="council", payload=payload)
    _ask_for_scan(evidence, by)
    return Kept(evidence, "added")


def replace_file(evidence: Evidence, *, received: Received, by: Actor, **dates: date | None) -> None:
    """Make an upload the newest version of a file; the earlier ones stay, and so does what was sealed.

    The evidence was read with `lock`, inside `hold_library`. dates: those that the new version brings, speaks_for_on
    and valid_until_on; what is not named stays. Raises FileRefused for content that is there already, here or elsewhere
    in the library, for malware and beyond the quota; Conflict where there is no file to replace; Invalid
    (valid_until_on).
    """
    if evidence.kind != "file":
        raise Conflict("Only a file can be replaced by another file.")
    stood = {name: getattr(evidence, name) for name in ("speaks_for_on", "valid_until_on")}
    wanted = stood | dates
    check_dates(**wanted)
    state = _scanned(received)
    hold_library(evidence.council_id)
    found = find_content(evidence.council_id, received.sha256)
    _refuse_quarantined(received, quarantined=found.quarantined)
    there = found.evidence
    if there is not None and evidence.sha256 == received.sha256:
        raise FileRefused(f"“{received.filename}” is the same as the newest version. Nothing was changed.")
    if there is not None and there.id != evidence.id and there.removed_at is None:
        raise FileRefused(f"“{received.filename}” is in the library already, as “{there.title}”.")
    if there is None:
        _refuse_beyond_quota(received, found.used)
    _fill(evidence, received, state)
    evidence.file_number += 1
    evidence.added_at, evidence.added_by, evidence.added_by_name = clock.now(), by.id, by.name
    db.session.flush()
    forget_text(evidence)
    storage().put(str(evidence.council_id), received)
    payload = {"title": evidence.title, "number": evidence.file_number, "sha256": received.sha256}
    events.record("evidence.replaced", evidence, by=by, audience="council", payload=payload)
    if wanted != stood:
        change(evidence, title=evidence.title, **wanted, version=evidence.version, by=by)
    _ask_for_scan(evidence, by)


def check_dates(speaks_for_on: date | None, valid_until_on: date | None) -> None:
    """Raise Invalid (valid_until_on) for what would end before the day it is about."""
    if speaks_for_on and valid_until_on and valid_until_on < speaks_for_on:
        raise Invalid({"valid_until_on": ["It cannot end before the date it speaks for."]})


def hold_library(council_id: UUID) -> None:
    """Keep new content one after the other: of several at once each would else see the same room left.

    Held before a piece of evidence is locked, never after: who adds a file and cites it waits for that piece.
    """
    hold(f"evidence:{council_id}")


def add_link(
    council_id: UUID,
    *,
    url: str,
    title: str,
    by: Actor,
    speaks_for_on: date | None = None,
    valid_until_on: date | None = None,
) -> Evidence:
    """Put a web address into the library; without a title it is called by its address. Raises Invalid (url, title)."""
    url = url.strip()
    problem = problem_with(url) or _outside_problem(url)
    if problem:
        raise Invalid({"url": [problem]})
    check_dates(speaks_for_on, valid_until_on)
    evidence = _new(council_id, "link", by)
    evidence.title, evidence.url = _titled(title or url[:LONGEST_TITLE]), url
    evidence.speaks_for_on, evidence.valid_until_on = speaks_for_on, valid_until_on
    evidence.text_state = "no_text"
    db.session.add(evidence)
    db.session.flush()
    events.record("evidence.linked", evidence, by=by, audience="council", payload={"title": evidence.title})
    return evidence


def change(
    evidence: Evidence,
    *,
    title: str,
    speaks_for_on: date | None,
    valid_until_on: date | None,
    version: int,
    by: Actor,
) -> None:
    """Correct title and dates. Raises Conflict when somebody else changed it since, Invalid naming the field."""
    if evidence.version != version:
        raise Conflict(theirs=evidence)
    check_dates(speaks_for_on, valid_until_on)
    evidence.title = _titled(title)
    evidence.speaks_for_on, evidence.valid_until_on = speaks_for_on, valid_until_on
    events.record("evidence.changed", evidence, by=by, audience="council", payload={"title": evidence.title})


def remove(evidence: Evidence, *, by: Actor) -> None:
    """Take it out of the library. Its content stays: answers that were sent may rest on it."""
    evidence.removed_at = clock.now()
    events.record("evidence.removed", evidence, by=by, audience="council", payload={"title": evidence.title})


def restore(evidence: Evidence, *, by: Actor) -> None:
    """Put back what was removed."""
    evidence.removed_at = None
    events.record("evidence.restored", evidence, by=by, audience="council", payload={"title": evidence.title})


def look_again(evidence: Evidence, *, by: Actor) -> None:
    """Ask for one more look at a link. Raises Conflict for a file, and within a minute of the look before."""
    if evidence.kind != "link":
        raise Conflict("Only a link can be looked at.")
    if evidence.checked_at is not None and clock.now() - evidence.checked_at < BETWEEN_LOOKS:
        raise Conflict("This link was looked at a moment ago. Try again in a minute.")
    events.record("evidence.look_asked", evidence, by=by, audience="council", payload={"title": evidence.title})


def forget_text(evidence: Evidence) -> None:
    """Let go of the text that was read of an earlier content."""
    ours = (EvidencePage.council_id == evidence.council_id, EvidencePage.evidence_id == evidence.id)
    db.session.execute(delete(EvidencePage).where(*ours))


def refuse_quarantined(evidence: Evidence) -> None:
    """Raise Conflict, in words for the page, for a file in which malware was found."""
    if evidence.scan == "quarantined":
        raise Conflict(
            f"“{evidence.title}” is in quarantine: malware was found in it ({evidence.scan_words})."
            " It cannot be opened or cited."
        )


def get_openable(council_id: UUID, evidence_id: UUID) -> Evidence:
    """A file that may be opened. Raises NotFound for a link, Conflict for what is in quarantine."""
    evidence = get_evidence(council_id, evidence_id)
    if evidence.sha256 is None:
        raise NotFound("This is no file: there is nothing to open.")
    refuse_quarantined(evidence)
    return evidence


def get_openable_version(council_id: UUID, evidence_id: UUID, number: int) -> EvidenceVersion:
    """One version of a file that may be opened. Raises NotFound, Conflict for what is in quarantine."""
    version = get_version(council_id, evidence_id, number)
    if version.quarantined:
        raise Conflict("Malware was found in this version: it cannot be opened.")
    return version


def _new(council_id: UUID, kind: str, by: Actor) -> Evidence:
    return Evidence(
        council_id=council_id,
        id=new_id(),
        kind=kind,
        added_at=clock.now(),
        added_by=by.id,
        added_by_name=by.name,
        file_number=1,
        scan="unscanned",
    )


def _fill(evidence: Evidence, received: Received, state: str) -> None:
    evidence.sha256, evidence.size = received.sha256, received.size
    evidence.content_type, evidence.filename = received.content_type, received.filename
    evidence.scan, evidence.scan_words = state, ""
    evidence.text_state, evidence.pages = "waiting", None


def _scanned(received: Received) -> str:
    """What a scanner says now; one that does not answer is asked again by a job. Raises FileRefused for malware."""
    try:
        return "clean" if scan(received) else "unscanned"
    except ScannerUnavailable:
        return "unscanned"


def _ask_for_scan(evidence: Evidence, by: Actor) -> None:
    if evidence.scan == "unscanned" and is_scanning():
        events.record("evidence.scan_waits", evidence, by=by, audience="council", payload={"title": evidence.title})


def _refuse_quarantined(received: Received, *, quarantined: bool) -> None:
    if quarantined:
        raise FileRefused(f"“{received.filename}” was found to contain malware before and was not kept.")


def _refuse_beyond_quota(received: Received, used: int) -> None:
    left = max(0, quota_bytes() - used)
    if received.size > left:
        raise FileRefused(
            f"“{received.filename}” ({filesize(received.size)}) does not fit: your council has"
            f" {filesize(left)} left of {filesize(quota_bytes())}."
        )


def _outside_problem(url: str) -> str | None:
    """What shows from the address alone that nobody outside could open it."""
    try:
        check_address(url)
    except AddressRefused as refusal:
        return refusal.message
    return None


def _titled(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise Invalid({"title": ["Enter the title."]})
    if len(title) > LONGEST_TITLE:
        raise Invalid({"title": [f"The title must be {LONGEST_TITLE} characters or fewer."]})
    return title
