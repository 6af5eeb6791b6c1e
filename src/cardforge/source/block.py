"""A block of a file: what it is and where it stands."""

from collections.abc import Sequence
from enum import Enum, auto

from cardforge.passage import Line, Passage, once
from cardforge.values import dataclass


class BlockKind(Enum):
    """What a block is."""

    __hash__ = object.__hash__  # a kind is looked up again and again, and Enum's own hash is no longer C

    HEADING = auto()
    PARAGRAPH = auto()
    ITEM = auto()
    QUOTE = auto()
    CODE = auto()
    MATH = auto()
    TABLE = auto()
    RULE = auto()
    HTML = auto()
    COMMENT = auto()
    DETAILS = auto()
    LABEL = auto()
    """A fold's label that stands alone, as pages copied from a browser have it."""
    COMPONENT = auto()
    """A component that is a card; ``summary`` is its tag."""
    OPTION = auto()
    """What one may choose: an item of a task list, a lettered line."""


@dataclass(frozen=True, slots=True)
class OptionMark:
    """How an option is marked: its letter, or "" without one; its box, ticked or not, or None without one.

    ``first`` says that it is the first of its question, ``solved`` that a box of its question is ticked.
    """

    letter: str
    ticked: bool | None
    first: bool
    solved: bool


@dataclass(frozen=True)
class RawBlock:
    """A block: its lines as in the file, and what was read off them.

    ``indent`` is the column of the list item's content in which it stands (0 outside lists). ``inner`` is the text
    inside the markup: a heading's title, a comment's words, a fold's content; ``summary`` a fold's summary.
    ``number`` is an ordered item's number, ``option`` what an option is marked with. ``loose`` says that a blank line
    stood before.
    """

    kind: BlockKind
    lines: tuple[Line, ...]
    indent: int = 0
    loose: bool = True
    level: int = 0
    number: str = ""
    inner: Passage | None = None
    summary: Passage | None = None
    option: OptionMark | None = None

    @once
    def text(self) -> str:
        """The lines without the indentation of the list item."""
        if not self.indent:
            return "\n".join([line.text for line in self.lines])
        return "\n".join([line.dedent(self.indent).text for line in self.lines])

    def cut(self, starts: Sequence[int]) -> "list[RawBlock]":
        """The block cut before the lines ``starts``, the first of which is 0: only the first part is loose."""
        if len(starts) == 1:
            return [self]
        ends = [*starts[1:], len(self.lines)]
        return [self.part(start, end) for start, end in zip(starts, ends, strict=True)]

    def part(self, start: int, end: int) -> "RawBlock":
        """The block of some of its lines; one that begins below the first is not loose."""
        return RawBlock(
            self.kind,
            self.lines[start:end],
            self.indent,
            self.loose and start == 0,
            self.level,
            self.number,
            self.inner,
            self.summary,
            self.option,
        )
