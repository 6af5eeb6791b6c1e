"""Sets plain cards with one engine, in this process: ``python bench/print/worker.py ENGINE COUNT [PROFILE]``.

Prints a line of JSON: seconds of the processor from ready texts (ours: from ready trees) to the PDF's bytes, how many
bytes of memory the peak rose by meanwhile, and the PDF's bytes and pages. Libraries are loaded before the clock starts.
"""

import gc
import json
import os
import re
import resource
import sys
from collections.abc import Callable
from html import escape
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

from bench.print.cards import ASKED, FOOT, HEIGHT, MARGIN, TOLD, WIDTH, Plain, plain_cards

_PEAK = 1 if sys.platform == "darwin" else 1024
"""Bytes in the unit that the system counts memory in."""
_MM = 72 / 25.4


def _ours(cards: list[Plain], profile: str) -> Callable[[], bytes]:
    from cardforge.backends import Context
    from cardforge.backends.pdf import book, render  # noqa: F401 - the book is what takes long to load
    from cardforge.diagnostics import Sink, Span
    from cardforge.doc import List, ListItem, Paragraph, Text
    from cardforge.model import Body, Collection, Deck, Flashcard, Head, Section

    def paragraph(text: str) -> Paragraph:
        return Paragraph((Text(text),))

    trees = tuple(
        Flashcard(
            Head(Span("deck.md", number, 1, number, 2), "Deck"),
            Body("", (paragraph(card.question),)),
            Body(
                "",
                (paragraph(card.answer), List(tuple(ListItem((paragraph(point),)) for point in card.points))),
            ),
        )
        for number, card in enumerate(cards)
    )
    collection = Collection(
        "Deck", "en", (Deck("deck.md", "Deck", "Deck", "en", (Section(None, "Section", (), trees),)),)
    )
    options = {"profile": profile} if profile else {}
    return lambda: render(collection, Context(0, lambda _: b"", Sink(), options))


def _reportlab(cards: list[Plain], _profile: str) -> Callable[[], bytes]:
    from importlib.util import find_spec

    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Paragraph

    spec = find_spec("fontpkg_noto_sans")
    if spec is None or spec.origin is None:
        raise ImportError(name="fontpkg_noto_sans")
    font = Path(spec.origin).parent / "files" / "NotoSans[wdth,wght].ttf"

    def make() -> bytes:
        pdfmetrics.registerFont(TTFont("Noto", font))
        asked, told, foot = (
            ParagraphStyle(str(size), fontName="Noto", fontSize=size, leading=1.36 * size, bulletFontName="Noto")
            for size in (ASKED, TOLD, FOOT)
        )
        point = ParagraphStyle("point", told, leftIndent=1.25 * TOLD)
        out = BytesIO()
        canvas = Canvas(out, (WIDTH * _MM, HEIGHT * _MM), pageCompression=1, invariant=1)
        wide = (WIDTH - 2 * MARGIN) * _MM
        for card in cards:
            down = (HEIGHT - MARGIN) * _MM
            texts = [Paragraph(escape(card.question), asked), Paragraph(escape(card.answer), told)]
            texts += [Paragraph(escape(each), point, bulletText="•") for each in card.points]
            for text in texts:
                _, high = text.wrap(wide, down)
                down -= high
                text.drawOn(canvas, MARGIN * _MM, down)
            text = Paragraph(escape(card.foot), foot)
            text.wrap(wide, down)
            text.drawOn(canvas, MARGIN * _MM, MARGIN * _MM / 2)
            canvas.showPage()
        canvas.save()
        return out.getvalue()

    return make


def _weasyprint(cards: list[Plain], _profile: str) -> Callable[[], bytes]:
    from weasyprint import HTML

    style = (
        f"@page {{ size: {WIDTH}mm {HEIGHT}mm; margin: {MARGIN}mm }} body {{ font: {TOLD}pt/1.36 sans-serif }}"
        f"section {{ break-after: page }} h1 {{ font: {ASKED}pt/1.36 sans-serif }} small {{ font-size: {FOOT}pt }}"
    )
    pages = (
        f"<section><h1>{escape(card.question)}</h1><p>{escape(card.answer)}</p>"
        f"<ul>{''.join(f'<li>{escape(each)}</li>' for each in card.points)}</ul>"
        f"<small>{escape(card.foot)}</small></section>"
        for card in cards
    )
    text = f"<!doctype html><html lang=en><title>Deck</title><style>{style}</style>{''.join(pages)}"
    return lambda: HTML(string=text).write_pdf()


def _typst(cards: list[Plain], _profile: str) -> Callable[[], bytes]:
    import typst

    def literal(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    head = f"#set page(width: {WIDTH}mm, height: {HEIGHT}mm, margin: {MARGIN}mm)\n#set text(size: {TOLD}pt)\n"
    pages = (
        f"#text(size: {ASKED}pt)[#{literal(card.question)}]\n\n#{literal(card.answer)}\n\n"
        + "".join(f"- #{literal(each)}\n" for each in card.points)
        + f"\n#text(size: {FOOT}pt)[#{literal(card.foot)}]\n"
        for card in cards
    )
    text = (head + "#pagebreak()\n".join(pages)).encode()
    return lambda: typst.compile(text)


ENGINES = {"cardforge": _ours, "paragraph": _reportlab, "weasyprint": _weasyprint, "typst": _typst}


def main(engine: str, count: str, profile: str = "") -> None:
    """Set the cards and print what it took."""
    make = ENGINES[engine](list(plain_cards(int(count))), profile)
    gc.disable()  # as in the command; the others have the same
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = sum(os.times()[:2])
    data = make()
    seconds = sum(os.times()[:2]) - began
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) * _PEAK
    counts = [int(found) for found in re.findall(rb"/Count (\d+)", data)]
    told = {"seconds": seconds, "memory": memory, "bytes": len(data), "pages": max(counts, default=0)}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
