"""What a press and a screen are promised: boxes, inks, names of pages, and colours as the author wants them."""

import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pikepdf
import pytest
from pdf_samples import MM, body, collect, flash, head, make, open_pdf, para
from PIL import Image as Pillow

from cardforge.backends.pdf.canvas.inks import MOST_INK, cmyk, rgb
from cardforge.doc import CodeBlock, Image, Link, MathBlock, Text
from cardforge.model import Card, Choice, Media, Option
from command import cardforge

LINKED: Final = body(para(Link("https://example.org", (Text("web"),))), CodeBlock("def f(): pass  # no", "python"))
CARDS: Final[list[Card]] = [
    flash("What?", LINKED, 1),
    Choice(head(2), body("Which?"), (Option(body("a"), correct=True), Option(body("b"), correct=False)), body()),
    flash(body(MathBlock("x^2")), "Square.", 3),
]
COLOURING: Final = re.compile(rb"(?:^|\s)([\d. ]+) (rg|RG|k|K|g|G)(?=\s|$)")


def contents(data: bytes) -> list[bytes]:
    """The content stream of each page."""
    with pikepdf.open(BytesIO(data)) as pdf:
        return [page.obj.Contents.read_bytes() for page in pdf.pages]


def colours(data: bytes) -> dict[str, set[tuple[float, ...]]]:
    """The colours that pages set, by the operator that sets them."""
    found: dict[str, set[tuple[float, ...]]] = {}
    for page in contents(data):
        for numbers, operator in COLOURING.findall(page):
            parts = tuple(float(number) for number in numbers.split())
            found.setdefault(operator.decode().lower(), set()).add(parts)
    return found


def boxes(page: pikepdf.Page) -> dict[str, list[float]]:
    """A page's boxes in millimetres."""
    names = ("MediaBox", "BleedBox", "TrimBox")
    return {name: [round(float(at) / MM, 2) for at in page.obj[f"/{name}"]] for name in names if f"/{name}" in page.obj}


@pytest.mark.parametrize(
    ("told", "trim", "off", "bleed"),
    [
        ({"layout": "duplex", "size": "poker"}, (63, 88), 9, 3),
        ({"layout": "page", "bleed": "5mm"}, (148, 105), 11, 5),
        ({"layout": "page", "marks": False}, (148, 105), 3, 3),
        ({"layout": "duplex", "bleed": "0mm", "marks": False}, (148, 105), 0, 0),
        ({"layout": "sheet"}, (210, 297), 0, 0),
        ({"layout": "handout"}, (210, 297), 0, 0),
    ],
    ids=str,
)
def test_a_press_knows_where_to_cut(
    told: Mapping[str, Any], trim: tuple[float, float], off: float, bleed: float
) -> None:
    data, _ = make(collect(CARDS), told={"profile": "press", **told})
    width, height = trim
    with pikepdf.open(BytesIO(data)) as pdf:
        assert pdf.pdf_version == "1.6"
        for page in pdf.pages:
            assert boxes(page) == {
                "MediaBox": [0, 0, width + 2 * off, height + 2 * off],
                "BleedBox": [off - bleed, off - bleed, off + width + bleed, off + height + bleed],
                "TrimBox": [off, off, off + width, off + height],
            }


def test_a_card_lies_in_its_trim_as_it_lies_on_its_page() -> None:
    at = []
    for told in ({"profile": "screen"}, {"profile": "press"}):
        page = open_pdf(make(collect(CARDS), told=told)[0])[0]
        at.append(page.get_textpage().get_charbox(0))
    shift = 9 * MM
    assert at[1] == pytest.approx([value + shift for value in at[0]], abs=0.02)


def test_crop_marks_stay_out_of_the_bleed() -> None:
    page = contents(make(collect(CARDS), told={"profile": "press", "size": "poker"})[0])[0]
    marks = page.split(b"\n", 1)[0].decode()
    assert marks.startswith("q 0.25 w 1 1 1 1 K")
    points = [(float(x) / MM, float(y) / MM) for x, y in re.findall(r"([\d.]+) ([\d.]+) [ml]\b", marks)]
    assert len(points) == 16
    assert all(not (6 < x < 75 and 6 < y < 100) for x, y in points)


def test_a_press_prints_with_its_own_inks() -> None:
    found = colours(make(collect(CARDS), told={"profile": "press"})[0])
    assert set(found) == {"g", "k"}
    assert (0.0,) in found["g"]  # text is black alone
    assert all(sum(parts) <= MOST_INK + 0.001 for parts in found["k"] - {(1.0, 1.0, 1.0, 1.0)})
    assert set(colours(make(collect(CARDS))[0])) == {"g", "rg"}


@pytest.mark.parametrize("colour", ["#000020", "#0b5a83", "#ffffff", "#000000", "#123456", "#ff0000"])
def test_no_colour_is_wetter_than_dries(colour: str) -> None:
    inks = cmyk(rgb(colour))
    assert sum(inks) <= MOST_INK + 1e-9
    assert all(0 <= part <= 1 for part in inks)


def test_the_accent_is_the_authors() -> None:
    found = colours(make(collect(CARDS), told={"accent": "#ff0000"})[0])
    assert (1.0, 0.0, 0.0) in found["rg"]
    assert rgb("#0b5a83") not in {tuple(round(part, 3) for part in parts) for parts in found["rg"]}


@pytest.mark.parametrize(
    ("wish", "deck", "number"),
    [("both", True, True), ("deck", True, False), ("number", False, True), ("none", False, False)],
)
def test_the_corners_say_what_is_wished(wish: str, deck: bool, number: bool) -> None:  # noqa: FBT001 - what is expected
    page = open_pdf(make(collect(CARDS), told={"corner_mark": wish})[0])[0]
    text = page.get_textpage().get_text_bounded()
    assert ("Section" in text, "1 / 3" in text) == (deck, number)


def test_pages_bear_the_numbers_of_their_cards() -> None:
    long = flash(
        "Long?", body(*(f"Sentence {n} goes on and on, as sentences do in answers. " * 3 for n in range(20))), 9
    )
    data, _ = make(collect([CARDS[0], long]))
    names = [open_pdf(data).get_page_label(at) for at in range(len(open_pdf(data)))]
    count = len(names) - 1
    assert count > 1
    assert names == ["1", *(f"2 ({n}/{count})" for n in range(1, count + 1))]


def test_a_profile_makes_it_for_its_printing_condition(tmp_path: Path, need: Any) -> None:
    Pillow.new("RGB", (30, 20), (20, 200, 40)).save(tmp_path / "green.png")
    (tmp_path / "a.md").write_text("Q: One?\nA: ![green](green.png) and [web](https://example.org)\n", "utf-8")
    (tmp_path / "press.icc").write_bytes(Path(need("cmyk profile")).read_bytes())
    done = cardforge(tmp_path, "build", "pdf", "a.md", "-o", "a.pdf", "--profile", "press", "--icc", "press.icc")
    assert done.status == 0, done.stderr
    assert "PDF/X-4" not in done.stderr
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        (intent,) = pdf.Root.OutputIntents
        assert (str(intent.S), int(intent.DestOutputProfile.N)) == ("/GTS_PDFX", 4)
        assert b"PDF/X-4" in pdf.Root.Metadata.read_bytes()
        images = [obj for obj in pdf.objects if isinstance(obj, pikepdf.Stream) and obj.get("/Subtype") == "/Image"]
        assert [str(image.ColorSpace) for image in images] == ["/DeviceCMYK"]
        cyan, magenta, yellow, _ = images[0].read_bytes()[:4]
        assert min(cyan, yellow) > magenta + 60  # a green


@pytest.mark.parametrize(
    ("name", "bytes_", "status", "said"),
    [("none.icc", None, 3, "cannot be read"), ("bad.icc", b"nothing", 1, "no ICC profile of a press")],
)
def test_a_profile_that_is_none_stops_the_build(
    name: str, bytes_: bytes | None, status: int, said: str, tmp_path: Path
) -> None:
    (tmp_path / "a.md").write_text("Q: One?\nA: 1\n", "utf-8")
    if bytes_ is not None:
        (tmp_path / name).write_bytes(bytes_)
    (tmp_path / "a.pdf").write_bytes(b"earlier")
    done = cardforge(tmp_path, "build", "pdf", "a.md", "-o", "a.pdf", "--profile", "press", "--icc", name)
    assert done.status == status
    assert said in done.stdout
    assert name in done.stdout
    assert (tmp_path / "a.pdf").read_bytes() == b"earlier"


def test_a_press_file_without_a_profile_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Q: One?\nA: 1\n", "utf-8")
    done = cardforge(tmp_path, "build", "pdf", "a.md", "-o", "a.pdf", "--profile", "press")
    assert done.status == 0
    assert "no PDF/X-4" in done.stderr
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        assert "/OutputIntents" not in pdf.Root
        assert b"pdfxid:" not in pdf.Root.Metadata.read_bytes().replace(b"xmlns:pdfxid", b"")


def test_a_picture_for_a_press_without_a_profile_stays_as_it_is() -> None:
    out = BytesIO()
    Pillow.new("RGB", (4, 4), "red").save(out, "PNG")
    media = Media("dot-1.png", "dot.png", "image/png", "1", 4, 4)
    cards = [flash("Dot?", body(para(Image("dot.png", "dot", media="dot-1.png"))))]
    data, _ = make(collect(cards, media=[media]), {"dot-1.png": out.getvalue()}, {"profile": "press"})
    with pikepdf.open(BytesIO(data)) as pdf:
        images = [obj for obj in pdf.objects if isinstance(obj, pikepdf.Stream) and obj.get("/Subtype") == "/Image"]
        assert [str(image.ColorSpace) for image in images] == ["/DeviceRGB"]
