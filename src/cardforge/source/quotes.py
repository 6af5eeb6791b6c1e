"""Cards in block quotes (``> Q: …``, ``> <details>``): a quote that holds a card is read as if it were none."""

import re
from collections.abc import Sequence
from dataclasses import replace

from cardforge.diagnostics import Sink
from cardforge.passage import Line
from cardforge.source.block import BlockKind, RawBlock
from cardforge.source.blocks import scan
from cardforge.source.labels import ANSWER_COLON, QUESTION_COLON
from cardforge.source.marks import FOLD, Fence
from cardforge.vocabulary import Vocabulary

_MARK = re.compile(r" {0,3}> ?")
_CALLOUT = re.compile(r" {0,3}>\s*\[!")


def without_quotes(file: str, blocks: Sequence[RawBlock], vocabulary: Vocabulary, sink: Sink) -> list[RawBlock]:
    """The blocks, with what stands in quotes that hold cards in the place of these. Callouts stay: they are a form."""
    found: list[RawBlock] = []
    for block in blocks:
        if block.kind is not BlockKind.QUOTE or block.indent or _CALLOUT.match(block.lines[0].text):
            found.append(block)
            continue
        lines = [_bare(line) for line in block.lines]
        if not _holds_card(lines):
            found.append(block)
            continue
        first, *rest = scan(file, lines, vocabulary, sink)
        found += [replace(first, loose=block.loose), *rest]
    return found


def _bare(line: Line) -> Line:
    mark = _MARK.match(line.text)
    return line.cut(mark.end()) if mark else line


def _holds_card(lines: Sequence[Line]) -> bool:
    fence: Fence | None = None
    asked = False
    for line in lines:
        if fence:
            fence = None if fence.closed_by(line.text) else fence
            continue
        fence = Fence.opened_by(line.text)
        if FOLD.match(line.text) or (asked and ANSWER_COLON.match(line.text)):
            return True
        asked = asked or QUESTION_COLON.match(line.text) is not None
    return False
