"""Looking at a page as different people would: axe at two widths, no sideways scroll, and a picture when asked for."""

from __future__ import annotations

import os
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS = (1280, 320)
_seen: set[str] = set()


def look_at(page: Page, name: str) -> None:
    """Check the page at desktop and phone width; with SCREENSHOTS=DIR in the environment keep a picture of each.

    Raises AssertionError naming what axe found, or that the page is wider than the phone.
    """
    if name in _seen:
        return
    _seen.add(name)
    window = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found = [
            f"{problem['id']}: {problem['help']} ({node['html'][:160]})"
            for problem in Axe().run(page).response["violations"]
            for node in problem["nodes"]
        ]
        assert found == [], f"{name} at {width}: {found}"
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{name} at {width} px is {overflow} px too wide"
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(
                path=str(Path(folder) / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}-{width}.png"),
                full_page=True,
            )
    if window is not None:
        page.set_viewport_size(window)
