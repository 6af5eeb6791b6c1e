"""The pieces of a line while its inlines are read: words, elements, and marks that may yet become one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from cardforge.body.html import DEEPEST, TooDeepError

RAW = "raw"
"""The tag of an element whose text is HTML as the author wrote it."""


@dataclass(slots=True, eq=False)
class Piece:
    """A piece of the line: words or an element; or a run of marks that may yet become one."""

    content: "str | Element"
    before: "Piece | None" = None
    after: "Piece | None" = None
    depth: int = 0


class PieceLine:
    """Pieces one after the other, linked both ways, so that any run of them is soon wrapped in an element."""

    def __init__(self) -> None:
        self.head = Piece("")
        self.last = self.head

    def put(self, content: "str | Element", depth: int = 0) -> Piece:
        """Add a piece at the end."""
        piece = Piece(content, self.last, None, depth)
        self.last.after = piece
        self.last = piece
        return piece

    def pieces(self, first: Piece | None, end: Piece | None = None) -> Iterator[Piece]:
        """The pieces from one on, up to another."""
        while first is not None and first is not end:
            yield first
            first = first.after

    def wrap(self, tag: str, opener: Piece, closer: Piece | None) -> Piece:
        """Make one piece of what stands between two. Raises :class:`TooDeepError`."""
        element = Element(tag)
        inner = list(self.pieces(opener.after, closer))
        depth = 1 + max((piece.depth for piece in inner), default=0)
        if depth > DEEPEST:
            raise TooDeepError
        fill(element, inner)
        piece = Piece(element, opener, closer, depth)
        opener.after = piece
        if closer is None:
            self.last = piece
        else:
            closer.before = piece
        return piece

    def remove(self, piece: Piece) -> None:
        """Take a piece out of the line."""
        before, after = piece.before or self.head, piece.after
        before.after = after
        if after is None:
            self.last = before
        else:
            after.before = before


def element_of(tag: str, text: str, **attributes: str) -> Element:
    """An element with a text."""
    element = Element(tag, attributes)
    element.text = text
    return element


def fill(element: Element, pieces: Iterable[Piece]) -> None:
    """Put the pieces into an element."""
    words: list[str] = []
    last: Element | None = None
    for piece in [*pieces, None]:
        content = piece.content if piece else None
        if isinstance(content, str):
            words.append(content)
            continue
        if last is None:
            element.text = "".join(words)
        else:
            last.tail = "".join(words)
        words.clear()
        if content is not None:
            element.append(content)
            last = content


def words_of(element: Element) -> str:
    """The words below an element, pictures by theirs."""
    parts = [element.text or "" if element.tag != RAW else ""]
    for child in element:
        parts += [child.get("alt", ""), words_of(child), child.tail or ""]
    return "".join(parts)
