"""Which addresses a council may give as evidence."""

from __future__ import annotations

from urllib.parse import urlsplit

LONGEST = 2000


def problem_with(url: str) -> str | None:
    """What is wrong with a link, in words for the person who typed it; None for a web address that may be kept."""
    if len(url) > LONGEST:
        return f"The web address must be {LONGEST:,} characters or fewer."
    if any(character.isspace() or not character.isprintable() for character in url):
        return "The web address must not contain spaces."
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "The web address is not right: check its beginning."
    if parts.scheme not in ("http", "https"):
        return "The web address must begin with https:// or http://."
    if not host or "." not in host.strip("."):
        return "The web address must name a site, like https://www.example.gov.uk/minutes."
    if parts.username is not None or parts.password is not None:
        return "The web address must not contain a user name or password."
    return None
