"""Answers that a heading or a label announces, and no fold hides: ``#### Answer``, ``**Answer:** …`` below a question.

Each becomes a fold below its question, so that everything after this has one grammar.
"""

import re
from collections.abc import Sequence

from cardforge.source.block import BlockKind, RawBlock
from cardforge.source.fields import answer_fold, asked, passage
from cardforge.source.labels import ANSWER_COLON, NUMBERED, QUESTION_COLON, asks, is_answer_label, section_of
from cardforge.vocabulary import Vocabulary

_BOLD = re.compile(r"\s*(?:\*\*|__)(?:(?!\*\*|__).)+(?:\*\*|__)[\s:]*", re.DOTALL)
_PLACE = re.compile(r"\W*(?:write |type )?your answer\W*", re.IGNORECASE)
"""Where a reader is to write."""


def fold_answers(file: str, blocks: Sequence[RawBlock], vocabulary: Vocabulary) -> list[RawBlock]:
    """The blocks with each announced answer as a fold, and without the places to write an answer."""
    kept = [block for block in blocks if not (block.kind is BlockKind.PARAGRAPH and _PLACE.fullmatch(block.text))]
    return _fold_paragraphs(file, _fold_headings(file, kept, vocabulary), vocabulary)


def _fold_headings(file: str, blocks: Sequence[RawBlock], vocabulary: Vocabulary) -> list[RawBlock]:
    """An answer below a heading of its own runs to the next heading that is no deeper than the question's."""
    done: list[RawBlock] = []
    above: RawBlock | None = None
    at = 0
    while at < len(blocks):
        block = blocks[at]
        if block.kind is not BlockKind.HEADING or block.inner is None:
            done.append(block)
            at += 1
            continue
        answers = is_answer_label(block.inner.text, vocabulary) and not block.inner.text.rstrip().lower().endswith("s")
        if answers and above is not None and _can_ask(above, block, vocabulary):
            end = at + 1
            while end < len(blocks) and not (
                blocks[end].kind is BlockKind.HEADING
                and (blocks[end].level <= above.level or blocks[end].level < block.level)
            ):
                end += 1
            if any(each.kind is not BlockKind.COMMENT for each in blocks[at + 1 : end]):
                done.append(answer_fold(file, blocks[at:end], passage(file, blocks[at + 1 : end])))
                above, at = None, end
                continue
        above = block
        done.append(block)
        at += 1
    return done


def _can_ask(question: RawBlock, answer: RawBlock, vocabulary: Vocabulary) -> bool:
    title = question.inner.text if question.inner else ""
    if question.level > answer.level or section_of(title, vocabulary) or is_answer_label(title, vocabulary):
        return False
    return bool(NUMBERED.match(title)) or asks(title) or 1 < question.level < answer.level


def _fold_paragraphs(file: str, blocks: Sequence[RawBlock], vocabulary: Vocabulary) -> list[RawBlock]:
    """An answer behind a label runs to the question of the next one, or to the next heading."""
    pairs: list[tuple[int, int]] = []
    floor = 0
    for at, block in enumerate(blocks):
        if block.kind is BlockKind.PARAGRAPH and ANSWER_COLON.match(block.text):
            question = _question(blocks, floor, at, vocabulary)
            if question is not None:
                pairs.append((question, at))
            floor = at + 1
    done: list[RawBlock] = []
    position = 0
    ends = [question for question, _ in pairs[1:]] + [len(blocks)]
    for (_, at), after in zip(pairs, ends[: len(pairs)], strict=True):
        end = at + 1
        while end < after and not _ends(blocks[end], vocabulary):
            end += 1
        answer, _ = asked(file, blocks[at:end], ANSWER_COLON, answer=True)
        done += [*blocks[position:at], answer_fold(file, blocks[at:end], answer)]
        position = end
    return [*done, *blocks[position:]]


def _question(blocks: Sequence[RawBlock], floor: int, at: int, vocabulary: Vocabulary) -> int | None:
    """Where the question of the answer at ``at`` begins, None where nothing says that it is one."""
    for index in range(at - 1, floor - 1, -1):
        block = blocks[index]
        if block.kind is BlockKind.HEADING and block.inner:
            title = block.inner.text
            asking = bool(NUMBERED.match(title)) or asks(title)
            return index if asking and not section_of(title, vocabulary) else None
        if block.option or block.kind in (BlockKind.DETAILS, BlockKind.COMPONENT):
            return None
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM):
            continue
        if QUESTION_COLON.match(block.text):
            return None
        if block.number or NUMBERED.match(block.text) or _BOLD.fullmatch(block.text) or asks(block.text):
            return index
    return None


def _ends(block: RawBlock, vocabulary: Vocabulary) -> bool:
    """Whether a block ends an answer: what asks again, and what answers again."""
    if block.kind is BlockKind.PARAGRAPH:
        return QUESTION_COLON.match(block.text) is not None
    if block.kind is BlockKind.DETAILS and block.summary:
        return is_answer_label(block.summary.text, vocabulary)
    return block.kind in (BlockKind.HEADING, BlockKind.COMPONENT)
