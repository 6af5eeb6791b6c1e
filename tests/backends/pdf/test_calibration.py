"""The leaf that measures a printer: marks meet, move by the offset alone, and tell the offset that a printer needs."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest
from pdf_samples import MM, open_pdf, text_of

from cardforge.backends import Context
from cardforge.backends.pdf.pages.calibration import calibration
from cardforge.diagnostics import Sink
from cardforge.printing import LABELS, NAMES
from command import cardforge, write

LEAVES = [
    {},
    {"sheet": "letter"},
    *({"sheet": name} for name in LABELS),
    {"sheet": "297x210mm"},
    {"sheet": "320x450mm", "sides": "front"},
    {"layout": "fold", "size": "poker"},
    {"layout": "handout", "size": "A5"},
    {"layout": "duplex"},
    *({"layout": "duplex", "size": name} for name in NAMES),
    {"layout": "duplex", "size": "45x45mm"},
]
EDGES = ["long", "short"]


def told(value: Mapping[str, str]) -> str:
    return " ".join(value.values()) or "a4"


class Point(NamedTuple):
    """A place on a page, in points."""

    x: float
    y: float


def made(**options: Any) -> bytes:
    """The PDF, of which nothing has to be said."""
    sink = Sink()
    data = calibration(Context(0, lambda _: b"", sink, options))
    assert list(sink) == []
    return data


def leaf(**options: Any) -> tuple[pdfium.PdfPage, pdfium.PdfPage]:
    """The front and the back."""
    front, back = open_pdf(made(**options))
    return front, back


def strokes(page: pdfium.PdfPage) -> list[tuple[Point, float, float]]:
    """Every line's middle, width and height, in points."""
    found = []
    for each in page.get_objects([pdfium_c.FPDF_PAGEOBJ_PATH]):
        left, bottom, right, top = each.get_bounds()
        found.append((Point((left + right) / 2, (bottom + top) / 2), right - left, top - bottom))
    return found


def nearest(point: Point, points: list[Point]) -> Point:
    return min(points, key=lambda at: abs(at.x - point.x) + abs(at.y - point.y))


def middles(page: pdfium.PdfPage) -> list[Point]:
    """The middles of the crosses: where the longest lines are."""
    longest = max(width for _, width, _ in strokes(page))
    return [at for at, width, _ in strokes(page) if width > longest - 0.5]


def turned(point: Point, page: pdfium.PdfPage, edge: str) -> Point:
    """Where a point of one side is, seen from the other one, when the printer turns about an edge."""
    width, height = page.get_size()
    if (edge == "long") == (width <= height):
        return Point(width - point.x, point.y)
    return Point(point.x, height - point.y)


def numbers(page: pdfium.PdfPage, middle: Point) -> dict[tuple[str, int], Point]:
    """Where the numbers at a cross say a scale is: ``("DX", -5)`` → the tick's place."""
    text = page.get_textpage()
    whole = [text.get_text_range(at, 1) for at in range(text.count_chars())]
    found = {}
    for at, sign in enumerate(whole):
        if sign not in "+−" or not sign:
            continue
        boxes = [text.get_charbox(at), text.get_charbox(at + 1)]
        x = (min(box[0] for box in boxes) + max(box[2] for box in boxes)) / 2 - middle.x
        y = (boxes[1][1] + boxes[1][3]) / 2 - middle.y
        if max(abs(x), abs(y)) > 7 * MM:
            continue
        value = int(whole[at + 1]) * (1 if sign == "+" else -1)
        name = "DX" if abs(x) > abs(y) else "DY"
        found[name, value] = Point(middle.x + x, middle.y) if name == "DX" else Point(middle.x, middle.y + y)
    return found


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("options", LEAVES, ids=told)
def test_every_line_of_the_back_lies_on_one_of_the_front(options: Mapping[str, str], edge: str) -> None:
    front, back = leaf(**options, flip=edge)
    assert front.get_size() == back.get_size()
    assert len(middles(front)) == 5
    left = [turned(at, back, edge) for at, _, _ in strokes(back)]
    assert len(left) > 100
    for ours, _, _ in strokes(front):
        met = nearest(ours, left)
        assert met == pytest.approx(ours, abs=0.01)
        left.remove(met)
    assert left == []


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("options", LEAVES, ids=told)
def test_the_offset_moves_the_marks_of_the_back_and_nothing_else(options: Mapping[str, str], edge: str) -> None:
    front, back = leaf(**options, flip=edge)
    same, moved = leaf(**options, flip=edge, back_offset="1.5,-2")
    for before, after in zip(strokes(back), strokes(moved), strict=True):
        assert after[0] == pytest.approx((before[0].x + 1.5 * MM, before[0].y - 2 * MM), abs=0.01)
    assert strokes(same) == strokes(front)


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("options", [{}, {"sheet": "297x210mm"}, {"layout": "duplex"}], ids=told)
@pytest.mark.parametrize("wrong", [(5, 0), (-5, 0), (0, 5), (0, -5)])
def test_both_sides_tell_the_offset_that_puts_the_backs_right(
    options: Mapping[str, str], edge: str, wrong: tuple[int, int]
) -> None:
    """A printer that puts backs 5 mm off is one that prints true what was shifted by 5 mm."""
    front, back = leaf(**options, flip=edge, back_offset=f"{wrong[0]},{wrong[1]}")
    needed = ("DX", -wrong[0]) if wrong[0] else ("DY", -wrong[1])
    for behind in (turned(at, back, edge) for at in middles(back)):
        cross = nearest(behind, middles(front))
        assert numbers(front, cross)[needed] == pytest.approx(behind, abs=0.5)
    for hole in (turned(at, front, edge) for at in middles(front)):
        cross = nearest(hole, middles(back))
        assert numbers(back, cross)[needed] == pytest.approx(hole, abs=0.5)


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("options", LEAVES, ids=told)
def test_all_stands_where_printers_print_and_words_on_nothing_else(options: Mapping[str, str], edge: str) -> None:
    for page in leaf(**options, flip=edge):
        width, height = page.get_size()
        text = page.get_textpage()
        boxes = [text.get_charbox(at) for at in range(text.count_chars()) if text.get_text_range(at, 1).strip()]
        boxes += [each.get_bounds() for each in page.get_objects([pdfium_c.FPDF_PAGEOBJ_PATH])]
        assert min(min(box[:2]) for box in boxes) >= 4.9 * MM
        assert max(box[2] for box in boxes) <= width - 4.9 * MM
        assert max(box[3] for box in boxes) <= height - 4.9 * MM
        letters = [text.get_charbox(at) for at in range(text.count_chars()) if text.get_text_range(at, 1).isalpha()]
        for at in middles(page):
            for left, bottom, right, top in letters:
                assert not (left < at.x < right and bottom < at.y < top)


def test_the_front_says_what_to_do_and_with_which_edge_and_offset() -> None:
    front, back = text_of(made(flip="short", back_offset="0.5,-1"))
    assert "turn it about its short edge" in front
    assert "This leaf was made with --back-offset 0.5,-1: add what you read to that." in front
    assert "Hold it against the light" in front
    assert "A pin that was pushed through" in back
    plain, _ = text_of(made())
    assert "turn it about its long edge" in plain
    assert "was made with" not in plain


def test_the_leaf_of_small_cards_has_its_instructions_too() -> None:
    front, back = text_of(made(layout="duplex"))
    assert "Hold it against the light" in front
    assert "A pin that was pushed through" in back


def test_the_command_makes_a_leaf_without_a_card_and_says_how_to_print_it(tmp_path: Path) -> None:
    run = cardforge(tmp_path, "build", "pdf", "--calibrate")
    assert (run.status, run.stdout) == (0, "")
    assert run.stderr == (
        "pdf: a leaf to measure the printer with → build/calibration.pdf\n"
        "pdf: print both sides at actual size, and let the printer turn the leaf about its long edge.\n"
    )
    first = (tmp_path / "build" / "calibration.pdf").read_bytes()
    assert len(open_pdf(first)) == 2
    again = cardforge(
        tmp_path, "build", "pdf", "--calibrate", "-o", "-", env={"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    )
    assert hashlib.sha256(again.out).digest() == hashlib.sha256(first).digest()


def test_the_command_measures_as_the_project_prints(tmp_path: Path) -> None:
    write(tmp_path, {"cardforge.toml": '[pdf]\nsheet = "letter"\nflip = "short"\nback_offset = "1,2"\n'})
    write(tmp_path, {"build/cards.pdf": b"earlier"})
    run = cardforge(tmp_path, "build", "pdf", "--calibrate", "--back-offset", "0.5,-1")
    assert run.status == 0
    assert "about its short edge" in run.stderr
    data = (tmp_path / "build" / "calibration.pdf").read_bytes()
    assert open_pdf(data)[0].get_size() == (612, 792)
    assert "--back-offset 0.5,-1" in text_of(data)[0]
    assert (tmp_path / "build" / "cards.pdf").read_bytes() == b"earlier"
    assert cardforge(tmp_path, "build", "pdf", "--calibrate", "-n", "-o", "dry.pdf").status == 0
    assert not (tmp_path / "dry.pdf").exists()
    (tmp_path / "cardforge.toml").write_text('[pdf]\nsheet = "A99"\n', "utf-8")
    broken = cardforge(tmp_path, "build", "pdf", "--calibrate", "-o", "broken.pdf")
    assert (broken.status, "error[bad-config]" in broken.stdout) == (1, True)
    assert not (tmp_path / "broken.pdf").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["anki", "--calibrate"],
        ["all", "--calibrate"],
        ["pdf", "cards", "--calibrate"],
        ["pdf", "--calibrate", "--deck", "A"],
        ["pdf", "--calibrate", "--split"],
        ["pdf", "--calibrate", "--changed-since", "a.lock"],
    ],
    ids=" ".join,
)
def test_a_leaf_without_cards_takes_no_choice_of_them(tmp_path: Path, arguments: list[str]) -> None:
    run = cardforge(tmp_path, "build", *arguments)
    assert run.status == 2
    assert "--calibrate measures a printer and shows no cards" in run.stderr
    assert list(tmp_path.iterdir()) == []
