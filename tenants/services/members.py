"""Members: added, corrected, and their terms of office begun and ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm.attributes import flag_modified

from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor
from tenants.models.members import MEMBER_KINDS, TERM_ENDS, Member, PoliticalGroup, Term
from tenants.queries.locks import hold
from tenants.queries.members import find_group

FIELDS = ("title", "given_name", "family_name", "email", "kind", "ward")


@dataclass(frozen=True, slots=True)
class MemberDetails:
    """What is known of a member. `group` is the group's name, "" for not known; `reference` the council's own."""

    given_name: str
    family_name: str
    title: str = ""
    email: str = ""
    kind: str = "elected"
    ward: str = ""
    group: str = ""
    reference: str = ""
    started_on: date | None = None
    due_to_end_on: date | None = None


def add_member(council_id: UUID, *, details: MemberDetails, by: Actor, member_id: UUID | None = None) -> Member:
    """Add a member, and the term when its start is known; under the id that is given, where one is.

    Raises Invalid naming the field.
    """
    _check(details)
    member_id = member_id or new_id()
    _check_reference(council_id, details.reference.strip(), member_id)
    member = Member(
        council_id=council_id,
        id=member_id,
        reference=details.reference.strip() or None,
        group_id=group_id_of(council_id, details.group, by=by),
        created_at=clock.now(),
        **{name: " ".join(getattr(details, name).split()) for name in FIELDS},
    )
    db.session.add(member)
    db.session.flush()
    if details.started_on is not None:
        _begin_term(member, details.started_on, details.due_to_end_on)
    events.record("member.added", member, by=by, audience="council", payload={"name": name_of(member)})
    return member


def change_member(member: Member, *, details: MemberDetails, version: int, by: Actor) -> None:
    """Correct what is known of a member and of the present term.

    A member whose last term has ended gets a new one when a start is given. Raises Conflict with the member as it
    stands when somebody else changed it since, Invalid naming the field.
    """
    if member.version != version:
        raise Conflict(theirs=member)
    _check(details)
    _check_reference(member.council_id, details.reference.strip(), member.id)
    group_id = group_id_of(member.council_id, details.group, by=by)
    changed = [name for name in FIELDS if getattr(member, name) != " ".join(getattr(details, name).split())]
    for name in changed:
        setattr(member, name, " ".join(getattr(details, name).split()))
    if member.group_id != group_id:
        member.group_id = group_id
        changed.append("group")
    if member.reference != (details.reference.strip() or None):
        member.reference = details.reference.strip() or None
        changed.append("reference")
    if _change_term(member, details):
        changed.append("term")
        _touch(member)
    db.session.flush()
    if changed:
        _record_change(member, changed, by)


def re_elect(member: Member, *, started_on: date, due_to_end_on: date | None, by: Actor) -> None:
    """Begin another term; one that is still open ends on the day the new one begins."""
    latest = latest_term(member)
    if latest is not None and latest.ended_on is None:
        latest.ended_on, latest.end_reason = started_on, "term_ended"
    _begin_term(member, started_on, due_to_end_on)
    _touch(member)
    _record_change(member, ["term"], by)


def end_term(member: Member, *, ended_on: date, reason: str, version: int | None = None, by: Actor) -> None:
    """Say when and why the present term ended. version: of the member as the caller saw it, where it was shown.

    Raises Conflict when none is open or the member was changed since, Invalid (ended_on, reason).
    """
    if version is not None and member.version != version:
        raise Conflict(theirs=member)
    if reason not in TERM_ENDS:
        raise Invalid({"reason": ["Choose why the term ended."]})
    term = latest_term(member)
    if term is None:
        raise Conflict("Say first when the term began: edit the member.")
    if term.ended_on is not None:
        raise Conflict("This member’s term has ended already.")
    if ended_on < term.started_on:
        raise Invalid({"ended_on": ["The term cannot end before it began."]})
    if ended_on > clock.today():
        raise Invalid({"ended_on": ["The end of the term must be today or earlier."]})
    term.ended_on, term.end_reason = ended_on, reason
    _touch(member)
    payload = {"name": name_of(member), "on": ended_on.isoformat(), "reason": reason}
    events.record("member.term_ended", member, by=by, audience="council", payload=payload)


def group_id_of(council_id: UUID, name: str, *, by: Actor) -> UUID | None:
    """The id of the group of this name, added when it is new; None for no name."""
    name = " ".join(name.split())
    if not name:
        return None
    hold(f"groups:{council_id}")
    group = find_group(council_id, name)
    if group is None:
        group = PoliticalGroup(council_id=council_id, id=new_id(), name=name)
        db.session.add(group)
        db.session.flush()
        events.record("political_group.added", group, by=by, audience="council", payload={"name": name})
    return group.id


def name_of(member: Member) -> str:
    """Title, given and family name."""
    return " ".join(filter(None, (member.title, member.given_name, member.family_name)))


def latest_term(member: Member) -> Term | None:
    """The term that began last."""
    wanted = select(Term).where(Term.council_id == member.council_id, Term.member_id == member.id)
    return db.session.scalar(wanted.order_by(Term.started_on.desc(), Term.id.desc()).limit(1))


def _touch(member: Member) -> None:
    """Count a change of the member's term as one of the member, so that nobody overwrites it unseen."""
    flag_modified(member, "family_name")


def _change_term(member: Member, details: MemberDetails) -> bool:
    term = latest_term(member)
    if term is None or term.ended_on is not None:
        if details.started_on is None:
            return False
        if term is not None and term.ended_on is not None and details.started_on < term.ended_on:
            raise Invalid({"started_on": ["The new term cannot begin before the last one ended."]})
        _begin_term(member, details.started_on, details.due_to_end_on)
        return True
    if details.started_on is None:
        raise Invalid({"started_on": ["Enter when the term started."]})
    if (term.started_on, term.due_to_end_on) == (details.started_on, details.due_to_end_on):
        return False
    term.started_on, term.due_to_end_on = details.started_on, details.due_to_end_on
    return True


def _begin_term(member: Member, started_on: date, due_to_end_on: date | None) -> None:
    db.session.add(
        Term(
            council_id=member.council_id,
            id=new_id(),
            member_id=member.id,
            started_on=started_on,
            due_to_end_on=due_to_end_on,
            ended_on=None,
            end_reason=None,
        )
    )
    db.session.flush()


def _record_change(member: Member, changed: list[str], by: Actor) -> None:
    payload = {"name": name_of(member), "fields": changed}
    events.record("member.changed", member, by=by, audience="council", payload=payload)


def _check(details: MemberDetails) -> None:
    messages: dict[str, list[str]] = {}
    if not details.given_name.strip():
        messages["given_name"] = ["Enter the given name."]
    if not details.family_name.strip():
        messages["family_name"] = ["Enter the family name."]
    if details.kind not in MEMBER_KINDS:
        messages["kind"] = ["Choose elected, co-opted or independent."]
    if details.due_to_end_on is not None:
        if details.started_on is None:
            messages["started_on"] = ["Enter when the term started."]
        elif details.due_to_end_on < details.started_on:
            messages["due_to_end_on"] = ["The term cannot end before it began."]
    if messages:
        raise Invalid(messages)


def _check_reference(council_id: UUID, reference: str, own_id: UUID) -> None:
    """A reference names one member; the lock keeps two requests from giving it twice."""
    if not reference:
        return
    hold(f"members:{council_id}")
    taken = select(Member.id).where(
        Member.council_id == council_id, func.lower(Member.reference) == reference.lower(), Member.id != own_id
    )
    if db.session.scalar(taken.limit(1)) is not None:
        raise Invalid({"reference": ["Another member has this reference."]})
