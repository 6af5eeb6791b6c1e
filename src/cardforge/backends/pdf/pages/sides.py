"""What stands on the two sides of a card, by its kind."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from string import ascii_uppercase
from typing import Final, assert_never

from cardforge import doc
from cardforge.backends.pdf.boxes.blocks import boxes, text
from cardforge.backends.pdf.boxes.boxes import Aside, BadgeBlock, ListBlock, TextBlock, entry
from cardforge.backends.pdf.boxes.inline_boxes import tick_box
from cardforge.backends.pdf.boxes.inlines import Look, Setting
from cardforge.backends.pdf.boxes.rows import Block
from cardforge.backends.pdf.canvas.inks import ACCENT, QUIET
from cardforge.backends.pdf.canvas.tags import heading
from cardforge.backends.pdf.pages.fit import Sizes
from cardforge.backends.pdf.text.words import Run
from cardforge.model import Body, Card, Choice, Cloze, Flashcard, Option, Scenario, SelfCheck
from cardforge.values import dataclass

PLAIN: Final = Look()
_ASIDE: Final = 8.0  # points, a hint and a source
_QUESTION: Final = Sizes(9.0, 20.0)
_READING: Final = Sizes(8.5, 14.0)  # a front that is more than a question
CLOSEST: Final = 7.0  # points: the floor of a text that would not fit on one page without it
_ANSWER: Final = Sizes(8.0, 13.0)
_WORD: Final = Sizes(8.0, 15.0)  # an answer of a few words
_BRIEF: Final = 42  # characters, about a line of it


@dataclass(frozen=True, slots=True)
class Side:
    """One half of a card: its blocks, how large they may be, whether they like to be in the middle.

    ``main`` are the blocks that decide how the side looks, without hints and sources.
    """

    main: Sequence[Block]
    aside: Sequence[Block]
    sizes: Sizes
    short: bool
    """Whether lines are centred if they are few."""

    @property
    def blocks(self) -> list[Block]:
        """All blocks from top to bottom."""
        return [*self.main, *self.aside]


def question(card: Card) -> Sequence[doc.Block]:
    """The blocks by which one recognises a card."""
    match card:
        case Flashcard() | SelfCheck() | Choice():
            return card.question.blocks
        case Scenario():
            return card.prompt.blocks or card.situation.blocks
        case Cloze():
            return card.text.blocks
        case _:
            assert_never(card)


def front(card: Card, setting: Setting) -> Side:
    """The side that asks."""
    hint = _hint(card.hint, setting)
    match card:
        case Flashcard() | SelfCheck():
            blocks = card.question.blocks
            sizes = _QUESTION if _centrable(blocks) else _READING
            return Side(_titled(boxes(blocks, PLAIN, setting), setting), hint, sizes, short=_centrable(blocks))
        case Scenario():
            prompt = _titled(boxes(card.prompt.blocks, PLAIN._replace(bold=True), setting), setting)
            return Side([*boxes(card.situation.blocks, PLAIN, setting), *prompt], hint, _READING, short=False)
        case Choice():
            options = _options(card.options, setting, shown=False)
            asked = _titled(boxes(card.question.blocks, PLAIN, setting), setting)
            return Side([*asked, *options], hint, _READING, short=False)
        case Cloze():
            hidden = replace(setting, hide_gaps=True)
            blocks = card.text.blocks
            asked = _titled(boxes(blocks, PLAIN, hidden), setting)
            return Side(asked, hint, Sizes(9.0, 16.0), short=_centrable(blocks))
        case _:
            assert_never(card)


def _titled(blocks: list[Block], setting: Setting) -> list[Block]:
    """The blocks of a question, the first of their paragraphs as the heading one finds the card by."""
    for at, block in enumerate(blocks):
        if isinstance(block, TextBlock):
            return [*blocks[:at], replace(block, tag=heading(setting.level)), *blocks[at + 1 :]]
    return blocks


def back(card: Card, setting: Setting) -> Side:
    """The side that answers."""
    source = _source(card.head.source, setting)
    match card:
        case Flashcard() | SelfCheck():
            blocks = card.answer.blocks
            brief = len(blocks) == 1 and isinstance(blocks[0], doc.Paragraph)
            word = brief and len(doc.plain_text(blocks)) <= _BRIEF
            return Side(boxes(blocks, PLAIN, setting), source, _WORD if word else _ANSWER, short=word)
        case Scenario():
            verdict = _verdict(card.verdict, setting) if card.verdict else []
            return Side([*verdict, *boxes(card.reasoning.blocks, PLAIN, setting)], source, _ANSWER, short=False)
        case Choice():
            right = _options(card.options, setting, shown=True)
            return Side([*right, *boxes(card.explanation.blocks, PLAIN, setting)], source, _ANSWER, short=False)
        case Cloze():
            filled = boxes(card.text.blocks, PLAIN, setting)
            return Side([*filled, *boxes(card.extra.blocks, PLAIN, setting)], source, _ANSWER, short=False)
        case _:
            assert_never(card)


def _centrable(blocks: Iterable[doc.Block]) -> bool:
    """Lists, quotes and alerts want a straight edge; everything else may stand in the middle."""
    return not any(isinstance(block, doc.List | doc.Quote | doc.Alert | doc.Details) for block in blocks)


def _hint(hint: Body | None, setting: Setting) -> list[Block]:
    if not hint:
        return []
    return [Aside(_led("Hint: ", hint.blocks, Look(ink=QUIET), setting), _ASIDE)]


def _led(word: str, blocks: Sequence[doc.Block], look: Look, setting: Setting) -> list[Block]:
    """Blocks with a bold word in front, in the first paragraph's line where they begin with one."""
    lead = doc.Marked(doc.Mark.STRONG, (doc.Text(word),))
    match blocks:
        case [doc.Paragraph(children), *others]:
            return boxes([doc.Paragraph((lead, *children)), *others], look, setting)
        case _:
            return boxes([doc.Paragraph((lead,)), *blocks], look, setting)


def _source(source: str, setting: Setting) -> list[Block]:
    if not source:
        return []
    address = source.startswith(("http://", "https://"))
    words = doc.Link(source, (doc.Text(source),)) if address else doc.Text(source)
    return [Aside([text((doc.Text("Source: "), words), Look(ink=QUIET), setting)], _ASIDE)]


def _verdict(verdict: str, setting: Setting) -> list[Block]:
    look = Look(size=1.12, bold=True, ink=ACCENT)
    return [BadgeBlock(setting.paragraph((Run(verdict, setting.style(look)),), look))]


def _options(options: Sequence[Option], setting: Setting, *, shown: bool) -> list[Block]:
    """The options with their letters and boxes to tick; ``shown`` are the right ones only, ticked."""
    look = PLAIN._replace(bold=shown)
    entries = [
        entry(tick_box(ticked=shown), _led(f"{_letter(at)}. ", option.text.blocks, look, setting))
        for at, option in enumerate(options)
        if option.correct or not shown
    ]
    return [ListBlock(entries, setting.strut(look), 0.3, rtl=setting.direction == 1)] if entries else []


def _letter(at: int) -> str:
    """The letter of the option at a place, a number after Z: as in Anki and on the page."""
    return chr(ord("A") + at) if at < len(ascii_uppercase) else str(at + 1)
