"""The cards of a collection as a document: pages in reading order under an outline of decks and sections."""

from dataclasses import replace
from typing import Final

from cardforge import doc
from cardforge.backends import Context
from cardforge.backends.pdf.document import Document, Entry
from cardforge.backends.pdf.drawings import Drawings
from cardforge.backends.pdf.findings import CardReport
from cardforge.backends.pdf.inlines import Setting
from cardforge.backends.pdf.page import A6, Footer, card_pages
from cardforge.backends.pdf.sides import question
from cardforge.model import Card, Collection, Deck, Kind, Section, kind_of

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


def make_book(collection: Collection, context: Context) -> bytes:
    """The collection as a PDF."""
    document = Document(collection.title, collection.language, Drawings(collection.media, context.load))
    settings: dict[str, Setting] = {}
    total = sum(1 for _ in collection.cards)
    number = 0
    for deck in collection.decks:
        if not any(section.cards for section in deck.sections):
            continue
        document.entries.append(Entry(deck.title or deck.name, 0, document.page_count))
        for section in deck.sections:
            if section.cards:
                document.entries.append(Entry(_title(section), 1, document.page_count))
            for card in section.cards:
                number += 1
                footer = Footer(_origin(deck, section, card), f"{number} / {total}")
                report = CardReport(context.sink, card.head.span, _short(_words(card) or footer.number, _SHORT))
                setting = settings.get(deck.language) or _setting(document, deck.language, report)
                settings[deck.language] = setting = replace(setting, report=report)
                document.entries.append(Entry(_short(_words(card) or footer.number, _TITLE), 2, document.page_count))
                for content in card_pages(card, footer, setting, A6):
                    document.add_page(content, A6.width, A6.height)
    return document.to_bytes()


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
