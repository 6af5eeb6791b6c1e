"""Divides a file's blocks by its headings: which part holds cards of which kind, and under which title."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cardforge.model import Kind
from cardforge.source.block import BlockKind, RawBlock
from cardforge.source.labels import NUMBERED, SCENARIO, Vocabulary, is_answer_label, section_of


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


def plain(text: str) -> str:
    """A title without its markup."""
    text = re.sub(r"!?\[([^\[\]]*)\]\([^()]*\)", r"\1", text)
    return " ".join(re.sub(r"<[^<>]*>|[*`]|\b_|_\b|\s#+$", "", text).split())


def divide(blocks: Sequence[RawBlock], vocabulary: Vocabulary, *, pasted: bool = False) -> list[Region]:
    """The regions of a file, in order; a heading that is a card's question or number divides nothing."""
    cuts: list[tuple[int, Kind | None, str, str]] = [(0, None, "", "")]
    open_kind: tuple[Kind, int] | None = None
    for index, block in enumerate(blocks):
        if block.kind is not BlockKind.HEADING or block.inner is None:
            continue
        title = block.inner.text
        named = section_of(title, vocabulary)
        if open_kind and block.level <= open_kind[1]:
            open_kind = None
        if named and not (open_kind and open_kind[0] is named[0] and SCENARIO.match(title)):
            open_kind = (named[0], block.level)
            cuts.append((index + 1, named[0], named[1], plain(title)))
        elif not _is_question(blocks, index, vocabulary, inside=open_kind[0] if open_kind else None):
            cuts.append((index + 1, open_kind[0] if open_kind else None, plain(title), plain(title)))
    has_sections = any(kind for _, kind, _, _ in cuts)
    regions = []
    for position, (start, kind, title, heading) in enumerate(cuts):
        end = cuts[position + 1][0] - 1 if position + 1 < len(cuts) else len(blocks)
        inside = tuple(blocks[start:end])
        regions.append(Region(kind, title, inside, heading, kind is not None or not has_sections, pasted))
    return [region for region in regions if region.blocks]


def _is_question(blocks: Sequence[RawBlock], index: int, vocabulary: Vocabulary, *, inside: Kind | None) -> bool:
    """Whether a heading asks a question: it has a number, and a labelled fold follows before the next heading."""
    title = blocks[index].inner
    numbered = title is not None and (
        NUMBERED.match(title.text) or (inside is Kind.SCENARIO and SCENARIO.match(title.text))
    )
    if not numbered:
        return False
    for block in blocks[index + 1 :]:
        if block.kind is BlockKind.HEADING:
            return False
        if block.kind is BlockKind.DETAILS and block.summary and is_answer_label(block.summary.text, vocabulary):
            return True
    return False
