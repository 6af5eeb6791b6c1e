"""The pieces of a line while its inlines are read: words, elements, and marks that may yet become one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cardforge.body.html import DEEPEST, Element, TooDeepError

RAW = "raw"
"""The tag of an element whose text is HTML as the author wrote it."""
_ONCE = frozenset({"strong", "a"})


@dataclass(slots=True, eq=False)
class Piece:
    """A piece of the line: words or an element; or a run of marks that may yet become one."""

    content: "str | Element"
    before: "Piece | None" = None
    after: "Piece | None" = None
    depth: int = 0


class PieceLine:
    """Pieces one after the other, linked both ways, so that any run of them is soon wrapped in an element.

    ``deepest`` is how many elements stand in each other at most.
    """

    def __init__(self) -> None:
        self.head = Piece("")
        self.last = self.head
        self.deepest = 0

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
        self.deepest = max(self.deepest, depth)
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
    return Element(tag, attributes, [text] if text else [])


def fill(element: Element, pieces: Iterable[Piece]) -> None:
    """Put the pieces into an element. What stands twice means no more than once, and HTML knows no link in a link."""
    words: list[str] = []
    children = element.children
    for piece in pieces:
        content = piece.content
        if isinstance(content, str):
            words.append(content)
        elif content.tag == element.tag and content.tag in _ONCE:
            for child in content.children:
                if isinstance(child, str):
                    words.append(child)
                else:
                    _add_words(children, words)
                    children.append(child)
        else:
            _add_words(children, words)
            children.append(content)
    _add_words(children, words)


def _add_words(children: "list[Element | str]", words: list[str]) -> None:
    """Put what stood between two elements between them, as one text."""
    if words and (text := "".join(words)):
        children.append(text)
    words.clear()


def words_of(element: Element) -> str:
    """The words below an element, pictures by theirs."""
    if element.tag == RAW:
        return ""
    return "".join(
        child if isinstance(child, str) else child.attributes.get("alt", "") + words_of(child)
        for child in element.children
    )
