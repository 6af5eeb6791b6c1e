"""The cards of a collection as a document: pages in reading order under an outline of decks and sections."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from cardforge import doc
from cardforge.backends import Context
from cardforge.backends.pdf.document import Document, Entry
from cardforge.backends.pdf.drawings import Drawings
from cardforge.backends.pdf.findings import CardReport
from cardforge.backends.pdf.handout import Handout
from cardforge.backends.pdf.imposition import edge_of
from cardforge.backends.pdf.inlines import Setting
from cardforge.backends.pdf.layouts import Printer, printer
from cardforge.backends.pdf.page import Footer
from cardforge.backends.pdf.paper import growth
from cardforge.backends.pdf.parts import Text, parts
from cardforge.backends.pdf.sides import question
from cardforge.model import Card, Collection, Deck, Kind, Section, kind_of
from cardforge.printing import Layout, PrintOptions, read_options

_RTL: Final = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "syr", "ug", "ur", "yi"})
_KINDS: Final = {
    Kind.FLASHCARD: "Flashcards",
    Kind.SELF_CHECK: "Self-check",
    Kind.SCENARIO: "Scenarios",
    Kind.CHOICE: "Multiple choice",
    Kind.CLOZE: "Fill the gaps",
}
_SHORT: Final = 60  # characters of a question in a finding
_TITLE: Final = 90  # characters of a question in the outline
_LARGE: Final = 16.0  # points: the smallest letters of large print
_KEY: Final = "Answers"


def make_book(collection: Collection, context: Context) -> bytes:
    """The collection as a PDF, as ``context.options`` (:data:`cardforge.backends.pdf.options.KEYS`) ask for it."""
    options = read_options(context.options, _refuse)
    document = Document(collection.title, collection.language, Drawings(collection.media, context.load))
    document.advise_printer(edge_of(options))
    cards = _Cards(collection, document, context)
    if options.layout is Layout.HANDOUT:
        _hand_out(cards, Handout(document, options))
    else:
        _print(cards, printer(options, document), options)
    return document.to_bytes()


def _refuse(key: str, message: str, hint: str) -> None:
    raise ValueError(f"{key}: {message} {hint}")


@dataclass(frozen=True, slots=True)
class _Placed:
    """A card in its deck and section, its footer and setting; ``opens`` are the headings it is the first under."""

    deck: Deck
    section: Section
    card: Card
    footer: Footer
    setting: Setting
    opens: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class _Cards:
    """The cards of a collection in reading order."""

    collection: Collection
    document: Document
    context: Context

    def __iter__(self) -> Iterator[_Placed]:
        settings: dict[str, Setting] = {}
        total = sum(1 for _ in self.collection.cards)
        number = 0
        for deck in self.collection.decks:
            opens = [Entry(deck.title or deck.name, 0, 0)]
            for section in deck.sections:
                opens = [*opens[: 1 if opens and opens[0].depth == 0 else 0], Entry(_title(section), 1, 0)]
                for card in section.cards:
                    number += 1
                    footer = Footer(_origin(deck, section, card), f"{number} / {total}")
                    report = CardReport(
                        self.context.sink, card.head.span, _short(_words(card) or footer.number, _SHORT)
                    )
                    setting = settings.get(deck.language) or _setting(self.document, deck.language, report)
                    settings[deck.language] = setting = replace(setting, report=report)
                    yield _Placed(deck, section, card, footer, setting, tuple(opens))
                    opens = []

    def enter(self, placed: _Placed, page: int) -> None:
        """Add a card, and the headings it is the first under, to the outline."""
        title = _short(_words(placed.card) or placed.footer.number, _TITLE)
        self.document.entries += [*(entry._replace(page=page) for entry in placed.opens), Entry(title, 2, page)]


def _print(cards: _Cards, pages: Printer, options: PrintOptions) -> None:
    sizes = Text(growth(options.card), _LARGE if options.large_print else 0.0)
    for placed in cards:
        divided = parts(placed.card, placed.setting, pages.asking, pages.answering, sizes)
        first, *_ = [pages.place(part, placed.footer, placed.setting) for part in divided]
        cards.enter(placed, first)
    pages.finish()


def _hand_out(cards: _Cards, handout: Handout) -> None:
    titled = False
    for placed in cards:
        if not titled:
            handout.title(cards.collection.title or placed.deck.title, placed.setting)
            titled = True
        for entry in placed.opens:
            if entry.title != cards.collection.title:
                handout.heading(entry.title, placed.setting)
        cards.enter(placed, handout.place(placed.card, placed.setting))
    handout.finish(_KEY)


def _words(card: Card) -> str:
    return doc.plain_text(question(card))


def _setting(document: Document, language: str, report: CardReport) -> Setting:
    direction = int(language.lower().partition("-")[0] in _RTL)
    return Setting(document.fonts, document.drawings, report, language, direction)


def _title(section: Section) -> str:
    if section.title:
        return section.title
    kinds = {kind_of(card): None for card in section.cards}
    return ", ".join(_KINDS[kind] for kind in kinds)


def _origin(deck: Deck, section: Section, card: Card) -> str:
    title = section.title or _KINDS[kind_of(card)]
    place = f"{title} {card.head.number}".strip()
    return f"{deck.title or deck.name}  ·  {place}"


def _short(words: str, length: int) -> str:
    return words if len(words) <= length else f"{words[:length].rstrip()} …"
