"""What a page's makers put between its cards: tables of contents, and links back to the top, which are no content.

Also list items that are headings, where headings are questions.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from cardforge.passage import Line, Passage, join
from cardforge.source.block import BlockKind, RawBlock
from cardforge.source.marks import HEADING, title_of
from cardforge.source.words import CONTENTS, TO_TOP

_LINK = re.compile(r"\]\((?:[^()\s]*\.md)?#|\bhref\s*=\s*[\"']?[^\"'\s>]*#", re.IGNORECASE)
_MARKUP = re.compile(r"\]\([^()\n]*\)|<[^<>]*>|&#?\w{1,8};|:[a-z_]+:")
_LONGEST_LINK = 300


def is_contents(title: str) -> bool:
    """Whether a title announces a table of contents."""
    return _bare(title) in CONTENTS


def leads_to_top(text: str) -> bool:
    """Whether a text is nothing but a link to the top of its page."""
    return "#" in text and len(text) <= _LONGEST_LINK and _LINK.search(text) is not None and _bare(text) in TO_TOP


def _bare(text: str) -> str:
    return " ".join(re.findall(r"[^\W\d_]+", _MARKUP.sub(" ", text).casefold()))


def without_debris(blocks: Sequence[RawBlock], level: int) -> list[RawBlock]:
    """The blocks with links to the top, and with headings as questions the table of contents, as comments."""
    kept: list[RawBlock] = []
    contents = False
    for block in blocks:
        if block.kind is BlockKind.HEADING:
            contents = bool(level) and block.inner is not None and is_contents(block.inner.text)
        if contents or (block.kind in (BlockKind.PARAGRAPH, BlockKind.HTML) and leads_to_top(block.text)):
            kept.append(replace(block, kind=BlockKind.COMMENT, inner=None))
        elif block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM) and len(block.lines) > 1 and _ends_at_top(block.lines):
            kept.append(replace(block, lines=block.lines[:-1]))
        else:
            kept.append(block)
    return kept


def _ends_at_top(lines: Sequence[Line]) -> bool:
    return leads_to_top(lines[-1].text)


def without_link_to_top(answer: Passage) -> Passage:
    """An answer without the link to the top at its end."""
    lines = answer.lines
    while lines and leads_to_top(lines[-1].text):
        lines = join(answer.file, lines[:-1]).lines
    return answer if lines is answer.lines else Passage(answer.file, lines)


def headings_in_items(file: str, blocks: Sequence[RawBlock], level: int) -> list[RawBlock]:
    """The blocks with every list item that begins with a heading of ``level`` as that heading, and what follows it."""
    if not level:
        return list(blocks)
    cut: list[RawBlock] = []
    for block in blocks:
        heading = HEADING.match(block.inner.text) if block.kind is BlockKind.ITEM and block.inner else None
        if block.inner is None or heading is None or len(heading["marks"]) != level:
            cut.append(block)
            continue
        title = Passage(file, block.inner.lines).part(*title_of(heading))
        cut.append(replace(block, kind=BlockKind.HEADING, lines=block.lines[:1], level=level, inner=title))
        if len(block.lines) > 1:
            width = block.inner.lines[0].column_at(0) - block.lines[0].column_at(0)
            cut.append(RawBlock(BlockKind.PARAGRAPH, block.lines[1:], indent=block.indent + width, loose=True))
    return cut


def asks(block: RawBlock, level: int) -> bool:
    """Whether a heading is a question, or stands in the answer of one."""
    return bool(level) and block.kind is BlockKind.HEADING and block.level >= level
