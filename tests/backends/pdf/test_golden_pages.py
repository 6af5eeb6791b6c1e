"""Every construct in every layout, as a page of paper looks: ``--update-golden`` takes new pictures; look at them."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pikepdf
import pytest
from contact import contact
from pdf_objects import fonts_of
from pdf_samples import collect, flash, make
from pictures import TOLERANCE, change, pages
from PIL import Image

from cardforge.printing import Layout

DPI: Final = 100
SIZE: Final = 1_200_000  # bytes that all golden pages may take
HERE: Final = Path(__file__).parent


@pytest.mark.parametrize("layout", Layout)
def test_pages_look_as_they_did(
    layout: Layout, printed: Callable[..., Path], looks_as_before: Callable[..., None]
) -> None:
    sheet = contact(pages(printed("--layout", layout.value).read_bytes(), DPI))
    looks_as_before(sheet.picture, f"pages-{layout.value}", lambda x, y: f"page {sheet.page(x, y)}")


@pytest.mark.parametrize("layout", Layout)
def test_files_are_whole_and_bring_their_fonts(
    layout: Layout, printed: Callable[..., Path], check_syntax: Callable[[bytes], list[str]]
) -> None:
    made = printed("--layout", layout.value)
    assert check_syntax(made.read_bytes()) == []
    with pikepdf.open(made) as pdf:
        fonts = fonts_of(pdf)
    assert len(fonts) >= 4
    assert [font for font in fonts if not font.complete] == []


def test_their_pictures_are_small() -> None:
    assert sum(path.stat().st_size for path in (HERE / "golden").glob("pages-*.png")) < SIZE


def test_another_letter_is_another_picture() -> None:
    first, same, other = (
        pages(make(collect([flash("Which?", answer)]))[0], DPI)[0] for answer in ("policy", "policy", "po1icy")
    )
    assert change(first, same) == 0
    assert change(first, other) > TOLERANCE


def test_a_contact_sheet_has_every_page_in_its_place(tmp_path: Path) -> None:
    data, _ = make(collect([flash(f"Question {n}?", "a", n) for n in range(1, 8)]))
    (tmp_path / "seven.pdf").write_bytes(data)
    command = [sys.executable, str(HERE / "contact.py"), "seven.pdf", "seven.png", "50"]
    subprocess.run(command, cwd=tmp_path, check=True)
    drawn = pages(data, 50)
    sheet = contact(drawn)
    assert Image.open(tmp_path / "seven.png").size == sheet.picture.size
    for at, page in enumerate(drawn):
        left, top = (at % sheet.columns * sheet.cell[0] + 6, at // sheet.columns * sheet.cell[1] + 6)
        place = (left, top, left + page.width, top + page.height)
        assert change(sheet.picture.crop(place), page) == 0
        assert sheet.page(left, top) == sheet.page(left + page.width - 1, top + page.height - 1) == at + 1
