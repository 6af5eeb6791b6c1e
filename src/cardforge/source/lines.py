"""Shape 3: ``Q:`` and ``A:`` lines."""

from collections.abc import Sequence

from cardforge.model import Kind
from cardforge.passage import Passage, join
from cardforge.source.block import BlockKind, RawBlock
from cardforge.source.choices import begins_card
from cardforge.source.clozes import is_bracketed, starts_cloze
from cardforge.source.fields import as_paragraph, asked, passage
from cardforge.source.labels import (
    ANSWER_COLON,
    ANSWER_PERIOD,
    QUESTION_COLON,
    QUESTION_PERIOD,
    has_question_colon,
)
from cardforge.source.raw import RawCard
from cardforge.source.view import Claim, View, answer_label, hint_in, kind_in, without_hints


def question_lines(view: View, at: int) -> Claim | None:
    """Shape 3: ``Q:`` and ``A:`` lines."""
    label = view.question_label(at)
    if label is None or not (view.region.open or label is QUESTION_COLON):
        return None
    # Without an answer yet, a paragraph with gaps is the answer.
    bare = len(view.blocks[at].lines) == 1 and at + 1 < len(view.blocks) and not is_bracketed(view.blocks[at + 1])
    end = at + 1 + (bare and starts_cloze(view, at + 1))
    while not _ends_card(view, following := _after_rules(view, end)):
        if following > at + 1 and begins_card(view, following):
            break
        end = following
        if view.is_answer(end) and view.blocks[end].kind is BlockKind.DETAILS:
            fold = view.blocks[end].inner or Passage(view.file, ())
            question, number = asked(view.file, without_hints(view, at, end), label)
            card = RawCard(kind_in(view, Kind.SELF_CHECK), question, fold, None, hint_in(view, at, end), number)
            return Claim(card, at, end + 1)
        end += 1
    while end > at + 1 and view.blocks[end - 1].kind is BlockKind.COMMENT and end < len(view.blocks):
        end -= 1
    answer_at = next((i for i in range(at + 1, end) if view.answer_label(i)), None)
    told = at + 1
    while answer_at is None and told < end - 1 and _is_options(view.blocks[told]):
        told += 1
    if answer_at is not None:
        question, number = asked(view.file, view.blocks[at:answer_at], label)
        answer, _ = asked(view.file, view.blocks[answer_at:end], view.answer_label(answer_at), answer=True)
    elif end > at + 1:
        question, number = asked(view.file, view.blocks[at:told], label)
        answer = passage(view.file, view.blocks[told:end], view.blocks[at].indent)
    else:
        whole, number = asked(view.file, view.blocks[at : at + 1], label)
        question, answer = join(view.file, whole.lines[:1]), join(view.file, whole.lines[1:])
    return Claim(RawCard(kind_in(view, Kind.FLASHCARD), question, answer, number=number), at, end)


def split_labels(blocks: Sequence[RawBlock], *, period: bool) -> list[RawBlock]:
    """The blocks with every paragraph cut before the lines that start a question or its answer.

    An item of a list that starts a question is a paragraph like any other.
    """
    cut: list[RawBlock] = []
    for whole in blocks:
        block = whole
        if block.kind is BlockKind.ITEM and block.inner is not None and _asks(block.inner.text, period=period):
            block = as_paragraph(block)
        if block.kind is not BlockKind.PARAGRAPH or len(block.lines) == 1:
            cut.append(block)
            continue
        texts = block.text.split("\n")
        starts = [0]
        asks = _asks(texts[0], period=period)
        for index, text in enumerate(texts[1:], 1):
            if _asks(text, period=period):
                starts.append(index)
                asks = True
            elif asks and answer_label("\n".join(texts[index : index + 2])):
                starts.append(index)
                asks = False
        cut += block.cut(starts)
    return cut


def _asks(text: str, *, period: bool) -> bool:
    return has_question_colon(text) or (period and QUESTION_PERIOD.match(text) is not None)


def _ends_card(view: View, at: int) -> bool:
    """Whether block ``at``, or the end of the region, ends the answer of a question line before it."""
    if at >= len(view.blocks):
        return True
    block = view.blocks[at]
    if block.kind in (BlockKind.HEADING, BlockKind.COMPONENT) or view.question_label(at) or starts_cloze(view, at):
        return True
    if block.kind is BlockKind.DETAILS:
        return False
    if block.kind is BlockKind.COMMENT:
        return at + 1 < len(view.blocks) and (view.question_label(at + 1) is not None or starts_cloze(view, at + 1))
    return False


def _after_rules(view: View, at: int) -> int:
    """The first block at or after ``at`` that is no rule: what it is tells whether the rules before it end a card."""
    while at < len(view.blocks) and view.blocks[at].kind is BlockKind.RULE:
        at += 1
    return at


def _is_options(block: RawBlock) -> bool:
    """Whether a paragraph holds the options of a question: ``A. …`` and on its next line ``B. …``."""
    if block.kind is BlockKind.OPTION:
        return True
    labels = (ANSWER_COLON, ANSWER_PERIOD)
    is_answer = answer_label(block.text) is not None
    return block.kind is BlockKind.PARAGRAPH and not is_answer and any(label.match(block.text) for label in labels)
