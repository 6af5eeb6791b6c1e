"""A reader who cannot see the page: what the PDF's structure tells of each card, through a real PDF reader."""

from io import BytesIO
from typing import Any, Final

import pikepdf
import pytest
from pdf_samples import body, collect, flash, head, make, para
from structure_tree import outline

from cardforge.doc import (
    Alert,
    AlertKind,
    Align,
    Audio,
    Cell,
    Code,
    CodeBlock,
    Gap,
    Heading,
    Image,
    Link,
    List,
    ListItem,
    Mark,
    Marked,
    Math,
    MathBlock,
    Paragraph,
    Quote,
    Table,
    Text,
)
from cardforge.model import Card, Choice, Cloze, Media, Option, Scenario

WORDS: Final = (
    "What is ",
    Marked(Mark.STRONG, (Text("kept"),)),
    " of ",
    Math("x^2"),
    " in ",
    Link("https://example.org", (Text("the docs"),)),
    " today?",
)


def cell(text: str) -> Cell:
    """A table's cell."""
    return Cell((Text(text),) if text else ())


def told(*cards: Card, **options: Any) -> str:
    """The outline of a document of these cards."""
    return outline(make(collect(cards), told=options)[0])


def test_a_paragraph_is_read_in_the_order_of_its_words() -> None:
    assert (
        told(flash(body(para(*WORDS)), "All."))
        == """\
page 1
  Document
    Sect title='What is kept of x^2 in the docs today?'
      H1
        · What is kept of
        Formula alt='x squared'
        · in
        Link the docs
        · today?
      P All."""
    )


def test_every_block_is_what_it_is() -> None:
    inner = List((ListItem((para("inner"),)),))
    blocks = body(
        Heading(2, (Text("Why"),)),
        List((ListItem((para("first"), inner)), ListItem((para("second"),))), start=3),
        List((ListItem((para("open"),), checked=False), ListItem((para("done"),), checked=True))),
        Quote((para("Said."),)),
        Alert(AlertKind.NOTE, (para("Mind."),)),
        CodeBlock("a = 1\nb = 2"),
        MathBlock(r"\frac{a}{b}"),
        Table((Align.NONE, Align.NONE), (cell("A"), cell("B")), ((cell("1"), cell("")),)),
        para(Code("x"), " ", Audio("a.mp3", "a tone", media="a-1.mp3")),
    )
    assert (
        told(flash("Q?", blocks), size="A4")
        == """\
page 1
  Document
    Sect title='Q?'
      H1 Q?
      H2 Why
      L
        LI
          Lbl 3.
          LBody
            P first
            L
              LI
                Lbl
                  Span text='•'
                LBody
                  P inner
        LI
          Lbl 4.
          LBody
            P second
      L
        LI
          Lbl
            Span text='☐'
          LBody
            P open
        LI
          Lbl
            Span text='☑'
          LBody
            P done
      BlockQuote
        P Said.
      Div
        P Note
        P Mind.
      P
        Code a = 1 b = 2
      Formula alt='a over b'
      Table
        TR
          TH A
          TH B
        TR
          TD 1
          TD
      P
        · x
        Span text='🔊'
        · a tone"""
    )


def test_kinds_of_cards() -> None:
    scenario = Scenario(head(2), body("It happened."), body("Bad?"), "Yes", body("Because."))
    options = (Option(body("PPO"), correct=False), Option(body("DPO"), correct=True))
    choice = Choice(head(3), body("Which?"), options, body("No reward model."))
    cloze = Cloze(head(4), body(para("The ", Gap(1, (Text("sun"),)), " shines.")), body())
    assert (
        told(scenario, choice, cloze)
        == """\
page 1
  Document
    Sect title='Bad?'
      P It happened.
      H1 Bad?
      P Yes
      P Because.
page 2
  Document
    Sect title='Which?'
      H1 Which?
      L
        LI
          Lbl
            Span text='☐'
          LBody
            P A. PPO
        LI
          Lbl
            Span text='☐'
          LBody
            P B. DPO
      L
        LI
          Lbl
            Span text='☑'
          LBody
            P B. DPO
      P No reward model.
page 3
  Document
    Sect title='The … shines.'
      H1
        · The
        Span text='____'
        · shines.
      P The sun shines."""
    )


def test_what_stands_again_is_not_read_again() -> None:
    rows = tuple((cell(f"row {n}"), cell("text " * 12)) for n in range(40))
    table = Table((Align.NONE, Align.NONE), (cell("Head"), cell("Other")), rows)
    pages = told(flash("Question?", body(table))).split("page ")[1:]
    assert len(pages) > 2
    assert [page.count("H1 Question?") for page in pages] == [1] + [0] * (len(pages) - 1)
    assert [page.count("TH Head") for page in pages] == [1] + [0] * (len(pages) - 1)
    assert [f"TD row {n}" in "".join(pages) for n in range(40)] == [True] * 40


@pytest.mark.parametrize("layout", ["page", "duplex", "sheet", "fold", "handout"])
def test_each_layout_reads_card_by_card(layout: str) -> None:
    cards = [flash(f"Asked {n}?", f"Told {n}.", n) for n in range(1, 12)]
    data, _ = make(collect(cards), told={"layout": layout})
    told = outline(data)
    for n in range(1, 12):
        assert told.count(f"title='Asked {n}?'") in ((1, 2) if layout in ("duplex", "sheet", "handout") else (1,))
    with pikepdf.open(BytesIO(data)) as pdf:
        top = pdf.Root.StructTreeRoot.K
        titles = [str(each["/T"]) for each in top.K if "/T" in each]
    assert titles == [f"Asked {n}?" for n in range(1, 12)]
    assert ("H3 Asked 1?" if layout == "handout" else "H1 Asked 1?") in told


def test_headings_skip_no_level() -> None:
    odd = body(Heading(5, (Text("Deep"),)), Heading(3, (Text("Higher"),)), Heading(6, (Text("Deepest"),)))
    found = [line.strip() for line in told(flash(body(MathBlock("x")), odd)).splitlines() if " H" in line]
    assert found == ["H1 Deep", "H2 Higher", "H3 Deepest"]


def test_a_right_to_left_line_is_read_from_its_start() -> None:
    words = ("التعلم ", Link("https://example.org", (Text("المعزز"),)), " فرع ", Math("x"), " مهم")
    lines = outline(make(collect([flash(body(para(*words)), "نعم")], language="ar"))[0]).splitlines()
    at = next(n for n, line in enumerate(lines) if line.strip() == "H1")
    assert [line.split()[0] for line in lines[at + 1 : at + 6]] == ["·", "Link", "·", "Formula", "·"]


def test_a_card_tells_its_language_where_it_is_another() -> None:
    collection = collect([flash("Was?", "Das.")], language="de")
    other = make(type(collection)("Title", "en", collection.decks))[0]
    assert "lang='de'" in outline(other)
    assert "lang=" not in outline(make(collection)[0])


def test_a_picture_is_described() -> None:
    png = _png()
    media = Media("dot-1.png", "dot.png", "image/png", "1", 4, 4)
    pictures = body(alone("dot.png", "A dot"), para("Seen: ", Image("dot.png", "", media="dot-1.png")))
    data, _ = make(collect([flash("Dot?", pictures)], media=[media]), {"dot-1.png": png})
    assert [line.strip() for line in outline(data).splitlines() if "Figure" in line] == [
        "Figure alt='A dot'",
        "Figure alt='Picture'",
    ]


def alone(src: str, alt: str) -> Paragraph:
    """A picture alone in its paragraph."""
    return para(Image(src, alt, media="dot-1.png"))


def _png() -> bytes:
    from PIL import Image as Pillow

    out = BytesIO()
    Pillow.new("RGB", (4, 4), "red").save(out, "PNG")
    return out.getvalue()


def test_a_press_gets_no_tags_and_no_links() -> None:
    data, _ = make(collect([flash(body(para(*WORDS)), "All.")]), told={"profile": "press"})
    with pikepdf.open(BytesIO(data)) as pdf:
        assert "/StructTreeRoot" not in pdf.Root
        assert "/Annots" not in pdf.pages[0]
        assert b"BDC" not in pdf.pages[0].Contents.read_bytes().replace(b"/Span", b"")
