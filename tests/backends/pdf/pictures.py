"""Pages as pictures, and whether two pictures show the same.

Two readers of PDF, or two versions of one, draw the same page with other greys along its edges. What they do not do is
move something: so a pixel may have any grey that its neighbourhood in the other picture has, and no other.
"""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Final

import pypdfium2 as pdfium
from PIL import Image, ImageChops

FINER: Final = 4
"""Pages are drawn this much finer and then reduced, so that a reader's ways with thin lines matter little."""
NEAR: Final = 1
"""How far a pixel's neighbours are, in pixels: what is moved by one is in the same place."""
TOLERANCE: Final = 100
"""By how many of 255 steps a pixel may leave the range of greys of its neighbourhood.

In the formulas' pictures, PDFium and Poppler differ by 64, one of the ``FINER`` parts of a pixel; a bar moved by
0.07 em makes 190 and more.
"""
_GREYS: Final = 16
_POINTS_AN_INCH: Final = 72


def pages(pdf: bytes, dpi: int) -> list[Image.Image]:
    """The pages of a PDF in greys, with so many pixels an inch."""
    drawn = (
        page.render(scale=FINER * dpi / _POINTS_AN_INCH, grayscale=True).to_pil()
        for page in pdfium.PdfDocument(BytesIO(pdf))
    )
    return [reduced(picture) for picture in drawn]


def reduced(picture: Image.Image) -> Image.Image:
    """A picture that was drawn finer, at its size."""
    return picture.convert("L").reduce(FINER)


def difference(a: Image.Image, b: Image.Image) -> Image.Image:
    """How far each pixel of either is outside the greys that are near it in the other, 0 to 255."""
    assert a.size == b.size
    return ImageChops.lighter(_outside(a, b), _outside(b, a))


def _outside(a: Image.Image, b: Image.Image) -> Image.Image:
    darkest, lightest = _spread(b, ImageChops.darker), _spread(b, ImageChops.lighter)
    return ImageChops.lighter(ImageChops.subtract(darkest, a), ImageChops.subtract(a, lightest))


def _spread(picture: Image.Image, choose: Callable[[Image.Image, Image.Image], Image.Image]) -> Image.Image:
    """Each pixel the darkest or lightest of its neighbourhood; faster than Pillow's own filters."""
    for x, y in ((NEAR, 0), (0, NEAR)):
        one, other = ImageChops.offset(picture, x, y), ImageChops.offset(picture, -x, -y)
        picture = choose(picture, choose(one, other))
    return picture


def change(a: Image.Image, b: Image.Image) -> int:
    """The largest of these differences; a picture has changed if it is above ``TOLERANCE``."""
    return max(value for value, count in enumerate(difference(a, b).histogram()) if count)


def store(picture: Image.Image, path: Path) -> None:
    """Write a picture as a small PNG of a few greys, the same bytes for the same picture."""
    path.parent.mkdir(exist_ok=True)
    steps = _GREYS - 1
    few = picture.point([round(value / 255 * steps) for value in range(256)])
    few.putpalette([value for step in range(_GREYS) for value in [round(step / steps * 255)] * 3])
    few.save(path, optimize=True, bits=4)


def compare(picture: Image.Image, path: Path, *, update: bool, place: Callable[[int, int], str] | None = None) -> None:
    """Assert that a picture shows what a stored one does; ``place`` names what is at a pixel. ``update`` stores it."""
    if update and not (path.is_file() and unchanged(picture, path)):
        store(picture, path)
    assert path.is_file(), f"{path.name} is missing: see --update-golden"
    kept = Image.open(path).convert("L")
    assert kept.size == picture.size, f"{path.name} is {kept.size} pixels large, now they are {picture.size}"
    found = difference(kept, picture).point([255 * (value > TOLERANCE) for value in range(256)]).getbbox()
    if found is not None:
        where = place(*found[:2]) if place else f"pixel {found[:2]}"
        raise AssertionError(f"{path.name} shows something else at {where}: see --update-golden")


def unchanged(picture: Image.Image, path: Path) -> bool:
    """Whether a stored picture shows the same, so that storing it anew would only be noise."""
    kept = Image.open(path).convert("L")
    return kept.size == picture.size and change(kept, picture) <= TOLERANCE
