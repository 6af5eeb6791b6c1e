"""Makes the gaps of a tree whose text was marked by :mod:`cardforge.body.gaps`.

A gap may begin in one mark or paragraph and end in another: what it hides in each of them becomes a gap of the same
number. In code and formulas, where no node can stand, it becomes a :class:`cardforge.doc.Hole`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, takewhile
from typing import assert_never

from cardforge.body.gaps import GapMark, MarkedText
from cardforge.diagnostics import Code as Finding
from cardforge.diagnostics import Sink
from cardforge.doc import (
    Alert,
    Audio,
    Block,
    Cell,
    Code,
    CodeBlock,
    Details,
    Gap,
    Heading,
    Hole,
    Image,
    Inline,
    LineBreak,
    Link,
    List,
    Marked,
    Math,
    MathBlock,
    Paragraph,
    Quote,
    Rule,
    Table,
    Text,
)
from cardforge.passage import Passage

_MARK = re.compile("\ufdd0(?:G(?P<opens>\\d+)|E(?P<ends>\\d+))\ufdd1")
_TAKES_ONE = re.compile(
    r"(?:[_^]|\\(?:[dt]?frac|sqrt|[dt]?binom|text\w*|math\w+|operatorname|hat|bar|vec|tilde|d?dot|boxed|over\w+|under\w+))\s*\Z"
)
"""What LaTeX follows by one sign or a group in braces."""
_LONGEST_COMMAND = 30
_Around = tuple[int, ...]


def hide(marked: MarkedText, blocks: Sequence[Block], passage: Passage, sink: Sink) -> tuple[Block, ...]:
    """The blocks of a marked text with its gaps in them; a gap that hides nothing that is shown is reported."""
    hider = _Hider(marked.gaps)
    done = hider.blocks(blocks)
    for number, gap in enumerate(marked.gaps):
        if number not in hider.hidden:
            told = "This gap hides nothing that is shown."
            sink.add(Finding.BAD_CLOZE, passage.span(gap.start, gap.end), told, "Put its marks around words.")
    return done


@dataclass(slots=True)
class _Hider:
    """Puts the gaps into the blocks of one field; ``hidden`` are then the numbers of those that hide something."""

    gaps: Sequence[GapMark]
    hidden: set[int] = field(default_factory=set)
    _around: list[int] = field(default_factory=list)
    """The gaps that are open where the walk stands, outermost first."""

    def blocks(self, blocks: Iterable[Block]) -> tuple[Block, ...]:
        """The blocks with their gaps; a paragraph that held nothing but marks is gone."""
        return tuple(done for block in blocks if (done := self._block(block)) is not None)

    def _block(self, block: Block) -> Block | None:
        match block:
            case Paragraph() | Heading():
                children = self._inlines(block.children)
                return replace(block, children=children) if children else None
            case List():
                return replace(block, items=tuple(replace(i, blocks=self.blocks(i.blocks)) for i in block.items))
            case Quote() | Alert():
                return replace(block, blocks=self.blocks(block.blocks))
            case CodeBlock():
                text, holes = self._holes(block.text)
                return replace(block, text=text, language=_MARK.sub("", block.language), holes=holes)
            case MathBlock():
                tex, holes = self._holes(block.tex, formula=True)
                return replace(block, tex=tex, holes=holes)
            case Table():
                head = self._row(block.head)
                return replace(block, head=head, rows=tuple(self._row(row) for row in block.rows))
            case Rule():
                return block
            case Details():
                return Details(self._inlines(block.summary), self.blocks(block.blocks))
            case _:
                assert_never(block)

    def _row(self, row: Iterable[Cell]) -> tuple[Cell, ...]:
        return tuple(Cell(self._inlines(cell.children)) for cell in row)

    def _holes(self, text: str, *, formula: bool = False, inline: bool = False) -> tuple[str, tuple[Hole, ...]]:
        """Code or LaTeX without marks, and what of it is hidden; around all of an ``inline`` stands a node instead."""
        before = set(self._around)
        begun = dict.fromkeys(self._around, 0)
        holes: list[tuple[int, int, int]] = []
        done = ""
        groups: set[int] = set()

        def end(gap: int) -> None:
            start = begun.pop(gap, len(done))
            if start < len(done):
                holes.append((start, -len(done), gap))

        position = 0
        for mark in _MARK.finditer(text):
            done += text[position : mark.start()]
            position = mark.end()
            if ended := self._turn(mark):
                end(ended[0])
                done += "}" if ended[0] in groups else ""
            else:
                gap = self._around[-1]
                if formula and _TAKES_ONE.search(done[-_LONGEST_COMMAND:]) and text[position : position + 1] != "{":
                    groups.add(gap)  # the author took the gap's own braces for LaTeX's
                    done += "{"
                begun[gap] = len(done)
        done += text[position:]
        for gap in self._around:
            if not (inline and gap in before):
                end(gap)
        self.hidden.update(gap for _, _, gap in holes)
        return done, tuple(Hole(start, -last, self.gaps[gap].ordinal) for start, last, gap in sorted(holes))

    def _turn(self, mark: re.Match[str]) -> list[int]:
        """Open or close a gap; what was closed."""
        if mark["opens"]:
            self._around.append(int(mark["opens"]))
            return []
        if int(mark["ends"]) in self._around:
            self._around.remove(int(mark["ends"]))
        return [int(mark["ends"])]

    # ---- inlines

    def _inlines(self, nodes: Iterable[Inline]) -> tuple[Inline, ...]:
        return self._wrapped(self._flat(nodes), 0)

    def _flat(self, nodes: Iterable[Inline]) -> list[tuple[_Around, Inline]]:
        """The nodes, each with the gaps around it; texts and code are cut where a gap begins or ends."""
        done: list[tuple[_Around, Inline]] = []
        for node in nodes:
            match node:
                case Text() | Code():
                    done += [(around, replace(node, text=piece)) for around, piece in self._pieces(node.text)]
                case Math():
                    before = list(self._around)
                    tex, holes = self._holes(node.tex, formula=True, inline=True)
                    around = tuple(gap for gap in before if gap in self._around)
                    done.append((around, replace(node, tex=tex, holes=holes)))
                case Marked() | Link() | Gap():
                    inner = self._flat(node.children)
                    shared = _shared([around for around, _ in inner])
                    if inner:
                        whole = replace(node, children=self._wrapped(inner, len(shared)))
                        done.append((shared, _bare(whole) if isinstance(whole, Link) else whole))
                case Image():
                    image = replace(node, src=_clean(node.src), alt=_clean(node.alt), title=_clean(node.title))
                    done.append((tuple(self._around), image))
                case Audio():
                    done.append((tuple(self._around), replace(node, src=_clean(node.src), label=_clean(node.label))))
                case LineBreak():
                    done.append((tuple(self._around), node))
                case _:
                    assert_never(node)
        return done

    def _pieces(self, text: str) -> Iterable[tuple[_Around, str]]:
        position = 0
        for mark in _MARK.finditer(text):
            if position < mark.start():
                yield tuple(self._around), text[position : mark.start()]
            self._turn(mark)
            position = mark.end()
        if position < len(text):
            yield tuple(self._around), text[position:]

    def _wrapped(self, nodes: list[tuple[_Around, Inline]], depth: int) -> tuple[Inline, ...]:
        """The nodes with those that stand in the same gap, ``depth`` levels down, under it."""
        done: list[Inline] = []
        for gap, group in groupby(nodes, key=lambda each: each[0][depth] if len(each[0]) > depth else None):
            inside = list(group)
            if gap is None:
                done += [node for _, node in inside]
            elif not all(isinstance(node, LineBreak) or _is_blank(node) for _, node in inside):
                self.hidden.add(gap)
                done.append(Gap(self.gaps[gap].ordinal, self._wrapped(inside, depth + 1), self.gaps[gap].hint))
            else:
                done += self._wrapped(inside, depth + 1)
        return tuple(done)


def _shared(around: Sequence[_Around]) -> _Around:
    """The gaps that all nodes of a run stand in, outermost first."""
    least, most = min(around, default=()), max(around, default=())
    return tuple(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], zip(least, most, strict=False)))


def _is_blank(node: Inline) -> bool:
    return isinstance(node, Text) and not node.text.strip()


def _bare(link: Link) -> Link:
    return replace(link, href=_clean(link.href), title=_clean(link.title))


def _clean(text: str) -> str:
    return _MARK.sub("", text)
