"""Shape 9: headings that are questions, where the author names their level."""

import re

from cardforge.model import Kind
from cardforge.passage import Line, Passage, join
from cardforge.source.block import BlockKind, RawBlock
from cardforge.source.fields import asked, passage
from cardforge.source.labels import NUMBERED, QUESTION_COLON, QUESTION_PERIOD, is_answer_label
from cardforge.source.raw import RawCard
from cardforge.source.view import Claim, View, answer_label, hint_in, kind_in, without_hints

_BREAK = re.compile(r"(?:\s*<(?:br|hr)\s*/?>)+\s*", re.IGNORECASE)


def heading_question(view: View, at: int) -> Claim | None:
    """Shape 9: a heading of the level its author named; the answer runs to the next of that or a higher level."""
    level = view.vocabulary.heading_level
    block = view.blocks[at]
    if not level or block.kind is not BlockKind.HEADING or block.level != level or not view.region.open:
        return None
    end = at + 1
    while end < len(view.blocks) and not (
        view.blocks[end].kind is BlockKind.HEADING and view.blocks[end].level <= level
    ):
        end += 1
    inside = range(at + 1, end)
    if any(view.blocks[i].kind in (BlockKind.OPTION, BlockKind.COMPONENT) or view.question_label(i) for i in inside):
        return None
    last = end
    while last > at + 1 and _parts(view.blocks[last - 1]):
        last -= 1
    title = block.inner.text if block.inner else ""
    label = next((each for each in (QUESTION_COLON, QUESTION_PERIOD) if each.match(title)), NUMBERED)
    hint = hint_in(view, at + 1, last)
    answered = next((i for i in range(at + 1, last) if view.is_answer(i)), None)
    if answered is not None and view.blocks[answered].kind is BlockKind.DETAILS:
        question, number = asked(view.file, without_hints(view, at, answered), label)
        fold = view.blocks[answered].inner or Passage(view.file, ())
        rest = _answer(view, answered + 1, last)
        if rest:
            fold = join(view.file, [*fold.lines, Line("", rest.lines[0].number), *rest.lines])
        return Claim(RawCard(kind_in(view, Kind.SELF_CHECK), question, fold, None, hint, number), at, end)
    question, number = asked(view.file, [block], label)
    return Claim(
        RawCard(kind_in(view, Kind.FLASHCARD), question, _answer(view, at + 1, last), None, hint, number), at, end
    )


def _parts(block: RawBlock) -> bool:
    return block.kind in (BlockKind.RULE, BlockKind.COMMENT) or _BREAK.fullmatch(block.text) is not None


def _answer(view: View, start: int, end: int) -> Passage:
    blocks = without_hints(view, start, end)
    while blocks and blocks[0].kind is BlockKind.COMMENT:
        blocks = blocks[1:]
    if not blocks:
        return Passage(view.file, ())
    first = blocks[0]
    if first.kind is BlockKind.HEADING and first.inner and is_answer_label(first.inner.text, view.vocabulary):
        blocks = blocks[1:]
    if blocks and blocks[0].kind is BlockKind.PARAGRAPH and (label := answer_label(blocks[0].text)):
        return asked(view.file, blocks, label)[0]
    return passage(view.file, blocks, blocks[0].indent if blocks else 0)
