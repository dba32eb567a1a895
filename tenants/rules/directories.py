"""What a directory says of a person (SCIM 2.0, RFC 7643 and 7644): read from its documents, changed by its patches."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

LONGEST = 200
LONGEST_EMAIL = 254
MOST_OPERATIONS = 100
FILTER = re.compile(r'\s*(userName|externalId|id)\s+eq\s+"((?:[^"\\]|\\["\\])*)"\s*', re.IGNORECASE)
ATTRIBUTES = ("userName", "externalId", "displayName", "active", "name", "emails")
"""What is kept; whatever else a directory sends is let pass and forgotten."""
EMAIL_PATH = re.compile(r'emails(?:\[(?:type|primary) eq (?:"\w+"|true)\])?\.value', re.IGNORECASE)
UNHELD = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
"""Characters that the database or a Word file cannot hold."""
NAME_PARTS = {"givenname": "given_name", "familyname": "family_name"}
USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"


class Misread(ValueError):
    """A document that cannot be taken; `kind` is SCIM's word for why."""

    def __init__(self, kind: str, words: str) -> None:
        super().__init__(words)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as a directory describes him or her."""

    user_name: str
    external_id: str | None = None
    given_name: str = ""
    family_name: str = ""
    display_name: str = ""
    email: str = ""
    active: bool = True

    @property
    def name(self) -> str:
        """How colleagues see the person."""
        return self.display_name or f"{self.given_name} {self.family_name}".strip() or self.user_name


def read_person(document: Mapping[str, Any], *, before: Person | None = None) -> Person:
    """A whole person (POST, PUT); raises Misread. before: who stands there, whose `active` holds where none is sent."""
    found = Person(user_name="", active=before.active if before else True)
    known = {attribute.lower(): attribute for attribute in ATTRIBUTES}
    for key, value in document.items():
        if key.lower() in known:
            found = _set(found, key, value)
    return _checked(found)


def patch_person(person: Person, document: Mapping[str, Any]) -> Person:
    """The person after a PATCH (RFC 7644, 3.5.2); raises Misread."""
    operations = document.get("Operations")
    if not isinstance(operations, list) or not 0 < len(operations) <= MOST_OPERATIONS:
        raise Misread("invalidSyntax", f"Send 1 to {MOST_OPERATIONS} operations.")
    for operation in operations:
        person = _apply(person, operation)
    return _checked(person)


def read_filter(text: str) -> tuple[str, str]:
    """(attribute in small letters, value) of the one kind of filter there is; raises Misread."""
    found = FILTER.fullmatch(text)
    if found is None:
        raise Misread("invalidFilter", 'Only userName eq "…", externalId eq "…" and id eq "…" can be asked.')
    return found[1].lower(), re.sub(r"\\(.)", r"\1", found[2])


def _apply(person: Person, operation: Any) -> Person:
    verb = operation.get("op") if isinstance(operation, Mapping) else None
    if not isinstance(verb, str) or (verb := verb.lower()) not in {"add", "replace", "remove"}:
        raise Misread("invalidSyntax", "An operation is add, replace or remove.")
    path, value = operation.get("path") or "", operation.get("value")
    if not isinstance(path, str):
        raise Misread("invalidPath", "A path is a text.")
    path = path.removeprefix(f"{USER_SCHEMA}:")
    if verb == "remove":
        if not path:
            raise Misread("noTarget", "Say what is to be removed.")
        return _clear(person, path)
    if path:
        return _set(person, path, value)
    if not isinstance(value, Mapping):
        raise Misread("invalidSyntax", "An operation without a path has an object as its value.")
    for key, each in value.items():
        person = _set(person, str(key).removeprefix(f"{USER_SCHEMA}:"), each)
    return person


def _clear(person: Person, path: str) -> Person:
    empty: dict[str, Any] = {
        "externalid": {"external_id": None},
        "displayname": {"display_name": ""},
        "name": {"given_name": "", "family_name": ""},
        "name.givenname": {"given_name": ""},
        "name.familyname": {"family_name": ""},
    }
    if path.lower() in {"username", "active", "emails"} or EMAIL_PATH.fullmatch(path):
        raise Misread("mutability", f"{path} cannot be removed.")
    return replace(person, **empty.get(path.lower(), {}))


def _set(person: Person, path: str, value: Any) -> Person:
    """The person with one attribute set; what is not kept changes nothing."""
    match path.lower():
        case "username":
            return replace(person, user_name=_text(path, value))
        case "externalid":
            return replace(person, external_id=None if value is None else _text(path, value) or None)
        case "displayname":
            return replace(person, display_name=_text(path, value))
        case "active":
            return replace(person, active=_truth(value))
        case "name":
            return _set_name(person, value)
        case "name.givenname" | "name.familyname":
            return _set_name(person, {path.partition(".")[2]: value})
        case "emails":
            return replace(person, email=_first_email(value))
    if EMAIL_PATH.fullmatch(path):
        return replace(person, email=_text(path, value))
    return person


def _set_name(person: Person, value: Any) -> Person:
    if not isinstance(value, Mapping):
        raise Misread("invalidValue", "name is an object.")
    parts: dict[str, Any] = {
        NAME_PARTS[key.lower()]: _text(key, each) for key, each in value.items() if key.lower() in NAME_PARTS
    }
    return replace(person, **parts)


def _first_email(value: Any) -> str:
    if isinstance(value, str):
        return _text("emails", value)
    listed = value if isinstance(value, list) else [value]
    if not all(isinstance(each, Mapping) for each in listed):
        raise Misread("invalidValue", "emails is a list of objects with a value.")
    chosen = next((each for each in listed if each.get("primary") is True), listed[0] if listed else {})
    return _text("emails.value", chosen.get("value"))


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > LONGEST_EMAIL:
        raise Misread("invalidValue", f"{name} is a text of at most {LONGEST_EMAIL} characters.")
    text = " ".join(value.split())
    if UNHELD.search(text):
        raise Misread("invalidValue", f"{name} holds a character that cannot be kept.")
    return text


def _truth(value: Any) -> bool:
    """True or false; some directories send them as words."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    raise Misread("invalidValue", "active is true or false.")


def _checked(person: Person) -> Person:
    if not person.user_name:
        raise Misread("invalidValue", "userName is missing.")
    if len(person.name) > LONGEST:
        raise Misread("invalidValue", f"A name has at most {LONGEST} characters.")
    email = (person.email or person.user_name).lower()
    if "@" not in email:
        raise Misread("invalidValue", "There is no email address: send emails, or a userName that is one.")
    return replace(person, email=email)
