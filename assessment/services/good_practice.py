"""Good practice: what an issued report names, and the council's word on whether others may read it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert, select

from assessment.models.awards import Award
from assessment.models.reports import Report
from assessment.models.sharing import Clipping, GoodPractice
from assessment.queries.frameworks import PublishedFramework
from assessment.queries.good_practice import NamedPractice, list_named
from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.policy import Permission
from saas.tenancy import SERVICE, Actor
from tenants.models.councils import Council
from tenants.queries.access import list_colleagues
from tenants.services.notices import Told, tell_all

LONGEST_TITLE, LONGEST_WORDS, LONGEST_CONTACT = 200, 10_000, 200


def keep(report: Report, framework: PublishedFramework) -> None:
    """Keep one row for each entry of good practice of an issued report; with the report, once."""
    rows = [
        {
            "council_id": report.council_id,
            "id": new_id(),
            "region_id": report.region_id,
            "accreditation_id": report.accreditation_id,
            "report_id": report.id,
            "number": number,
            "requirement_id": framework.ids.get(item["requirement_code"]),
            "criterion_code": item["criterion_code"],
            "criterion_title": item["criterion_title"],
            "requirement_code": item["requirement_code"],
            "words": item["text"],
            "issued_at": report.opened_at,
        }
        for number, item in enumerate(report.document["good_practice"], 1)
    ]
    if rows:
        db.session.execute(insert(GoodPractice), rows)


def tell_leads(report_id: UUID) -> None:
    """Tell those who decide on sharing that entries of an issued report wait for them; each person once a report.

    Of what cannot be shared, because no award is held, nobody is told. In the council's scope.
    """
    report = db.session.scalar(select(Report).where(Report.id == report_id))
    if report is None:
        return
    of_report = [each for each in list_named(report.council_id) if each.practice.report_id == report_id]
    number = sum(each.clipping is None and not why_not(each) for each in of_report)
    if not number:
        return
    slug = db.session.scalar(select(Council.slug).where(Council.id == report.council_id))
    what = "1 entry waits" if number == 1 else f"{number} entries wait"
    words = f"Good practice in your report: {what} for your decision whether other councils may read it"
    leads = list_colleagues(report.council_id, Permission.SHARING_DECIDE)
    key, path = f"good_practice:{report_id}", f"/councils/{slug}/good-practice"
    tell_all(report.council_id, [Told(lead.user_id, key, "good_practice", words, path) for lead in leads])


def why_not(named: NamedPractice) -> str:
    """Why it cannot be shared today, in a sentence; "" where it can."""
    award = named.award
    if award is None:
        return "Good practice is shared while the award is held, and this assessment ended without one."
    if award.ending is not None or award.valid_to_on < clock.today():
        return "Good practice is shared while the award is held, and this award has ended."
    return ""


def share(
    named: NamedPractice, *, title: str, words: str, is_named: bool, contact: str, version: int, by: Actor
) -> Clipping:
    """Let others of the region read it, in these words, until the award's last day.

    named: as `queries.good_practice.get_named` gives it, locked. is_named: whether the council's name stands with it.
    version: the clipping's as it was seen, 0 for none. Raises Invalid (title, words), Conflict (theirs: the clipping).
    """
    _ask_same(named, version)
    refusal = why_not(named)
    if refusal or named.award is None:
        raise Conflict(refusal)
    missing = {}
    if not title.strip():
        missing["title"] = ["Enter a title."]
    if not words.strip():
        missing["words"] = ["Enter what others may read."]
    if missing:
        raise Invalid(missing)
    clipping = _clipping(named)
    clipping.title, clipping.words, clipping.contact = title.strip(), words.strip(), contact.strip()
    clipping.council_name = named.council_name if is_named else ""
    clipping.expires_on = named.award.valid_to_on
    return _decide(clipping, "consented", "shared", by)


def decline(named: NamedPractice, *, version: int, by: Actor) -> Clipping:
    """Keep it to the council. Raises Conflict when somebody decided since."""
    _ask_same(named, version)
    if named.clipping is not None and named.clipping.state == "consented":
        raise Conflict("It is shared. Take it back first.")
    return _decide(_clipping(named), "declined", "declined", by)


def take_back(named: NamedPractice, *, version: int, by: Actor) -> Clipping:
    """Take it out of the library; whoever opens that next does not see it. Raises Conflict when it is not shared."""
    _ask_same(named, version)
    if named.clipping is None or named.clipping.state != "consented":
        raise Conflict("It is not shared.")
    return _decide(named.clipping, "withdrawn", "taken_back", by)


def end_with(award_id: UUID) -> None:
    """An award ended before its time: what was shared under it is read no longer than the award lasted."""
    award = db.session.scalar(select(Award).where(Award.id == award_id))
    if award is None or award.ended_on is None:
        return
    shared = select(Clipping).join(
        GoodPractice,
        (GoodPractice.council_id == Clipping.council_id) & (GoodPractice.id == Clipping.good_practice_id),
    )
    wanted = shared.where(
        Clipping.council_id == award.council_id,
        Clipping.state == "consented",
        Clipping.expires_on > award.ended_on,
        GoodPractice.accreditation_id == award.accreditation_id,
    )
    for clipping in db.session.scalars(wanted.with_for_update(of=Clipping)):
        clipping.expires_on = award.ended_on
        payload = {"title": clipping.title}
        events.record("good_practice.expired", clipping, by=SERVICE, audience=_audience(clipping), payload=payload)


def _ask_same(named: NamedPractice, version: int) -> None:
    found = named.clipping.version if named.clipping is not None else 0
    if found != version:
        words = "Somebody else decided on this after you opened the page."
        raise Conflict(words, theirs=named.clipping, version=found)


def _clipping(named: NamedPractice) -> Clipping:
    practice = named.practice
    if named.clipping is not None:
        return named.clipping
    return Clipping(
        council_id=practice.council_id,
        id=new_id(),
        region_id=practice.region_id,
        good_practice_id=practice.id,
        state="declined",
        title="",
        words="",
        council_name="",
        contact="",
        framework_title=named.framework_title,
        requirement_code=practice.requirement_code,
        requirement_title=named.requirement_title,
        criterion_code=practice.criterion_code,
        criterion_title=practice.criterion_title,
        expires_on=None,
        decided_at=clock.now(),
        decided_by_name="",
        version=1,
    )


def _decide(clipping: Clipping, state: str, verb: str, by: Actor) -> Clipping:
    clipping.state, clipping.decided_at, clipping.decided_by_name = state, clock.now(), by.name
    db.session.add(clipping)
    db.session.flush()
    title = clipping.title or f"{clipping.criterion_code} {clipping.criterion_title}".strip() or "the whole report"
    audience = "council" if state == "declined" else _audience(clipping)
    events.record(f"good_practice.{verb}", clipping, by=by, audience=audience, payload={"title": title})
    return clipping


def _audience(clipping: Clipping) -> str:
    """Who reads what becomes of it: an event names its council, so that one without its name is the council's alone."""
    return "shared" if clipping.council_name else "council"
