"""Tenancy: the one scope of a transaction, and who may see which table.

The database holds the wall (row-level security, forced). This module says two things to it: in which scope the
transaction runs (settings local to the transaction), and which policies each table has (`visible_to`, declared
beside the model, emitted by migrations, compared with `pg_policies` by a test).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Table

MODEL = TypeVar("MODEL", bound=type)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a user with the name others know, or the service itself (no id)."""

    id: UUID | None
    name: str


SERVICE = Actor(None, "Charterway")
CONSOLE = Actor(None, "Console")


@dataclass(frozen=True, slots=True)
class Scope:
    """What one transaction may see. Exactly one kind of scope is set; a setting never serves two meanings."""

    user_id: UUID | None = None
    council_id: UUID | None = None
    region_id: UUID | None = None
    accreditation_id: UUID | None = None
    home_region_id: UUID | None = None
    key_hash: str | None = None
    email_key: str | None = None
    platform: bool = False

    @classmethod
    def nobody(cls) -> Scope:
        """Nothing but what is public."""
        return cls()

    @classmethod
    def person(cls, user_id: UUID, home_region_id: UUID | None = None) -> Scope:
        """A signed-in user's own rows, in no tenant."""
        return cls(user_id=user_id, home_region_id=home_region_id)

    @classmethod
    def council(cls, council_id: UUID, home_region_id: UUID, user_id: UUID | None = None) -> Scope:
        """One council, and what its region shares with it."""
        return cls(user_id=user_id, council_id=council_id, home_region_id=home_region_id)

    @classmethod
    def region(cls, region_id: UUID, user_id: UUID | None = None) -> Scope:
        """One region: its own work and what its councils have sent."""
        return cls(user_id=user_id, region_id=region_id)

    @classmethod
    def region_of_council(cls, _council_id: UUID, region_id: UUID) -> Scope:
        """The region's own scope, for what follows there from something done in a council or a file."""
        return cls.region(region_id)

    @classmethod
    def file(cls, accreditation_id: UUID, home_region_id: UUID, user_id: UUID) -> Scope:
        """An assessor's one file."""
        return cls(user_id=user_id, accreditation_id=accreditation_id, home_region_id=home_region_id)

    @classmethod
    def operator(cls, user_id: UUID | None) -> Scope:
        """The platform: an operator, or the console of the server when there is no user."""
        return cls(user_id=user_id, platform=True)

    @classmethod
    def bearer(cls, *, key_hash: str | None = None, email_key: str | None = None) -> Scope:
        """Somebody not yet known who shows a secret's hash or an e-mail address."""
        return cls(key_hash=key_hash, email_key=email_key)

    def settings(self) -> dict[str, str]:
        """Setting name → text; an empty text means not set."""
        return {f"app.{name}": _as_setting(value) for name, value in asdict(self).items()}

    def to_json(self) -> dict[str, str | bool]:
        """The scope as a job carries it: only what is set."""
        return {name: value if isinstance(value, bool) else str(value) for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Scope:
        """The scope a job carried."""
        texts = {"key_hash", "email_key", "platform"}
        values: dict[str, Any] = {name: value if name in texts else UUID(value) for name, value in document.items()}
        return cls(**values)


def _as_setting(value: Any) -> str:
    return ("on" if value else "") if isinstance(value, bool) else str(value or "")


SETTINGS = tuple(f"app.{item.name}" for item in fields(Scope))

# --- policies -------------------------------------------------------------------------------------------------

AUDIENCES = {
    "council": "council_id = (select tenancy.council())",
    "region": "region_id = (select tenancy.region())",
    "home": "region_id = (select tenancy.home_region())",
    "file": "accreditation_id = (select tenancy.open_file())",
    "user": "user_id = (select tenancy.user_id())",
    "bearer": "key_hash = (select tenancy.key_hash())",
    "everyone": "true",
}
COMMANDS = {"s": "select", "i": "insert", "u": "update", "d": "delete"}


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy for one role on one table. `check` is what a written row must be, where that is not `condition`."""

    name: str
    command: str
    condition: str
    role: str = "app"
    restrictive: bool = False
    check: str = ""

    def sql(self, table: str) -> str:
        """The statement that creates it."""
        kind = "restrictive" if self.restrictive else "permissive"
        using = "" if self.command == "insert" else f" using ({self.condition})"
        check = "" if self.command in {"select", "delete"} else f" with check ({self.check or self.condition})"
        return f"create policy {self.name} on {table} as {kind} for {self.command} to {self.role}{using}{check}"


@dataclass(frozen=True, slots=True)
class Visibility:
    """All that a table grants: policies by role, and the columns `app` may update (all when empty)."""

    policies: tuple[Policy, ...] = ()
    gate: str = "s"
    update_columns: tuple[str, ...] = field(default=())

    def grants(self, table: str) -> list[str]:
        """The statements that grant `app` and `gate` what their policies mention."""
        statements = []
        for role in ("app", "gate"):
            mentioned = {policy.command for policy in self.policies if policy.role == role and not policy.restrictive}
            commands = set(COMMANDS.values()) if "all" in mentioned else mentioned
            for command in sorted(commands):
                columns = f" ({', '.join(self.update_columns)})" if command == "update" and role == "app" else ""
                statements.append(f"grant {command}{columns if self.update_columns else ''} on {table} to {role}")
        return statements

    def statements(self, table: str) -> list[str]:
        """Everything that makes the wall of one table, in order."""
        return [
            f"alter table {table} enable row level security",
            f"alter table {table} force row level security",
            *[policy.sql(table) for policy in self.policies],
            *self.grants(table),
        ]


_visibility: dict[str, Visibility] = {}


def visible_to(
    *also: Policy,
    gate: str = "s",
    outsiders_only: bool = False,
    update_columns: tuple[str, ...] = (),
    **audiences: str,
) -> Callable[[MODEL], MODEL]:
    """Declare who may see and change a table, beside its model.

    audiences: name of an audience (council, region, home, file, user, bearer, everyone) → letters of select,
        insert, update, delete: ``@visible_to(council="siud", region="s")``.
    also: policies whose condition is no plain equality.
    gate: what the functions owned by `gate` may do here; "" for nothing.
    outsiders_only: nobody sees or writes a row of a council where he or she has access (blindness belongs to the
        person, not to the scope).
    """

    def declare(model: MODEL) -> MODEL:
        policies = [Policy("owner_all", "all", "true", role="owner")]
        policies += [Policy(f"gate_{COMMANDS[verb]}", COMMANDS[verb], "true", role="gate") for verb in gate]
        for audience, verbs in audiences.items():
            policies += [Policy(f"{audience}_{COMMANDS[verb]}", COMMANDS[verb], AUDIENCES[audience]) for verb in verbs]
        policies += also
        if outsiders_only:
            condition = "council_id <> all ((select tenancy.own_councils())::uuid[])"
            policies.append(Policy("outsiders_only", "all", condition, restrictive=True))
        table: Table = model.__table__  # type: ignore[attr-defined]
        _keep_in_region(table)
        _visibility[table.name] = Visibility(tuple(policies), gate, update_columns)
        return model

    return declare


def _keep_in_region(table: Table) -> None:
    """A council's row that names a region names the council's own.

    Each side writes under its own id only, so without this key a region could put a row before another's council.
    """
    pair = ["council_id", "region_id"]
    keyed_by_council = next(iter(table.primary_key.columns)).name == "council_id"
    if keyed_by_council and "region_id" in table.columns:
        known = [constraint.column_keys for constraint in table.foreign_key_constraints]
        if pair not in known:
            table.append_constraint(ForeignKeyConstraint(pair, ["councils.id", "councils.region_id"]))


def visibility_of(table: Table) -> Visibility:
    """The declaration of a table; a table without one cannot pass."""
    try:
        return _visibility[table.name]
    except KeyError:
        raise LookupError(f"table {table.name} does not declare who may see it: add @visible_to") from None
