"""People who left: their names and addresses go, what the figures and the record need stays."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, delete, func, select, text, update

from saas import clock, events
from saas.db import db
from saas.errors import Conflict
from saas.tenancy import Actor
from tenants.models.access import Access, Credential, Link, User
from tenants.models.members import Member
from tenants.models.notices import Notice
from tenants.models.offices import OfficeHolder
from tenants.models.second_factors import Authenticator, Passkey, RecoveryCode
from tenants.models.single_sign_on import ProvisionedUser, SignInIdentity
from tenants.models.tokens import Token
from tenants.queries.access import Target
from tenants.queries.leavers import (
    FORMER_COLLEAGUE,
    FORMER_MEMBER,
    FORMER_OFFICE_HOLDER,
    get_former_colleague,
    get_former_member,
)

ERASE_ABOUT = text("select tenancy.erase_payloads(null, :about, true)")
ERASE_OWN = text("select tenancy.erase_payloads('infinity', '{}', true)")
NO_PASSWORD = "!"  # noqa: S105  no hash is like it
EMPTIED_NAME = "Somebody who left"


def anonymise_member(council_id: UUID, member_id: UUID, *, by: Actor) -> None:
    """Take the name of a member who left out of the list and the log; group, kind and terms stay for the figures.

    Raises NotFound, Conflict while the member is in office.
    """
    member = get_former_member(council_id, member_id, lock=True)
    anonymise_members(council_id, [member.id])
    db.session.expire(member)
    events.record("member.anonymised", member, by=by, audience="council")


def anonymise_members(council_id: UUID, ids: Collection[UUID]) -> None:
    """The same for several at once; in the council's scope. Each must have left."""
    given, family = FORMER_MEMBER
    blank = {"title": "", "given_name": given, "family_name": family, "email": "", "ward": "", "reference": None}
    of_those = and_(Member.council_id == council_id, Member.id.in_(ids))
    db.session.execute(
        update(Member).where(of_those).values(**blank, version=Member.version + 1),
        execution_options={"synchronize_session": False},
    )
    db.session.execute(ERASE_ABOUT, {"about": list(ids)})


def anonymise_colleague(target: Target, user_id: UUID, *, by: Actor) -> None:
    """Take the name and address of somebody without a role here any more out of the place's own lists.

    What was done here keeps the name of who did it for as long as the log does. Raises NotFound, Conflict while the
    person has a role here.
    """
    row = get_former_colleague(target, user_id)
    anonymise_colleagues(target, [user_id])
    events.record("colleague.anonymised", row, by=by, audience=target.kind)


def anonymise_colleagues(target: Target, ids: Collection[UUID]) -> None:
    """The same for several at once; in the target's scope. Nobody of them has a role here."""
    roles = db.session.scalars(
        update(Access)
        .where(target.holds(Access), Access.user_id.in_(ids))
        .values(display_name=FORMER_COLLEAGUE, email="")
        .returning(Access.id),
        execution_options={"synchronize_session": False},
    ).all()
    db.session.execute(
        update(Token).where(target.holds(Token), Token.user_id.in_(ids)).values(user_name=FORMER_COLLEAGUE),
        execution_options={"synchronize_session": False},
    )
    db.session.execute(ERASE_ABOUT, {"about": list(roles)})
    if target.council_id is not None:
        db.session.execute(delete(Notice).where(Notice.council_id == target.council_id, Notice.user_id.in_(ids)))


def anonymise_office_holders(council_id: UUID, before: datetime, *, really: bool) -> int:
    """The same for those whose office ended before a moment; how many. Signatures keep the names they were given."""
    past = (
        OfficeHolder.council_id == council_id,
        OfficeHolder.until_on < before.date(),
        OfficeHolder.name != FORMER_OFFICE_HOLDER,
    )
    if not really:
        return db.session.scalar(select(func.count()).select_from(OfficeHolder).where(*past)) or 0
    values = {"name": FORMER_OFFICE_HOLDER, "email": "", "user_id": None, "version": OfficeHolder.version + 1}
    changed = update(OfficeHolder).where(*past).values(**values).returning(OfficeHolder.id)
    ids = db.session.scalars(changed, execution_options={"synchronize_session": False}).all()
    db.session.execute(ERASE_ABOUT, {"about": list(ids)})
    return len(ids)


def forget_provisioned(council_id: UUID, before: datetime, *, really: bool) -> int:
    """Forget those whom the directory took away before a moment; how many."""
    gone = (
        ProvisionedUser.council_id == council_id,
        ProvisionedUser.active.is_(False),
        ProvisionedUser.changed_at < before,
    )
    if not really:
        return db.session.scalar(select(func.count()).select_from(ProvisionedUser).where(*gone)) or 0
    ids = db.session.scalars(delete(ProvisionedUser).where(*gone).returning(ProvisionedUser.id)).all()
    return len(ids)


def empty_account(user_id: UUID, *, by: Actor) -> None:
    """Empty an account that opens nothing any more: name, address, password, factors; in the person's own scope.

    Nobody can sign in with it again, and the address is free for a new one. Who did it and when stays recorded.
    Raises Conflict while the person has a role anywhere, or when it was emptied before.
    """
    user = db.session.scalar(select(User).where(User.id == user_id).with_for_update())
    if user is None or user.disabled_at is not None:
        raise Conflict("This account is emptied already.")
    if db.session.scalar(select(Access.id).where(Access.user_id == user_id, Access.ended_at.is_(None)).limit(1)):
        raise Conflict("This account still opens a council or a region. End those roles first.")
    for model in (Authenticator, Passkey, RecoveryCode, SignInIdentity):
        db.session.execute(delete(model).where(model.user_id == user_id))
    for closed in (
        update(Credential)
        .where(Credential.user_id == user_id)
        .values({"password_hash": NO_PASSWORD, "changed_at": clock.now()}),
        update(Link).where(Link.user_id == user_id).values(key_hash=None),
        update(Token).where(Token.user_id == user_id).values(user_name=EMPTIED_NAME),
        update(Token)
        .where(Token.user_id == user_id, Token.revoked_at.is_(None))
        .values(revoked_at=clock.now(), revoked_by_name=EMPTIED_NAME),
    ):
        db.session.execute(closed, execution_options={"synchronize_session": False})
    user.name, user.email = EMPTIED_NAME, f"{user.id}@left.invalid"
    user.disabled_at, user.epoch = clock.now(), user.epoch + 1
    db.session.flush()
    db.session.execute(ERASE_OWN)
    events.record("account.emptied", user, by=Actor(by.id, EMPTIED_NAME) if by.id else by, audience="person")
