"""Evidence for tests, made through the service."""

from __future__ import annotations

import io
from datetime import date
from itertools import count
from uuid import UUID

from flask import Flask

from saas.files import receive
from saas.tenancy import CONSOLE
from saas.transaction import within
from tenants.services import evidence
from tests.factories.remembering import remembered
from tests.factories.tenants import MadeCouncil

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
_numbers = count(1)


def pdf(words: str) -> bytes:
    """A PDF of its own content."""
    return PDF + f"% {words}\n".encode()


@remembered
def make_file(
    app: Flask,
    council: MadeCouncil,
    *,
    content: bytes | None = None,
    filename: str = "strategy.pdf",
    title: str = "Strategy",
    speaks_for_on: date | None = None,
) -> UUID:
    """A file in the library, different each time unless its content is given; its id."""
    content = content if content is not None else pdf(f"number {next(_numbers)}")
    with (
        app.app_context(),
        within(council.scope()),
        receive(io.BytesIO(content), filename, limit_bytes=1_000_000) as received,
    ):
        return evidence.add_file(council.id, received=received, title=title, speaks_for_on=speaks_for_on, by=CONSOLE).id


@remembered
def make_link(
    app: Flask, council: MadeCouncil, *, url: str = "https://www.example.gov.uk/minutes", title: str = ""
) -> UUID:
    """A link in the library; its id."""
    with app.app_context(), within(council.scope()):
        return evidence.add_link(council.id, url=url, title=title, by=CONSOLE).id
