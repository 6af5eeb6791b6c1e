"""The document tree: what one field of a card means, free of any syntax.

Two closed unions, :data:`Block` and :data:`Inline`. The tree is frozen and compares by meaning: where a node stood in
the source (``span``) takes no part in equality. Renderers ``match`` over the unions and end in ``assert_never``, so a
new node makes the type checker name every place that must learn it. What is no node cannot reach an output.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from enum import StrEnum
from typing import assert_never

from cardforge.diagnostics import Span
from cardforge.values import dataclass


class Align(StrEnum):
    """How a table's column is set; ``NONE`` follows the direction of the text."""

    NONE = ""
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class Mark(StrEnum):
    """What a run of text is, named after the HTML element that says so."""

    EMPHASIS = "em"
    STRONG = "strong"
    SUBSCRIPT = "sub"
    SUPERSCRIPT = "sup"
    KEYBOARD = "kbd"
    DELETED = "del"
    INSERTED = "ins"
    HIGHLIGHT = "mark"
    UNDERLINE = "u"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Hole:
    """A gap in code or in a formula, where no node can stand: it hides ``[start, end)`` of the text.

    Holes of one text are sorted by where they start; each lies inside another or beside it.
    """

    start: int
    end: int
    ordinal: int


class AlertKind(StrEnum):
    """What an alert is, in GitHub's five words; in the order of how urgent it is."""

    NOTE = "note"
    TIP = "tip"
    IMPORTANT = "important"
    WARNING = "warning"
    CAUTION = "caution"

    @property
    def word(self) -> str:
        """The word above the alert, in English as on GitHub."""
        return self.value.capitalize()


@dataclass(frozen=True, slots=True)
class Text:
    """Characters to be shown as they are."""

    text: str


@dataclass(frozen=True, slots=True)
class Marked:
    """Inlines under one mark: emphasis, strong, subscript and the like."""

    mark: Mark
    children: "tuple[Inline, ...]"


@dataclass(frozen=True, slots=True)
class Code:
    """A code span."""

    text: str


@dataclass(frozen=True, slots=True)
class Math:
    """A formula in a line, as LaTeX without its delimiters."""

    tex: str
    span: Span | None = field(default=None, compare=False)
    holes: tuple[Hole, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A link; ``href`` is http, https, mailto or a relative reference, nothing else."""

    href: str
    children: "tuple[Inline, ...]"
    title: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture. ``media`` names a file of the collection's media; "" where there is none (it is remote)."""

    src: str
    alt: str
    title: str = ""
    media: str = ""
    width: int | None = None
    """Wished width in CSS pixels (1/96 in), if the author gave one."""
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Audio:
    """A sound to play. ``media`` names a file of the collection's media; "" where there is none (it is remote)."""

    src: str
    label: str = ""
    """What it is, in words; "" if the author gave none."""
    media: str = ""
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A hard line break."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A cloze deletion: hidden until asked for. ``ordinal`` counts from 1."""

    ordinal: int
    children: "tuple[Inline, ...]"
    hint: str = ""


Inline = Text | Marked | Code | Math | Link | Image | Audio | LineBreak | Gap

# ---- blocks


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Inlines set as one paragraph."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a field; ``level`` 1 to 6 as written."""

    level: int
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class ListItem:
    """One item; ``checked`` is None unless the item is a task."""

    blocks: "tuple[Block, ...]"
    checked: bool | None = None


@dataclass(frozen=True, slots=True)
class List:
    """A list; ``start`` is the first number of an ordered list, None for bullets. A tight list has no gaps."""

    items: tuple[ListItem, ...]
    start: int | None = None
    tight: bool = True


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation."""

    blocks: "tuple[Block, ...]"


@dataclass(frozen=True, slots=True)
class Alert:
    """A paragraph or more that is set apart under a word: ``> [!NOTE]``."""

    kind: AlertKind
    blocks: "tuple[Block, ...]"


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Code, line by line, without a final newline; ``language`` as written after the fence, or ""."""

    text: str
    language: str = ""
    holes: tuple[Hole, ...] = ()


@dataclass(frozen=True, slots=True)
class MathBlock:
    """A formula on lines of its own, as LaTeX without its delimiters."""

    tex: str
    span: Span | None = field(default=None, compare=False)
    holes: tuple[Hole, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: a head row (may be empty), body rows of as many cells, one alignment a column."""

    align: tuple[Align, ...]
    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal rule."""


@dataclass(frozen=True, slots=True)
class Details:
    """A fold inside a field: closed on a screen, open in print."""

    summary: tuple[Inline, ...]
    blocks: "tuple[Block, ...]"


Block = Paragraph | Heading | List | Quote | Alert | CodeBlock | MathBlock | Table | Rule | Details

Node = Block | Inline


def children_of(node: Node) -> Sequence[Node]:
    """The nodes directly below ``node``, in reading order."""
    match node:
        case Paragraph() | Marked() | Link() | Gap() | Heading():
            return node.children
        case Text() | Code() | Math() | Image() | Audio() | LineBreak() | CodeBlock() | MathBlock() | Rule():
            return ()
        case List():
            return [block for item in node.items for block in item.blocks]
        case Quote() | Alert():
            return node.blocks
        case Table():
            return [child for row in (node.head, *node.rows) for cell in row for child in cell.children]
        case Details():
            return (*node.summary, *node.blocks)
        case _:
            assert_never(node)


def mere_text(nodes: Sequence[Node]) -> str | None:
    """The text of nodes that are one paragraph of one text, as the blocks of half of all fields are; else None."""
    paragraph = nodes[0] if len(nodes) == 1 else None
    inlines = paragraph.children if isinstance(paragraph, Paragraph) else ()
    return inlines[0].text if len(inlines) == 1 and isinstance(inlines[0], Text) else None


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """All nodes of a tree, parents before children, in reading order."""
    waiting = [iter(nodes)]
    while waiting:
        for node in waiting[-1]:
            yield node
            if below := children_of(node):
                waiting.append(iter(below))
                break
        else:
            waiting.pop()


def gaps_in(nodes: Iterable[Node]) -> Iterator[tuple[int, "str | tuple[Inline, ...]"]]:
    """The ordinal of each gap of a tree, in code and formulas too, and what it hides; in reading order."""
    for node in walk(nodes):
        match node:
            case Gap():
                yield node.ordinal, node.children
            case Math(tex=text, holes=holes) | MathBlock(tex=text, holes=holes) | CodeBlock(text=text, holes=holes):
                yield from ((hole.ordinal, text[hole.start : hole.end]) for hole in holes)


def plain_text(nodes: Sequence[Node], *, gaps: bool = True) -> str:
    """The words of a tree on one line: formulas as LaTeX, images as their alt text; without ``gaps``, "…" for each."""
    return " ".join(words_of(nodes, gaps=gaps))


def words_of(nodes: Sequence[Node], *, gaps: bool = True) -> list[str]:
    """The words of a tree, as :func:`plain_text` has them on one line."""
    text = mere_text(nodes)
    return ("".join(_words(nodes, [], gaps=gaps)) if text is None else text).split()


def _words(nodes: Iterable[Node], words: list[str], *, gaps: bool) -> list[str]:
    for node in nodes:
        match node:
            case Text() | Code():
                words.append(node.text)
            case Paragraph() | Heading():
                _words(node.children, words, gaps=gaps)
                words.append(" ")
            case Gap() if not gaps:
                words.append("…")
            case CodeBlock() | Math() | MathBlock() if node.holes and not gaps:
                words.append(" … ")
            case Marked() | Link() | Gap():
                _words(node.children, words, gaps=gaps)
            case CodeBlock():
                words.append(f" {node.text} ")
            case Math():
                words.append(node.tex)
            case MathBlock():
                words.append(f" {node.tex} ")
            case Image():
                words.append(node.alt)
            case Audio():
                words.append(node.label)
            case LineBreak() | Rule():
                words.append(" ")
            case Quote():
                _words(node.blocks, words, gaps=gaps)
            case Alert():
                _words((Text(f"{node.kind.word}: "), *node.blocks), words, gaps=gaps)
            case List():
                _words((block for item in node.items for block in item.blocks), words, gaps=gaps)
            case Table():
                for cell in (cell for row in (node.head, *node.rows) for cell in row):
                    _words((*cell.children, Text(" ")), words, gaps=gaps)
            case Details():
                _words((*node.summary, Text(" "), *node.blocks), words, gaps=gaps)
            case _:
                assert_never(node)
    return words
