"""All pages of a PDF on one picture, to look at: ``python tests/backends/pdf/contact.py PDF PNG [DPI]``."""

import sys
from dataclasses import dataclass
from io import BytesIO
from math import ceil, sqrt
from pathlib import Path
from typing import Final

import pypdfium2 as pdfium
from PIL import Image

_GAP: Final = 6  # pixels
_GROUND: Final = "#aaaaaa"
_DPI: Final = 60


@dataclass(frozen=True, slots=True)
class Contact:
    """Pages in rows on a grey ground; ``cell`` is the size of the largest with the gap, in pixels."""

    picture: Image.Image
    columns: int
    cell: tuple[int, int]

    def page(self, x: int, y: int) -> int:
        """The number of the page that has a pixel, from 1."""
        return y // self.cell[1] * self.columns + x // self.cell[0] + 1


def contact(pages: list[Image.Image]) -> Contact:
    """The pages side by side, row by row."""
    wide, high = (max(page.size[side] for page in pages) + _GAP for side in (0, 1))
    columns = min(len(pages), ceil(sqrt(len(pages) * high / wide)))
    rows = ceil(len(pages) / columns)
    picture = Image.new(pages[0].mode, (columns * wide + _GAP, rows * high + _GAP), _GROUND)
    for at, page in enumerate(pages):
        picture.paste(page, (at % columns * wide + _GAP, at // columns * high + _GAP))
    return Contact(picture, columns, (wide, high))


def main(pdf: str, png: str, dpi: str = str(_DPI)) -> None:
    """Draw every page, in colour."""
    document = pdfium.PdfDocument(BytesIO(Path(pdf).read_bytes()))
    pages = [page.render(scale=float(dpi) / 72).to_pil().convert("RGB") for page in document]
    contact(pages).picture.save(png)


if __name__ == "__main__":
    main(*sys.argv[1:])
