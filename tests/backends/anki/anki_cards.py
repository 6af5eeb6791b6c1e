"""Collections put together by hand, so that these tests need no reader."""

from collections.abc import Iterable, Mapping

from cardforge.backends import Context
from cardforge.backends.anki import render
from cardforge.diagnostics import Sink, Span
from cardforge.doc import Block, Inline, Paragraph, Text
from cardforge.model import Body, Card, Collection, Deck, Head, Identity, Media, Section

YESTERDAY = 1_790_000_000
"""When notes last changed unless a test says otherwise."""


def body(*parts: Block | str) -> Body:
    """A body of blocks; a string is a paragraph."""
    return Body("", tuple(Paragraph((Text(part),)) if isinstance(part, str) else part for part in parts))


def line(*parts: Inline | str) -> Paragraph:
    """A paragraph of inlines; a string is text."""
    return Paragraph(tuple(Text(part) if isinstance(part, str) else part for part in parts))


def head(number: int, deck: str = "Tests", tags: tuple[str, ...] = (), source: str = "", section: str = "") -> Head:
    """The head of the card that starts on line ``number``, which also names its note."""
    return Head(Span("deck.md", number), deck, tags, source=source, section=section)


def guid(number: int, namespace: str = "ns") -> str:
    """The GUID of the note of the card on line ``number``."""
    return f"{namespace}-{number}"


def collection(
    cards: Iterable[Card],
    *,
    modified: Mapping[int, int] | None = None,
    namespace: str = "ns",
    media: tuple[Media, ...] = (),
    title: str = "Tests",
) -> Collection:
    """All cards in one deck file; ``modified`` gives single notes, by line, another time of change."""
    cards = tuple(cards)
    identities = {}
    for card in cards:
        number = card.head.span.line
        first = 1_780_000_000_000 + 1000 * number
        identities[card.head.span] = Identity(
            guid(number, namespace),
            first,
            tuple(range(first + 1, first + 600)),
            (modified or {}).get(number, YESTERDAY),
        )
    deck = Deck("deck.md", "Tests", title, sections=(Section(None, "", cards=cards),), media=media)
    return Collection(title, "en", (deck,), identities)


def package(source: Collection, files: Mapping[str, bytes] | None = None, *, clock: int = YESTERDAY) -> bytes:
    """The .apkg of a collection whose media have the bytes ``files`` by name."""
    return render(source, Context(clock, lambda media: (files or {})[media.name], Sink()))
