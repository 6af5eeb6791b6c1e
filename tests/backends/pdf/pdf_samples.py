"""Small collections for the PDF's tests, built from the tree itself, and ways to look into what comes out."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import pypdfium2 as pdfium

from cardforge.backends import Context
from cardforge.backends.pdf import render
from cardforge.diagnostics import Sink, Span
from cardforge.doc import Block, Inline, Paragraph, Text
from cardforge.model import Body, Card, Collection, Deck, Flashcard, Head, Media, Section

MM = 72 / 25.4


def para(*children: Inline | str) -> Paragraph:
    """A paragraph of inlines; a string is text."""
    return Paragraph(tuple(Text(child) if isinstance(child, str) else child for child in children))


def body(*blocks: Block | str) -> Body:
    """A field; a string is a paragraph."""
    return Body("", tuple(para(block) if isinstance(block, str) else block for block in blocks))


def head(line: int = 1, **other: object) -> Head:
    """A card's head that stands on a line of its own."""
    return Head(Span("deck.md", line, 1, line, 2), "Deck", **other)  # type: ignore[arg-type]  # the tests' own words


def flash(question: Body | str, answer: Body | str, line: int = 1, **other: object) -> Flashcard:
    """A flashcard."""
    asked = body(question) if isinstance(question, str) else question
    answered = body(answer) if isinstance(answer, str) else answer
    return Flashcard(head(line), asked, answered, **other)  # type: ignore[arg-type]  # the same


def collect(
    cards: Sequence[Card],
    *,
    title: str = "Title",
    language: str = "en",
    section: str = "Section",
    media: Sequence[Media] = (),
) -> Collection:
    """One deck with one section."""
    deck = Deck("deck.md", "Deck", title, language, (Section(None, section, cards=tuple(cards)),), tuple(media))
    return Collection(title, language, (deck,))


def make(
    collection: Collection, files: Mapping[str, bytes] | None = None, told: Mapping[str, Any] | None = None
) -> tuple[bytes, Sink]:
    """The PDF's bytes, with the options ``told``, and what was found on the way."""
    sink = Sink()
    data = render(collection, Context(0, lambda media: (files or {})[media.name], sink, told or {}))
    return data, sink


def open_pdf(data: bytes) -> pdfium.PdfDocument:
    """The PDF in a real reader."""
    return pdfium.PdfDocument(BytesIO(data))


def text_of(data: bytes) -> list[str]:
    """Every page's text, with single spaces and no line ends."""
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in open_pdf(data)]
