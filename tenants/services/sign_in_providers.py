"""The single sign-on of a council or region: set up, switched on by a sign-in that went through, demanded, removed."""

from __future__ import annotations

from collections.abc import Sequence

from saas import clock, events
from saas.db import db, new_id
from saas.enciphering import encipher
from saas.errors import Conflict, Invalid
from saas.outside import AddressRefused, check_address
from saas.tenancy import Actor
from tenants.models.single_sign_on import SignInProvider
from tenants.queries.access import Target, list_access
from tenants.queries.single_sign_on import find_of_place
from tenants.rules.mail_domains import domain_of, problems_of

PURPOSE = "single sign-on"
LONGEST_NAME, LONGEST = 60, 500


def set_up(
    target: Target,
    *,
    name: str,
    issuer: str,
    client_id: str,
    client_secret: str,
    domains: Sequence[str],
    version: int,
    by: Actor,
) -> SignInProvider:
    """Say where the people of this place sign in. It is used only after a sign-in through it has gone well.

    client_secret: empty keeps the one there is. version: of what was shown, 0 where there was nothing. Whatever
    changes but the name switches it off until it is tried again. Raises Invalid naming the field, and Conflict.
    """
    if target.region_id is None:
        raise ValueError("a single sign-on belongs to a council or a region")
    provider = find_of_place(target, lock=True)
    _refuse_stale(provider, version)
    values = {"issuer": issuer.strip(), "client_id": client_id.strip(), "domains": list(domains)}
    _check(target, name.strip(), issuer.strip(), client_id.strip(), client_secret, list(domains), provider)
    if provider is None:
        provider = SignInProvider(
            id=new_id(),
            region_id=target.region_id,
            council_id=target.council_id,
            version=0,
            required=False,
            made_at=clock.now(),
            made_by_name=by.name,
        )
        db.session.add(provider)
    if client_secret or any(getattr(provider, field) != value for field, value in values.items()):
        provider.switched_on_at = None
    provider.name = " ".join(name.split())
    provider.issuer, provider.client_id, provider.domains = issuer.strip(), client_id.strip(), list(domains)
    if client_secret:
        provider.client_secret = encipher(PURPOSE, client_secret)
    provider.version = version + 1
    db.session.flush()
    _record("sign_in_provider.set_up", provider, by=by)
    return provider


def switch_on(target: Target, *, version: int, by: Actor) -> None:
    """Use it from now on, since somebody of this place has just come through it as it stood then.

    version: of what was tried. Raises Conflict when it was changed or removed meanwhile.
    """
    provider = find_of_place(target, lock=True)
    if provider is None or provider.version != version:
        raise Conflict("The single sign-on was changed while you tried it. Try it again.")
    if provider.switched_on_at is None:
        provider.switched_on_at = clock.now()
        _record("sign_in_provider.switched_on", provider, by=by)


def demand(target: Target, *, required: bool, version: int, by: Actor) -> None:
    """Refuse, or take again, passwords of people of its domains who have access here. Raises Conflict.

    Whoever manages access here can always use a password.
    """
    provider = find_of_place(target, lock=True)
    _refuse_stale(provider, version)
    if provider is None or provider.switched_on_at is None:
        raise Conflict("Switch the single sign-on on first.")
    if provider.required != required:
        provider.required = required
        provider.version = version + 1
        _record("sign_in_provider.demanded" if required else "sign_in_provider.left_open", provider, by=by)


def remove(target: Target, *, by: Actor) -> None:
    """End it for good, and forget its secret. Raises Conflict when there is none."""
    provider = find_of_place(target, lock=True)
    if provider is None:
        raise Conflict("There is no single sign-on here.")
    provider.removed_at, provider.client_secret = clock.now(), ""
    _record("sign_in_provider.removed", provider, by=by)


def _refuse_stale(provider: SignInProvider | None, version: int) -> None:
    if (provider.version if provider else 0) != version:
        raise Conflict("Somebody else changed this in the meantime.")


def _check(
    target: Target,
    name: str,
    issuer: str,
    client_id: str,
    client_secret: str,
    domains: list[str],
    before: SignInProvider | None,
) -> None:
    held = {domain_of(row.email) for row in list_access(target)}
    wrong: dict[str, list[str]] = {"domains": problems_of(domains, held=held)}
    if not 0 < len(name) <= LONGEST_NAME:
        wrong["name"] = [f"Enter a name of at most {LONGEST_NAME} characters."]
    if not 0 < len(client_id) <= LONGEST:
        wrong["client_id"] = [f"Enter the client ID, of at most {LONGEST} characters."]
    if len(client_secret) > LONGEST:
        wrong["client_secret"] = [f"A client secret has at most {LONGEST} characters."]
    elif not client_secret and before is None:
        wrong["client_secret"] = ["Enter the client secret."]
    elif not client_secret and before is not None and before.issuer != issuer:
        wrong["client_secret"] = ["Enter the client secret of the new issuer."]
    try:
        check_address(issuer, secured=True)
    except AddressRefused as refusal:
        wrong["issuer"] = [refusal.message]
    if not issuer or len(issuer) > LONGEST or "?" in issuer or "#" in issuer:
        wrong["issuer"] = ["Enter the issuer’s web address, without ? or #."]
    if any(wrong.values()):
        raise Invalid({field: words for field, words in wrong.items() if words})


def _record(verb: str, provider: SignInProvider, *, by: Actor) -> None:
    audience = "region" if provider.council_id is None else "council"
    events.record(verb, provider, by=by, audience=audience, payload={"name": provider.name})
