"""Cards on sheets, leaves and handouts: fronts and backs meet, nothing is lost, every option is read or refused."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdf_samples import MM, body, collect, flash, head, make, open_pdf, text_of

from cardforge.backends.pdf.pages.imposition import Grid, edge_of, grid_of
from cardforge.model import Card, Choice, Option
from cardforge.printing import (
    KEYS,
    LABELS,
    NAMES,
    CornerMark,
    Flip,
    Layout,
    PrintOptions,
    Profile,
    Sides,
    Size,
    read_options,
    read_size,
)
from command import ROOT, cardforge

CARDS = [flash(f"mark{n:04}", f"mark{n:04}", n + 1) for n in range(1000)]


def options(**told: object) -> PrintOptions:
    """The options, which have to be good."""
    wrong: list[str] = []
    found = read_options(told, lambda *words: wrong.append(" ".join(words)))
    assert not wrong
    return found


def marks(page: pdfium.PdfPage) -> dict[str, tuple[float, float]]:
    """The middle of each mark on a page, in points."""
    text = page.get_textpage()
    found = {}
    whole = text.get_text_range()
    at = whole.find("mark")
    while at >= 0:
        boxes = [text.get_charbox(i) for i in range(at, at + 8)]
        left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
        right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
        found[whole[at : at + 8]] = ((left + right) / 2, (bottom + top) / 2)
        at = whole.find("mark", at + 8)
    return found


@pytest.mark.parametrize("edge", ["long", "short"])
@pytest.mark.parametrize(
    "told",
    [
        {"layout": "sheet"},
        {"layout": "sheet", "sheet": "letter"},
        {"layout": "sheet", "sheet": "avery-5371"},
        {"layout": "sheet", "sheet": "avery-5388"},
        {"layout": "sheet", "size": "poker", "gutter": "3mm"},
        {"layout": "sheet", "size": "3x5", "sheet": "letter"},
        {"layout": "sheet", "size": "tarot", "sheet": "320x450mm"},
        {"layout": "duplex"},
        {"layout": "duplex", "size": "bridge"},
    ],
    ids=lambda told: " ".join(map(str, told.values())),
)
def test_every_back_lies_behind_its_front(told: Mapping[str, Any], edge: str) -> None:
    data, _ = make(collect(CARDS), told={**told, "flip": edge})
    pdf = open_pdf(data)
    width, height = pdf[0].get_size()
    upright = (edge == "long") == (width < height)
    misaligned, met = [], 0
    for at in range(0, len(pdf), 2):
        fronts, backs = marks(pdf[at]), marks(pdf[at + 1])
        assert fronts.keys() == backs.keys()
        for name, (x, y) in fronts.items():
            behind = (width - backs[name][0], backs[name][1]) if upright else (backs[name][0], height - backs[name][1])
            met += 1
            if abs(behind[0] - x) > 3 or abs(behind[1] - y) > 4:
                misaligned.append((name, (x, y), behind))
    assert met == len(CARDS)
    assert not misaligned


@given(
    st.floats(45, 200),
    st.floats(45, 200),
    st.sampled_from([Size(595, 842), Size(842, 595), Size(612, 792)]),
    st.floats(0, 20),
)
def test_cards_lie_on_their_sheet_and_on_no_other_card(wide: float, high: float, sheet: Size, gap: float) -> None:
    grid = grid_of(PrintOptions(sheet=sheet, gutter=gap), Size(wide * MM, high * MM))
    cells = [grid.front(slot) for slot in range(grid.count)]
    for cell in cells:
        assert cell.x >= -0.01
        assert cell.x + grid.card.width <= grid.sheet.width + 0.01
        assert cell.y >= -0.01
        assert cell.y + grid.card.height <= grid.sheet.height + 0.01
    for at, a in enumerate(cells):
        for b in cells[:at]:
            apart = abs(a.x - b.x) >= grid.card.width - 0.01 or abs(a.y - b.y) >= grid.card.height - 0.01
            assert apart, (grid, a, b)


def test_a_back_is_shifted_for_a_printer_that_is_off() -> None:
    plain, _ = make(collect(CARDS[:8]), told={"layout": "sheet"})
    moved, _ = make(collect(CARDS[:8]), told={"layout": "sheet", "back_offset": "1,-2"})
    before, after = (marks(open_pdf(data)[1]) for data in (plain, moved))
    for name, (x, y) in before.items():
        assert after[name] == pytest.approx((x + 1 * MM, y - 2 * MM), abs=0.05)
    assert marks(open_pdf(plain)[0]) == marks(open_pdf(moved)[0])


@pytest.mark.parametrize(
    ("sides", "pages"),
    [
        ("both", ["a", "b", "a", "b"]),
        ("front", ["a", "a"]),
        ("back", ["b", "b"]),
        ("fronts-then-backs", ["a", "a", "b", "b"]),
        ("back-first", ["b", "a", "b", "a"]),
    ],
)
def test_sides_come_in_the_order_asked_for(sides: str, pages: list[str]) -> None:
    cards = [flash("asked", "told", 1), flash("asked", "told", 2)]
    data, _ = make(collect(cards), told={"layout": "duplex", "sides": sides})
    assert ["a" if "asked" in text else "b" for text in text_of(data)] == pages


def test_the_outline_leads_to_the_sheet_a_question_is_on() -> None:
    data, _ = make(collect(CARDS[:20]), told={"layout": "sheet", "sides": "back-first"})
    pdf = pdfium.PdfDocument(BytesIO(data))
    texts = text_of(data)
    entries = [entry for entry in pdf.get_toc() if entry.level == 2]
    assert len(entries) == 20
    for entry in entries:
        page = entry.get_dest().get_index()
        assert page % 2 == 1, "the front of a sheet is its second page"
        assert entry.get_title() in texts[page]


def test_a_long_card_goes_on_on_both_sides_of_its_next_leaf() -> None:
    long = body(*(" ".join(f"w{i}x{j}" for j in range(60)) for i in range(8)))
    data, _ = make(collect([flash("How long?", long)]), told={"layout": "duplex", "size": "A7"})
    texts = text_of(data)
    assert len(texts) > 3
    assert len(texts) % 2 == 0
    assert all("How long?" in text for text in texts[::2])
    assert [word for text in texts[1::2] for word in text.split() if "x" in word and word[0] == "w"] == [
        f"w{i}x{j}" for i in range(8) for j in range(60)
    ]


def test_a_viewer_is_told_how_leaves_turn() -> None:
    def told(**asked: str) -> str:
        data, _ = make(collect(CARDS[:1]), told=asked)
        with pikepdf.open(BytesIO(data)) as pdf:
            return str(pdf.Root.ViewerPreferences.get("/Duplex", ""))

    assert told(layout="duplex") == "/DuplexFlipShortEdge"
    assert told(layout="duplex", size="poker") == "/DuplexFlipLongEdge"
    assert told(layout="sheet") == "/DuplexFlipLongEdge"
    assert told(layout="sheet", sheet="297x210mm") == edge_name(options(layout="sheet", sheet="297x210mm"))
    assert told() == told(layout="fold") == told(layout="duplex", sides="front") == ""


def edge_name(found: PrintOptions) -> str:
    """The name a PDF has for the edge."""
    return {"long": "/DuplexFlipLongEdge", "short": "/DuplexFlipShortEdge", "": ""}[edge_of(found)]


def test_a_handout_asks_first_and_answers_on_pages_of_its_own() -> None:
    right = Choice(head(99), body("Which?"), (Option(body("this"), True), Option(body("that"), False)), body("so"))
    cards: list[Card] = [*(flash(f"asked{n}", f"told{n}", n + 1) for n in range(40)), right]
    data, _ = make(collect(cards), told={"layout": "handout"})
    texts = text_of(data)
    key = next(at for at, text in enumerate(texts) if text.startswith("Answers"))
    asking, telling = " ".join(texts[:key]), " ".join(texts[key:])
    assert [f"{n + 1}." in asking and f"asked{n}" in asking for n in range(40)] == [True] * 40
    assert "told" not in asking
    assert [f"told{n}" in telling for n in range(40)] == [True] * 40
    assert "that" in asking


def test_large_print_has_no_small_letters() -> None:
    long = body(*(" ".join(f"x{i}{j}" for j in range(40)) for i in range(4)))
    data, _ = make(collect([flash("xylem?", long)]), told={"large_print": True})
    for page in open_pdf(data):
        text = page.get_textpage()
        boxes = [text.get_charbox(i) for i in range(text.count_chars()) if text.get_text_range(i, 1) == "x"]
        # An "x" of Noto Sans is 0.54 em high: of 16 points, 8.6.
        assert min((top - bottom for _, bottom, _, top in boxes), default=9) > 8.3


@pytest.mark.parametrize("name", NAMES)
def test_every_size_prints_in_every_layout(name: str) -> None:
    for layout in ("page", "duplex", "sheet", "fold", "handout"):
        told = {"layout": layout, "size": name, "sheet": "600x600mm"}
        data, _ = make(collect([flash("What is asked?", "What is told.")]), told=told)
        assert "Whatisasked?" in "".join("".join(text_of(data)).split())


def test_a_card_that_is_larger_than_its_sheet_is_refused() -> None:
    assert [key for key, *_ in complaints({"layout": "fold", "size": "A5"})] == ["size"]
    assert complaints({"layout": "sheet", "size": "A4"}) == []


def test_a_size_is_a_name_or_two_numbers() -> None:
    assert read_size("a6") == Size(148 * MM, 105 * MM)
    assert read_size("3x5in") == read_size("3x5") == Size(127 * MM, 76.2 * MM)
    assert read_size("poker") == Size(63 * MM, 88 * MM)
    assert read_size("100 x 70mm") == Size(100 * MM, 70 * MM)
    assert read_size("4×2.5in") == Size(288, 180)
    for wrong in ("", "A9", "10x10mm", "9999x9999mm", "4x6x8in", "axb mm", "-5x5in"):
        assert read_size(wrong) is None


def complaints(told: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What is said of options."""
    said: list[tuple[str, str, str]] = []
    read_options(told, lambda *words: said.append(words))
    return said


@pytest.mark.parametrize("key", KEYS)
def test_what_makes_no_sense_is_refused_with_what_would(key: str) -> None:
    for value in ("nonsense", 3.5, None, ["x"], {"a": 1}, "9999"):
        if key in ("gutter", "bleed") and value == 3.5:
            continue
        if key in ("font", "code_font") and value in ("nonsense", "9999", ["x"]):  # a family may have any name
            continue
        said = complaints({key: value})
        assert [words[0] for words in said] == [key], (key, value)
        assert said[0][2]


def test_a_grid_of_ready_cut_cards_is_that_of_its_maker() -> None:
    grid = grid_of(options(layout="sheet", sheet="avery-5371"), Size(1, 1))
    assert (grid.columns, grid.rows) == (2, 5)
    assert isinstance(grid, Grid)
    assert grid.front(0)[:2] == (54, 612)
    assert grid.left * 2 + 2 * grid.card.width == grid.sheet.width


def test_the_command_and_the_config_say_how_to_print(tmp_path: Path) -> None:
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "a.md").write_text("Q: One?\nA: 1\n\nQ: Two?\nA: 2\n", "utf-8")
    (tmp_path / "cardforge.toml").write_text('[pdf]\nlayout = "duplex"\nsize = "poker"\n', "utf-8")
    done = cardforge(tmp_path, "build", "pdf", "-o", "config.pdf")
    assert done.status == 0
    assert "turn the sheets about their long edge" in done.stderr
    assert len(open_pdf((tmp_path / "config.pdf").read_bytes())) == 4
    assert cardforge(tmp_path, "build", "pdf", "-o", "option.pdf", "--layout", "page").status == 0
    page = open_pdf((tmp_path / "option.pdf").read_bytes())[0]
    assert page.get_size() == pytest.approx((63 * MM, 88 * MM), abs=0.01)
    refused = cardforge(tmp_path, "build", "pdf", "--size", "A9")
    assert (refused.status, "--size: 'A9' is no size. Choose a4" in refused.stderr) == (2, True)
    (tmp_path / "cardforge.toml").write_text('[pdf]\nlayuot = "duplex"\nsize = "A9"\n', "utf-8")
    told = cardforge(tmp_path, "build", "pdf")
    assert told.status == 1
    assert "cardforge.toml:2:1: error[unknown-key]: The table [pdf] has no key layuot." in told.stdout
    assert "cardforge.toml:3:1: error[bad-config]: 'A9' is no size." in told.stdout


def test_the_document_has_every_key_and_choice() -> None:
    text = (ROOT / "docs" / "print.md").read_text("utf-8")
    wanted = [
        *KEYS,
        *Layout,
        *Sides,
        *Flip,
        *Profile,
        *CornerMark,
        *LABELS,
        *(name for name in NAMES if name not in ("a5", "a6", "a7")),
    ]
    assert [word for word in wanted if f"`{word}" not in text and f"`{word.upper()}" not in text] == []
