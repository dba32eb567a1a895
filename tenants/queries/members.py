"""Members of a council, their groups and their present or last term."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, select, true
from sqlalchemy.orm import aliased

from saas.db import db
from saas.errors import NotFound
from tenants.models.members import Member, PoliticalGroup, Term
from tenants.queries.sorting import Sortable, order_of

LATEST = aliased(
    Term,
    select(Term)
    .where(Term.council_id == Member.council_id, Term.member_id == Member.id)
    .order_by(Term.started_on.desc(), Term.id.desc())
    .limit(1)
    .correlate(Member)
    .lateral("latest_term"),
)
SORTS: dict[str, Sortable] = {
    "name": func.lower(Member.family_name + " " + Member.given_name),
    "group": func.lower(PoliticalGroup.name),
    "ward": func.lower(Member.ward),
    "kind": Member.kind,
    "email": func.lower(Member.email),
    "started": LATEST.started_on,
    "ends": func.coalesce(LATEST.ended_on, LATEST.due_to_end_on),
}


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member with the name of the group ("" for none) and the latest term, if any is known."""

    member: Member
    group: str
    term: Term | None

    @property
    def name(self) -> str:
        """Title, given and family name."""
        return " ".join(filter(None, (self.member.title, self.member.given_name, self.member.family_name)))

    @property
    def in_office(self) -> bool:
        """Not known to have left."""
        return self.term is None or self.term.ended_on is None


def list_members(
    council_id: UUID,
    *,
    words: str = "",
    group: UUID | None = None,
    in_office: bool = True,
    today: date,
    sort: str = "name",
) -> list[MemberLine]:
    """Members of the council.

    words: parts of the name, in any order. in_office: leave out those whose last term has ended by today. sort: a key
    of SORTS, with "-" before it backwards.
    """
    wanted = _lines().where(Member.council_id == council_id)
    whole = Member.title + " " + Member.given_name + " " + Member.family_name
    for word in words.split():
        wanted = wanted.where(whole.icontains(word, autoescape=True))
    if group is not None:
        wanted = wanted.where(Member.group_id == group)
    if in_office:
        wanted = wanted.where(LATEST.ended_on.is_(None) | (LATEST.ended_on > today))
    ordered = wanted.order_by(*order_of(SORTS, sort, "name"), SORTS["name"], Member.id)
    return [MemberLine(member, name or "", term) for member, name, term in db.session.execute(ordered)]


def get_member(council_id: UUID, member_id: UUID, *, lock: bool = False) -> MemberLine:
    """One member; raises NotFound. `lock` holds the member for a change."""
    wanted = _lines().where(Member.council_id == council_id, Member.id == member_id)
    found = db.session.execute(wanted.with_for_update(of=Member) if lock else wanted).one_or_none()
    if found is None:
        raise NotFound
    return MemberLine(found[0], found[1] or "", found[2])


def list_groups(council_id: UUID) -> list[PoliticalGroup]:
    """The council's political groups by name."""
    wanted = select(PoliticalGroup).where(PoliticalGroup.council_id == council_id)
    return list(db.session.scalars(wanted.order_by(func.lower(PoliticalGroup.name))))


def find_group(council_id: UUID, name: str) -> PoliticalGroup | None:
    """The group of this name, whatever its capitals."""
    wanted = select(PoliticalGroup).where(
        PoliticalGroup.council_id == council_id, func.lower(PoliticalGroup.name) == name.lower()
    )
    return db.session.scalar(wanted.order_by(PoliticalGroup.name).limit(1))


def _lines() -> Select[Member, str, Term]:
    return (
        select(Member, PoliticalGroup.name, LATEST)
        .outerjoin(
            PoliticalGroup,
            (PoliticalGroup.council_id == Member.council_id) & (PoliticalGroup.id == Member.group_id),
        )
        .outerjoin(LATEST, true())
    )
