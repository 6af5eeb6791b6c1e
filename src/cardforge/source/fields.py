"""From blocks to the text of a field: dedented, without comments, number and label taken off."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from cardforge.passage import Line, Passage, join
from cardforge.source.block import BlockKind, RawBlock
from cardforge.source.marks import ITEM

_CLOSERS = {"**": "**", "__": "__", "<b>": "</b>", "<strong>": "</strong>"}
# What carries an event handler is left to the body, which says that the handler goes.
_WRAPPER = re.compile(
    r"\s*(?:(?P<mark>\*\*|__)(?=\S)|<(?P<tag>b|strong|h[1-6]|p|center|span|font|big)\b(?![^<>]*\son)[^<>]*>)",
    re.IGNORECASE,
)


def passage(file: str, blocks: Iterable[RawBlock], indent: int = 0) -> Passage:
    """The blocks as one text, blank lines between them kept, comments left out, ``indent`` columns taken off."""
    lines: list[Line] = []
    for block in blocks:
        if block.kind is BlockKind.COMMENT:
            continue
        if lines and block.loose:
            lines.append(Line("", block.lines[0].number))
        lines.extend(line.dedent(indent) for line in block.lines)
    return join(file, lines)


def as_paragraph(item: RawBlock) -> RawBlock:
    """A list item without its mark; its other lines keep their place below the first."""
    first = item.inner.lines[0] if item.inner else item.lines[0]
    width = first.column - item.lines[0].column
    return replace(
        item, kind=BlockKind.PARAGRAPH, lines=(first, *(line.dedent(width) for line in item.lines[1:])), indent=0
    )


def answer_fold(file: str, blocks: Sequence[RawBlock], text: Passage) -> RawBlock:
    """The blocks of an answer that no fold hides as a fold that does, with ``text`` for its content."""
    lines = tuple(line for block in blocks for line in block.lines)
    label = Passage(file, (Line("Answer", lines[0].number),))
    return RawBlock(BlockKind.DETAILS, lines, inner=join(file, text.lines), summary=label)


def asked(
    file: str, blocks: Sequence[RawBlock], label: re.Pattern[str] | None, *, answer: bool = False
) -> tuple[Passage, str]:
    """The text of a question and its number: list mark, heading marks and ``label`` taken off the first line.

    A question that is wholly bold ("**1. Why?**") is unwrapped: the bold only said that it is a question. An ``answer``
    keeps its bold.
    """
    first, *rest = blocks
    indent = first.indent
    number = first.number
    if first.kind is BlockKind.HEADING and first.inner is not None:
        text = list(first.inner.lines)
    else:
        text = [line.dedent(indent) for line in first.lines]
    if first.kind is BlockKind.ITEM:
        mark = ITEM.match(text[0].text)
        width = mark.end() if mark else 0
        text = [text[0].cut(width), *(line.dedent(width) for line in text[1:])]
        indent += width
    head, found = unlabel(Passage(file, tuple(text)), label, answer=answer)
    number = number or found
    if not rest:
        return head.trimmed(), number
    lines = list(head.lines)
    if tail := passage(file, rest, indent):
        opener = next(block for block in rest if block.kind is not BlockKind.COMMENT)
        if opener.loose:
            lines.append(Line("", opener.lines[0].number))
        lines.extend(tail.lines)
    return join(file, lines), number


def unlabel(whole: Passage, label: re.Pattern[str] | None, *, answer: bool = False) -> tuple[Passage, str]:
    """A paragraph without its label ("**Q3:**", "2)"), and the number in the label, or ""; an ``answer`` stays bold."""
    if not whole.lines:
        return whole, ""
    match = label.match(whole.lines[0].text) if label else None
    number, opener, closed = "", None, True
    if match:
        number, opener, closed = match["number"] or "", match["open"], bool(match["close"])
        whole = Passage(whole.file, (whole.lines[0].cut(match.end()), *whole.lines[1:]))
    if opener and not closed:
        return _rebold(whole, opener), number
    return (whole.trimmed() if answer else unwrap(whole)), number


def unwrap(whole: Passage) -> Passage:
    """A question without the bold, or the element, that spans all of it."""
    while opened := _WRAPPER.match(whole.text):
        closer = opened["mark"] or f"</{opened['tag'].lower()}>"
        inner = whole.text[opened.end() :].rstrip().lower()
        if not inner.endswith(closer):
            break
        inner = inner.removesuffix(closer)
        if not inner.strip() or closer in inner or (opened["tag"] and f"<{opened['tag'].lower()}" in inner):
            break
        whole = whole.part(opened.end(), opened.end() + len(inner))
    return whole.trimmed()


def _rebold(whole: Passage, opener: str) -> Passage:
    """The rest of a paragraph whose label took the opening of a bold run away: unbold, or open it again."""
    closer = _CLOSERS[opener.lower()]
    if whole.text.rstrip().endswith(closer) and whole.text.count(closer) == 1:
        return _drop_end(whole, closer)
    first = whole.lines[0]
    reopened = Line(opener + first.text, first.number, first.column - len(opener))
    return Passage(whole.file, (reopened, *whole.lines[1:]))


def _drop_end(whole: Passage, closer: str) -> Passage:
    lines = list(whole.lines)
    last = max(i for i, line in enumerate(lines) if closer in line.text)
    kept = lines[last].text[: lines[last].text.rindex(closer)]
    lines[last] = Line(kept, lines[last].number, lines[last].column)
    return Passage(whole.file, tuple(lines))
