"""The PDF as its readers see it: pages, words, fonts, links, outline."""

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pdf_objects import fonts_of
from pdf_samples import MM, body, collect, flash, head, make, open_pdf, para, text_of
from PIL import Image as Pillow

from cardforge.diagnostics import Code as Slug
from cardforge.doc import Align as ColumnAlign
from cardforge.doc import (
    Cell,
    Code,
    CodeBlock,
    Details,
    Gap,
    Heading,
    Image,
    LineBreak,
    Link,
    List,
    ListItem,
    Mark,
    Marked,
    Math,
    MathBlock,
    Quote,
    Rule,
    Table,
    Text,
)
from cardforge.model import Choice, Cloze, Collection, Deck, Media, Option, Scenario, Section, SelfCheck

DPO = r"-\log\sigma\left(\beta\log\frac{\pi_\theta(y_w\mid x)}{\pi_{\mathrm{ref}}(y_w\mid x)}\right)"


def everything() -> Collection:
    """A card of every kind, and every node of the tree."""
    cell = Cell((Text("cell"),))
    rich = body(
        Heading(2, (Text("Heading"),)),
        para(
            *(Marked(mark, (Text(f"m{mark.value}"),)) for mark in Mark),
            " ",
            Code("a -> b"),
            Math(r"\beta \le 1"),
            LineBreak(),
            Link("https://example.org/", (Text("link"),)),
            Image("https://example.org/p.png", "remote"),
            Gap(1, (Text("gap"),)),
        ),
        List((ListItem((para("one"), List((ListItem((para("nested"),)),)))), ListItem((para("done"),), checked=True))),
        List((ListItem((para("ninth"),)), ListItem(())), start=9),
        Quote((para("quoted"),)),
        CodeBlock("def f(x):\n\treturn x  # note", "python"),
        MathBlock(DPO),
        Table((ColumnAlign.LEFT, ColumnAlign.RIGHT), (cell, cell), ((cell, cell),)),
        Rule(),
        Details((Text("summary"),), (para("inside"),)),
    )
    gaps = body(para("The ", Gap(1, (Text("policy"),), "what"), " of ", Gap(2, (Math("x"),)), "."))
    return collect(
        [
            flash("Plain?", rich, 1, hint=body("Think.")),
            SelfCheck(head(2, number="7", source="https://example.org/source"), body("Checked?"), body("Yes.")),
            Scenario(head(3), body("Something happened."), body("Was it right?"), "No", body("Because.")),
            Choice(head(4), body("Which?"), (Option(body("Right"), True), Option(body("Wrong"), False)), body("So.")),
            Cloze(head(5), gaps, body("More.")),
        ],
    )


def test_a_card_has_one_page_of_landscape_a6_with_question_above_answer_below() -> None:
    data, sink = make(collect([flash("What is asked?", "What is answered.", 1), flash("Two?", "Second.", 2)]))
    document = open_pdf(data)
    assert [tuple(round(side / MM, 1) for side in page.get_size()) for page in document] == [(148.0, 105.0)] * 2
    page = document[0].get_textpage()
    heights = {}
    for words in ("What is asked?", "What is answered."):
        found = page.search(words).get_next()
        assert found
        heights[words] = page.get_charbox(found[0])[1]
    assert heights["What is asked?"] > 105 / 2 * MM > heights["What is answered."]
    assert not list(sink)


def test_footer_names_deck_section_and_card() -> None:
    texts = text_of(make(collect([flash("A?", "B.", 1), flash("C?", "D.", 2)], title="Loss", section="Basics"))[0])
    assert "Loss · Basics" in texts[0]
    assert texts[0].endswith("1 / 2")
    assert texts[1].endswith("2 / 2")


def test_every_kind_and_every_node_shows_its_words() -> None:
    data, sink = make(everything())
    text = " ".join(text_of(data))
    for mark in Mark:
        assert f"m{mark.value}" in text
    for words in (
        "Heading",
        "a -> b",
        "link",
        "remote",
        "https://example.org/p.png",
        "nested",
        "ninth",
        "9.",
        "10.",
        "quoted",
        "return x # note",
        "cell",
        "summary",
        "inside",
        "Hint: Think.",
        "Source: https://example.org/source",
        "Something happened.",
        "Was it right?",
        "No",
        "Because.",
        "Wrong",
        "So.",
        "More.",
    ):
        assert words in text, words
    assert not list(sink)


def test_a_cloze_hides_its_gaps_above_and_fills_them_below() -> None:
    gaps = body(para("PPO adds a ", Gap(1, (Text("penalty"),), "what"), "."))
    (text,) = text_of(make(collect([Cloze(head(), gaps, body())]))[0])
    assert text.count("penalty") == 1
    assert text.index("what") < text.index("penalty")


def test_wrong_options_are_asked_but_not_answered() -> None:
    options = (Option(body("Right one"), True), Option(body("Wrong one"), False))
    (text,) = text_of(make(collect([Choice(head(), body("Which?"), options, body())]))[0])
    assert text.count("Right one") == 2
    assert text.count("Wrong one") == 1


def test_every_font_is_embedded_as_a_subset_with_unicode_and_none_is_helvetica() -> None:
    with pikepdf.open(BytesIO(make(everything())[0])) as pdf:
        fonts = fonts_of(pdf)
        assert len(fonts) >= 5
        assert [font for font in fonts if not font.complete] == []
        assert b"Helvetica" not in b"".join(page.obj.Contents.read_bytes() for page in pdf.pages)


def test_streams_are_compressed_and_complete() -> None:
    with pikepdf.open(BytesIO(make(everything())[0])) as pdf:
        assert not pdf.check_pdf_syntax()
        # The packet that says what the file is stays readable for programs that know no PDF (ISO 16684-1, 7.1).
        streams = [obj for obj in pdf.objects if isinstance(obj, pikepdf.Stream) and obj.get("/Type") != "/Metadata"]
        assert all("/FlateDecode" in str(stream.get("/Filter")) for stream in streams)


def test_title_language_and_outline() -> None:
    decks = tuple(
        Deck(
            f"{name}.md",
            name,
            f"Deck {name}",
            "de",
            (Section(None, "First", cards=(flash("Größe?", "a", 1),)), Section(None, "Empty")),
        )
        for name in ("a", "b")
    )
    with pikepdf.open(BytesIO(make(Collection("Alles über ✓", "de", decks))[0])) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Alles über ✓"
        assert str(pdf.Root.Lang) == "de"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        with pdf.open_outline() as outline:
            found = [
                (deck.title, [(section.title, [card.title for card in section.children]) for section in deck.children])
                for deck in outline.root
            ]
            leads = outline.root[1].children[0].children[0].destination
            assert isinstance(leads, pikepdf.Array)
            assert leads[0].objgen == pdf.pages[1].obj.objgen
    assert found == [("Deck a", [("First", ["Größe?"])]), ("Deck b", [("First", ["Größe?"])])]


def test_web_addresses_are_clickable_and_others_are_not() -> None:
    links = para(
        Link("https://example.org/ä?q=1", (Text("web"),)),
        " ",
        Link("mailto:a@example.org", (Text("mail"),)),
        " ",
        Link("javascript:alert(1)", (Text("script"),)),
        " ",
        Link("other.md", (Text("relative"),)),
    )
    data, _ = make(collect([flash("Links?", body(links))]))
    with pikepdf.open(BytesIO(data)) as pdf:
        found = [str(annotation.A.URI) for annotation in pdf.pages[0].Annots]
    assert found == ["https://example.org/%C3%A4?q=1", "mailto:a@example.org"]


def test_a_broken_formula_shows_its_source_and_is_reported_elsewhere() -> None:
    data, sink = make(collect([flash("Broken?", body(para("See ", Math(r"\frac{a}{"), "."), MathBlock(r"\nope{b}")))]))
    (text,) = text_of(data)
    assert r"\frac{a}{" in text
    assert r"\nope{b}" in text
    assert not list(sink)


def test_a_formula_is_drawn_with_outlines_that_repeat_by_name() -> None:
    once, _ = make(collect([flash("A?", body(MathBlock(DPO)))]))
    often, _ = make(collect([flash(f"A {i}?", body(MathBlock(DPO)), i + 1) for i in range(30)]))
    with pikepdf.open(BytesIO(often)) as pdf:
        assert len(pdf.pages[0].Resources.XObject) > 5
    assert len(often) < len(once) + 30 * 1900  # with its words, for those who cannot see it


def test_symbols_come_from_some_font() -> None:
    signs = "β Σ → ≤ ✓ ∞ ∂ ℝ ☐ ★ é ạ́ Ж ש ع ⟨x⟩ 😀"
    data, sink = make(collect([flash("Signs?", signs)]))
    assert not list(sink)
    (text,) = text_of(data)
    for sign in "βΣ→≤✓∞∂ℝ☐★Жשع😀":
        assert sign in text, sign


def test_a_character_that_no_font_has_is_reported_once_a_card_and_shown_as_a_box() -> None:
    data, sink = make(
        collect([flash("\U00013080 and \U00013080?", "\U00013080 \U00013081", 3), flash("Again \U00013080?", "x", 9)])
    )
    found = [(d.code, d.span.line, d.message) for d in sink]
    assert [(code, line) for code, line, _ in found] == [(Slug.MISSING_GLYPH, 3)] * 2 + [(Slug.MISSING_GLYPH, 9)]
    assert "U+13080" in found[0][2]
    assert "\U00013080 and \U00013080?" in found[0][2]
    assert "U+13081" in found[1][2]
    page = open_pdf(data)[1]
    text = page.get_textpage()
    assert "Again \U00013080?" in text.get_text_bounded()
    left, bottom, right, top = text.get_charbox(len("Again "))
    drawn = page.render(scale=4).to_pil().convert("L")
    box = drawn.crop([round(4 * side) for side in (left, page.get_height() - top, right, page.get_height() - bottom)])
    assert min(box.get_flattened_data()) < 64


def picture(width: int, height: int, kind: str, orientation: int = 1) -> bytes:
    image = Pillow.new(
        "RGBA" if kind == "PNG" else "RGB", (width, height), (200, 30, 30, 128)[: 4 if kind == "PNG" else 3]
    )
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    out = BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


def media(name: str) -> Media:
    return Media(name, name, "image/png", "0", 0, 0)


@pytest.mark.parametrize(("kind", "suffix"), [("PNG", "png"), ("JPEG", "jpg")])
def test_pictures_are_opaque_upright_and_no_finer_than_print(kind: str, suffix: str) -> None:
    name = f"p.{suffix}"
    files = {name: picture(3000, 1500, kind, 6)}
    cards = [flash("Seen?", body(para(Image(name, "alt", media=name))))]
    data, sink = make(collect(cards, media=[media(name)]), files)
    assert not list(sink)
    with pikepdf.open(BytesIO(data)) as pdf:
        (image,) = [obj for obj in pdf.objects if isinstance(obj, pikepdf.Stream) and obj.get("/Subtype") == "/Image"]
        assert image.Height > image.Width  # turned as its EXIF data asks
        assert "/SMask" not in image
        width, height = int(image.Width), int(image.Height)
    (placed,) = [obj for obj in open_pdf(data)[0].get_objects() if obj.type == 3]  # 3: image
    left, bottom, right, top = placed.get_bounds()
    assert width / ((right - left) / 72) == pytest.approx(300, rel=0.02)
    assert height / ((top - bottom) / 72) == pytest.approx(300, rel=0.02)


def test_a_picture_that_cannot_be_printed_leaves_its_description_and_a_warning() -> None:
    cards = [flash("Drawn?", body(para(Image("p.svg", "a sketch", media="p.svg"))))]
    data, sink = make(collect(cards, media=[media("p.svg")]), {"p.svg": b"<svg/>"})
    assert "a sketch" in text_of(data)[0]
    assert [d.code for d in sink] == [Slug.DROPPED_MARKUP]


def test_a_formula_too_large_to_read_is_reported() -> None:
    wide = "+".join(f"x_{{{i}}}" for i in range(120))
    _, sink = make(collect([flash("Wide?", body(MathBlock(wide)))]))
    assert [d.code for d in sink] == [Slug.TOO_WIDE]


def test_an_empty_collection_is_still_a_pdf() -> None:
    assert make(Collection("Empty", "en", ()))[0].startswith(b"%PDF-")


SCRIPT = """
import hashlib, sys
sys.path[:0] = sys.argv[1:]
from pdf_samples import make
from test_render import everything
for told in ({}, {"profile": "press"}, {"layout": "handout"}):
    print(hashlib.sha256(make(everything(), told=told)[0]).hexdigest())
"""


def test_the_same_collection_makes_the_same_bytes(tmp_path: Path) -> None:
    here = Path(__file__).parent
    found = set()
    for seed, zone in (("0", "UTC"), ("1", "Asia/Tokyo")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "TMPDIR": str(tmp_path), "LC_ALL": "C"}
        paths = [str(here), str(here.parents[2] / "src")]
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT, *paths], env=environment, capture_output=True, text=True, check=True
        )
        found.add(run.stdout)
    assert len(found) == 1


def test_importing_the_back_end_loads_no_pdf_library() -> None:
    code = "import sys, cardforge.backends.pdf; print({'reportlab', 'uharfbuzz', 'PIL'} & set(sys.modules))"
    path = str(Path(__file__).parents[3] / "src")
    run = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "set()"
