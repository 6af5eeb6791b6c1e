"""The cards: what every stage after the reader agrees on.

A :class:`Deck` is one source file: its sections hold the cards in reading order. A card is one variant of the closed
union :data:`Card`. A :class:`Collection` is all decks of a build together with the identity of every card.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from enum import StrEnum

from cardforge.diagnostics import Span
from cardforge.doc import Audio, Block, Image, mere_text, walk
from cardforge.values import dataclass


class Kind(StrEnum):
    """The kinds of cards, as ``--kind`` and ``list --format json`` name them."""

    FLASHCARD = "flashcard"
    SELF_CHECK = "self-check"
    SCENARIO = "scenario"
    CHOICE = "choice"
    CLOZE = "cloze"


class Body:
    """One field: its Markdown as the author wrote it and what that means. It never changes, and compares by both."""

    __slots__ = ("_blocks", "_source")
    __match_args__ = ("source", "blocks")

    def __init__(self, source: str, blocks: "tuple[Block, ...]") -> None:
        self._source: str | None = source
        self._blocks: tuple[Block, ...] | None = blocks
        """None for what a subclass reads when it is asked for."""

    @property
    def source(self) -> str:
        """The Markdown."""
        return self._source or ""

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What it means."""
        return self._blocks or ()

    @property
    def media(self) -> tuple[str, ...]:
        """The names of the media it shows, in order."""
        source = self._source
        if source and "[" not in source and "<" not in source:  # neither a picture's brackets nor a tag
            return ()
        return media_in(self.blocks)

    def let_go(self) -> None:
        """Forget what can be read again."""

    def __bool__(self) -> bool:
        return self._blocks is None or bool(self._blocks)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Body) and self.source == other.source and self.blocks == other.blocks

    def __hash__(self) -> int:
        return hash((self.source, self.blocks))

    def __repr__(self) -> str:
        return f"Body(source={self.source!r}, blocks={self.blocks!r})"


def media_in(blocks: Sequence[Block]) -> tuple[str, ...]:
    """The names of the media that blocks show, in order."""
    if mere_text(blocks) is not None:
        return ()
    shown = (node.media for node in walk(blocks) if isinstance(node, Image | Audio))
    return tuple(dict.fromkeys(name for name in shown if name))


@dataclass(frozen=True, slots=True)
class Head:
    """What every card has, whatever its kind.

    ``span`` starts where the question starts; no two cards of a collection share it. ``deck`` is the full Anki name
    with ``::``. ``id`` is the author's explicit id, or None. ``source`` is where the card's facts come from: an http
    or https address, or words. ``number`` is the number the author gave the question, or "".
    """

    span: Span
    deck: str
    tags: tuple[str, ...] = ()
    id: str | None = None
    source: str = ""
    section: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Flashcard:
    """Two sides. ``reversed`` asks the other way round too; ``typed`` asks to type the answer."""

    head: Head
    question: Body
    answer: Body
    hint: Body | None = None
    reversed: bool = False
    typed: bool = False


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """A question to answer in one's head before the answer is opened."""

    head: Head
    question: Body
    answer: Body
    hint: Body | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A situation, a prompt about it, a verdict ("Yes", "No", …, or "") and the reasoning behind it."""

    head: Head
    situation: Body
    prompt: Body
    verdict: str
    reasoning: Body
    hint: Body | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose."""

    text: Body
    correct: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A question with options, one or several of them right, and an explanation (may be empty)."""

    head: Head
    question: Body
    options: tuple[Option, ...]
    explanation: Body
    hint: Body | None = None


@dataclass(frozen=True, slots=True)
class Cloze:
    """A text with gaps (:class:`cardforge.doc.Gap`); ``extra`` shows with the answer (may be empty)."""

    head: Head
    text: Body
    extra: Body
    hint: Body | None = None


Card = Flashcard | SelfCheck | Scenario | Choice | Cloze

KIND_OF: Mapping[type[Card], Kind] = {
    Flashcard: Kind.FLASHCARD,
    SelfCheck: Kind.SELF_CHECK,
    Scenario: Kind.SCENARIO,
    Choice: Kind.CHOICE,
    Cloze: Kind.CLOZE,
}


def kind_of(card: Card) -> Kind:
    """The kind of a card."""
    return KIND_OF[type(card)]


def bodies_of(card: Card) -> Iterable[Body]:
    """All fields of a card, in the order in which a reader meets them."""
    match card:
        case Flashcard() | SelfCheck():
            fields: tuple[Body | None, ...] = (card.question, card.hint, card.answer)
        case Scenario():
            fields = (card.situation, card.prompt, card.hint, card.reasoning)
        case Choice():
            fields = (card.question, *(option.text for option in card.options), card.hint, card.explanation)
        case Cloze():
            fields = (card.text, card.hint, card.extra)
    return (body for body in fields if body is not None)


@dataclass(frozen=True, slots=True)
class Section:
    """Cards under one heading. ``kind`` is None for cards that stand outside card sections, ``title`` may be "".

    ``heading`` is the heading as written, where ``title`` is only its end ("Try it yourself: spot the bug").
    """

    kind: Kind | None
    title: str
    lead_in: tuple[Block, ...] = ()
    cards: tuple[Card, ...] = ()
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """A file that cards show. ``name`` is ``<stem>-<12 hex of sha256>.<ext>``, unique by content.

    ``path`` is where its bytes are, for the pipeline's loader. ``width`` and ``height`` are in pixels, 0 for what has
    none.
    """

    name: str
    path: str
    mime: str
    sha256: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Deck:
    """One source file. ``file`` is its POSIX path as shown, ``language`` a BCP 47 tag."""

    file: str
    name: str
    title: str
    language: str = "en"
    sections: tuple[Section, ...] = ()
    media: tuple[Media, ...] = ()

    @property
    def cards(self) -> Iterator[Card]:
        """All cards in reading order."""
        for section in self.sections:
            yield from section.cards


@dataclass(frozen=True, slots=True)
class Identity:
    """A note's lasting name: GUID, numeric ids (milliseconds, as Anki reads them) and time of last change (seconds).

    ``card_ids`` holds one id for each card the note can have, in the order of Anki's template ordinals.
    """

    guid: str
    note_id: int
    card_ids: tuple[int, ...]
    modified: int


@dataclass(frozen=True, slots=True)
class Collection:
    """What a build works on: the chosen decks in order, the identity of each card by its span, all media by name."""

    title: str
    language: str
    decks: tuple[Deck, ...]
    identities: Mapping[Span, Identity] = field(default_factory=dict)

    @property
    def cards(self) -> Iterator[Card]:
        """All cards of all decks in order."""
        for deck in self.decks:
            yield from deck.cards

    def identity(self, card: Card) -> Identity:
        """The identity of one of this collection's cards; KeyError for any other."""
        return self.identities[card.head.span]

    @property
    def media(self) -> dict[str, Media]:
        """All media by name."""
        return {media.name: media for deck in self.decks for media in deck.media}
