"""What Debian's package of Odoo lacks outside of a Debian unstable system."""

from __future__ import annotations

import shutil
from pathlib import Path

from . import process
from .errors import ClinicError
from .layout import PYTHON

VERSION = "2"

# Web assets name these files; each one that is absent is an error in the console.
_STUBS = ("mail/static/lib/selfie_segmentation/selfie_segmentation.js",)
_WOFF_TO_TTF = """
import sys
from fontTools.ttLib import TTFont
font = TTFont(sys.argv[1])
font.flavor = None
font.save(sys.argv[2])
"""


def mend(tree: Path, python_path: Path) -> None:
    """Make the unpacked ``tree`` complete.

    :raises ClinicError: when a link that Odoo's assets follow still leads nowhere.
    """
    # A second copy of the modules' Python files without their data, which Odoo
    # would take for a folder of addons; and build scripts that are no packages.
    for leftover in ("addons", "doc", "setup"):
        shutil.rmtree(python_path / leftover, ignore_errors=True)
    addons = python_path / "odoo" / "addons"
    for stub in _STUBS:
        path = addons / stub
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    # No asset and no template refers to this older copy of web/static/src/libs.
    shutil.rmtree(addons / "web/static/lib/fontawesome", ignore_errors=True)
    _mend_fonts(tree, addons)
    _refuse_dangling_links(addons)
    _copy_linked_files(addons)


def _mend_fonts(tree: Path, addons: Path) -> None:
    fonts = addons / "web/static/src/libs/fontawesome/fonts"
    truetype = fonts / "fontawesome-webfont.ttf"
    if truetype.is_symlink() and not truetype.exists():
        truetype.unlink()
        process.run(
            [PYTHON, "-c", _WOFF_TO_TTF, truetype.with_suffix(".woff"), truetype],
            what="Making the Font Awesome font",
        )
    inconsolata = addons / "point_of_sale/static/src/fonts/Inconsolata.otf"
    regular = tree / "usr/share/fonts/opentype/inconsolata/Inconsolata-Regular.otf"
    if inconsolata.is_symlink() and not inconsolata.exists() and regular.exists():
        inconsolata.unlink()
        shutil.copyfile(regular, inconsolata)


def _refuse_dangling_links(addons: Path) -> None:
    dangling = [
        path for path in addons.rglob("*") if path.is_symlink() and not path.exists()
    ]
    if dangling:
        raise ClinicError(
            f"Debian's package has links that lead nowhere: {dangling[0]}"
            f" and {len(dangling) - 1} more.",
            "The package has changed; name an Odoo 19.0 checkout: --odoo PATH",
        )


def _copy_linked_files(addons: Path) -> None:
    """Put the files themselves in place of the package's links to its fonts and
    libraries: a report opens nothing that lies outside a module's static folder."""
    for path in [path for path in addons.rglob("*") if path.is_symlink()]:
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(content)
