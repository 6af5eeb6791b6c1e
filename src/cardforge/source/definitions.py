"""Finds what is defined once for a whole file, ``[label]: target`` and ``[^label]: note``, wherever it stands."""

import re
from collections.abc import Sequence

from cardforge.passage import Line, Passage, join
from cardforge.source.block import BlockKind, RawBlock
from cardforge.source.marks import CODE_INDENT, Fence, blanks_of

_DEFINITION = re.compile(r" {0,3}\[(?P<label>(?!\s*\])(?:[^\\\[\]]|\\.){1,999}+)\]:[ \t]*(?P<rest>.*)$")
_TITLE = re.compile(r"\s*(?:\"[^\"]*\"|'[^']*'|\([^()]*\))\s*$")
_TARGET = re.compile(r"(?:<[^<>]*>|[^\s<]\S*)(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?\s*$")


def definitions_of(file: str, lines: Sequence[Line]) -> dict[str, Passage]:
    """The definitions of a file outside code, by label: blanks collapsed, case folded, the first of a label."""
    found: dict[str, Passage] = {}
    if not any("]:" in line.text for line in lines):
        return found
    fence: Fence | None = None
    at = 0
    while at < len(lines):
        text = lines[at].text
        if fence:
            fence = None if fence.closed_by(text) else fence
        elif opened := Fence.opened_by(text):
            fence = opened
        elif match := _definition(text):
            end = _end(lines, at, is_note=match["label"].startswith("^"))
            found.setdefault(" ".join(match["label"].split()).casefold(), join(file, lines[at:end]))
            at = end
            continue
        at += 1
    return found


def without_definitions(blocks: Sequence[RawBlock]) -> list[RawBlock]:
    """The blocks that are no definitions: what is defined belongs to every card that uses it."""
    kept: list[RawBlock] = []
    in_note = False
    for block in blocks:
        first = block.lines[0].text
        is_code = block.kind is BlockKind.CODE and blanks_of(first) >= CODE_INDENT
        if in_note and is_code:
            continue
        lines = [line.text for line in block.lines]
        match = _definition(first) if block.kind is BlockKind.PARAGRAPH else None
        in_note = bool(match and match["label"].startswith("^"))
        if in_note or (match and all(_definition(text) or _TITLE.match(text) for text in lines)):
            continue
        kept.append(block)
    return kept


def _definition(text: str) -> re.Match[str] | None:
    match = _DEFINITION.match(text)
    if match is None:
        return None
    return match if match["label"].startswith("^") or _TARGET.match(match["rest"]) else None


def _end(lines: Sequence[Line], at: int, *, is_note: bool) -> int:
    """The line after a definition: a title may follow a link's target, and all that is indented belongs to a note."""
    end = at + 1
    if not is_note:
        return end + bool(end < len(lines) and _TITLE.match(lines[end].text) and not _definition(lines[end].text))
    last = end
    while end < len(lines):
        text = lines[end].text
        if not text.strip():
            end += 1
            continue
        if blanks_of(text) < CODE_INDENT and (end > last or _definition(text) or text.lstrip().startswith(("<", "#"))):
            break
        end += 1
        last = end
    return last
