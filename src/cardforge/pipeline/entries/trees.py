"""The document tree as JSON and back: lists whose first number says what they are. A table names all there is.

What comes back is data made into nodes of the closed tree and nothing else: there is no name in it to look up.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import field, fields
from enum import Enum
from typing import Any, Final

from cardforge import doc
from cardforge.diagnostics import Span
from cardforge.doc import Block
from cardforge.model import Body, Deck, bodies_of, media_in
from cardforge.values import dataclass

_TUPLE: Final = 0
# The order is the format: what is added goes to the end.
NODES: Final[tuple[Any, ...]] = (
    doc.Text,
    doc.Marked,
    doc.Code,
    doc.Math,
    doc.Link,
    doc.Image,
    doc.Audio,
    doc.LineBreak,
    doc.Gap,
    doc.Paragraph,
    doc.Heading,
    doc.ListItem,
    doc.List,
    doc.Quote,
    doc.Alert,
    doc.CodeBlock,
    doc.MathBlock,
    doc.Cell,
    doc.Table,
    doc.Rule,
    doc.Details,
    doc.Hole,
    Span,
)
WORDS: Final[tuple[type[Enum], ...]] = (doc.Align, doc.Mark, doc.AlertKind)
_MAKERS: Final[dict[int, Any]] = {
    **dict(enumerate(NODES, start=1)),
    **{-number: kind for number, kind in enumerate(WORDS, start=1)},
}
_NUMBERS: Final[dict[type, int]] = {kind: number for number, kind in _MAKERS.items()}
_TEXT: Final = _NUMBERS[doc.Text]
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)
_FIELDS: Final[dict[type, tuple[str, ...]]] = {kind: tuple(each.name for each in fields(kind)) for kind in NODES}


def plain(value: Any) -> Any:
    """A part of a tree as lists, texts and numbers. Raises KeyError for what is no part of one."""
    kind = value.__class__
    if kind is doc.Text:
        return [_TEXT, value.text]
    if kind is str or value is None or kind is int or kind is bool:
        return value
    if kind is tuple:
        return [_TUPLE, *map(plain, value)]
    number = _NUMBERS[kind]
    if number < 0:
        return [number, value.value]
    return [number, *[plain(getattr(value, name)) for name in _FIELDS[kind]]]


def tree(value: Any) -> Any:
    """The part of a tree that lists stand for. Raises KeyError, TypeError or ValueError for what stands for none."""
    if value.__class__ is not list:
        return value
    number, *told = value
    inner = [tree(each) if each.__class__ is list else each for each in told]
    return tuple(inner) if number == _TUPLE else _MAKERS[number](*inner)


def to_bytes(value: Any) -> bytes:
    """JSON; half a surrogate pair, which a character reference can name, is kept."""
    return _ENCODER.encode(value).encode("utf-8", "surrogatepass")


def from_bytes(data: bytes) -> Any:
    """The value of JSON. Raises ValueError or RecursionError for anything else."""
    return json.loads(data.decode("utf-8", "surrogatepass"))


@dataclass(slots=True)
class Trees:
    """The trees of a file's fields, in order, read when one is asked for.

    ``load`` gives their bytes (:func:`parts_of`), or None where they are gone; then ``again`` reads the source anew.
    """

    load: Callable[[], Sequence[bytes] | None]
    again: Callable[[], Deck]
    _parts: Sequence[bytes] | None = field(default=None)

    def blocks(self, at: int) -> tuple[Block, ...]:
        """The blocks of the field number ``at``."""
        found: tuple[Block, ...] = tree(from_bytes(self._part(2 * at + 1)))
        return found

    def source(self, at: int) -> str:
        """The Markdown of the field number ``at``."""
        return self._part(2 * at).decode("utf-8", "surrogatepass")

    def _part(self, at: int) -> bytes:
        if self._parts is None:
            self._parts = self.load() or parts_of(self.again())
        return self._parts[at]


class Unread(Body):
    """A field whose Markdown and tree are kept elsewhere until someone asks for them.

    ``at`` is its number among the fields of its file; ``media`` are the names of what it shows.
    """

    __slots__ = ("_at", "_media", "_trees")

    def __init__(
        self, trees: Trees, at: int, *, empty: bool, media: tuple[str, ...], source: str | None = None
    ) -> None:
        self._trees: Trees | None = trees
        self._at, self._media, self._source, self._blocks = at, media, source, () if empty else None

    @property
    def source(self) -> str:
        """The Markdown; read now if it was not yet."""
        if self._source is None and self._trees is not None:
            self._source = self._trees.source(self._at)
        return self._source or ""

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What it means; read now if it was not yet."""
        if self._trees is not None:
            trees, _ = self._trees, self.source
            if self._blocks is None:
                self._blocks = trees.blocks(self._at)
            self._trees = None  # once no field asks for its file any more, that leaves the memory
        return self._blocks or ()

    @property
    def media(self) -> tuple[str, ...]:
        """The names of the media it shows, in order."""
        return self._media if self._blocks is None else media_in(self._blocks)

    def let_go(self) -> None:
        """Forget the Markdown, which is read again when it is asked for."""
        if self._trees is not None:
            self._source = None


def parts_of(deck: Deck) -> list[bytes]:
    """The fields of a deck as bytes: of each its Markdown, then its tree."""
    fields = [(body.source.encode("utf-8", "surrogatepass"), to_bytes(plain(body.blocks))) for body in _fields_of(deck)]
    return [part for both in fields for part in both]


def _fields_of(deck: Deck) -> list[Body]:
    """All fields of a deck's cards, in order."""
    return [body for card in deck.cards for body in bodies_of(card)]
