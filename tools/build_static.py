"""Rebuilds the stylesheet, the script and the fonts of `saas/static`, and the fonts of papers, from their npm packages.

Run it as `python tools/build_static.py` after a change in `saas/static/source/` or `saas/static/package.json`; it needs
Node.js and npm. The result is committed, so nobody else needs either.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent / "saas" / "static"
FONTS = (
    "latin",
    "latin-ext",
)  # the second holds the ŵ and ŷ of Welsh names; browsers fetch it only when needed
PAPERS = HERE.parent.parent / "templates" / "papers" / "fonts"
PAPER_FONTS = ("400Regular", "700Bold")
FORBIDDEN = ("GDS Transport", "tudor", "crest")


def install(folder: Path) -> Path:
    """Install exactly the locked packages in `folder`; the `node_modules` folder comes back."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder / name)
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)
    return folder / "node_modules"


def stylesheet(modules: Path) -> str:
    """Compile the stylesheet, minified."""
    command = [
        str(modules / ".bin" / "sass"),
        "--style=compressed",
        "--no-source-map",
        "--quiet-deps",
        f"--load-path={modules}",
        f"--load-path={modules / 'govuk-frontend' / 'dist'}",
        str(HERE / "source" / "charterway.scss"),
    ]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def script(modules: Path, folder: Path) -> str:
    """Bundle and minify the script; parts of the packages that we do not name are left out."""
    shutil.copytree(HERE / "source", folder / "source")
    command = [
        str(modules / ".bin" / "esbuild"),
        "source/charterway.js",
        "--bundle",
        "--minify",
        "--format=esm",
        "--target=es2020",
        "--legal-comments=none",
    ]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=folder).stdout


def build() -> None:
    """Write `charterway.css`, `charterway.js` and the fonts, or stop with what is wrong and write nothing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        modules = install(folder)
        files = {"charterway.css": stylesheet(modules), "charterway.js": script(modules, folder)}
        for written, text in files.items():
            found = [word for word in FORBIDDEN if word.lower() in text.lower()]
            if found:
                sys.exit(f"{written} holds what is not ours to use: {', '.join(found)}")
        for written, text in files.items():
            (HERE / written).write_text(text, encoding="utf-8")
        for subset in FONTS:
            font = f"atkinson-hyperlegible-next-{subset}-wght-normal.woff2"
            packaged = modules / "@fontsource-variable" / "atkinson-hyperlegible-next" / "files" / font
            shutil.copyfile(packaged, HERE / f"atkinson-hyperlegible-next-{subset}.woff2")
        packaged = modules / "@expo-google-fonts" / "atkinson-hyperlegible-next"
        for weight in PAPER_FONTS:
            font = f"AtkinsonHyperlegibleNext_{weight}.ttf"
            shutil.copyfile(packaged / weight / font, PAPERS / font)
        shutil.copyfile(packaged / "LICENSE_FONT", PAPERS / "OFL.txt")


if __name__ == "__main__":
    build()
