"""Pages of PDFs as small pictures, beside those that somebody has looked at.

Set DRAW_REFERENCES=1 to draw the references again; then look at each of them before it is committed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageFilter, ImageStat

WIDTH = 420
"""Pixels of a page's longer side."""
MOST = 2.0
"""The mean difference of two pictures, of 255, up to which they are the same to the eye."""


def drawn(data: bytes) -> list[Image.Image]:
    """Every page in grey, softened so that the edges of letters do not count."""
    document = pypdfium2.PdfDocument(data)
    pictures = []
    for page in document:
        scale = WIDTH / max(page.get_width(), page.get_height())
        pictures.append(page.render(scale=scale).to_pil().convert("L").filter(ImageFilter.GaussianBlur(1)))
    document.close()
    return pictures


def unlike(data: bytes, folder: Path, name: str) -> list[str]:
    """What is unlike the references `<folder>/<name>-<page>.png`, page by page; nothing where all is alike."""
    pictures = drawn(data)
    if os.environ.get("DRAW_REFERENCES"):
        folder.mkdir(exist_ok=True)
        for number, picture in enumerate(pictures, 1):
            picture.quantize(32).save(folder / f"{name}-{number}.png", optimize=True)
    found = []
    kept = sorted(folder.glob(f"{name}-*.png"))
    if len(kept) != len(pictures):
        found.append(f"{name} has {len(pictures)} pages, and {len(kept)} references")
    for number, picture in enumerate(pictures, 1):
        place = folder / f"{name}-{number}.png"
        if not place.is_file():
            continue
        with Image.open(place) as opened:
            reference = opened.convert("L")
        if reference.size != picture.size:
            found.append(f"{name}, page {number}: {picture.size}, not {reference.size}")
            continue
        difference = ImageStat.Stat(ImageChops.difference(reference, picture)).mean[0]
        if difference > MOST:
            found.append(f"{name}, page {number}: differs by {difference:.1f}")
    return found
