"""Looking at a page as different people would: axe at two widths, no sideways scroll, and a picture when asked for.

Axe sees each page at both widths where a test process first comes to it; what is looked at later under another name at
the same address (refused, filled in, sent) it sees at the desktop's. At no width does anything scroll sideways.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS = (1280, 320)
AXE = Axe().axe_script
LOOK = "axe.run({resultTypes: ['violations'], elementRef: false, preload: false}).then((found) => found.violations)"
"""Without `preload`: axe's one rule that needs the style sheets a second time is not among those that run."""
ONE_OF_MANY = re.compile(r"(?<=/)([0-9a-f-]{36}|[\w-]{43}|\d[\w.]*|(?<=councils/)[\w-]+|(?<=regions/)[\w-]+)(?=/|$)")
"""A part of an address that names one of many: an id, a secret, a number or a code, a place."""
TOO_WIDE = """() => {
    const page = document.documentElement;
    const over = page.scrollWidth - page.clientWidth;
    const far = [...document.body.querySelectorAll("*")]
        .filter((each) => each.getBoundingClientRect().right + window.scrollX > page.clientWidth + 0.5);
    return [over, over > 0 ? far.map((each) => each.outerHTML.slice(0, 120)).slice(-3) : []];
}"""
"""How many pixels the page is too wide, and three of the elements that reach beyond its edge."""
_seen: set[str] = set()
_pages_seen: set[str] = set()
"""Addresses without what names one of many: the pages that axe saw at both widths."""


def look_at(page: Page, name: str) -> None:
    """Check the page at desktop and phone width; with SCREENSHOTS=DIR in the environment keep a picture of each.

    Raises AssertionError naming what axe found, or that the page is wider than the phone.
    """
    if name in _seen:
        return
    _seen.add(name)
    window = page.viewport_size
    page.evaluate(AXE)
    kind = page_of(page.url)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        problems = page.evaluate(LOOK) if width == WIDTHS[0] or kind not in _pages_seen else []
        found = [f"{each['id']}: {each['help']} ({node['html'][:160]})" for each in problems for node in each["nodes"]]
        assert found == [], f"{name} at {width}: {found}"
        overflow, widest = page.evaluate(TOO_WIDE)
        assert overflow <= 0, f"{name} at {width} px is {overflow} px too wide: {widest}"
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(
                path=str(Path(folder) / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}-{width}.png"),
                full_page=True,
            )
    _pages_seen.add(kind)
    if window is not None:
        page.set_viewport_size(window)


def page_of(address: str) -> str:
    """The page an address is of, whatever one it shows: `/councils/*/accreditations/*/requirements/*`."""
    return ONE_OF_MANY.sub("*", urlsplit(address).path)
