"""Back ends: pure functions from a collection to bytes. The clock, files and findings come in through the context."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any, Protocol

from cardforge.diagnostics import Sink, Span
from cardforge.model import Card, Collection, Media
from cardforge.values import dataclass

if TYPE_CHECKING:
    from cardforge.identity.record import Record


@dataclass(frozen=True, slots=True)
class Written:
    """A card as a note of Anki.

    ``fields`` are those of its note type in order, ``ordinals`` those of its cards, ``media`` the names of the media it
    shows. ``telling`` says that its question and answer in short can be read off its fields, as identity holds them.
    """

    cloze: bool
    fields: tuple[str, ...]
    ordinals: tuple[int, ...]
    media: frozenset[str]
    telling: bool = False


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font that a person named: the bytes of its file, its number there (0 but in a collection), what it is for."""

    data: bytes = field(repr=False)
    index: int
    bold: bool
    italic: bool


@dataclass(frozen=True, slots=True)
class Context:
    """What a back end needs from outside.

    ``clock`` is the time of the build in whole seconds since 1970 (``SOURCE_DATE_EPOCH`` where set), ``load`` gives
    a media file's bytes, ``sink`` takes what the back end has to say (a formula that cannot be read, a glyph that no
    font has), ``options`` is the target's table of the config, already checked, ``files`` are the bytes of the files
    that options name, by option. ``record`` begins a record of the notes,
    for a product that can carry it to the next build.
    ``only`` are the places of the cards that a print shows, each under the number it has among all; None for all.
    ``fonts`` are the families that ``options`` names, by key. ``written`` gives a card's note
    where it was written before.
    """

    clock: int
    load: Callable[[Media], bytes]
    sink: Sink
    options: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    record: "Callable[[], Record] | None" = None
    only: frozenset[Span] | None = None
    fonts: Mapping[str, Sequence[Sequence[FontFile]]] = field(default_factory=dict)
    written: Callable[[Card], Written | None] = lambda _: None


class WorkplaceError(Exception):
    """The system's temporary folder, in which a product is put together, cannot be used: the message says why."""


class Backend(Protocol):
    """A target of ``cardforge build``."""

    def __call__(self, collection: Collection, context: Context) -> bytes:
        """The product's bytes. Raises nothing a source could cause; :class:`WorkplaceError` for a broken machine."""
        ...
