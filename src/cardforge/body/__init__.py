"""Turns the text of one field into a document tree.

What Markdown must not touch (folds, math) is set aside first; Python-Markdown reads the rest, and any HTML the author
wrote, into elements, and these become the closed tree of :mod:`cardforge.doc`.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from cardforge.body.engine import read_elements
from cardforge.body.folds import part_folds
from cardforge.body.gaps import MarkedText, holds_gaps, mark
from cardforge.body.hiding import hide
from cardforge.body.html import TooDeepError
from cardforge.body.links import normal_label
from cardforge.body.opaque import Formula, fences, formulas, indented_code
from cardforge.body.places import Places
from cardforge.body.signs import Notation
from cardforge.body.tree import Aside, Builder, ImageFinder
from cardforge.body.words import paragraph_of
from cardforge.diagnostics import Code, Sink, Span
from cardforge.doc import Block, Inline, Math, MathBlock
from cardforge.model import Body
from cardforge.passage import Passage

__all__ = ["LONGEST", "ImageFinder", "Notation", "holds_gaps", "read_body"]

LONGEST = 64 * 1024
"""Characters a field may have: time and memory of what reads it grow faster than its length."""
_DEEPEST_QUOTE = 100

_LABEL = re.compile(r"\[((?:[^\\\[\]]|\\.){1,999}+)\]")
_DEEP_LINE = re.compile(rf"^(?:[ \t]*(?:>|[-*+](?=[ \t]))){{{_DEEPEST_QUOTE}}}", re.MULTILINE)


def read_body(
    passage: Passage,
    find_image: ImageFinder,
    sink: Sink,
    gaps: Notation = Notation.NONE,
    definitions: Mapping[str, Passage] | None = None,
) -> Body:
    """The field's document tree. A field that is too long or nested too deep is reported and comes back empty.

    ``gaps`` says how a cloze's text writes its gaps; in any other text they are reported. ``definitions`` are what the
    file defines outside of the field too, by label.
    """
    text = _without_marks(passage.text)
    if len(text) > LONGEST:
        sink.add(
            Code.FIELD_TOO_LONG,
            passage.span(0, 1),
            f"This text has {len(text):,} characters; a field may have {LONGEST:,}.",
            "Divide it over several cards.",
        )
        return Body(text, ())
    if gaps is Notation.NONE and (words := paragraph_of(text)):
        return Body(text, (words,))
    if not (_may_be_deep(text) and _DEEP_LINE.search(text)):
        try:
            marked = mark(passage, text, gaps, sink)
            field = _Field(passage, find_image, sink, marked)
            blocks = field.read(marked.text, _used(text, definitions) if definitions else [])
            return Body(text, hide(marked, blocks, passage, sink) if marked.gaps else blocks)
        except (TooDeepError, RecursionError):
            pass
    sink.add(
        Code.FIELD_TOO_DEEP,
        passage.span(0, 1),
        "This text is nested more than 100 levels deep.",
        "Take some of the quotes, lists or elements around it away.",
    )
    return Body(text, ())


def _without_marks(text: str) -> str:
    """The text without what marks things set aside or hidden; it is reported as forbidden where the file is read."""
    return text if text.isascii() else re.sub("[\ufdd0-\ufdef]", "\ufffd", text)


def _may_be_deep(text: str) -> bool:
    return sum(map(text.count, ">-*+")) >= _DEEPEST_QUOTE


def _used(text: str, definitions: Mapping[str, Passage]) -> list[Passage]:
    """The definitions that a text uses, and those that they use."""
    used: dict[str, Passage] = {}
    texts = [text] if definitions else []
    length = 0
    while texts:
        for found in _LABEL.finditer(texts.pop()):
            label = normal_label(found[1])
            if label in definitions and label not in used:
                length += len(definitions[label].text)
                if length > LONGEST:
                    return list(used.values())
                used[label] = definitions[label]
                texts.append(definitions[label].text)
    return list(used.values())


class _Field:
    """One field being read; ``aside`` is what was set aside, by the number in its placeholder."""

    def __init__(self, passage: Passage, find_image: ImageFinder, sink: Sink, marked: MarkedText) -> None:
        self.passage, self.find_image, self.sink, self.marked = passage, find_image, sink, marked
        self.places = Places(passage)
        self.aside: list[Aside] = []

    def read(self, text: str, defined: Sequence[Passage]) -> tuple[Block, ...]:
        """The blocks of ``text``, the passage's with its gaps marked. Raises :class:`TooDeepError`."""
        ready = part_folds(self._set_math_aside(text, self._place))
        elsewhere = (self._set_math_aside(_without_marks(each.text), each.span) for each in defined)
        root, written = read_elements(ready, "\n\n".join(elsewhere))
        return Builder(self.places, self.aside, self.find_image, self.sink, written).blocks(root.children)

    def _place(self, start: int, end: int) -> Span:
        return self.passage.span(self.marked.place(start), self.marked.place(end))

    def _keep(self, node: Block | Inline, written: str) -> str:
        self.aside.append(Aside(node, written))
        return f"\ufdd0{'B' if isinstance(node, Block) else 'I'}{len(self.aside) - 1}\ufdd1"

    def _set_math_aside(self, text: str, place: Callable[[int, int], Span]) -> str:
        if "$" not in text and "\\(" not in text and "\\[" not in text:
            return text
        closed = [(fence.start, fence.end) for fence in fences(text)] + indented_code(text)
        parts, position = [], 0
        for found in formulas(text, closed):
            span = place(found.at, found.at + len(found.tex))
            parts.append(text[position : found.start])
            tex = _unquoted(found, text)
            node = MathBlock(tex, span) if found.display else Math(tex, span)
            parts.append(self._keep(node, text[found.start : found.end]))
            position = found.end
        return "".join([*parts, text[position:]])


def _unquoted(formula: Formula, text: str) -> str:
    """A formula without the marks of the quote in whose lines it stands."""
    written = text[formula.start : formula.end]
    lead = text[text.rfind("\n", 0, formula.start) + 1 : formula.start]
    if "\n" not in written or ">" not in lead or lead.strip(" \t>"):
        return formula.tex
    delimiter = 2 if written[:2] in ("$$", "\\(", "\\[", "$`") else 1
    unquoted = re.sub(rf"\n(?:[ \t]*>){{0,{lead.count('>')}}}", "\n", written)
    return unquoted[delimiter:-delimiter].strip()
