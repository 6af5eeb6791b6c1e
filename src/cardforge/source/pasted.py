"""Shape 11: text copied from a rendered page, which has no markup left.

Every line is a paragraph of its own. Headings, labels and list marks are told by their words; the result is the same
list of blocks that :mod:`cardforge.source.blocks` makes, so that everything after this has one grammar.
"""

import re
from collections.abc import Sequence

from cardforge.passage import Line, Passage
from cardforge.source.block import BlockKind, RawBlock
from cardforge.source.labels import QUESTION_PERIOD, is_answer_label, is_hint_label, section_of
from cardforge.vocabulary import Vocabulary

_SECTION_TITLED = re.compile(r"^\s*Section titled [“\"](?P<title>[^”\"]*)[”\"]\s*")
_MARKUP = re.compile(r"^(?: {0,3}#{1,6}\s|\s*<details\b|\s*(?:```|~~~)|---\s*$|\s*[-*]\s+\[[ xX]\])", re.IGNORECASE)
_BULLET = re.compile(r"^\s*[-–•*]\s*$")
_ITEM = re.compile(r"^\s*[-•]\s+(?=\S)")
_LONGEST_TITLE = 120
_SENTENCE_END = (".", "?", "!", "。", "？", "！", ":", "：", ",")


def looks_pasted(lines: Sequence[Line], vocabulary: Vocabulary) -> bool:
    """Whether a text carries the traces of a copied page and no Markdown structure."""
    if any(_MARKUP.match(line.text) for line in lines):
        return False
    texts = [line.text.strip() for line in lines if line.text.strip()]
    if any(_SECTION_TITLED.match(text) or _is_label(text, vocabulary) for text in texts):
        return True
    return any(_is_title(text, vocabulary) for text in texts) and any(QUESTION_PERIOD.match(text) for text in texts)


def scan_pasted(file: str, lines: Sequence[Line], vocabulary: Vocabulary) -> list[RawBlock]:
    """The blocks of a copied page."""
    filled = [line for line in lines if line.text.strip()]
    titles = {match["title"] for line in filled if (match := _SECTION_TITLED.match(line.text))}
    blocks: list[RawBlock] = []
    bullet: Line | None = None
    for index, line in enumerate(filled):
        titled = _SECTION_TITLED.match(line.text)
        here = line.cut(titled.end()) if titled else line
        text = here.text.strip()
        if not text:
            continue
        if _BULLET.match(here.text):
            bullet = here
            continue
        item = _ITEM.match(here.text)
        if bullet is not None or item:
            start = here.cut(item.end() if item else len(here.text) - len(here.text.lstrip()))
            tight = bool(blocks) and blocks[-1].kind is BlockKind.ITEM
            marked = Line(f"- {start.text}", start.number, start.column - 2)
            blocks.append(RawBlock(BlockKind.ITEM, (marked,), loose=not tight, inner=Passage(file, (start,))))
            bullet = None
        elif _is_label(text, vocabulary):
            blocks.append(RawBlock(BlockKind.LABEL, (here,), summary=Passage(file, (here,))))
        elif text in titles or (not titles and _is_title(text, vocabulary)):
            blocks.append(RawBlock(BlockKind.HEADING, (here,), level=2, inner=Passage(file, (here,))))
        elif index == 0 and len(text) <= _LONGEST_TITLE and not text.endswith(_SENTENCE_END):
            blocks.append(RawBlock(BlockKind.HEADING, (here,), level=1, inner=Passage(file, (here,))))
        else:
            blocks.append(RawBlock(BlockKind.PARAGRAPH, (here,)))
    return blocks


def _is_label(text: str, vocabulary: Vocabulary) -> bool:
    return len(text) <= _LONGEST_TITLE // 2 and (is_answer_label(text, vocabulary) or is_hint_label(text))


def _is_title(text: str, vocabulary: Vocabulary) -> bool:
    short = len(text) <= _LONGEST_TITLE // 2 and not text.endswith(_SENTENCE_END)
    return short and section_of(text, vocabulary) is not None
