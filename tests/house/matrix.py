"""The role × route matrix as text. `python -m tests.house.matrix > tests/house/routes.txt` writes the reviewed copy."""

from __future__ import annotations

from flask import Flask

from saas.config import load
from saas.guard import PLACES, Declaration, declaration_of
from saas.policy import GRANTS, ROLES_BY_KIND, Role


def kind_of(arguments: set[str]) -> str:
    """The kind of place a route is in."""
    return next((kind for kind in PLACES if kind in arguments), "platform")


def roles_for(declaration: Declaration, kind: str) -> list[str]:
    """The roles that pass, of those that can be held in this kind of place."""
    possible = [Role.ASSESSOR] if kind == "file" else ROLES_BY_KIND[kind]
    return [role.value for role in possible if declaration.permission in GRANTS[role]]


def matrix(app: Flask) -> list[str]:
    """One line per route and method set: address, methods, what it declares, who passes."""
    lines = []
    for rule in app.url_map.iter_rules():
        declaration = declaration_of(app.view_functions[rule.endpoint])
        if declaration is None:
            continue
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        passes = (
            " ".join(roles_for(declaration, kind_of(rule.arguments))) or "nobody"
            if declaration.permission
            else "everybody"
            if declaration.kind == "public"
            else "every user"
        )
        lines.append(f"{rule.rule}  {methods}  [{declaration}]  {passes}")
    return sorted(lines)


def bare_app() -> Flask:
    """The app without any server behind it: enough to read its routes."""
    from charterway import create_app

    return create_app(
        load(
            {
                "DATABASE_URL": "postgresql://app:none@127.0.0.1:1/none",
                "REDIS_URL": "redis://127.0.0.1:1/0",
                "SECRET_KEY": "only to read the routes, never to sign",
            }
        )
    )


if __name__ == "__main__":
    print("\n".join(matrix(bare_app())))
