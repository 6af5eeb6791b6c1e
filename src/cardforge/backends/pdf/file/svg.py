"""SVG drawings as pixels: resvg behind one door, with the fonts of the print and none of the system.

What comes here was cleaned by the pipeline: it names no other file. Its size is in its first two attributes.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from cardforge.backends.pdf.text.faces import DEJAVU, MATH, MONO, SOURCES, TEXT, Packaged, font_path, installed

_PATIENCE: Final = 2
"""Drawings of a build that may exceed that; after these, none is tried."""
_MOST_PIXELS: Final = 9_000_000  # A4 at 300 dpi
_SIZE: Final = re.compile(rb"<svg\b[^>]*?\swidth=\"([\d.e+]+)\"[^>]*?\sheight=\"([\d.e+]+)\"")
_FAMILY: Final = re.compile(r"(font-family)(=\"|:)([^;\"}]*)")
_MONO: Final = re.compile(r"mono|courier|consol|menlo|code|typewriter", re.IGNORECASE)
_WORKER: Final = Path(__file__).with_name("svg_worker.py")
# resvg takes what a font lacks from the next of these that has it.
_FIRST: Final = (*TEXT.values(), DEJAVU, MATH, *MONO.values())


def size(data: bytes) -> tuple[int, int] | None:
    """A cleaned drawing's width and height in CSS pixels; None for what is no drawing."""
    found = _SIZE.match(data)
    return (max(1, round(float(found[1]))), max(1, round(float(found[2])))) if found else None


@dataclass(slots=True)
class Renderer:
    """Draws the drawings of one document. One may take ``seconds``; real ones take a tenth of one."""

    seconds: float = 8.0
    failed: int = 0

    def png(self, data: bytes, width: int) -> bytes | None:
        """The drawing ``width`` pixels wide on white; None if it cannot be drawn in time."""
        across, up = size(data) or (1, 1)
        if self.failed >= _PATIENCE:
            return None
        width = max(1, min(width, int((_MOST_PIXELS * across / up) ** 0.5)))
        height = max(1, min(round(width * up / across), _MOST_PIXELS // width))
        fonts = _font_files()
        try:
            done = subprocess.run(  # noqa: S603 - our own program, with numbers and our own fonts' names
                [sys.executable, str(_WORKER), str(width), str(height), *fonts],
                input=_in_our_fonts(data.decode("utf-8", "replace")).encode(),
                capture_output=True,
                timeout=self.seconds,
                check=False,
                env={**os.environ, "RUST_BACKTRACE": "0"},
            )
        except subprocess.TimeoutExpired:
            self.failed += 1
            return None
        return done.stdout if done.returncode == 0 and done.stdout else None


@cache
def _font_files() -> tuple[str, ...]:
    others = (source for source in SOURCES if source not in _FIRST and installed(source))
    origins = (source.origin for source in (*_FIRST, *others))
    return tuple(dict.fromkeys(str(font_path(origin)) for origin in origins if isinstance(origin, Packaged)))


def _in_our_fonts(text: str) -> str:
    """Generic and foreign families as the ones the print has: resvg would leave the text out."""

    def ours(found: re.Match[str]) -> str:
        family = found[3]
        name = "JetBrains Mono" if _MONO.search(family) else "DejaVu Sans" if "DejaVu" in family else "Noto Sans"
        return f"{found[1]}{found[2]}{name}"

    return _FAMILY.sub(ours, text)
