"""The cards of a collection as a document: pages in reading order under an outline of decks and sections."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from cardforge import doc
from cardforge.backends import Context
from cardforge.backends.pdf.boxes.inlines import Setting
from cardforge.backends.pdf.canvas.tags import Tag
from cardforge.backends.pdf.file.document import Document
from cardforge.backends.pdf.file.drawings import Drawings
from cardforge.backends.pdf.file.metadata import Colours, press_colours
from cardforge.backends.pdf.file.outline import Entry
from cardforge.backends.pdf.pages.findings import CardReport
from cardforge.backends.pdf.pages.handout import Handout
from cardforge.backends.pdf.pages.imposition import edge_of
from cardforge.backends.pdf.pages.layouts import Printer, printer
from cardforge.backends.pdf.pages.page import Footer
from cardforge.backends.pdf.pages.paper import growth
from cardforge.backends.pdf.pages.parts import Text, parts
from cardforge.backends.pdf.pages.sides import question
from cardforge.backends.pdf.text.characters import clean
from cardforge.backends.pdf.text.fonts import Fonts
from cardforge.backends.pdf.text.typefaces import named_fonts
from cardforge.diagnostics import Code, Span
from cardforge.model import Card, Collection, Deck, Kind, Section, kind_of
from cardforge.printing import CornerMark, Layout, PrintOptions, Profile, read_options
from cardforge.values import dataclass

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
    """The collection as a PDF, as ``context.options`` (:data:`cardforge.printing.KEYS`) ask for it."""
    options = read_options(context.options, _refuse)
    intent = _intent(options, context)
    drawings = Drawings(collection.media, context.load, intent.profile if intent else b"")
    document = Document(collection.title, collection.language, drawings, options, intent)
    document.fonts = Fonts(named_fonts(context), options.hyphenate)
    document.advise_printer(edge_of(options))
    handout = options.layout is Layout.HANDOUT
    cards = _Cards(collection, document, context, 3 if handout else 1, options.corner_mark)
    if handout:
        _hand_out(cards, Handout(document, options))
    else:
        _print(cards, printer(options, document), options)
    return document.to_bytes()


def _intent(options: PrintOptions, context: Context) -> Colours | None:
    """The printing condition of a press, where it is named; what is none is an error."""
    profile = context.files.get("icc")
    if options.profile is not Profile.PRESS or profile is None:
        return None
    intent = press_colours(profile)
    if intent is None:
        told = "This is no ICC profile of a press with four inks."
        hint = "Ask the print shop for the CMYK output profile of its paper, such as PSO Coated v3."
        context.sink.add(Code.BAD_CONFIG, Span(options.icc), told, hint)
    return intent


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
    level: int
    """Of a question, among the document's headings."""
    corner_mark: CornerMark

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
                    if self.context.only is not None and card.head.span not in self.context.only:
                        continue
                    footer = self._footer(_origin(deck, section, card), number, total)
                    words = _words(card) or str(number)
                    report = CardReport(self.context.sink, card.head.span, _short(words, _SHORT))
                    setting = settings.get(deck.language) or _setting(self.document, deck.language, report)
                    language = "" if deck.language == self.collection.language else clean(deck.language)
                    tag = Tag("Sect", title=clean(_short(words, _TITLE)), language=language)
                    settings[deck.language] = setting = replace(setting, report=report, path=(tag,), level=self.level)
                    yield _Placed(deck, section, card, footer, setting, tuple(opens))
                    opens = []

    def _footer(self, origin: str, number: int, total: int) -> Footer:
        wish = self.corner_mark
        return Footer(
            origin if wish in (CornerMark.BOTH, CornerMark.DECK) else "",
            f"{number} / {total}" if wish in (CornerMark.BOTH, CornerMark.NUMBER) else "",
            str(number),
        )

    def enter(self, placed: _Placed, page: int) -> None:
        """Add a card, and the headings it is the first under, to the outline."""
        title = _short(_words(placed.card) or placed.footer.page, _TITLE)
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
    """A card's name: its question, without what its gaps hide."""
    return doc.plain_text(question(card), gaps=False)


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
