"""What the lines of a text are, before they are read as words: blocks in blocks."""

from collections.abc import Sequence
from enum import Enum, auto
from itertools import pairwise

from cardforge.body.starts import ALERT


class Kind(Enum):
    """What a block is."""

    __hash__ = object.__hash__  # a kind is looked up for each line, and Enum's own hash is no longer C

    ROOT = auto()
    QUOTE = auto()
    LIST = auto()
    ITEM = auto()
    NOTE = auto()
    PARAGRAPH = auto()
    HEADING = auto()
    RULE = auto()
    FENCE = auto()
    CODE = auto()
    HTML = auto()
    TABLE = auto()
    SUMMARY = auto()
    NODE = auto()


CONTAINERS = frozenset({Kind.ROOT, Kind.QUOTE, Kind.LIST, Kind.ITEM, Kind.NOTE})
VERBATIM = frozenset({Kind.FENCE, Kind.CODE, Kind.HTML})


class Node:
    """A block and what was read of it. ``first`` and ``last`` are the numbers of its lines.

    ``mark`` is an item's marker, a fence's, or a note's label; ``level`` a heading's level, a list's first number, or
    the kind of HTML; ``indent`` the columns an item's content, or a fence, is indented by; ``done`` whether a task is
    done, or whether an HTML block has ended.
    """

    # What most blocks have not is told for all of them, once.
    mark: str = ""
    level: int = 0
    indent: int = 0
    info: str = ""
    done: bool | None = None
    align: Sequence[str] = ()
    rows: list[list[str]]

    def __init__(self, kind: Kind, first: int, last: int) -> None:
        self.kind, self.first, self.last = kind, first, last
        self.children: list[Node] = []
        self.lines: list[str] = []

    @property
    def text(self) -> str:
        """Its lines, joined."""
        return "\n".join(self.lines)

    @property
    def end(self) -> int:
        """The last line of it, or of what stands in it."""
        return max(self.last, self.children[-1].end) if self.children else self.last

    @property
    def tight(self) -> bool:
        """Whether no blank line parts a list's items, nor the blocks of one of them."""
        runs = [self.children, *(item.children for item in self.children)]
        return all(after.first <= before.end + 1 for run in runs for before, after in pairwise(run))

    @property
    def alert(self) -> str:
        """The kind of alert a quote is, or ""."""
        first = self.children[0] if self.children else None
        found = ALERT.match(first.lines[0]) if first and first.kind is Kind.PARAGRAPH else None
        return found["kind"].lower() if found and first and (len(first.lines) > 1 or len(self.children) > 1) else ""
