"""Templates: all compile, all are used, none imports what it does not use; every mail has its three parts."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask
from jinja2 import nodes

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
PARTS = {"subject.txt", "body.txt", "body.html"}


def names() -> set[str]:
    """Every template of pages and mails, by its name; papers are typst's and have tests of their own."""
    found = {path.relative_to(TEMPLATES) for path in TEMPLATES.rglob("*") if path.is_file()}
    return {str(path) for path in found if path.parts[0] != "papers"}


def test_every_template_compiles_and_uses_what_it_imports(built_app: Flask) -> None:
    environment = built_app.jinja_env
    unused = []
    for name in sorted(names()):
        source = (TEMPLATES / name).read_text()
        environment.from_string(source)
        tree = environment.parse(source)
        for imported in tree.find_all(nodes.FromImport):
            for entry in imported.names:
                bound = entry[1] if isinstance(entry, tuple) else entry
                if not any(found.name == bound for found in tree.find_all(nodes.Name) if found.ctx == "load"):
                    unused.append(f"{name}: {bound}")
    assert unused == []


def test_every_template_is_used_somewhere() -> None:
    code = "\n".join(
        path.read_text()
        for folder in ("saas", "tenants", "assessment", "templates")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".txt"}
    )
    orphans = {
        name
        for name in names()
        if not name.startswith(("errors/", "mail/")) and not re.search(rf"[\"']{re.escape(name)}[\"']", code)
    }
    assert orphans == set()


def test_every_mail_has_a_subject_a_text_and_a_page() -> None:
    mails = [path for path in (TEMPLATES / "mail").iterdir() if path.is_dir()]
    assert {path.name: {part.name for part in path.iterdir()} for path in mails} == {path.name: PARTS for path in mails}
