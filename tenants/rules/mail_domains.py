"""Mail domains: read as somebody types them, and those that no single organisation can speak for."""

from __future__ import annotations

import re

MOST = 20
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])", re.ASCII)
FOR_EVERYBODY = frozenset(
    {
        "aol.com", "btinternet.com", "fastmail.com", "gmail.com", "gmx.co.uk", "gmx.com", "googlemail.com",
        "hotmail.co.uk", "hotmail.com", "icloud.com", "live.co.uk", "live.com", "mac.com", "mail.com", "me.com",
        "msn.com", "onmicrosoft.com", "outlook.com", "proton.me", "protonmail.com", "sky.com", "talktalk.net",
        "virginmedia.com", "yahoo.co.uk", "yahoo.com", "zoho.com",
    }
)  # fmt: skip
"""Anybody has an address there, so nobody may say who its people are."""


def domain_of(address: str) -> str:
    """The domain of an email address, in small letters; empty where there is none."""
    return address.strip().rpartition("@")[2].lower() if "@" in address else ""


def read_domains(text: str) -> list[str]:
    """Domains, one on each line or with commas between, each once and in order; a leading @ is forgiven."""
    parts = (part.strip().lower().removeprefix("@") for part in re.split(r"[\s,;]+", text))
    return list(dict.fromkeys(part for part in parts if part))


def problems_of(domains: list[str], *, held: set[str]) -> list[str]:
    """What is wrong with the domains that an organisation wants to speak for, in sentences.

    held: the domains of the addresses of people who have access there now.
    """
    if not domains:
        return ["Enter at least one mail domain, such as council.example."]
    if len(domains) > MOST:
        return [f"Enter at most {MOST} mail domains."]
    found = []
    for domain in domains:
        if len(domain) > 253 or not DOMAIN.fullmatch(domain):
            found.append(f"“{domain[:100]}” is not a mail domain.")
        elif domain in FOR_EVERYBODY:
            found.append(f"Anybody can have an address at {domain}, so it cannot be one organisation’s.")
        elif domain not in held:
            found.append(f"Nobody with access here has an address at {domain}. Invite somebody from there first.")
    return found
