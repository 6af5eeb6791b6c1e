"""A hundred formulas as learners write them, from Markdown to print.

The pictures were looked at, one by one, against what TeX sets; ``--update-golden`` takes new ones: look at them again.
"""

import subprocess
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pikepdf
import pytest
from pictures import FINER, TOLERANCE, change, pages, reduced, store
from PIL import Image

from cardforge.backends.math import MathError, formula
from command import ROOT, cardforge, write

CASES: Final = ROOT / "tests" / "cases"
GOLDEN: Final = Path(__file__).parent / "golden"
DPI: Final = 150
MM: Final = DPI / 25.4
COLUMNS, ROWS = 3, 9
WIDE, HIGH = 95, 45  # mm
SHEET: Final = (297, 420)  # mm
PAGES: Final = 4
SIZE: Final = 600_000  # bytes that all golden pictures of formulas may take


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The formulas' sheets."""
    folder = write(tmp_path_factory.mktemp("formulas"), {"formulas.md": (CASES / "formulas.md").read_bytes()})
    layout = f"--layout sheet --sides back --no-marks --size {WIDE}x{HIGH}mm --sheet {SHEET[0]}x{SHEET[1]}mm".split()
    done = cardforge(folder, "build", "pdf", "formulas.md", "--strict", *layout, "--output", "formulas.pdf")
    assert done.status == 0, done.stderr
    return (folder / "formulas.pdf").read_bytes()


@pytest.fixture(scope="module")
def pictures(product: bytes) -> list[Image.Image]:
    """The same as pictures."""
    return pages(product, DPI)


def number(page: int, x: int, y: int) -> str:
    """The formula that has a pixel; backs lie mirrored."""
    column = int((x / MM - (SHEET[0] - COLUMNS * WIDE) / 2) // WIDE)
    row = int((y / MM - (SHEET[1] - ROWS * HIGH) / 2) // HIGH)
    return f"formula {page * COLUMNS * ROWS + row * COLUMNS + (COLUMNS - 1 - column) + 1}"


def test_there_are_a_hundred_and_many_of_them_are_displayed() -> None:
    answers = [line for line in (CASES / "formulas.md").read_text("utf-8").splitlines() if line.startswith("A: ")]
    assert len(answers) == len(set(answers)) == 100
    assert sum(line.startswith("A: $$") for line in answers) >= 20


@pytest.mark.parametrize("page", range(PAGES))
def test_formulas_look_as_they_did(
    page: int, pictures: list[Image.Image], looks_as_before: Callable[..., None]
) -> None:
    assert len(pictures) == PAGES
    looks_as_before(pictures[page], f"formulas-{page + 1}", partial(number, page))


def test_their_pictures_are_small() -> None:
    assert sum(path.stat().st_size for path in GOLDEN.glob("formulas-*.png")) < SIZE


@pytest.mark.parametrize(
    "case", tomllib.loads((CASES / "formulas-refused.toml").read_text("utf-8"))["formula"], ids=lambda case: case["tex"]
)
def test_what_is_no_formula_is_refused_with_its_column(case: dict[str, Any]) -> None:
    refused = formula(case["tex"], display=True)
    assert isinstance(refused, MathError)
    assert refused.column == case["column"]
    assert case["says"] in refused.message


# ---- what the comparison accepts, and what not


def test_another_reader_of_pdf_sees_the_same(
    product: bytes, pictures: list[Image.Image], need: Callable[[str], str], tmp_path: Path, say: Callable[[str], None]
) -> None:
    write(tmp_path, {"formulas.pdf": product})
    program = need("pdftoppm")
    subprocess.run([program, "-r", str(FINER * DPI), "-gray", "formulas.pdf", "p"], cwd=tmp_path, check=True)
    drawn = [reduced(Image.open(path)) for path in sorted(tmp_path.glob("p-*.pgm"))]
    found = [change(theirs, ours) for theirs, ours in zip(drawn, pictures, strict=True)]
    say(f"pictures of formulas\nPoppler's from PDFium's: {found} of 255 at most, {TOLERANCE} are accepted")
    assert max(found) <= TOLERANCE


def test_a_stored_picture_is_the_same_picture(pictures: list[Image.Image], tmp_path: Path) -> None:
    store(pictures[0], tmp_path / "a.png")
    store(pictures[0], tmp_path / "b.png")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert change(Image.open(tmp_path / "a.png").convert("L"), pictures[0]) < TOLERANCE / 4


def _rows(page: Image.Image) -> Image.Image:
    """The first rows of a sheet."""
    return page.crop((0, 0, page.width, page.height // 3))


def moved(product: bytes, operator: str, by: float) -> Iterator[Image.Image]:
    """The first rows with one thing higher by so many em, for the first bars (``re``) or outlines (``Do``)."""
    with pikepdf.open(BytesIO(product)) as pdf:
        drawn: list[Any] = [(list(each.operands), each.operator) for each in pikepdf.parse_content_stream(pdf.pages[0])]
        at = [n for n, (_, name) in enumerate(drawn) if str(name) == operator][:4]
        for place in at:
            # An outline is placed by the matrix before it.
            holder, operand = (place, 1) if operator == "re" else (place - 1, 5)
            operands, name = drawn[holder]
            shifted = [*operands[:operand], float(operands[operand]) + by, *operands[operand + 1 :]]
            changed = [*drawn[:holder], (shifted, name), *drawn[holder + 1 :]]
            pdf.pages[0].Contents = pdf.make_stream(pikepdf.unparse_content_stream(changed))
            out = BytesIO()
            alone = pikepdf.new()
            alone.pages.append(pdf.pages[0])
            alone.save(out)
            yield _rows(pages(out.getvalue(), DPI)[0])


@pytest.mark.parametrize("operator", ["re", "Do"])
def test_a_thing_that_is_moved_is_seen(operator: str, product: bytes, pictures: list[Image.Image]) -> None:
    found = [change(picture, _rows(pictures[0])) for picture in moved(product, operator, 0.08)]
    assert len(found) == 4
    assert min(found) > TOLERANCE
