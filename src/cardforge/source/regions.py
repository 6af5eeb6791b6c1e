"""Divides a file's blocks by its headings: which part holds cards of which kind, and under which title."""

import re
from collections.abc import Sequence

from cardforge.model import Kind
from cardforge.source.block import BlockKind, RawBlock
from cardforge.source.debris import asks as heading_asks
from cardforge.source.labels import NUMBERED, SCENARIO, is_answer_label, is_hint_label, section_of
from cardforge.source.literals import has_options
from cardforge.source.marks import GAP
from cardforge.source.options import choice_below, is_quiz
from cardforge.values import dataclass
from cardforge.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Region:
    """The blocks under one heading. ``kind`` is the card section's kind, None outside card sections.

    In a region that is not ``open``, only shapes that say that they are cards count: the file has card sections, and
    this is none of them.
    """

    kind: Kind | None
    title: str
    blocks: tuple[RawBlock, ...]
    heading: str = ""
    open: bool = True
    pasted: bool = False
    quiz: bool = False
    """Whether the file asks with ticked lists: a number tells a question, and not a list of things to do."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where a region begins: at block ``start``, after the heading ``at`` unless that is a question."""

    at: int
    start: int
    kind: Kind | None = None
    title: str = ""
    heading: str = ""


def plain(text: str) -> str:
    """A title without its markup."""
    text = re.sub(r"!?\[([^\[\]]*)\]\([^()]*\)", r"\1", text)
    return " ".join(re.sub(r"<[^<>]*>|[*`]|\b_|_\b|\s#+$", "", text).split())


def divide(blocks: Sequence[RawBlock], vocabulary: Vocabulary, *, pasted: bool = False) -> list[Region]:
    """The regions of a file, in order; a heading that is a card's question or number divides nothing."""
    quiz = is_quiz(blocks)
    cuts = [_Cut(0, 0)]
    open_kind: tuple[Kind, int] | None = None
    for index, block in enumerate(blocks):
        if block.kind is not BlockKind.HEADING or block.inner is None:
            continue
        title = block.inner.text
        named = section_of(title, vocabulary)
        if block.level > (vocabulary.heading_level or block.level):
            continue  # it stands in an answer
        closes = open_kind is not None and block.level <= open_kind[1]
        if closes:
            open_kind = None
        asks = choice_below(blocks, index, vocabulary, inside=open_kind is not None, quiz=quiz) or _is_question(
            blocks, index, vocabulary, inside=open_kind[0] if open_kind else None
        )
        asks = asks or GAP.search(title) is not None or heading_asks(block, vocabulary.heading_level)
        if named and not (open_kind and open_kind[0] is named[0] and SCENARIO.match(title)):
            open_kind = (named[0], block.level)
            cuts.append(_Cut(index, index + 1, named[0], named[1], plain(title)))
        elif not asks:
            cuts.append(_Cut(index, index + 1, open_kind[0] if open_kind else None, plain(title), plain(title)))
        elif closes:
            cuts.append(_Cut(index, index))
    has_sections = any(cut.kind for cut in cuts)
    ends = [*(cut.at for cut in cuts[1:]), len(blocks)]
    regions = [
        Region(
            cut.kind,
            cut.title,
            tuple(blocks[cut.start : end]),
            cut.heading,
            cut.kind is not None or not has_sections,
            pasted,
            quiz,
        )
        for cut, end in zip(cuts, ends, strict=True)
    ]
    return [region for region in regions if region.blocks]


def _is_question(blocks: Sequence[RawBlock], index: int, vocabulary: Vocabulary, *, inside: Kind | None) -> bool:
    """Whether a heading asks: a labelled fold, or a component with options, follows before the next heading.

    A heading without a number asks only if nothing between the two could be the question.
    """
    title = blocks[index].inner
    if title is None or is_answer_label(title.text, vocabulary) or is_hint_label(title.text):
        return False
    asks = bool(NUMBERED.match(title.text) or (inside is Kind.SCENARIO and SCENARIO.match(title.text)))
    if not asks and blocks[index].level == 1:
        return False
    for at in range(index + 1, len(blocks)):
        block = blocks[at]
        if block.kind is BlockKind.HEADING or (not asks and block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM)):
            return False
        if has_options(block):
            return True
        if block.kind is BlockKind.DETAILS and block.summary and is_answer_label(block.summary.text, vocabulary):
            return True
    return False
