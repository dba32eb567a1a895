"""Pictures: drawn anew in a bounded size, so that nothing but the visible pixels is handed on."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from saas.errors import Refused

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 1_600


def picture(path: Path) -> tuple[dict[str, Any], bytes]:
    """`type`, `width` and `height` in pixels, and the picture: a PNG where it is see-through, else a JPEG.

    Turned upright, the first frame of an animation, without place, camera or any other note inside the file.
    """
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(path, formats=FORMATS) as opened:
            drawn: Image.Image = ImageOps.exif_transpose(opened)
            see_through = drawn.has_transparency_data
            drawn = drawn.convert("RGBA" if see_through else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(f"has more than {MOST_PIXELS // 1_000_000} million pixels, so it is not shown.") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Refused("is damaged and cannot be read.") from error
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # A new picture of the pixels alone: what `info` carries (colour profile, comments) stays behind.
    bare = Image.new(drawn.mode, drawn.size)
    bare.paste(drawn)
    output = io.BytesIO()
    if see_through:
        bare.save(output, "PNG", optimize=True)
    else:
        bare.save(output, "JPEG", quality=85)
    kind = "image/png" if see_through else "image/jpeg"
    return {"type": kind, "width": bare.width, "height": bare.height}, output.getvalue()
